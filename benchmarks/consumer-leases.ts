import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { parseHashKey } from '@millrace/aggregation';
import { nodeClock } from '@millrace/client-common';
import { DynamoLeaseStore, newLease, TRIM_HORIZON } from '@millrace/consumer';
import { SHARDS } from './consumer-streams.ts';
import { call, withConnection } from './workloads.ts';

const PREPARE_DEADLINE_MS = 10_000;

/**
 * The table of an application, with a lease for each shard that nobody has. The Java library then starts at once: it
 * waits for up to half a minute before it fills an empty table.
 */
export const makeLeases = async (port: number, StreamName: string, application: string): Promise<void> => {
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const dynamo = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials,
  });
  const store = new DynamoLeaseStore(dynamo, application, nodeClock);
  await store.prepare(AbortSignal.timeout(PREPARE_DEADLINE_MS));
  const { Shards } = await withConnection(port, (connection) =>
    call(connection, 'ListShards', { StreamName }),
  );
  if (Shards.length !== SHARDS) throw new Error(`${StreamName} has ${Shards.length} shards`);
  for (const { ShardId, HashKeyRange } of Shards) {
    const start = parseHashKey(HashKeyRange.StartingHashKey);
    const end = parseHashKey(HashKeyRange.EndingHashKey);
    const range = start === undefined || end === undefined ? undefined : { start, end };
    await store.create(newLease(ShardId, TRIM_HORIZON, { parentShardIds: [], range }));
  }
  dynamo.destroy();
};
