import assert from 'node:assert/strict';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { call } from '../support/raw-call.ts';
import { KilledServer, type RunOptions } from './support/killed-server.ts';
import { makeStream } from './support/prepare.ts';
import { COMMAND_LINE } from './support/programs.ts';
import { treeHash } from './support/tree-hash.ts';

/** `nobody` nearly everywhere; any user that owns nothing will do. */
const NOBODY = 65_534;
/** Root without its powers: what belongs to others is closed to it as to anybody. */
const POWERLESS = { under: ['setpriv', '--bounding-set=-all', '--inh-caps=-all'] };
const RECORDS = 20;

let root: string;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'millrace-directory-'));
  await chmod(root, 0o755);
});
after(() => rm(root, { recursive: true, force: true }));

const serve = (dataDir: string, options?: RunOptions): KilledServer =>
  new KilledServer([...COMMAND_LINE, '--data-dir', dataDir], options);

/** What it says on standard error when it does not start. */
const refusal = async (dataDir: string, options?: RunOptions): Promise<string> => {
  await using server = serve(dataDir, options);
  assert.equal(await server.ready, undefined, 'it does not start');
  assert.equal(await server.exitCode(), 1);
  const messages = await server.messages;
  assert.doesNotMatch(messages, /\n {4}at /, 'no stack for what a user can mend');
  return messages;
};

const put = async (endpoint: string): Promise<void> => {
  const record = { StreamName: 'orders', PartitionKey: 'k', Data: 'aGVsbG8=' };
  for (let count = 0; count < RECORDS; count++) await call(endpoint, 'PutRecord', record);
};

/** A directory as kill -9 leaves it: a manifest and a journal with all records. */
const aKilledStore = async (name: string): Promise<string> => {
  const dataDir = join(root, name);
  await using server = serve(dataDir);
  await makeStream(await server.endpoint(), 'orders', 1);
  await put(await server.endpoint());
  return dataDir;
};

const locksIn = async (dataDir: string): Promise<string[]> =>
  (await readdir(dataDir)).filter((name) => name.startsWith('lock-'));

/** The next start removes what a killed process has left of its lock, and that is all that it may change. */
const removeLocks = async (dataDir: string): Promise<void> => {
  for (const name of await locksIn(dataDir)) await rm(join(dataDir, name));
};

describe('two processes on one data directory', () => {
  test('the second names the directory, the process and the address of the first, and leaves it alone', async () => {
    const dataDir = join(root, 'two');
    await using first = serve(dataDir);
    const endpoint = await first.endpoint();
    const message = await refusal(dataDir);
    for (const part of [dataDir, `pid ${first.pid}`, endpoint]) assert.ok(message.includes(part), message);
    await makeStream(endpoint, 'orders', 1);
    assert.equal(await first.end(), 0);
  });

  test('a first that is stopped and says nothing still holds it', async () => {
    const dataDir = join(root, 'stopped');
    await using first = serve(dataDir);
    await first.endpoint();
    first.suspend();
    assert.match(
      await refusal(dataDir),
      /is in use by another Millrace process, which does not say who it is/,
    );
  });

  test('one that was killed holds nothing', async () => {
    const dataDir = await aKilledStore('freed');
    assert.equal((await locksIn(dataDir)).length, 1, 'the socket is left');
    await using second = serve(dataDir);
    await put(await second.endpoint());
    assert.equal(await second.end(), 0);
  });

  test('a path longer than a socket may have makes no difference', async () => {
    const dataDir = await aKilledStore(join('n'.repeat(100), 'o'.repeat(100)));
    await using second = serve(dataDir);
    await second.endpoint();
    assert.ok((await refusal(dataDir)).includes(`pid ${second.pid}`));
    await second.kill();
    await using third = serve(dataDir);
    await put(await third.endpoint());
    assert.equal(await third.end(), 0);
  });
});

