import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { call, rawCall } from '../support/raw-call.ts';
import { chanceOf } from '../support/resharding/chance.ts';
import { Auditor } from './support/auditor.ts';
import { smallFileSystem } from './support/file-systems.ts';
import { gauge, healthOf, untilHealth } from './support/health.ts';
import { KilledServer } from './support/killed-server.ts';
import { Ledger } from './support/ledger.ts';
import { makeStream } from './support/prepare.ts';
import { COMMAND_LINE, SMALL_FILES } from './support/programs.ts';
import { Writer } from './support/writer.ts';

const STREAM = 'orders';

for (const [name, program] of [
  ['the command line', COMMAND_LINE],
  ['small files', SMALL_FILES],
] as const) {
  test(`${name} on a disk that fails: writing ends and is said to, reading goes on, and after a repair all is there`, async (t) => {
    await using mounted = await smallFileSystem(t, 200);
    if (mounted === undefined) return;
    const args = [...program, '--data-dir', join(mounted.directory, 'data')];
    const chance = chanceOf(name);
    const ledger = new Ledger();
    const auditor = new Auditor(ledger, chance);
    const writer = new Writer({ name: 'writer', streams: [STREAM], bytesMax: 3_000, chance, ledger });
    await using server = new KilledServer(args);
    const endpoint = await server.endpoint();
    await makeStream(endpoint, STREAM, 3);
    const writing = writer.write(endpoint);
    await ledger.more(2_000);
    await mounted.abort();
    assert.match((await writing) ?? '', /InternalFailure|ServiceUnavailable/);

    const health = await untilHealth(endpoint, ({ problem }) => problem === 'store-failed');
    assert.deepEqual([health.httpStatus, health.status], [503, 'failed']);
    assert.match(health.reason ?? '', /EROFS|EIO/);
    assert.match(health.advice ?? '', /restart/);
    assert.ok(Date.parse(health.since ?? '') <= Date.now());
    assert.equal(await gauge(endpoint, 'millrace_health'), 2);

    const record = { PartitionKey: 'k', Data: 'aGVsbG8=' };
    const one = await rawCall(endpoint, 'PutRecord', JSON.stringify({ StreamName: STREAM, ...record }));
    assert.equal(one.status, 503);
    assert.match(one.body, /"ServiceUnavailable".*stopped writing.*\/health/);
    const many = await rawCall(
      endpoint,
      'PutRecords',
      JSON.stringify({ StreamName: STREAM, Records: [record] }),
    );
    assert.match(many.body, /"FailedRecordCount":1.*"InternalFailure"/);
    const change = await rawCall(
      endpoint,
      'CreateStream',
      JSON.stringify({ StreamName: 'b', ShardCount: 1 }),
    );
    assert.deepEqual([change.status, /ServiceUnavailable/.test(change.body)], [503, true]);
    await auditor.audit(endpoint, [STREAM]);
    assert.equal(await server.end(), 0);
    assert.match(await server.messages, /"problem":"store-failed"/);

    await using refused = new KilledServer(args);
    assert.equal(await refused.ready, undefined);
    assert.match(await refused.messages, /cannot be used: its file system is read-only/);

    await mounted.remount();
    await using again = new KilledServer(args);
    await auditor.audit(await again.endpoint(), [STREAM]);
    await auditor.auditAll(await again.endpoint(), [STREAM]);
    assert.equal((await healthOf(await again.endpoint())).status, 'ok');
    await call(await again.endpoint(), 'PutRecord', { StreamName: STREAM, ...record });
    assert.equal(await again.end(), 0);
  });
}
