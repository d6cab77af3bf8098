import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogError } from '@millrace/log';
import { ManualClock } from '@millrace/log/conformance';
import { pino } from 'pino';
import { createPages } from '../pages.ts';
import { HealthReport } from './health-report.ts';
import { hearCatalog, hearEngine, hearReserve } from './hear.ts';

const aReport = () => {
  const lines: { level: number; problem?: string; msg: string }[] = [];
  const logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const clock = new ManualClock();
  const health = new HealthReport(clock, logger);
  const pages = createPages({ health: () => health.answer(), prometheus: () => '' });
  const page = () => {
    const answer = pages({ method: 'GET', target: '/health' } as Parameters<typeof pages>[0]);
    assert.ok(answer);
    return [answer.status, JSON.parse(String(answer.body))] as const;
  };
  return { health, clock, lines, page };
};

const full = new LogError('full', 'no space left on device');

test('a healthy server says so and nothing else', () => {
  const { page } = aReport();
  assert.deepEqual(page(), [200, { status: 'ok' }]);
});

test('the worst problem is told, with what began it, since when, and what to do', () => {
  const { health, clock, page } = aReport();
  hearEngine(health)({ kind: 'write-behind-postponed', error: full });
  const since = new Date(clock.now()).toISOString();
  assert.equal(page()[0], 200);
  clock.advance(1000);
  hearEngine(health)({ kind: 'write-behind-postponed', error: new LogError('full', 'again') });
  assert.deepEqual(
    [page()[1].problem, page()[1].since, page()[1].reason],
    ['segments-late', since, 'no space left on device'],
  );
  hearEngine(health)({ kind: 'failed', error: new LogError('failed', 'a sync failed') });
  const [status, body] = page();
  assert.deepEqual(
    [status, body.status, body.problem, body.otherProblems],
    [503, 'failed', 'store-failed', ['segments-late']],
  );
  assert.match(body.advice, /restart/);
});

test('a problem that passes is over when its part says so, and is logged twice however often it is met', () => {
  const { health, lines, page } = aReport();
  for (let count = 0; count < 3; count++) hearReserve(health)(false);
  assert.equal(page()[1].problem, 'disk-full');
  hearReserve(health)(true);
  hearReserve(health)(true);
  hearEngine(health)({ kind: 'write-behind-resumed' });
  assert.deepEqual(page(), [200, { status: 'ok' }]);
  assert.deepEqual(
    lines.map(({ problem, msg }) => [problem, msg]),
    [
      ['disk-full', 'health'],
      ['disk-full', 'health: the problem is over'],
    ],
  );
});

test('damage and a control log that stops are problems, and a gauge each', () => {
  const { health } = aReport();
  hearEngine(health)({ kind: 'corrupt', error: new LogError('corrupt', 'a segment') });
  hearCatalog(health)({ type: 'catalog-failed', error: new Error('gap') });
  const gauges = new Map(health.samples().map(({ name, value }) => [name, value]));
  assert.equal(gauges.get('millrace_health'), 2);
  assert.equal(gauges.get('millrace_problem_data_damaged'), 1);
  assert.equal(gauges.get('millrace_problem_control_log_failed'), 1);
  assert.equal(gauges.get('millrace_problem_disk_full'), 0);
});
