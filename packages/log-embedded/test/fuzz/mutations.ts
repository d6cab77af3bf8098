import fc from 'fast-check';

/** One way of spoiling bytes; places and lengths are taken modulo what is there. */
type Mutation =
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'cut'; readonly to: number }
  | { readonly kind: 'u32'; readonly at: number; readonly value: number }
  | { readonly kind: 'move'; readonly from: number; readonly length: number; readonly to: number }
  | { readonly kind: 'insert'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'remove'; readonly at: number; readonly length: number };

const EXTREMES = [0, 1, 7, 8, 39, 40, 41, 0x7fff_ffff, 0x8000_0000, 0xffff_fff7, 0xffff_ffff];

const place = fc.nat(100_000);

export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('flip' as const), at: place, bit: fc.nat(7) }),
    fc.record({ kind: fc.constant('cut' as const), to: place }),
    fc.record({ kind: fc.constant('u32' as const), at: place, value: fc.constantFrom(...EXTREMES) }),
    fc.record({ kind: fc.constant('move' as const), from: place, length: fc.nat(200), to: place }),
    fc.record({ kind: fc.constant('insert' as const), at: place, bytes: fc.uint8Array({ maxLength: 50 }) }),
    fc.record({ kind: fc.constant('remove' as const), at: place, length: fc.nat(100) }),
  ),
  { minLength: 1, maxLength: 4 },
);

const within = (place: number, bytes: Buffer): number => place % (bytes.length + 1);

const STEPS: {
  readonly [Kind in Mutation['kind']]: (bytes: Buffer, mutation: Extract<Mutation, { kind: Kind }>) => Buffer;
} = {
  flip(bytes, { at, bit }) {
    if (bytes.length > 0)
      bytes.writeUInt8(bytes.readUInt8(at % bytes.length) ^ (1 << bit), at % bytes.length);
    return bytes;
  },
  cut: (bytes, { to }) => bytes.subarray(0, within(to, bytes)),
  u32(bytes, { at, value }) {
    if (bytes.length >= 4) bytes.writeUInt32LE(value, at % (bytes.length - 3));
    return bytes;
  },
  move(bytes, { from, length, to }) {
    const start = within(from, bytes);
    const piece = Buffer.from(bytes.subarray(start, start + length));
    const target = within(to, bytes);
    return Buffer.concat([bytes.subarray(0, target), piece, bytes.subarray(target + piece.length)]);
  },
  insert(bytes, { at, bytes: piece }) {
    const target = within(at, bytes);
    return Buffer.concat([bytes.subarray(0, target), piece, bytes.subarray(target)]);
  },
  remove(bytes, { at, length }) {
    const start = within(at, bytes);
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + length)]);
  },
};

const step = <Kind extends Mutation['kind']>(
  bytes: Buffer,
  mutation: Extract<Mutation, { kind: Kind }>,
): Buffer => STEPS[mutation.kind as Kind](bytes, mutation);

/** The bytes spoiled in these ways, one after the other; they themselves are left alone. */
export const mutated = (bytes: Uint8Array, ways: readonly Mutation[]): Buffer =>
  ways.reduce<Buffer>((spoiled, mutation) => step(spoiled, mutation), Buffer.from(bytes));
