import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { crc32 } from 'node:zlib';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateTableCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type Millrace, start } from '@millrace/server';

const CREDENTIAL =
  'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=0';

describe('DynamoDB and STS on the port of all services', { timeout: 60_000 }, () => {
  let millrace: Millrace;
  let client: DynamoDBClient;
  const options = () => ({
    endpoint: millrace.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  before(async () => {
    millrace = await start();
    client = new DynamoDBClient(options());
  });
  after(async () => {
    client.destroy();
    await millrace.close();
  });

  const raw = async (operation: string, input: object) => {
    const answer = await fetch(millrace.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        'x-amz-date': '20260101T000000Z',
        authorization: CREDENTIAL,
      },
      body: JSON.stringify(input),
    });
    const body = await answer.text();
    return { status: answer.status, headers: answer.headers, body };
  };

  test('a consumer application starts: table, leases, leader, index, query', async () => {
    const TableName = 'consumer';
    await assert.rejects(client.send(new DescribeTableCommand({ TableName })), {
      name: 'ResourceNotFoundException',
    });
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'leaseKey', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'leaseKey', KeyType: 'HASH' }],
      }),
    );
    await waitUntilTableExists({ client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { TableName });
    assert.equal((await client.send(new ScanCommand({ TableName }))).Count, 0);
    const lease = (leaseKey: string) => ({
      leaseKey: { S: leaseKey },
      leaseOwner: { S: 'worker-1' },
      leaseCounter: { N: '0' },
      pendingCheckpointState: { B: new Uint8Array([0, 1, 255]) },
    });
    for (const shard of ['shardId-000000000000', 'shardId-000000000001']) {
      const Expected = { leaseKey: { Exists: false } };
      await client.send(new PutItemCommand({ TableName, Item: lease(shard), Expected }));
    }
    await client.send(
      new PutItemCommand({
        TableName,
        Item: { leaseKey: { S: 'Leader' }, recordVersionNumber: { S: 'v1' } },
        ConditionExpression: 'attribute_not_exists(#pk)',
        ExpressionAttributeNames: { '#pk': 'leaseKey' },
      }),
    );
    await client.send(
      new UpdateTableCommand({
        TableName,
        AttributeDefinitions: [
          { AttributeName: 'leaseOwner', AttributeType: 'S' },
          { AttributeName: 'leaseKey', AttributeType: 'S' },
        ],
        GlobalSecondaryIndexUpdates: [
          {
            Create: {
              IndexName: 'LeaseOwnerToLeaseKeyIndex',
              KeySchema: [
                { AttributeName: 'leaseOwner', KeyType: 'HASH' },
                { AttributeName: 'leaseKey', KeyType: 'RANGE' },
              ],
              Projection: { ProjectionType: 'KEYS_ONLY' },
            },
          },
        ],
      }),
    );
    const indexStatus = async () =>
      (await client.send(new DescribeTableCommand({ TableName }))).Table?.GlobalSecondaryIndexes?.[0]
        ?.IndexStatus;
    while ((await indexStatus()) !== 'ACTIVE');
    const { Items } = await client.send(
      new QueryCommand({
        TableName,
        IndexName: 'LeaseOwnerToLeaseKeyIndex',
        KeyConditionExpression: 'leaseOwner = :owner',
        ExpressionAttributeValues: { ':owner': { S: 'worker-1' } },
      }),
    );
    assert.deepEqual(
      Items?.map(({ leaseKey }) => leaseKey?.S),
      ['shardId-000000000000', 'shardId-000000000001'],
    );
    const { Item } = await client.send(
      new GetItemCommand({ TableName, Key: { leaseKey: { S: 'shardId-000000000000' } } }),
    );
    assert.deepEqual([...(Item?.pendingCheckpointState?.B ?? [])], [0, 1, 255]);
  });

  test('every answer carries the checksum of its body', async () => {
    for (const [operation, input] of [
      ['ListTables', {}],
      ['DescribeTable', { TableName: 'none' }],
    ] as const) {
      const { headers, body } = await raw(operation, input);
      assert.equal(headers.get('x-amz-crc32'), String(crc32(body)));
    }
  });

  const ERRORS: readonly (readonly [operation: string, input: object, type: string, text: string])[] = [
    [
      'DescribeTable',
      { TableName: 'none' },
      'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException',
      'Requested resource not found: Table: none not found',
    ],
    [
      'GetItem',
      { TableName: 'none', Key: {}, ProjectionExpression: '' },
      'com.amazon.coral.validate#ValidationException',
      'Invalid ProjectionExpression: The expression can not be empty;',
    ],
    [
      'ListTables',
      { Limit: 0 },
      'com.amazon.coral.validate#ValidationException',
      "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [
      'CreateBackup',
      { TableName: 'none', BackupName: 'backup' },
      'com.amazon.coral.service#UnsupportedOperationException',
      "CreateBackup is not supported here: tables are not backed up one by one; copy the server's data directory",
    ],
  ];
  for (const [operation, input, type, text] of ERRORS) {
    test(`${operation} answers ${type.replace(/.*#/, '')} by its full name`, async () => {
      const { status, body } = await raw(operation, input);
      assert.deepEqual([status, JSON.parse(body)], [400, { __type: type, message: text }]);
    });
  }

  test('a caller learns who it is', async () => {
    const sts = new STSClient(options());
    const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
    sts.destroy();
    assert.deepEqual([Account, Arn], ['000000000000', 'arn:aws:iam::000000000000:root']);
  });
});
