import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { millrace, runMillrace, type ServerProcess, serverProcess } from '../support/millrace-process.ts';
import { call } from '../support/raw-call.ts';

interface Printed {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly data: string;
}

const recordsOf = async (endpoint: string, stream: string): Promise<Printed[]> => {
  const flags = ['--from', 'earliest', '--until-caught-up', '--format', 'json', '--endpoint-url', endpoint];
  const { code, stdout, stderr } = await runMillrace('tail', stream, ...flags);
  assert.equal(code, 0, stderr);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Printed);
};

const placeOf = ({ shardId, sequenceNumber }: Printed): string => `${shardId} ${sequenceNumber}`;

const serve = (dataDir: string, ...flags: string[]): Promise<ServerProcess> =>
  serverProcess('--port', '0', '--data-dir', dataDir, ...flags);

/** Flips a bit of the largest file whose name ends so; gives its path. */
const damage = async (directory: string, suffix: string): Promise<string> => {
  const paths = (await readdir(directory, { recursive: true })).filter((path) => path.endsWith(suffix));
  const sized = await Promise.all(
    paths.map(async (path) => ({ path, size: (await stat(join(directory, path))).size })),
  );
  const { path = '', size = 0 } = sized.sort((a, b) => b.size - a.size)[0] ?? {};
  const file = await open(join(directory, path), 'r+');
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, Math.floor(size / 2));
  await file.write(Buffer.from([byte.readUInt8(0) ^ 4]), 0, 1, Math.floor(size / 2));
  await file.close();
  return path;
};

