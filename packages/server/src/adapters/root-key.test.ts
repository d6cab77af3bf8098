import assert from 'node:assert/strict';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { MemoryDisk } from '@millrace/core';
import { RootKeyError } from '@millrace/identity';
import { nodeDisk } from './node-disk.ts';
import { nodeRandom } from './node-random.ts';
import { type RootKeyOptions, rootKeySource } from './root-key.ts';

const directory = await mkdtemp(join(tmpdir(), 'millrace-root-key-'));
after(() => rm(directory, { recursive: true }));

const KEY = Buffer.alloc(32, 9);

const source = (options: Partial<RootKeyOptions> = {}) =>
  rootKeySource({
    rootKey: undefined,
    rootKeyFile: undefined,
    disk: new MemoryDisk(),
    random: nodeRandom,
    onKeyBesideData: () => assert.fail('the key is not beside the data'),
    ...options,
  });

test('a key that is given is used as it is', async () => {
  const given = await source({ rootKey: KEY.toString('base64') });
  assert.deepEqual(Buffer.from((await given.read()) ?? []), KEY);
});

test('a key is read from the file that is named', async () => {
  const rootKeyFile = join(directory, 'given');
  await writeFile(rootKeyFile, `${KEY.toString('base64')}\n`);
  const given = await source({ rootKeyFile });
  assert.deepEqual(Buffer.from((await given.read()) ?? []), KEY);
});

test('a file that is not there or holds no key is refused, without showing what it holds', async () => {
  await assert.rejects(source({ rootKeyFile: join(directory, 'nothing') }), RootKeyError);
  const rootKeyFile = join(directory, 'bad');
  await writeFile(rootKeyFile, 'hunter2');
  await assert.rejects(
    source({ rootKeyFile }),
    (error) => error instanceof RootKeyError && !error.message.includes('hunter2'),
  );
  await assert.rejects(source({ rootKey: 'hunter2' }), RootKeyError);
});

test('without one there is none until it is made: in the data directory, for its owner alone, and said each time', async () => {
  let warnings = 0;
  const onKeyBesideData = (): void => void warnings++;
  const options = { disk: nodeDisk(directory), onKeyBesideData };
  const first = await source(options);
  assert.equal(await first.read(), undefined);
  assert.equal(warnings, 0);
  const made = await first.make();
  assert.equal(made.length, 32);
  if (process.platform !== 'win32') {
    assert.equal((await stat(join(directory, 'root-key'))).mode & 0o777, 0o600);
  }
  assert.deepEqual(Buffer.from((await (await source(options)).read()) ?? []), Buffer.from(made));
  assert.equal(warnings, 2);
});

test('a key file in the data directory that is damaged is refused and not replaced', async () => {
  const disk = new MemoryDisk();
  const file = await disk.open('root-key', { create: true });
  await file.write([Buffer.from('half a k')], 0);
  const damaged = await source({ disk });
  await assert.rejects(damaged.read(), RootKeyError);
});
