import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Fifo } from './fifo.ts';

test('a queue is an array that loses its first', () => {
  const steps = fc.array(fc.oneof({ weight: 3, arbitrary: fc.constant('push') }, fc.constant('shift')), {
    maxLength: 6000,
    size: 'max',
  });
  fc.assert(
    fc.property(steps, fc.nat(100), (taken, index) => {
      const queue = new Fifo<number>();
      const model: number[] = [];
      for (const [step, kind] of taken.entries()) {
        if (kind === 'push') model.push(step);
        if (kind === 'push') queue.push(step);
        else assert.equal(queue.shift(), model.shift());
        assert.equal(queue.length, model.length);
      }
      assert.equal(queue.at(index), model[index]);
      assert.deepEqual(queue.slice(index), model.slice(index));
    }),
    { numRuns: 20 },
  );
});

test('a queue of which much was taken still holds the rest in order', () => {
  const queue = new Fifo<number>();
  for (let item = 0; item < 10_000; item++) queue.push(item);
  for (let item = 0; item < 9_000; item++) assert.equal(queue.shift(), item);
  assert.deepEqual([queue.length, queue.at(0), queue.at(999), queue.at(1000)], [1000, 9000, 9999, undefined]);
});
