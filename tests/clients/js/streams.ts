import assert from 'node:assert/strict';
import {
  AddTagsToStreamCommand,
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  type KinesisClient,
  ListShardsCommand,
  ListTagsForStreamCommand,
  paginateListStreams,
  RemoveTagsFromStreamCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  type Shard,
  type Tag,
  waitUntilStreamExists,
  waitUntilStreamNotExists,
} from '@aws-sdk/client-kinesis';
import type { Report } from './report.ts';
import { HASH_KEY_MAX, SHARD_IDS } from './written.ts';

const JUST_NOW_MS = 300_000;
/** Seconds, as the SDK's waiters want them. */
const WAITER = { maxWaitTime: 30, minDelay: 0.05, maxDelay: 0.1 };

const make = async (client: KinesisClient, StreamName: string, ShardCount: number): Promise<void> => {
  await client.send(new CreateStreamCommand({ StreamName, ShardCount }));
  await waitUntilStreamExists({ client, ...WAITER }, { StreamName });
};

const remove = async (client: KinesisClient, StreamName: string): Promise<void> => {
  await client.send(new DeleteStreamCommand({ StreamName }));
  await waitUntilStreamNotExists({ client, ...WAITER }, { StreamName });
};

/** The shards are all there, in order, and their ranges follow each other without a gap. */
const checkShards = (shards: readonly Shard[]): void => {
  assert.deepEqual(
    shards.map(({ ShardId }) => ShardId),
    SHARD_IDS,
  );
  let start = 0n;
  for (const { HashKeyRange } of shards) {
    assert.equal(HashKeyRange?.StartingHashKey, String(start));
    start = BigInt(HashKeyRange?.EndingHashKey ?? 0) + 1n;
  }
  assert.equal(start - 1n, HASH_KEY_MAX);
};

const describe = async (client: KinesisClient, StreamName: string): Promise<void> => {
  const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamName }));
  assert.ok(StreamDescription);
  const { StreamARN, StreamCreationTimestamp, Shards = [], ...rest } = StreamDescription;
  assert.equal(rest.StreamName, StreamName);
  assert.equal(rest.StreamStatus, 'ACTIVE');
  assert.equal(rest.RetentionPeriodHours, 24);
  assert.equal(rest.HasMoreShards, false);
  assert.ok(
    Math.abs(Date.now() - Number(StreamCreationTimestamp)) < JUST_NOW_MS,
    String(StreamCreationTimestamp),
  );
  checkShards(Shards);
  const { StreamDescriptionSummary } = await client.send(new DescribeStreamSummaryCommand({ StreamARN }));
  assert.equal(StreamDescriptionSummary?.StreamName, StreamName);
  assert.equal(StreamDescriptionSummary?.OpenShardCount, SHARD_IDS.length);
};

const pageShards = async (client: KinesisClient, StreamName: string): Promise<void> => {
  const pages: Shard[][] = [];
  let NextToken: string | undefined;
  do {
    const place = NextToken === undefined ? { StreamName } : { NextToken };
    const page = await client.send(new ListShardsCommand({ ...place, MaxResults: 2 }));
    pages.push(page.Shards ?? []);
    NextToken = page.NextToken;
  } while (NextToken !== undefined && pages.length < SHARD_IDS.length);
  assert.deepEqual(
    pages.map(({ length }) => length),
    [2, 2, 1],
  );
  checkShards(pages.flat());
};

const byKey = (tags: readonly Tag[] = []) => Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));

const tag = async (client: KinesisClient, StreamName: string): Promise<void> => {
  const Tags = { team: 'Flüsse', stage: 'test', empty: '' };
  await client.send(new AddTagsToStreamCommand({ StreamName, Tags }));
  const listed = await client.send(new ListTagsForStreamCommand({ StreamName }));
  assert.deepEqual(byKey(listed.Tags), Tags);
  await client.send(new RemoveTagsFromStreamCommand({ StreamName, TagKeys: ['team', 'empty'] }));
  const left = await client.send(new ListTagsForStreamCommand({ StreamName }));
  assert.deepEqual(byKey(left.Tags), { stage: 'test' });
};

const askForUnknown = async (client: KinesisClient, streamName: string): Promise<void> => {
  const StreamName = `${streamName}-unknown`;
  await assert.rejects(client.send(new DescribeStreamSummaryCommand({ StreamName })), (error) => {
    assert.ok(error instanceof ResourceNotFoundException, String(error));
    assert.equal(error.$metadata.httpStatusCode, 400);
    assert.ok(error.message.includes(StreamName), error.message);
    return true;
  });
};

const listNames = async (client: KinesisClient, pageSize: number): Promise<readonly string[]> => {
  const names: string[] = [];
  for await (const page of paginateListStreams({ client, pageSize }, {})) {
    assert.ok((page.StreamNames ?? []).length <= pageSize);
    names.push(...(page.StreamNames ?? []));
  }
  return names;
};

const pageStreams = async (client: KinesisClient, streamName: string): Promise<void> => {
  const others = [`${streamName}-second`, `${streamName}-third`];
  for (const name of others) await make(client, name, 1);
  const found = await listNames(client, 1);
  assert.deepEqual(
    found.filter((name) => name.startsWith(streamName)),
    [streamName, ...others],
  );
  for (const name of others) await remove(client, name);
};

export const tellStart = async (client: KinesisClient, name: string, report: Report): Promise<void> => {
  await report.law('creates a stream and waits until it is active', () =>
    make(client, name, SHARD_IDS.length),
  );
  await report.law('describes the stream', () => describe(client, name));
  await report.law('pages ListShards', () => pageShards(client, name));
  await report.law('adds, lists and removes tags', () => tag(client, name));
  await report.law('an unknown stream is the ResourceNotFoundException of the SDK', () =>
    askForUnknown(client, name),
  );
  await report.law('a name taken is the ResourceInUseException of the SDK', () =>
    assert.rejects(make(client, name, 1), ResourceInUseException),
  );
};

export const tellEnd = async (client: KinesisClient, name: string, report: Report): Promise<void> => {
  await report.law('pages ListStreams', () => pageStreams(client, name));
  await report.law('deletes the stream', async () => {
    await remove(client, name);
    assert.ok(!(await listNames(client, 100)).includes(name), 'still listed');
  });
};
