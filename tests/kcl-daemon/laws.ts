import assert from 'node:assert/strict';
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { MergeShardsCommand, SplitShardCommand } from '@aws-sdk/client-kinesis';
import { poll } from '../support/poll.ts';
import type { DaemonProcess } from './daemon-process.ts';
import type { Language, World } from './world.ts';

/** A sentence that holds, or throws. The stream's name is the law's own. */
export type Law = (world: World, language: Language, stream: string) => Promise<void>;

const HIGH = 2n ** 127n;
const QUARTER = 2n ** 126n;

const hasBegun = (daemon: DaemonProcess, shards: number): Promise<void> =>
  poll('the children', () => daemon.of('initialize').length === shards);

/** Of a shard, in order. */
const eventsOf = (daemon: DaemonProcess, shardId: string): string[] =>
  daemon.told.filter((told) => told.shardId === shardId).map(({ event }) => event);

const goesOn: Law = async (world, language, stream) => {
  await world.stream(stream);
  await world.put(stream, 0n, 'low');
  await world.put(stream, HIGH, 'a', 'b', 'c');
  const first = await world.daemon(language, stream);
  await poll('the records', () => first.data.length === 4);
  assert.deepEqual(first.data.toSorted(), ['a', 'b', 'c', 'low']);
  const subs = first.of('record').map(({ data, key, sub }) => [data, key, sub]);
  assert.deepEqual(subs.toSorted(), [
    ['a', 'key of a', 0],
    ['b', 'key of b', 1],
    ['c', 'key of c', 2],
    ['low', 'key of low', 0],
  ]);
  assert.equal(await first.end(), 0);
  assert.deepEqual(first.of('checkpointFailed'), []);

  await world.put(stream, HIGH, 'd');
  const second = await world.daemon(language, stream);
  await poll('the new record', () => second.data.length > 0);
  assert.deepEqual(second.data, ['d']);
  assert(second.of('initialize').every(({ sequenceNumber = '' }) => /^\d{56}$/.test(sequenceNumber)));
  assert.equal(await second.end('SIGINT'), 0);
};

const follows: Law = async (world, language, stream) => {
  await world.stream(stream);
  const daemon = await world.daemon(language, stream);
  await hasBegun(daemon, 2);
  await world.put(stream, 0n, 'before');
  const [low, high] = await world.openShards(stream);
  await world.kinesis.send(
    new SplitShardCommand({
      StreamName: stream,
      ShardToSplit: low?.ShardId,
      NewStartingHashKey: String(QUARTER),
    }),
  );
  await world.isActive(stream);
  const [, middle] = await world.openShards(stream);
  const merge = { ShardToMerge: middle?.ShardId, AdjacentShardToMerge: high?.ShardId };
  await world.kinesis.send(new MergeShardsCommand({ StreamName: stream, ...merge }));
  await world.isActive(stream);
  await world.put(stream, QUARTER, 'after');
  await poll('the record of the merged shard', () => daemon.data.includes('after'));
  assert.deepEqual(daemon.data, ['before', 'after']);
  const ended = daemon.of('shardEnded').map(({ shardId }) => shardId);
  assert.deepEqual(ended.toSorted(), [low?.ShardId, high?.ShardId, middle?.ShardId].toSorted());
  assert.deepEqual(eventsOf(daemon, middle?.ShardId ?? ''), ['initialize', 'shardEnded']);
  assert.equal(await daemon.end(), 0);
};

const shares: Law = async (world, language, stream) => {
  await world.stream(stream, 4);
  const first = await world.daemon(language, stream);
  await hasBegun(first, 4);
  const second = await world.daemon(language, stream);
  await poll('a shard for the second', () => second.of('initialize').length > 0);
  // Its processors were asked to end before the second began.
  const [{ shardId = '' } = {}] = second.told;
  const whole = ['initialize', 'shutdownRequested', 'leaseLost'];
  await poll('the end of the first one of it', () => eventsOf(first, shardId).length === whole.length);
  assert.deepEqual(eventsOf(first, shardId), whole);
  assert.equal(await second.end(), 0);
  assert.deepEqual(eventsOf(second, shardId), whole);
  for (const hashKey of [0n, QUARTER, HIGH, HIGH + QUARTER])
    await world.put(stream, hashKey, `at ${hashKey}`);
  await poll('the records of all shards', () => new Set(first.data).size === 4);
  assert.equal(await first.end(), 0);
};

const loses: Law = async (world, language, stream) => {
  await world.stream(stream, 1);
  const daemon = await world.daemon(language, stream);
  await hasBegun(daemon, 1);
  const shardId = daemon.told[0]?.shardId ?? '';
  await world.dynamodb.send(
    new UpdateItemCommand({
      TableName: stream,
      Key: { leaseKey: { S: shardId } },
      UpdateExpression: 'SET leaseOwner = :owner ADD leaseCounter :one',
      ExpressionAttributeValues: { ':owner': { S: 'another' }, ':one': { N: '1' } },
    }),
  );
  await poll('the loss', () => daemon.of('leaseLost').length === 1);
  assert.deepEqual(eventsOf(daemon, shardId).slice(0, 2), ['initialize', 'leaseLost']);
  await poll('the end of its child', () => daemon.log.some((line) => line.includes('"childEnded"')));
  assert.equal(await daemon.end(), 0);
};

const crashes: Law = async (world, language, stream) => {
  await world.stream(stream);
  const daemon = await world.daemon(language, stream, { CRASH: 'yes' });
  await hasBegun(daemon, 2);
  const [low, high] = await world.openShards(stream);
  await world.put(stream, 0n, 'crash');
  assert.equal(await daemon.ended(), 1);
  assert.match(daemon.log.at(-1) ?? '', /the child of shardId-000000000000 ended with exit code 3/);
  assert.deepEqual(eventsOf(daemon, low?.ShardId ?? ''), ['initialize']);
  const orderly = ['initialize', 'shutdownRequested', 'leaseLost'];
  assert.deepEqual(eventsOf(daemon, high?.ShardId ?? ''), orderly);

  const next = await world.daemon(language, stream);
  await poll('the record that was too much', () => next.data.includes('crash'));
  assert.equal(await next.end(), 0);
};

export const LAWS: Readonly<Record<string, Law>> = {
  'records come as they were put, aggregated ones too, and a new daemon goes on behind the checkpoint':
    goesOn,
  'processors are told the ends of shards that were split and merged, and go on with their children': follows,
  'two daemons share the shards, and one takes over what the other gives up': shares,
  'a processor is told when another worker has its lease': loses,
  'a processor that dies ends its daemon, after the others could checkpoint': crashes,
};

/** Without a word about retrieval the daemon subscribes, as the Java one does. */
export const subscribes: Law = (world, language, stream) =>
  goesOn(world, { ...language, properties: '' }, stream);

/** The library for Node.js has no way to say a sub-sequence number. */
export const withinAggregates: Law = async (world, language, stream) => {
  await world.stream(stream, 1);
  await world.put(stream, 0n, 'a', 'stop here', 'b', 'c');
  const first = await world.daemon(language, stream);
  await poll('the records', () => first.data.length === 4);
  assert.equal(await first.end(), 0);
  const second = await world.daemon(language, stream);
  await poll('the rest', () => second.data.length === 2);
  assert.deepEqual(second.data, ['b', 'c']);
  assert.equal(second.of('initialize')[0]?.sub, 1);
  assert.equal(await second.end(), 0);
};
