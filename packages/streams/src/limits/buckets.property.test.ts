import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BurstBucket } from './burst-bucket.ts';
import { ForgetfulMap } from './forgetful-map.ts';
import { ReadPace } from './read-pace.ts';
import { TokenBucket } from './token-bucket.ts';

const MIB = 1024 * 1024;

/** Rates are tokens per millisecond, so that the models count in whole numbers. */
const asks = (countMax: number) =>
  fc.array(fc.record({ afterMs: fc.nat(1_500), count: fc.integer({ min: 1, max: countMax }) }), {
    maxLength: 60,
  });

test('a token bucket takes exactly what no span of time forbids', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), asks(6_000), (perMs, script) => {
      const bucket = new TokenBucket(perMs * 1000, 0);
      const taken: { atMs: number; count: number }[] = [];
      let nowMs = 0;
      for (const { afterMs, count } of script) {
        nowMs += afterMs;
        // Naive: from every earlier take up to now, no more than one second's worth and the time's.
        const spans = [...taken.map(({ atMs }) => atMs), nowMs];
        const fits = spans.every((fromMs) => {
          const since = taken.filter(({ atMs }) => atMs >= fromMs).reduce((sum, take) => sum + take.count, 0);
          return since + count <= perMs * 1000 + perMs * (nowMs - fromMs);
        });
        assert.equal(bucket.take(count, nowMs), fits);
        if (fits) taken.push({ atMs: nowMs, count });
      }
    }),
  );
});

/** The same by single steps: each millisecond's tokens go to the second, and what it cannot hold to the savings. */
class NaiveBurst {
  tokens: number;
  savings: number;
  readonly #perMs: number;
  readonly #savingsMax: number;
  constructor(perMs: number, savingsMax: number) {
    this.#perMs = perMs;
    this.#savingsMax = savingsMax;
    this.tokens = perMs * 1000;
    this.savings = savingsMax;
  }
  pass(ms: number): void {
    for (let count = 0; count < ms * this.#perMs; count++) {
      if (this.tokens < this.#perMs * 1000) this.tokens += 1;
      else if (this.savings < this.#savingsMax) this.savings += 1;
    }
  }
  take(bytes: number): boolean {
    const isLarge = bytes > this.#perMs * 1000;
    if (bytes > this.tokens + (isLarge ? this.savings : 0)) return false;
    this.savings -= Math.max(0, bytes - this.tokens);
    this.tokens = Math.max(0, this.tokens - bytes);
    return true;
  }
}

test('a burst bucket does what its model does step by step', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3 }), fc.nat(8_000), asks(12_000), (perMs, savingsMax, script) => {
      const bucket = new BurstBucket(perMs * 1000, savingsMax, 0);
      const naive = new NaiveBurst(perMs, savingsMax);
      let nowMs = 0;
      for (const { afterMs, count } of script) {
        nowMs += afterMs;
        naive.pass(afterMs);
        assert.equal(bucket.take(count, nowMs), naive.take(count), `${count} at ${nowMs}`);
      }
    }),
  );
});

test('a record of 10 MiB passes, and the average stays at the rate however many follow', () => {
  const bucket = new BurstBucket(MIB, 10 * MIB, 0);
  let taken = 0;
  for (let second = 0; second <= 1_000; second++) {
    if (bucket.take(10 * MIB, second * 1000)) taken += 1;
  }
  assert.equal(bucket.take(1, 1_000_000) || taken > 0, true);
  assert.ok(taken * 10 <= 1_000 + 11, `${taken} records of 10 MiB in 1,000 s`);
  assert.ok(taken >= 95, `only ${taken}`);
});

test('small records pass while the savings for large ones come back', () => {
  const bucket = new BurstBucket(MIB, 10 * MIB, 0);
  assert.equal(bucket.take(10 * MIB, 0), true);
  assert.equal(bucket.take(MIB, 0), false);
  assert.equal(bucket.take(MIB, 1_000), true);
  assert.equal(bucket.take(2 * MIB, 1_100), false);
});

test('after 10 MiB a shard rests for 5 seconds, after 2 MiB for one', () => {
  for (const [mib, restMs] of [
    [10, 5_000],
    [2, 1_000],
  ] as const) {
    const pace = new ReadPace(2 * MIB, 0);
    pace.gave(mib * MIB, 0);
    assert.deepEqual([pace.mayRead(restMs - 1), pace.mayRead(restMs)], [false, true]);
  }
});

test('answers below the rate need no rest, and no pattern of reads gets more than the rate in the long run', () => {
  fc.assert(
    fc.property(asks(20_000), (script) => {
      const pace = new ReadPace(2_000, 0);
      let nowMs = 0;
      let given = 0;
      let largest = 0;
      for (const { afterMs, count } of script) {
        nowMs += afterMs;
        if (!pace.mayRead(nowMs)) continue;
        pace.gave(count, nowMs);
        given += count;
        largest = Math.max(largest, count);
      }
      assert.ok(given <= 2_000 + 2 * nowMs + largest);
    }),
  );
  const pace = new ReadPace(2_000, 0);
  for (let nowMs = 0; nowMs < 10_000; nowMs += 200) {
    assert.equal(pace.mayRead(nowMs), true);
    pace.gave(390, nowMs);
  }
});

test('a map forgets what was idle, keeps what is asked for, and never holds more than twice its bound', () => {
  let made = 0;
  const map = new ForgetfulMap({ idleMs: 1_000, countMax: 10, make: () => ++made });
  assert.equal(map.at('busy', 0), 1);
  assert.equal(map.at('idle', 0), 2);
  for (let nowMs = 100; nowMs <= 5_000; nowMs += 100) assert.equal(map.at('busy', nowMs), 1);
  assert.equal(map.at('idle', 5_000), 3);
  for (let count = 0; count < 1_000; count++) {
    map.at(`made up ${count}`, 5_000);
    assert.ok(map.size <= 20);
  }
});