const journalOf = async (dataDir: string): Promise<string> => {
  const [first = ''] = (await readdir(join(dataDir, 'journal'))).sort();
  return join(dataDir, 'journal', first);
};

const flip = async (path: string, place: number): Promise<void> => {
  const bytes = await readFile(path);
  const at = Math.floor(bytes.length * place);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(path, bytes);
};

/** As a later version might write it: intact, and not for us. */
const manifestOfVersion = async (dataDir: string, version: number): Promise<void> => {
  const path = join(dataDir, 'manifest');
  const text = (await readFile(path, 'latin1')).replace(
    /^millrace-manifest \d+/,
    `millrace-manifest ${version}`,
  );
  await writeFile(path, text, 'latin1');
};

const journalOfVersion = async (dataDir: string, version: number): Promise<void> => {
  const path = await journalOf(dataDir);
  const bytes = await readFile(path);
  bytes.writeUInt16LE(version, 4);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 28)), 28);
  await writeFile(path, bytes);
};

interface Damage {
  readonly what: string;
  readonly says: RegExp;
  readonly spoil: (dataDir: string) => Promise<void>;
}

const DAMAGES: readonly Damage[] = [
  {
    what: 'a damaged manifest',
    says: /manifest.*checksum/,
    spoil: (dir) => flip(join(dir, 'manifest'), 0.6),
  },
  {
    what: 'a manifest of another version',
    says: /(version|format) 9/,
    spoil: (dir) => manifestOfVersion(dir, 9),
  },
  { what: 'no manifest', says: /no manifest/, spoil: (dir) => rm(join(dir, 'manifest')) },
  {
    what: 'a journal damaged in the middle',
    says: /\.journal at byte \d+: acknowledged data is damaged/,
    spoil: async (dir) => flip(await journalOf(dir), 0.5),
  },
  {
    what: 'a journal of another version',
    says: /(version|format) 9/,
    spoil: (dir) => journalOfVersion(dir, 9),
  },
  {
    what: 'a journal file under another number',
    says: /\.journal/,
    spoil: async (dir) =>
      rename(await journalOf(dir), join(dir, 'journal', `${'9'.padStart(20, '0')}.journal`)),
  },
];

describe('a data directory that is not right', () => {
  for (const { what, says, spoil } of DAMAGES) {
    test(`with ${what} is refused in words, and nothing in it is changed`, async () => {
      const dataDir = await aKilledStore(what.replaceAll(' ', '-'));
      await removeLocks(dataDir);
      await spoil(dataDir);
      const before = await treeHash(dataDir);
      const message = await refusal(dataDir);
      assert.match(message, says);
      assert.ok(message.includes(dataDir), message);
      assert.match(message, /Nothing (that is stored there )?was changed/);
      assert.equal(await treeHash(dataDir), before);
    });
  }

  test('that is a file is refused in words', async () => {
    const path = join(root, 'a-file');
    await writeFile(path, 'precious');
    assert.match(await refusal(path), /a-file cannot be used: it is a file/);
    assert.match(await refusal(join(path, 'below')), /below cannot be used: a part of its path is a file/);
    assert.equal(await readFile(path, 'utf8'), 'precious');
  });

  test('that this user may not use is refused in words, and nothing in it is changed', async (t) => {
    if (process.getuid?.() !== 0) return t.skip('only root can give a directory to another user');
    const theirs = await aKilledStore('not-ours');
    await removeLocks(theirs);
    await chown(theirs, NOBODY, NOBODY);
    const before = await treeHash(theirs);
    assert.match(
      await refusal(theirs, POWERLESS),
      /not-ours cannot be used: this user may not read and write it/,
    );
    assert.equal(await treeHash(theirs), before);
    const parent = join(root, 'closed');
    await mkdir(parent, { mode: 0o755 });
    await chown(parent, NOBODY, NOBODY);
    assert.match(await refusal(join(parent, 'new'), POWERLESS), /new cannot be used: this user may not/);
    assert.deepEqual(await readdir(parent), []);
  });
});
