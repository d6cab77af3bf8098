import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { openCatalog } from '@millrace/catalog';
import { KeyError, type KeyErrorCode, MemoryDisk } from '@millrace/core';
import { openEmbeddedLog } from '@millrace/log-embedded';
import { openKeys } from './keys.ts';
import { parseRootKey, RootKeyError, type RootKeySource } from './root-key.ts';

const PLACE = { account: '123456789012', region: 'eu-west-1' } as const;
const PURPOSE = { stream: 'orders', key: '1' };
const DEFAULT_ALIAS = 'alias/aws/kinesis';

const random = { bytes: (count: number) => new Uint8Array(randomBytes(count)), uuid: randomUUID };
const clock = { now: Date.now, monotonic: () => performance.now(), after: () => ({ cancel: () => {} }) };

/** Made when it is asked for, and counted. */
class MadeRootKey implements RootKeySource {
  made = 0;
  key: Uint8Array | undefined;

  async read(): Promise<Uint8Array | undefined> {
    return this.key;
  }

  async make(): Promise<Uint8Array> {
    this.made += 1;
    this.key = random.bytes(32);
    return this.key;
  }
}

/** With the disk of an earlier one it is that one after a restart. */
const aWorld = async (rootKey: RootKeySource = new MadeRootKey(), disk = new MemoryDisk()) => {
  const engine = await openEmbeddedLog({ disk, clock, durability: 'flush' });
  const catalog = await openCatalog({ engine, clock, random });
  const close = async () => {
    await catalog.close();
    await engine.close();
  };
  try {
    const keys = await openKeys({ catalog, random, rootKey });
    const generate = (keyId: string, place = PLACE) =>
      keys.generateDataKey({ ...place, keyId, purpose: PURPOSE });
    return { disk, catalog, keys, generate, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
};

const keyError = (code: KeyErrorCode, message?: string) => (error: unknown) =>
  error instanceof KeyError && error.code === code && (message === undefined || error.message === message);

test('a data key is opened to the same 32 bytes, before and after a restart', async () => {
  const rootKey = new MadeRootKey();
  const before = await aWorld(rootKey);
  const dataKey = await before.generate(DEFAULT_ALIAS);
  const opened = before.keys.openDataKey(dataKey, PURPOSE);
  assert.equal(opened.length, 32);
  await before.close();
  await using after = await aWorld(rootKey, before.disk);
  assert.deepEqual([...after.keys.openDataKey(dataKey, { key: '1', stream: 'orders' })], [...opened]);
});

test('no two data keys are the same', async () => {
  await using world = await aWorld();
  const opened = new Set<string>();
  for (let count = 0; count < 5; count++) {
    const dataKey = await world.generate(DEFAULT_ALIAS);
    opened.add(Buffer.from(world.keys.openDataKey(dataKey, PURPOSE)).toString('hex'));
  }
  assert.equal(opened.size, 5);
});

test('a data key is opened for its own purpose only, whether or not it was opened before', async () => {
  await using world = await aWorld();
  const dataKey = await world.generate(DEFAULT_ALIAS);
  const other = { ...PURPOSE, stream: 'payments' };
  assert.throws(() => world.keys.openDataKey(dataKey, other), keyError('unreadable'));
  world.keys.openDataKey(dataKey, PURPOSE);
  assert.throws(() => world.keys.openDataKey(dataKey, other), keyError('unreadable'));
});

test('a data key that is tampered with, or given to another key, is not opened', async () => {
  await using world = await aWorld();
  const other = await world.keys.createKey(PLACE);
  const { wrapped, keyArn } = await world.generate(DEFAULT_ALIAS);
  const bytes = Buffer.from(wrapped, 'base64');
  for (let at = 0; at < bytes.length; at++) {
    const bad = Buffer.from(bytes);
    bad[at] = (bad[at] ?? 0) ^ 1;
    const dataKey = { keyArn, wrapped: bad.toString('base64') };
    assert.throws(() => world.keys.openDataKey(dataKey, PURPOSE), keyError('unreadable'));
  }
  const moved = { keyArn: other?.arn ?? '', wrapped };
  assert.throws(() => world.keys.openDataKey(moved, PURPOSE), keyError('unreadable'));
});

test('the default key is made on first use, once for each account and region', async () => {
  const rootKey = new MadeRootKey();
  await using world = await aWorld(rootKey);
  assert.equal(rootKey.made, 0);
  const here = await Promise.all([world.generate(DEFAULT_ALIAS), world.generate(DEFAULT_ALIAS)]);
  const there = await world.generate(DEFAULT_ALIAS, { ...PLACE, region: 'us-east-1' } as never);
  assert.equal(here[0]?.keyArn, here[1]?.keyArn);
  assert.notEqual(here[0]?.keyArn, there.keyArn);
  assert.deepEqual([world.catalog.state.keys.size, rootKey.made], [2, 1]);
});

test('a key is meant by its id, its ARN, its alias or the ARN of that', async () => {
  await using world = await aWorld();
  const key = await world.keys.createKey({ ...PLACE, alias: 'alias/orders' });
  assert.ok(key);
  const aliasArn = 'arn:aws:kms:eu-west-1:123456789012:alias/orders';
  for (const keyId of [key.id, key.arn, 'alias/orders', aliasArn]) {
    assert.equal((await world.generate(keyId)).keyArn, key.arn);
  }
});

test('what names no key here is refused in the words of KMS', async () => {
  await using world = await aWorld();
  const key = await world.keys.createKey(PLACE);
  const id = '11111111-2222-4333-8444-555555555555';
  const prefix = 'arn:aws:kms:eu-west-1:123456789012';
  const foreign = [
    `arn:aws:kms:us-east-1:123456789012:key/${key?.id}`,
    `arn:aws:kms:eu-west-1:999999999999:key/${key?.id}`,
  ];
  const texts: readonly (readonly [keyId: string, message: string])[] = [
    [id, `Key '${prefix}:key/${id}' does not exist`],
    [`${prefix}:key/${id}`, `Key '${prefix}:key/${id}' does not exist`],
    ['alias/nobody', `Alias ${prefix}:alias/nobody is not found.`],
    ['alias/aws/s3', `Alias ${prefix}:alias/aws/s3 is not found.`],
    [
      'arn:aws:kinesis:eu-west-1:123456789012:stream/a',
      "Invalid keyId 'arn:aws:kinesis:eu-west-1:123456789012:stream/a'",
    ],
    ['arn:aws:kms', "Invalid keyId 'arn:aws:kms'"],
    ...foreign.map((arn) => [arn, `Key '${arn}' does not exist`] as const),
  ];
  for (const [keyId, message] of texts)
    await assert.rejects(world.generate(keyId), keyError('not-found', message));
});

test('a key that is disabled or to be deleted opens nothing, until it is enabled again', async () => {
  await using world = await aWorld();
  const key = await world.keys.createKey(PLACE);
  assert.ok(key);
  const dataKey = await world.generate(key.id);
  const refused = async (code: KeyErrorCode, message: string) => {
    assert.throws(() => world.keys.openDataKey(dataKey, PURPOSE), keyError(code, message));
    await assert.rejects(world.generate(key.id), keyError(code, message));
  };
  world.keys.openDataKey(dataKey, PURPOSE);
  await world.catalog.submit({ type: 'keys.disable.v1', keyId: key.id });
  await refused('disabled', `${key.arn} is disabled.`);
  await world.catalog.submit({ type: 'keys.schedule-deletion.v1', keyId: key.id, deletionAtMs: 1 });
  await refused('invalid-state', `${key.arn} is pending deletion.`);
  await world.catalog.submit({ type: 'keys.cancel-deletion.v1', keyId: key.id });
  await world.catalog.submit({ type: 'keys.enable.v1', keyId: key.id });
  world.keys.openDataKey(dataKey, PURPOSE);
});

test('an alias that is taken makes no second key', async () => {
  await using world = await aWorld();
  await world.keys.createKey({ ...PLACE, alias: 'alias/orders' });
  assert.equal(await world.keys.createKey({ ...PLACE, alias: 'alias/orders' }), undefined);
  assert.equal(world.catalog.state.keys.size, 1);
});

test('keys do not open without their root key, or with another one', async () => {
  const before = await aWorld();
  await before.generate(DEFAULT_ALIAS);
  await before.close();
  const other = new MadeRootKey();
  await assert.rejects(aWorld(other, before.disk), RootKeyError);
  await other.make();
  await assert.rejects(aWorld(other, before.disk), RootKeyError);
});

test('a root key that could not be made is asked for again', async () => {
  const rootKey = new MadeRootKey();
  const make = rootKey.make.bind(rootKey);
  rootKey.make = () => Promise.reject(new Error('the disk is full'));
  await using world = await aWorld(rootKey);
  await assert.rejects(world.generate(DEFAULT_ALIAS), /the disk is full/);
  rootKey.make = make;
  await world.generate(DEFAULT_ALIAS);
});

test('a root key is 32 bytes of base64 and nothing else', () => {
  const text = Buffer.alloc(32, 7).toString('base64');
  assert.deepEqual([...parseRootKey(`${text}\n`, 'the file')], [...Buffer.alloc(32, 7)]);
  for (const bad of ['', text.slice(4), `${text}${text}`, Buffer.alloc(32).toString('hex'), 'secret']) {
    assert.throws(() => parseRootKey(bad, 'the file'), /^RootKeyError: the file does not hold/);
  }
});
