import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryDisk } from '@millrace/core';
import { aConsumer, subscribe } from '../../test/fan-out.ts';
import { ACCOUNT, aWorld, awsError, REGION } from '../../test/world.ts';

const DEFAULT_KEY = 'alias/aws/kinesis';
const SECRET = 'the vault opens at midnight';

type World = Awaited<ReturnType<typeof aWorld>>;

const start = async (world: World, name: string, KeyId = DEFAULT_KEY): Promise<void> => {
  await world.call('StartStreamEncryption', { StreamName: name, EncryptionType: 'KMS', KeyId });
  await world.untilStatus(name, 'ACTIVE');
};

const stop = async (world: World, name: string, KeyId = DEFAULT_KEY): Promise<void> => {
  await world.call('StopStreamEncryption', { StreamName: name, EncryptionType: 'KMS', KeyId });
  await world.untilStatus(name, 'ACTIVE');
};

const put = (world: World, name: string, text: string) =>
  world.call('PutRecord', { StreamName: name, PartitionKey: text, Data: Buffer.from(text) });

const records = async (world: World, name: string) => {
  const { Records } = await world.call('GetRecords', { ShardIterator: await world.iteratorOf(name) });
  return Records.map(({ Data, EncryptionType }) => [Buffer.from(Data).toString(), EncryptionType]);
};

const customerKey = async (world: World, alias?: string) => {
  const key = await world.keys.createKey({ account: ACCOUNT, region: REGION, alias });
  assert.ok(key);
  return key;
};

/** Everything on the disk, whatever its file. */
const stored = async (disk: MemoryDisk): Promise<string> => {
  let all = '';
  const visit = async (path: string): Promise<void> => {
    for (const name of await disk.list(path)) {
      const child = path === '' ? name : `${path}/${name}`;
      const file = await disk.open(child).catch(() => undefined);
      if (file === undefined) await visit(child);
      else {
        const bytes = Buffer.alloc(await file.size());
        await file.read(bytes, 0);
        all += bytes.toString('latin1');
      }
    }
  };
  await visit('');
  return all;
};

test('what is put into an encrypted stream is nowhere on the disk, and its readers get it', async () => {
  const disk = new MemoryDisk();
  const world = await aWorld({ disk });
  await world.aStream('orders');
  await start(world, 'orders');
  await put(world, 'orders', SECRET);
  const entry = { PartitionKey: SECRET, Data: Buffer.from(SECRET) };
  await world.call('PutRecords', { StreamName: 'orders', Records: [entry, entry] });
  await world.aStream('open');
  await put(world, 'open', 'an open word');
  await world.close();
  const bytes = await stored(disk);
  assert.ok(bytes.includes('an open word') && !bytes.includes(SECRET));
  await using again = await aWorld({ disk, clock: world.clock });
  assert.deepEqual(
    await records(again, 'orders'),
    Array.from({ length: 3 }, () => [SECRET, 'KMS']),
  );
});

test('starting passes through UPDATING, and what is put after the answer is encrypted', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  const seen: (string | undefined)[] = [];
  world.catalog.onApplied(() => seen.push(world.statusOf(name)));
  const answer = await world.call('StartStreamEncryption', {
    StreamName: name,
    EncryptionType: 'KMS',
    KeyId: DEFAULT_KEY,
  });
  assert.equal(answer, undefined);
  assert.equal((await put(world, name, 'a')).EncryptionType, 'KMS');
  await world.untilStatus(name, 'ACTIVE');
  assert.deepEqual(seen.slice(-2), ['UPDATING', 'ACTIVE']);
});

test('records tell how each of them was stored, across starts and stops', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  for (let count = 0; count < 2; count++) {
    assert.equal((await put(world, name, 'plain')).EncryptionType, undefined);
  }
  await start(world, name);
  const { EncryptionType, FailedRecordCount } = await world.call('PutRecords', {
    StreamName: name,
    Records: [{ PartitionKey: 'k', Data: Buffer.from('first key') }],
  });
  assert.deepEqual([EncryptionType, FailedRecordCount], ['KMS', 0]);
  await start(world, name);
  await put(world, name, 'second key');
  await stop(world, name);
  await put(world, name, 'plain again');
  assert.deepEqual(await records(world, name), [
    ['plain', undefined],
    ['plain', undefined],
    ['first key', 'KMS'],
    ['second key', 'KMS'],
    ['plain again', undefined],
  ]);
  const dataKeys = world.catalog.state.streams.find(ACCOUNT, REGION, name)?.dataKeys;
  assert.equal(new Set(dataKeys?.map(({ id }) => id)).size, 2);
});

