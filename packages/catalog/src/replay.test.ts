import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { anId, createStream } from '../test/a-catalog.ts';
import { consumerCommand } from '../test/consumer-commands.ts';
import type { Command } from './command.ts';
import { reduce } from './reduce.ts';
import { decodeState, encodeState } from './snapshot.ts';
import { type CatalogState, emptyState } from './state.ts';

const id = fc.integer({ min: 1, max: 6 }).map(anId);
const key = fc.constantFrom('team', 'cost', '__proto__', 'Größe');
const tag = fc.tuple(key, fc.string({ maxLength: 5 }));

const command: fc.Arbitrary<Command> = fc.oneof(
  fc
    .record({
      id,
      name: fc.constantFrom('a', 'b', 'orders', 'toString'),
      region: fc.constantFrom('eu-west-1', 'us-east-1'),
      shardCount: fc.integer({ min: 1, max: 9 }),
      shardsMax: fc.constant(20),
      tags: fc.array(tag, { maxLength: 4 }),
    })
    .map(({ name, ...changes }) => createStream(name, changes)),
  id.map((id) => ({ type: 'streams.activate.v1' as const, id })),
  id.map((id) => ({ type: 'streams.mark-deleting.v1' as const, id })),
  id.map((id) => ({ type: 'streams.forget.v1' as const, id })),
  fc
    .tuple(id, fc.array(tag, { maxLength: 4 }))
    .map(([id, tags]) => ({ type: 'streams.set-tags.v1' as const, id, tags })),
  fc.tuple(id, fc.array(key)).map(([id, keys]) => ({ type: 'streams.remove-tags.v1' as const, id, keys })),
  consumerCommand,
  fc.base64String().map((key) => ({ type: 'secrets.set-token-key.v1' as const, key })),
);
const commands = fc.array(command, { maxLength: 60 });

const applyAll = (state: CatalogState, commands: readonly Command[], firstMs = 0): CatalogState => {
  for (const [index, each] of commands.entries()) reduce(state, each, firstMs + index);
  return state;
};

test('a state comes back from its snapshot, to the byte', () => {
  fc.assert(
    fc.property(commands, (given) => {
      const bytes = encodeState(applyAll(emptyState(), given));
      assert.deepEqual(encodeState(decodeState(bytes)), bytes);
    }),
  );
});

test('all commands, or a snapshot on the way and the rest, end in the same state', () => {
  fc.assert(
    fc.property(commands, fc.nat(60), (given, cut) => {
      const half = decodeState(encodeState(applyAll(emptyState(), given.slice(0, cut))));
      const rest = given.slice(cut);
      const resumed = applyAll(half, rest, given.length - rest.length);
      assert.deepEqual(encodeState(resumed), encodeState(applyAll(emptyState(), given)));
    }),
  );
});

test('a refused command leaves the state as it was', () => {
  fc.assert(
    fc.property(commands, command, (given, last) => {
      const state = applyAll(emptyState(), given);
      const before = encodeState(state);
      if (reduce(state, last, 999) !== undefined) assert.deepEqual(encodeState(state), before);
    }),
  );
});

test('a command survives being written as JSON', () => {
  fc.assert(
    fc.property(commands, (given) => {
      const read = given.map((each) => JSON.parse(JSON.stringify(each)) as Command);
      assert.deepEqual(encodeState(applyAll(emptyState(), read)), encodeState(applyAll(emptyState(), given)));
    }),
  );
});
