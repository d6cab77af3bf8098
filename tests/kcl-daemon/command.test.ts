import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { runMillrace } from '../support/millrace-process.ts';
import { poll } from '../support/poll.ts';
import { World } from './world.ts';

const PROCESSOR = join(import.meta.dirname, 'processors/processor.sh');

const shell = {
  executable: `sh ${PROCESSOR}`,
  environment: {},
  properties: 'retrievalMode = POLLING\nidleTimeBetweenReadsInMillis = 50',
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('the command', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'millrace-kcl-daemon-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const file = async (text: string): Promise<string> => {
    const path = join(folder, 'app.properties');
    await writeFile(path, text);
    return path;
  };

  test('help tells of the properties file', async () => {
    const { code, stdout } = await runMillrace('kcl-daemon', '--help');
    assert.equal(code, 0);
    assert.match(stdout, /-p, --properties <file>/);
  });

  test('a file has to be named', async () => {
    const { code, stderr } = await runMillrace('kcl-daemon');
    assert.equal(code, 2);
    assert.match(stderr, /name the properties file/);
  });

  test('a file that is not there is named in the refusal', async () => {
    const { code, stderr } = await runMillrace('kcl-daemon', join(folder, 'nowhere'));
    assert.equal(code, 1);
    assert.match(stderr, /^millrace: cannot read the properties: .*nowhere/);
  });

  test('a bad file is refused with all that is wrong, wherever its name stands', async () => {
    const path = await file('maxRecords = 0\nfailoverTimeMillis = 1');
    for (const args of [[path], ['--properties-file', path]]) {
      const { code, stderr } = await runMillrace('kcl-daemon', ...args);
      assert.equal(code, 1);
      assert.match(stderr, /5 problems.*\n.*line 1: maxRecords.*\n.*line 2: failoverTimeMillis/);
    }
  });
});

describe('a processor without a library', { timeout: 120_000 }, () => {
  let world: World;
  before(async () => {
    world = await World.start();
  });
  after(() => world.close());

  test('is told of its shard, and may print what it likes', async () => {
    await world.stream('shell', 1);
    await world.put('shell', 0n, 'one');
    const daemon = await world.daemon(shell, 'shell');
    await poll('the record', () => daemon.of('processRecords').length === 1);
    assert.equal(await daemon.end(), 0);
    const events = daemon.told.map(({ event }) => event);
    assert.deepEqual(events, ['initialize', 'processRecords', 'shutdownRequested', 'leaseLost']);
    assert(daemon.log.some((line) => line.includes('this line is no message')));
    assert(daemon.log.some((line) => line.includes('"leaseReleased"')));
  });

  test('that does not answer in time ends the daemon', async () => {
    await world.stream('silent', 1);
    await world.put('silent', 0n, 'one');
    const properties = `${shell.properties}\ntimeoutInSeconds = 3`;
    const daemon = await world.daemon({ ...shell, properties }, 'silent', { SILENT: 'yes' });
    assert.equal(await daemon.ended(), 1);
    assert.match(daemon.log.at(-1) ?? '', /did not answer processRecords within 3000 ms/);
  });

  test('that takes longer than the grace to shut down is killed', async () => {
    await world.stream('slow', 1);
    await world.put('slow', 0n, 'one');
    const properties = `${shell.properties}\nshutdownGraceMillis = 500`;
    const daemon = await world.daemon({ ...shell, properties }, 'slow', { SILENT: 'yes' });
    await poll('the record', () => daemon.log.some((line) => line.includes('no message')));
    assert.equal(await daemon.end(), 1);
    assert.match(daemon.log.at(-1) ?? '', /within 500 ms/);
    assert(daemon.log.some((line) => line.includes('SIGKILL')));
  });

  test('that is not there ends the daemon', async () => {
    await world.stream('missing', 1);
    const daemon = await world.daemon({ ...shell, executable: '/nowhere/processor' }, 'missing');
    assert.equal(await daemon.ended(), 1);
    assert.match(daemon.log.at(-1) ?? '', /could not be started: spawn \/nowhere\/processor ENOENT/);
  });

  test('of a stream that is not there is not even started', async () => {
    const daemon = await world.daemon(shell, 'nowhere');
    assert.equal(await daemon.ended(), 1);
    assert.match(daemon.log.at(-1) ?? '', /^millrace: cannot start: .*nowhere/);
  });

  test('ends by itself when its daemon is killed', async () => {
    await world.stream('orphans', 1);
    const daemon = await world.daemon(shell, 'orphans');
    await poll('the child', () => daemon.of('initialize').length === 1);
    const [started = ''] = daemon.log.filter((line) => line.includes('"childStarted"'));
    const { childPid } = JSON.parse(started);
    await daemon.end('SIGKILL');
    await poll('the end of the child', () => !isAlive(childPid));
  });

  test('is measured, and CloudWatch is told', async () => {
    await world.stream('measured', 1);
    await world.put('measured', 0n, 'one');
    const properties = `${shell.properties}\nmetricsBufferTimeMillis = 100`;
    const daemon = await world.daemon({ ...shell, properties }, 'measured');
    await poll('the metrics', async () => (await world.metrics('measured')).includes('RecordsProcessed'));
    assert.equal(await daemon.end(), 0);
  });

  test('keeps its leases in a table of another name, where that is said', async () => {
    await world.stream('named', 1);
    const daemon = await world.daemon(
      { ...shell, properties: `${shell.properties}\ntableName = leases` },
      'named',
    );
    await poll('the child', () => daemon.of('initialize').length === 1);
    assert.equal(await daemon.end(), 0);
    const tables = await world.tables();
    assert(tables.includes('leases') && !tables.includes('named'), String(tables));
  });
});