test('a stream is described with its key as it was named, and without one when it is not encrypted', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  const described = async () => {
    const { StreamDescription } = await world.call('DescribeStream', { StreamName: name });
    const summary = await world.call('DescribeStreamSummary', { StreamName: name });
    const { EncryptionType, KeyId } = StreamDescription;
    assert.deepEqual(
      [summary.StreamDescriptionSummary.EncryptionType, summary.StreamDescriptionSummary.KeyId],
      [EncryptionType, KeyId],
    );
    return [EncryptionType, KeyId];
  };
  assert.deepEqual(await described(), ['NONE', undefined]);
  const key = await customerKey(world, 'alias/orders');
  const aliasArn = `arn:aws:kms:${REGION}:${ACCOUNT}:alias/orders`;
  for (const keyId of [DEFAULT_KEY, 'alias/orders', aliasArn, key.id, key.arn]) {
    await start(world, name, keyId);
    assert.deepEqual(await described(), ['KMS', keyId]);
  }
  await stop(world, name, key.arn);
  assert.deepEqual(await described(), ['NONE', undefined]);
});

test('a key or alias that does not exist is refused, and the stream stays as it is', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  const prefix = `arn:aws:kms:${REGION}:${ACCOUNT}`;
  for (const [keyId, text] of [
    ['alias/nobody', `Alias ${prefix}:alias/nobody is not found.`],
    [`${prefix}:key/nobody`, `Key '${prefix}:key/nobody' does not exist`],
  ] as const) {
    await assert.rejects(start(world, name, keyId), awsError('KMSNotFoundException', text));
  }
  assert.deepEqual(
    [world.statusOf(name), (await put(world, name, 'a')).EncryptionType],
    ['ACTIVE', undefined],
  );
});

test('while a key is disabled or to be deleted nobody puts, reads or starts under it', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  const key = await customerKey(world);
  await put(world, name, 'plain');
  await start(world, name, key.id);
  await put(world, name, 'locked');
  const ShardIterator = await world.iteratorOf(name, { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: 0 });
  const { NextShardIterator = '' } = await world.call('GetRecords', { ShardIterator, Limit: 1 });
  const Records = [{ PartitionKey: 'k', Data: Buffer.from('x') }];
  const refused = async (code: string, text: string) => {
    await assert.rejects(put(world, name, 'x'), awsError(code, text));
    await assert.rejects(world.call('PutRecords', { StreamName: name, Records }), awsError(code, text));
    await assert.rejects(
      world.call('GetRecords', { ShardIterator: NextShardIterator }),
      awsError(code, text),
    );
    await assert.rejects(start(world, name, key.id), awsError(code, text));
    assert.deepEqual(await records(world, name), [['plain', undefined]]);
  };
  await world.catalog.submit({ type: 'keys.disable.v1', keyId: key.id });
  await refused('KMSDisabledException', `${key.arn} is disabled.`);
  await world.catalog.submit({ type: 'keys.schedule-deletion.v1', keyId: key.id, deletionAtMs: 1 });
  await refused('KMSInvalidStateException', `${key.arn} is pending deletion.`);
  await world.catalog.submit({ type: 'keys.forget.v1', keyId: key.id });
  await refused('KMSNotFoundException', `Key '${key.arn}' does not exist`);
});

test('a subscription that comes to locked records ends with the error of the key', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  const consumerArn = await aConsumer(world);
  const key = await customerKey(world);
  await put(world, name, 'plain');
  await start(world, name, key.id);
  await put(world, name, 'locked');
  await world.catalog.submit({ type: 'keys.disable.v1', keyId: key.id });
  const subscription = await subscribe(world, consumerArn);
  assert.deepEqual(await subscription.take(1), ['plain']);
  await assert.rejects(subscription.next(), awsError('KMSDisabledException', `${key.arn} is disabled.`));
});