describe('a store is copied, checked and restored', { timeout: 240_000 }, () => {
  let root: string;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'millrace-backup-'));
  });
  after(() => rm(root, { recursive: true, force: true }));

  /** A stopped store with records in segments; each test has its own. */
  const aStoppedStore = async (name: string): Promise<string> => {
    const dataDir = join(root, name);
    const server = await serve(dataDir, '--stream', 'orders:2');
    const Records = Array.from({ length: 400 }, (_, index) => ({
      PartitionKey: `key ${index}`,
      Data: Buffer.from(`record ${index} ${'x'.repeat(200)}`).toString('base64'),
    }));
    await call(server.endpoint, 'PutRecords', { StreamName: 'orders', Records });
    assert.equal(await server.end('SIGTERM'), 0);
    return dataDir;
  };

  test('a backup under load holds every record that was acknowledged before it, and no wrong one', async () => {
    const [dataDir, copy, restored] = [
      join(root, 'load'),
      join(root, 'load-copy'),
      join(root, 'load-restored'),
    ];
    const lines = Array.from({ length: 60_000 }, (_, index) => `line ${index} ${'x'.repeat(400)}`);
    const input = join(root, 'input.txt');
    await writeFile(input, `${lines.join('\n')}\n`);
    const server = await serve(dataDir, '--stream', 'lines:3');
    const flags = ['--file', input, '--endpoint-url', server.endpoint, '--acknowledgements'];
    const put = millrace('put', 'lines', ...flags);
    const [putClosed, putMessages] = [once(put, 'close'), text(put.stderr)];
    const acknowledged = new Map<string, string>();
    let before = new Map<string, string>();
    let backup: ReturnType<typeof runMillrace> | undefined;
    for await (const line of createInterface({ input: put.stdout })) {
      const done = JSON.parse(line) as Printed & { line: number };
      acknowledged.set(placeOf(done), lines[done.line - 1] ?? '');
      if (acknowledged.size !== 20_000) continue;
      before = new Map(acknowledged);
      backup = runMillrace('backup', dataDir, '--to', copy);
    }
    assert.equal((await putClosed)[0], 0, await putMessages);
    const { code, stdout, stderr } = (await backup) ?? assert.fail('no backup was made');
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /^A server runs on it/);
    assert.match(stdout, /Good: everything/);
    assert.equal(await server.end('SIGTERM'), 0);

    assert.equal((await runMillrace('restore', copy, '--to', restored)).code, 0);
    const second = await serve(restored);
    const records = await recordsOf(second.endpoint, 'lines');
    assert.equal(await second.end('SIGTERM'), 0);
    const kept = new Map(records.map((record) => [placeOf(record), record.data]));
    for (const [place, line] of before) assert.equal(kept.get(place), line);
    for (const [place, line] of kept) assert.equal(acknowledged.get(place), line);
  });

  test('an encrypted store is restored with its key, and without it is of no use to others', async () => {
    const dataDir = join(root, 'secret');
    const server = await serve(dataDir, '--stream', 'secrets');
    const encryption = { StreamName: 'secrets', EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' };
    await call(server.endpoint, 'StartStreamEncryption', encryption);
    const record = { StreamName: 'secrets', PartitionKey: 'k', Data: 'aGVsbG8=' };
    await call(server.endpoint, 'PutRecord', record);
    const withKeys = await runMillrace('backup', dataDir, '--to', join(root, 'secret-copy'));
    assert.equal(withKeys.code, 0, withKeys.stderr);
    assert.match(withKeys.stdout, /With it: root-key/);
    assert.match(withKeys.stdout, /1 encrypted/);
    const without = await runMillrace('backup', dataDir, '--to', join(root, 'keyless'), '--without-keys');
    assert.match(without.stdout, /Left out: the root key/);
    assert.equal(await server.end('SIGTERM'), 0);

    const key = join(root, 'secret-copy', 'root-key');
    assert.equal((await stat(key)).mode & 0o777, 0o600);
    assert.deepEqual(await readFile(key), await readFile(join(dataDir, 'root-key')));
    assert.ok(!(await readdir(join(root, 'keyless'))).includes('root-key'));
    await assert.rejects(serve(join(root, 'keyless')), /root key/i);

    await runMillrace('restore', join(root, 'secret-copy'), '--to', join(root, 'secret-restored'));
    const second = await serve(join(root, 'secret-restored'));
    assert.deepEqual(
      (await recordsOf(second.endpoint, 'secrets')).map(({ data }) => data),
      ['hello'],
    );
    assert.equal(await second.end('SIGTERM'), 0);
  });

  test('verify says good, damaged or not to be checked by its exit code', async () => {
    const dataDir = await aStoppedStore('verified');
    const good = await runMillrace('log', 'verify', dataDir);
    assert.deepEqual([good.code, /Good/.test(good.stdout)], [0, true], good.stderr);
    const segment = await damage(dataDir, '.segment');
    const bad = await runMillrace('log', 'verify', dataDir);
    assert.equal(bad.code, 1);
    assert.ok(bad.stdout.includes(`damage: ${segment} at byte`), bad.stdout);
    assert.match(bad.stdout, /positions \d+ to \d+ are lost/);
    const lines = (await runMillrace('log', 'verify', dataDir, '--json')).stdout.trim().split('\n');
    const objects = lines.map((line) => JSON.parse(line));
    const finding = objects.find(({ severity }) => severity === 'damage');
    assert.deepEqual([finding?.file, objects.at(-1).summary.damages], [segment, 1]);
    const none = await runMillrace('log', 'verify', join(root, 'nowhere'));
    assert.deepEqual([none.code, none.stdout], [2, '']);
    assert.match(none.stderr, /There is no directory/);
    await mkdir(join(root, 'empty'));
    assert.equal((await runMillrace('log', 'verify', join(root, 'empty'))).code, 2);
  });

  test('verify looks at a store on which a server runs, and the server goes on', async () => {
    const server = await serve(await aStoppedStore('alive'));
    const { code, stdout } = await runMillrace('log', 'verify', join(root, 'alive'));
    assert.deepEqual([code, /Good/.test(stdout)], [0, true]);
    await call(server.endpoint, 'PutRecord', { StreamName: 'orders', PartitionKey: 'k', Data: 'aGVsbG8=' });
    assert.equal(await server.end('SIGTERM'), 0);
  });

  test('a damaged backup is not restored, unless it is forced', async () => {
    const dataDir = await aStoppedStore('damaged');
    await damage(dataDir, '.segment');
    const refused = await runMillrace('restore', dataDir, '--to', join(root, 'refused'));
    assert.deepEqual([refused.code, /nothing was restored/.test(refused.stderr)], [1, true]);
    await assert.rejects(stat(join(root, 'refused')));
    const forced = await runMillrace('restore', dataDir, '--to', join(root, 'forced'), '--force');
    assert.equal(forced.code, 0, forced.stderr);
    const server = await serve(join(root, 'forced'));
    assert.equal(await server.end('SIGTERM'), 0);
  });

  test('nothing is ever overwritten', async () => {
    const dataDir = await aStoppedStore('kept');
    const taken = join(root, 'taken');
    await mkdir(taken);
    await writeFile(join(taken, 'precious'), 'mine');
    for (const command of ['backup', 'restore']) {
      const { code, stderr } = await runMillrace(command, dataDir, '--to', taken);
      assert.deepEqual([code, /is not empty/.test(stderr)], [1, true]);
    }
    assert.deepEqual(await readdir(taken), ['precious']);
  });

  test('a backup that is interrupted leaves nothing behind, and the server goes on', async () => {
    const dataDir = await aStoppedStore('broken-off');
    const server = await serve(dataDir);
    const copying = millrace('backup', dataDir, '--to', join(root, 'half'));
    copying.kill('SIGTERM');
    await once(copying, 'close');
    await assert.rejects(stat(join(root, 'half')));
    assert.equal((await runMillrace('backup', dataDir, '--to', join(root, 'half'))).code, 0);
    assert.equal(await server.end('SIGTERM'), 0);
  });

  test('a dump shows records, and ends quietly when its reader has seen enough', async () => {
    const dataDir = await aStoppedStore('dumped');
    const { stdout } = await runMillrace('log', 'dump', dataDir, '--entries', '--json');
    const entries = stdout
      .trim()
      .split('\n')
      .flatMap((line) => (JSON.parse(line).entries ?? []) as { key: string }[]);
    assert.equal(entries.filter(({ key }) => key.startsWith('key ')).length, 400);
    const reading = millrace('log', 'dump', dataDir, '--values');
    const [closed, messages] = [once(reading, 'close'), text(reading.stderr)];
    await once(reading.stdout, 'data');
    reading.stdout.destroy();
    assert.deepEqual([(await closed)[0], await messages], [0, '']);
  });
});
