import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { cacheFolder, keyOf, madeOnce, sources } from './cache.ts';

const aFolder = async (t: TestContext): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-cache-'));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
};

const build = (folder: string): Promise<void> => writeFile(join(folder, 'result'), 'built');

test('the cache lies where XDG_CACHE_HOME says, an empty one counting as none', () => {
  assert.equal(cacheFolder({ XDG_CACHE_HOME: '/caches' }), '/caches/millrace/clients');
  assert.match(cacheFolder({ XDG_CACHE_HOME: '' }), /\/\.cache\/millrace\/clients$/);
});

test('a key tells texts apart, and where one ends and the next begins', () => {
  assert.equal(keyOf('a', 'b'), keyOf('a', 'b'));
  assert.notEqual(keyOf('ab', ''), keyOf('a', 'b'));
});

test('what is there is not built again', async (t) => {
  const link = join(await aFolder(t), 'client/key');
  const made = await madeOnce(link, build);
  const again = await madeOnce(link, () => assert.fail('built again'));
  assert.equal(again, made);
  assert.equal(await readFile(join(again, 'result'), 'utf8'), 'built');
});

test('a build that fails leaves nothing, and the next one builds', async (t) => {
  const folder = await aFolder(t);
  const link = join(folder, 'key');
  const halfway = async (made: string): Promise<void> => {
    await build(made);
    throw new Error('no network');
  };
  await assert.rejects(madeOnce(link, halfway), /no network/);
  assert.deepEqual(await readdir(folder), []);
  assert.equal(await readFile(join(await madeOnce(link, build), 'result'), 'utf8'), 'built');
});

test('of builds at the same time one stays and all use it', async (t) => {
  const folder = await aFolder(t);
  const link = join(folder, 'key');
  const made = await Promise.all([madeOnce(link, build), madeOnce(link, build), madeOnce(link, build)]);
  assert.equal(new Set(made).size, 1);
  assert.equal((await readdir(folder)).length, 2, 'the link and one folder');
});

test('sources are the files with that ending, in the order of their names', async (t) => {
  const folder = await aFolder(t);
  for (const name of ['b.go', 'a.go', 'go.mod']) await writeFile(join(folder, name), name);
  assert.deepEqual(
    [...(await sources(folder, '.go'))],
    [
      ['a.go', 'a.go'],
      ['b.go', 'b.go'],
    ],
  );
});
