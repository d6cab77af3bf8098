// Damage to bodies, for the tests that a damaged body is never taken for another.
import fc from 'fast-check';

export interface Mutation {
  readonly at: number;
  readonly cut: number;
  readonly insert: Uint8Array;
}

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(700),
  cut: fc.nat(4),
  insert: fc.oneof(
    fc.uint8Array({ maxLength: 4 }),
    fc
      .constantFrom('[', ']', '{', '}', ',', ':', 'null', '1e999', '"__proto__":{},')
      .map((s) => Buffer.from(s)),
  ),
});

export const mutate = (body: Uint8Array, { at, cut, insert }: Mutation): Uint8Array => {
  const start = at % (body.length + 1);
  return Buffer.concat([body.subarray(0, start), insert, body.subarray(start + cut)]);
};