test('a stream goes on under another key when its own is lost; what was under it stays locked', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  const key = await customerKey(world);
  await start(world, name, key.id);
  await put(world, name, 'locked');
  await world.catalog.submit({ type: 'keys.disable.v1', keyId: key.id });
  await start(world, name);
  const { SequenceNumber } = await put(world, name, 'open');
  const from = { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: SequenceNumber } as const;
  assert.deepEqual(await world.readFrom(name, from), ['open']);
  await assert.rejects(records(world, name), awsError('KMSDisabledException', `${key.arn} is disabled.`));
});

test('a stream of the same name does not get at the records of the one before', async () => {
  await using world = await aWorld();
  await world.aStream('orders');
  await start(world, 'orders');
  const before = world.catalog.state.streams.find(ACCOUNT, REGION, 'orders')?.dataKeys?.[0];
  assert.ok(before);
  await world.call('DeleteStream', { StreamName: 'orders' });
  await world.untilStatus('orders', undefined);
  await world.aStream('orders');
  await start(world, 'orders');
  const after = world.catalog.state.streams.find(ACCOUNT, REGION, 'orders')?.dataKeys?.[0];
  assert.ok(after !== undefined && after.id.slice(0, 16) !== before.id.slice(0, 16));
  const purpose = { 'aws:kinesis:arn': `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/orders` };
  const forNew = { ...purpose, 'millrace:data-key': after.id };
  assert.equal(world.keys.openDataKey(after, forNew).length, 32);
  assert.throws(() => world.keys.openDataKey(before, forNew), { code: 'unreadable' });
});

test('only an ACTIVE stream changes its encryption', async () => {
  await using world = await aWorld();
  world.holdLogs();
  await world.call('CreateStream', { StreamName: 'orders', ShardCount: 1 });
  const error = awsError(
    'ResourceInUseException',
    `Stream orders under account ${ACCOUNT} not ACTIVE, instead in state CREATING`,
  );
  const input = { StreamName: 'orders', EncryptionType: 'KMS', KeyId: DEFAULT_KEY } as const;
  await assert.rejects(world.call('StartStreamEncryption', input), error);
  await assert.rejects(world.call('StopStreamEncryption', input), error);
});

test('an unknown stream, and another type than KMS, are refused', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  for (const operation of ['StartStreamEncryption', 'StopStreamEncryption'] as const) {
    await assert.rejects(
      world.call(operation, { StreamName: 'nobody', EncryptionType: 'KMS', KeyId: DEFAULT_KEY }),
      awsError('ResourceNotFoundException', `Stream nobody under account ${ACCOUNT} not found.`),
    );
    await assert.rejects(
      world.call(operation, { StreamName: name, EncryptionType: 'NONE', KeyId: DEFAULT_KEY }),
      awsError('InvalidArgumentException', 'EncryptionType must be KMS. Specified value was NONE'),
    );
  }
});

test('stopping what is not encrypted changes nothing', async () => {
  await using world = await aWorld();
  const name = await world.aStream();
  const before = world.catalog.state.streams.find(ACCOUNT, REGION, name);
  await stop(world, name);
  assert.equal(world.catalog.state.streams.find(ACCOUNT, REGION, name), before);
});

test('a stream that was UPDATING for its encryption when the process ended becomes ACTIVE at the next start', async () => {
  const disk = new MemoryDisk();
  const world = await aWorld({ disk });
  const name = await world.aStream();
  await world.streams.close();
  await world.call('StartStreamEncryption', { StreamName: name, EncryptionType: 'KMS', KeyId: DEFAULT_KEY });
  assert.equal(world.statusOf(name), 'UPDATING');
  await world.close();
  await using again = await aWorld({ disk, clock: world.clock });
  await again.untilStatus(name, 'ACTIVE');
  assert.equal((await put(again, name, 'a')).EncryptionType, 'KMS');
});
