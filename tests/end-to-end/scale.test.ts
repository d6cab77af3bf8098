import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  CreateStreamCommand,
  DescribeStreamCommand,
  DescribeStreamConsumerCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  ListStreamsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
  type Shard,
  type StreamSummary,
  SubscribeToShardCommand,
} from '@aws-sdk/client-kinesis';
import { type Millrace, start } from '@millrace/server';
import { NodeHttpHandler } from '@smithy/node-http-handler';

const COUNT = 1_000;
const CONSUMERS = 20;
const RECORDS_PER_CALL = 500;
const CALLS_AT_ONCE = 16;
const PAGE = 90;
const HASH_KEYS = 2n ** 128n;
const FIRST_SHARD = 'shardId-000000000000';

const common = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
};

const textOf = (data: Uint8Array | undefined): string => Buffer.from(data ?? []).toString();

/** The answers in the order of the things asked about. */
const forEach = async <Item, Answer>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Answer>,
): Promise<Answer[]> => {
  const answers: Answer[] = [];
  const waiting = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of waiting) answers[index] = await ask(item);
  };
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, work));
  return answers;
};

/** Page after page until one says that it is the last. */
const pages = async <Item>(
  ask: (token: string | undefined, last: Item | undefined) => Promise<{ items: Item[]; next?: string }>,
): Promise<Item[]> => {
  const all: Item[] = [];
  let token: string | undefined;
  do {
    const { items, next } = await ask(token, all.at(-1));
    assert.ok(items.length > 0 && items.length <= PAGE, `a page of ${items.length}`);
    all.push(...items);
    token = next;
  } while (token !== undefined);
  return all;
};

const numbers = (count: number): number[] => Array.from({ length: count }, (_, number) => number);

