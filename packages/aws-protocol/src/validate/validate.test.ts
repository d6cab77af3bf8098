import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ServiceModel } from '@millrace/aws-model';
import { firehoseModel } from '@millrace/aws-model/firehose';
import { kinesisModel } from '@millrace/aws-model/kinesis';
import { kinesisVideoModel } from '@millrace/aws-model/kinesisvideo';
import { ServiceError } from '../service-error.ts';
import { validate } from './validate.ts';

const messageOf = (
  operation: string,
  input: object,
  model: ServiceModel = kinesisModel,
): string | undefined => {
  try {
    validate(model, operation, input);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof ServiceError, error as Error);
    assert.deepEqual([error.code, error.status], ['ValidationException', 400]);
    return error.message;
  }
};

const one = (value: string, path: string, constraint: string) =>
  `1 validation error detected: Value ${value} at '${path}' failed to satisfy constraint: ${constraint}`;

const accepted = (operation: string, input: object, model?: ServiceModel) =>
  assert.equal(messageOf(operation, input, model), undefined);

const bytes = (length: number) => new Uint8Array(length);
const name = { StreamName: 'a' };

describe('one broken constraint', () => {
  test('a required member that is absent', () => {
    assert.equal(
      messageOf('SplitShard', { ...name, ShardToSplit: 'a' }),
      one('null', 'newStartingHashKey', 'Member must not be null'),
    );
  });

  test('a required member deeper down, with its path', () => {
    const input = { ConsumerARN: consumerArn, ShardId: 'a', StartingPosition: {} };
    assert.equal(
      messageOf('SubscribeToShard', input),
      one('null', 'startingPosition.type', 'Member must not be null'),
    );
  });

  test('a pattern, matched against the whole value and printed without anchors', () => {
    const text = 'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+';
    assert.equal(messageOf('DeleteStream', { StreamName: 'a b' }), one("'a b'", 'streamName', text));
    assert.equal(messageOf('DeleteStream', { StreamName: 'ab\n' }), one("'ab\n'", 'streamName', text));
  });

  test('hash keys and sequence numbers print the pattern as recorded', () => {
    assert.equal(
      messageOf('SplitShard', { ...name, ShardToSplit: 'a', NewStartingHashKey: '01' }),
      one("'01'", 'newStartingHashKey', 'Member must satisfy regular expression pattern: 0|([1-9]\\d{0,38})'),
    );
    assert.equal(
      messageOf('PutRecord', { ...name, Data: bytes(0), SequenceNumberForOrdering: '-1' }),
      one(
        "'-1'",
        'sequenceNumberForOrdering',
        'Member must satisfy regular expression pattern: 0|([1-9]\\d{0,128})',
      ),
    );
  });

  test('a number out of range', () => {
    assert.equal(
      messageOf('ListStreams', { Limit: 0 }),
      one("'0'", 'limit', 'Member must have value greater than or equal to 1'),
    );
    assert.equal(
      messageOf('ListStreams', { Limit: 10001 }),
      one("'10001'", 'limit', 'Member must have value less than or equal to 10000'),
    );
    accepted('ListStreams', { Limit: 10000 });
  });

  test('a string too short or too long', () => {
    const partitionKey = (PartitionKey: string) =>
      messageOf('PutRecord', { ...name, Data: bytes(1), PartitionKey });
    assert.equal(
      partitionKey(''),
      one("''", 'partitionKey', 'Member must have length greater than or equal to 1'),
    );
    const long = 'a'.repeat(257);
    assert.equal(
      partitionKey(long),
      one(`'${long}'`, 'partitionKey', 'Member must have length less than or equal to 256'),
    );
  });

  test('the length of a string counts characters, not the halves that JavaScript makes of some', () => {
    accepted('PutRecord', { ...name, Data: bytes(1), PartitionKey: '🌊'.repeat(256) });
    assert.match(
      messageOf('PutRecord', { ...name, Data: bytes(1), PartitionKey: '🌊'.repeat(257) }) ?? '',
      /256$/,
    );
  });

  test('a blob too long, printed as a Java buffer', () => {
    assert.equal(
      messageOf('PutRecord', { ...name, Data: bytes(10_485_761), PartitionKey: 'a' }),
      one(
        "'java.nio.HeapByteBuffer[pos=0 lim=10485761 cap=10485761]'",
        'data',
        'Member must have length less than or equal to 10485760',
      ),
    );
    accepted('PutRecord', { ...name, Data: bytes(10_485_760), PartitionKey: 'a' });
  });

  test("an enum, in AWS's own order", () => {
    assert.equal(
      messageOf('GetShardIterator', { ...name, ShardId: 'a', ShardIteratorType: 'x' }),
      one(
        "'x'",
        'shardIteratorType',
        'Member must satisfy enum value set: [AFTER_SEQUENCE_NUMBER, LATEST, AT_TIMESTAMP, AT_SEQUENCE_NUMBER, TRIM_HORIZON]',
      ),
    );
  });

  test('a list too long, printed with its items', () => {
    const keys = Array.from({ length: 51 }, (_, index) => `k${index}`);
    assert.equal(
      messageOf('RemoveTagsFromStream', { ...name, TagKeys: keys }),
      one(`'[${keys.join(', ')}]'`, 'tagKeys', 'Member must have length less than or equal to 50'),
    );
    assert.equal(
      messageOf('RemoveTagsFromStream', { ...name, TagKeys: [] }),
      one("'[]'", 'tagKeys', 'Member must have length greater than or equal to 1'),
    );
  });

  test('an item of a list, said once and of the list', () => {
    assert.equal(
      messageOf('RemoveTagsFromStream', { ...name, TagKeys: ['a', '', ''] }),
      one(
        "'[a, , ]'",
        'tagKeys',
        'Member must satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 1]',
      ),
    );
  });

  test('an item of a list of enums', () => {
    const text = messageOf('EnableEnhancedMonitoring', { ...name, ShardLevelMetrics: ['ALL', 'x'] });
    assert.match(
      text ?? '',
      /'\[ALL, x\]' at 'shardLevelMetrics' .*: Member must satisfy constraint: \[Member must satisfy enum value set: \[/,
    );
  });

  test('a key and a value of a map, said of the map', () => {
    const long = 'a'.repeat(129);
    assert.equal(
      messageOf('AddTagsToStream', { ...name, Tags: { [long]: 'v' } }),
      one(
        `'{${long}=v}'`,
        'tags',
        'Map keys must satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 1]',
      ),
    );
    const value = 'b'.repeat(257);
    assert.equal(
      messageOf('AddTagsToStream', { ...name, Tags: { k: value, l: '' } }),
      one(
        `'{k=${value}, l=}'`,
        'tags',
        'Map value must satisfy constraint: [Member must have length less than or equal to 256, Member must have length greater than or equal to 0]',
      ),
    );
  });

  test('a map too small', () => {
    assert.equal(
      messageOf('AddTagsToStream', { ...name, Tags: {} }),
      one("'{}'", 'tags', 'Member must have length greater than or equal to 1'),
    );
  });

  test('a null in a list, at its place', () => {
    const text = 'Member must not be null';
    assert.equal(
      messageOf('PutRecords', { ...name, Records: [{ Data: bytes(1) }, null] }),
      one('null', 'records.2.member', text),
    );
    assert.equal(
      messageOf('RemoveTagsFromStream', { ...name, TagKeys: [null] }),
      one('null', 'tagKeys.1.member', text),
    );
  });

  test('a member of an entry, counted from one', () => {
    const records = [{ Data: bytes(1), PartitionKey: 'a' }, { PartitionKey: 'b' }];
    assert.equal(
      messageOf('PutRecords', { ...name, Records: records }),
      one('null', 'records.2.member.data', 'Member must not be null'),
    );
  });
});

describe('several broken constraints', () => {
  test("CreateStream's shard count comes before its name, pattern before length", () => {
    assert.equal(
      messageOf('CreateStream', { ShardCount: 0, StreamName: '' }),
      "3 validation errors detected: Value '0' at 'shardCount' failed to satisfy constraint: Member must have value greater than or equal to 1; Value '' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; Value '' at 'streamName' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  });

  test("PutRecord's members come in the recorded order", () => {
    const broken = {
      SequenceNumberForOrdering: '',
      PartitionKey: '',
      ExplicitHashKey: '',
      StreamName: 'a b',
    };
    assert.deepEqual(pathsOf(messageOf('PutRecord', broken)), [
      'sequenceNumberForOrdering',
      'partitionKey',
      'explicitHashKey',
      'data',
      'streamName',
    ]);
  });

  test('members that the recordings do not have follow in the order of the model', () => {
    const broken = { StreamARN: 'a', StreamId: 'a', StreamName: 'a b', TagKeys: [] };
    assert.deepEqual(pathsOf(messageOf('RemoveTagsFromStream', broken)), [
      'tagKeys',
      'streamName',
      'streamARN',
      'streamId',
    ]);
  });

  test("PutRecords' own size comes before its entries, whose members have an order of their own", () => {
    const entry = { ExplicitHashKey: 'x', PartitionKey: '' };
    const records = [entry, ...Array.from({ length: 500 }, () => ({ Data: bytes(1) }))];
    const text = messageOf('PutRecords', { StreamName: 'a b', Records: records }) ?? '';
    assert.deepEqual(pathsOf(text), [
      'records',
      'records.1.member.partitionKey',
      'records.1.member.explicitHashKey',
      'records.1.member.data',
      'streamName',
    ]);
    assert.match(
      text,
      /Value '\[com\.amazonaws\.kinesis\.v20131202\.PutRecordsRequestEntry@[0-9a-f]{1,8}, com\./,
    );
  });

  test('no more than ten are reported', () => {
    const text = messageOf('PutRecords', { ...name, Records: Array.from({ length: 20 }, () => ({})) }) ?? '';
    assert.match(text, /^10 validation errors detected: /);
    assert.equal(pathsOf(text).length, 10);
  });

  test('the same input gives the same text', () => {
    const input = { ...name, Records: Array.from({ length: 501 }, () => ({ Data: bytes(0) })) };
    assert.equal(messageOf('PutRecords', input), messageOf('PutRecords', input));
  });
});

describe('what a self-hosted server answers is accepted as input', () => {
  test('its ARNs, in any region and account', () => {
    for (const region of ['us-east-1', 'local', 'eu-central-2']) {
      const StreamARN = `arn:aws:kinesis:${region}:000000000000:stream/orders`;
      accepted('DescribeStream', { StreamARN });
      accepted('TagResource', { ResourceARN: StreamARN, Tags: { a: '' } });
      accepted('DescribeStreamConsumer', { ConsumerARN: `${StreamARN}/consumer/app:1700000000` });
      accepted('DescribeChannel', { ChannelARN: `arn:aws:kinesis:${region}:000000000000:channel/c` });
    }
  });

  test('a Firehose HTTP endpoint without TLS and a warehouse outside AWS', () => {
    const stream = { DeliveryStreamName: 'd' };
    const http = (Url: string) => ({
      ...stream,
      HttpEndpointDestinationConfiguration: { EndpointConfiguration: { Url }, S3Configuration: s3 },
    });
    accepted('CreateDeliveryStream', http('http://127.0.0.1:8080/in'), firehoseModel);
    assert.match(messageOf('CreateDeliveryStream', http('ftp://a'), firehoseModel) ?? '', /https\?:/);
  });

  test('tags whose pattern needs Unicode classes', () => {
    const tagged = (TagKey: string) => ({ StreamName: 'v', Tags: { [TagKey]: 'Zürich' } });
    accepted('TagStream', tagged('Ort 1'), kinesisVideoModel);
    assert.match(messageOf('TagStream', tagged('a!b'), kinesisVideoModel) ?? '', /Map keys must satisfy/);
  });
});

describe('hostile values', () => {
  test('a value far beyond its maximum is not matched against its pattern, which would take days', () => {
    const StreamARN = `arn:aws${':kinesis::123456789012:'.repeat(400_000)}`;
    assert.match(
      messageOf('DescribeStream', { StreamARN }) ?? '',
      /^1 validation error.*less than or equal to 2048$/,
    );
  });

  test('a long value within its maximum of characters is matched, however many units it has', () => {
    const OutputKeyTemplate = '🌊'.repeat(1_000);
    const storage = {
      BucketARN: 'arn:aws:s3:::bbb',
      ExpectedBucketOwner: '000000000000',
      CompressionType: 'NONE',
    };
    const input = {
      ChannelName: 'c',
      ServiceExecutionRoleARN: s3.RoleARN,
      StreamConfigurationList: [
        {
          StreamARN: 'arn:aws:kinesis:r:000000000000:stream/s',
          RecordConfiguration: { RecordFormatType: 'JSON' },
        },
      ],
      S3DestinationConfiguration: { StorageConfiguration: { ...storage, OutputKeyTemplate } },
    };
    assert.match(messageOf('CreateChannel', input) ?? '', /^1 validation error.*regular expression pattern/);
  });

  test('an unknown operation is a fault of ours, not of the caller', () => {
    assert.throws(() => validate(kinesisModel, 'Nope', {}), /kinesis has no operation Nope/);
  });
});

const consumerArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/a/consumer/c:1';
const s3 = { RoleARN: 'arn:aws:iam::000000000000:role/r', BucketARN: 'arn:aws:s3:::b' };
const pathsOf = (text: string | undefined): readonly string[] =>
  [...(text ?? '').matchAll(/ at '([^']*)' failed/g)].map((match) => match[1] ?? '');
