import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { FakeClock } from '@millrace/client-common/testing';
import type { ConsumerEvent } from '../event.ts';
import { Metrics } from '../metrics/metrics.ts';
import { MemoryFleetStore } from './memory-fleet-store.ts';
import { type CpuMeter, WorkerReporter } from './worker-reporter.ts';
import type { WorkerRow } from './worker-row.ts';

const REPORT_MS = 30_000;

describe('what a worker says of itself', () => {
  let clock: FakeClock;
  let fleet: MemoryFleetStore;
  let told: ConsumerEvent[];
  beforeEach(() => {
    clock = new FakeClock();
    fleet = new MemoryFleetStore(new Map());
    told = [];
  });
  const aReporter = (cpuMeter?: CpuMeter, report = (row: WorkerRow) => fleet.report(row)): WorkerReporter =>
    new WorkerReporter({
      clock,
      metrics: new Metrics(clock),
      fleet: { view: () => fleet.view(), report, forget: (row) => fleet.forget(row) },
      workerId: 'ada',
      cpuMeter,
      settings: { workerMetrics: 'auto', workerReportMs: REPORT_MS },
      report: (event) => void told.push(event),
    });
  const row = async (): Promise<WorkerRow | undefined> =>
    (await fleet.view()).workers.find(({ workerId }) => workerId === 'ada');

  test('that it is there, with the date', async () => {
    await aReporter().write();
    const updatedSeconds = Math.floor(clock.now() / 1_000);
    assert.deepEqual(await row(), { workerId: 'ada', updatedSeconds, samples: {}, limits: {} });
  });

  test('how busy it was, the last ten times; nothing at first, and -1 where it cannot tell', async () => {
    let percent: number | undefined;
    const reporter = aReporter(() => percent);
    await reporter.write();
    assert.deepEqual((await row())?.samples, { C: [] });
    await reporter.write();
    for (let number = 1; number <= 10; number++) {
      percent = number / 3;
      await reporter.write();
      if (number === 1) assert.deepEqual((await row())?.samples, { C: [-1, 0.333333] });
    }
    const { samples, limits } = (await row()) ?? {};
    assert.deepEqual([samples?.C?.length, samples?.C?.at(-1)], [10, 3.333333]);
    assert.deepEqual(limits, { C: 100 });
  });

  test('nothing of its processor among workers that say nothing of theirs', async () => {
    const updatedSeconds = Math.floor(clock.now() / 1_000);
    await fleet.report({ workerId: 'java', updatedSeconds, samples: {}, limits: {} });
    await aReporter(() => 50).write();
    assert.deepEqual((await row())?.limits, {});
    await fleet.report({ workerId: 'java', updatedSeconds, samples: { C: [1] }, limits: { C: 80 } });
    await aReporter(() => 50).write();
    assert.deepEqual((await row())?.limits, { C: 100 });
  });

  test('again and again until it stops, when its row goes', async () => {
    const stop = new AbortController();
    const reporter = aReporter();
    const running = reporter.run(stop.signal);
    await clock.advance(REPORT_MS);
    const first = await row();
    await clock.advance(REPORT_MS);
    assert.equal((await row())?.updatedSeconds, (first?.updatedSeconds ?? 0) + REPORT_MS / 1_000);
    stop.abort();
    await running;
    assert.equal(await row(), undefined);
  });

  test('a row that cannot be written is told of, and tried again', async () => {
    let isAway = true;
    const stop = new AbortController();
    const reporter = aReporter(undefined, (given) =>
      isAway ? Promise.reject(new Error('away')) : fleet.report(given),
    );
    const running = reporter.run(stop.signal);
    await clock.advance(REPORT_MS);
    assert.deepEqual(
      told.map(({ kind }) => kind),
      ['error'],
    );
    isAway = false;
    await clock.advance(REPORT_MS);
    assert.notEqual(await row(), undefined);
    stop.abort();
    await running;
  });
});