describe('an account and a stream of a thousand', { timeout: 120_000 }, () => {
  let millrace: Millrace;
  let kinesis: KinesisClient;
  before(async () => {
    millrace = await start();
    kinesis = new KinesisClient({
      ...common,
      endpoint: millrace.endpoint,
      requestHandler: new NodeHttpHandler(),
    });
  });
  after(async () => {
    kinesis.destroy();
    await millrace.close();
  });

  const active = async (StreamName: string) => {
    for (;;) {
      const answer = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
      const { StreamDescriptionSummary: summary } = answer;
      if (summary?.StreamStatus === 'ACTIVE') return summary;
    }
  };

  const aStream = async (StreamName: string, ShardCount: number) => {
    await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount }));
    return active(StreamName);
  };

  const readAll = async (StreamName: string, ShardId = FIRST_SHARD): Promise<string[]> => {
    const place = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
    const { ShardIterator } = await kinesis.send(new GetShardIteratorCommand(place));
    const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    return Records.map(({ Data }) => textOf(Data));
  };

  describe('a stream of 1,000 shards', () => {
    const StreamName = 'wide';
    let shards: Shard[];

    before(async () => {
      const { OpenShardCount } = await aStream(StreamName, COUNT);
      assert.equal(OpenShardCount, COUNT);
      shards = await pages<Shard>(async (NextToken) => {
        const place = NextToken === undefined ? { StreamName } : { NextToken };
        const answer = await kinesis.send(new ListShardsCommand({ ...place, MaxResults: PAGE }));
        return {
          items: answer.Shards ?? [],
          ...(answer.NextToken === undefined ? {} : { next: answer.NextToken }),
        };
      });
    });

    test('its shards come page by page, each once, and share all hash keys without a gap', () => {
      assert.deepEqual(
        shards.map(({ ShardId }) => ShardId),
        numbers(COUNT).map((index) => `shardId-${String(index).padStart(12, '0')}`),
      );
      let next = 0n;
      for (const { HashKeyRange } of shards) {
        assert.equal(BigInt(HashKeyRange?.StartingHashKey ?? -1), next);
        next = BigInt(HashKeyRange?.EndingHashKey ?? -1) + 1n;
      }
      assert.equal(next, HASH_KEYS);
    });

    test('DescribeStream and ListShards in one answer tell the same shards', async () => {
      const described = await pages<Shard>(async (_, last) => {
        const ExclusiveStartShardId = last?.ShardId;
        const { StreamDescription } = await kinesis.send(
          new DescribeStreamCommand({ StreamName, ExclusiveStartShardId, Limit: PAGE }),
        );
        const items = StreamDescription?.Shards ?? [];
        return { items, ...(StreamDescription?.HasMoreShards ? { next: 'more' } : {}) };
      });
      assert.deepEqual(described, shards);
      const { Shards, NextToken } = await kinesis.send(new ListShardsCommand({ StreamName }));
      assert.deepEqual(Shards, shards);
      assert.equal(NextToken, undefined);
    });

    test('a record for each shard lands there and is read back from there', async () => {
      for (let from = 0; from < COUNT; from += RECORDS_PER_CALL) {
        const meant = shards.slice(from, from + RECORDS_PER_CALL);
        const Records = meant.map(({ ShardId = '', HashKeyRange }) => ({
          PartitionKey: 'k',
          ExplicitHashKey: HashKeyRange?.EndingHashKey,
          Data: Buffer.from(ShardId),
        }));
        const answer = await kinesis.send(new PutRecordsCommand({ StreamName, Records }));
        assert.deepEqual(
          answer.Records?.map(({ ShardId }) => ShardId),
          meant.map(({ ShardId }) => ShardId),
        );
      }
      const ids = shards.map(({ ShardId = '' }) => ShardId);
      const read = await forEach(ids, (id) => readAll(StreamName, id));
      assert.deepEqual(
        read,
        ids.map((id) => [id]),
      );
    });
  });

  test('1,000 streams made at once are listed page by page, each once, and each keeps its own record', async () => {
    const names = numbers(COUNT).map((number) => `one-of-${String(number).padStart(4, '0')}`);
    await forEach(names, (name) => aStream(name, 1));
    const list = async () =>
      pages<StreamSummary>(async (NextToken) => {
        const answer = await kinesis.send(new ListStreamsCommand({ NextToken, Limit: PAGE }));
        const items = answer.StreamSummaries ?? [];
        assert.deepEqual(
          answer.StreamNames,
          items.map(({ StreamName }) => StreamName),
        );
        assert.equal(answer.HasMoreStreams, answer.NextToken !== undefined);
        return { items, ...(answer.NextToken === undefined ? {} : { next: answer.NextToken }) };
      });
    const listed = (await list()).filter(({ StreamName }) => StreamName?.startsWith('one-of-'));
    assert.deepEqual(
      listed.map(({ StreamName }) => StreamName),
      names,
    );
    assert.ok(listed.every(({ StreamStatus }) => StreamStatus === 'ACTIVE'));
    await forEach(names, (StreamName) =>
      kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: 'k', Data: Buffer.from(StreamName) })),
    );
    const read = await forEach(names, (name) => readAll(name));
    assert.deepEqual(
      read,
      names.map((name) => [name]),
    );
  });

  test('20 consumers of one shard each get all its records in order', async (t) => {
    const { StreamARN } = await aStream('fan', 1);
    // Not the HTTP/1.1 of the others: the SDK's own choice for events is HTTP/2 without TLS.
    const fanOut = new KinesisClient({ ...common, endpoint: millrace.endpoint });
    t.after(() => fanOut.destroy());

    const aConsumer = async (number: number): Promise<string | undefined> => {
      const register = new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: `app-${number}` });
      const { Consumer } = await fanOut.send(register);
      const describeIt = new DescribeStreamConsumerCommand({ ConsumerARN: Consumer?.ConsumerARN });
      for (;;) {
        const { ConsumerDescription } = await fanOut.send(describeIt);
        if (ConsumerDescription?.ConsumerStatus === 'ACTIVE') return Consumer?.ConsumerARN;
      }
    };

    const written: string[] = [];
    const write = async (): Promise<void> => {
      const texts = numbers(RECORDS_PER_CALL).map((number) => `record ${written.length + number}`);
      const Records = texts.map((text) => ({ PartitionKey: text, Data: Buffer.from(text) }));
      await kinesis.send(new PutRecordsCommand({ StreamName: 'fan', Records }));
      written.push(...texts);
    };

    const consumers = await Promise.all(numbers(CONSUMERS).map(aConsumer));
    await write();
    const subscriptions = await Promise.all(
      consumers.map(async (ConsumerARN) => {
        const StartingPosition = { Type: 'TRIM_HORIZON' } as const;
        const place = { ConsumerARN, ShardId: FIRST_SHARD, StartingPosition };
        const { EventStream } = await fanOut.send(new SubscribeToShardCommand(place));
        return EventStream ?? assert.fail('no events');
      }),
    );
    const reading = subscriptions.map(async (events) => {
      const texts: string[] = [];
      for await (const { SubscribeToShardEvent } of events) {
        texts.push(...(SubscribeToShardEvent?.Records ?? []).map(({ Data }) => textOf(Data)));
        if (texts.length >= 4 * RECORDS_PER_CALL) break;
      }
      return texts;
    });
    for (let call = 1; call < 4; call++) await write();
    for (const texts of await Promise.all(reading)) assert.deepEqual(texts, written);
  });
});
