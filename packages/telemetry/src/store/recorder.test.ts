import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anIdentity, aTelemetry, MINUTE_MS, NOON_MS, SCOPE } from '../../test/a-telemetry.ts';

const sums = ({ deps }: Awaited<ReturnType<typeof aTelemetry>>) => {
  const series = deps.store.find(SCOPE, anIdentity())?.byUnit.get('Bytes');
  return series === undefined
    ? []
    : [...deps.store.points(series, 0, Number.POSITIVE_INFINITY)].map(({ startMs, set }) => [
        startMs,
        set.sum,
      ]);
};

test('samples go to the store when their minute is over', async () => {
  const telemetry = await aTelemetry();
  telemetry.meter.measure(anIdentity()).observe(5);
  assert.deepEqual(sums(telemetry), []);
  telemetry.clock.advance(MINUTE_MS);
  assert.deepEqual(sums(telemetry), [[NOON_MS, 5]]);
});

test('a timer that is late gives its samples to the minute that they began in', async () => {
  const telemetry = await aTelemetry();
  const measure = telemetry.meter.measure(anIdentity());
  measure.observe(1);
  telemetry.clock.advance(MINUTE_MS + 7);
  measure.observe(2);
  telemetry.clock.advance(MINUTE_MS);
  assert.deepEqual(sums(telemetry), [
    [NOON_MS, 1],
    [NOON_MS + MINUTE_MS, 2],
  ]);
});

test('two measures of one series are one series', async () => {
  const telemetry = await aTelemetry();
  telemetry.meter.measure(anIdentity()).observe(1);
  telemetry.meter.measure(anIdentity()).observe(2);
  telemetry.deps.recorder.flush();
  assert.deepEqual(sums(telemetry), [[NOON_MS, 3]]);
});

test('after close nothing is gathered for the store any more', async () => {
  const telemetry = await aTelemetry();
  const measure = telemetry.meter.measure(anIdentity());
  measure.observe(1);
  await telemetry.close();
  measure.observe(2);
  telemetry.clock.advance(MINUTE_MS);
  assert.deepEqual(sums(telemetry), [[NOON_MS, 1]]);
});
