import {
  ACCOUNT,
  asHashKey,
  asSequenceNumber,
  atLeast,
  atMost,
  breaks,
  emptyName,
  type Laws,
  missing,
  notLonger,
  notShorter,
  type Refusal,
  stream,
  unknownStream,
  unknownStreamArn,
} from '../laws.ts';

const longKey = 'k'.repeat(257);
const SHARD = 'shardId-000000000000';
const ORDERS = `stream orders under account ${ACCOUNT}`;
/** A byte more than the largest record has. */
const tooMuchData = Buffer.alloc(10 * 1024 * 1024 + 1).toString('base64');
const record = { PartitionKey: 'k', Data: '' };
const TOO_HIGH = String(2n ** 128n);

const hashKeyTooHigh = (input: object): Refusal => [
  'a hash key above 2^128-1',
  { StreamName: 'orders', ...input },
  'InvalidArgumentException',
  `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${TOO_HIGH}`,
];

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/** In AWS's form of today, of a shard that was made in 2020. */
const sequenceNumber = (shardIndex: number, putAtSeconds: number): string =>
  String(
    BigInt(
      `0x2${hex(1_600_000_000, 9)}${hex(shardIndex % 16, 1)}${hex(1, 16)}00${hex(putAtSeconds, 9)}${hex(shardIndex, 8)}2`,
    ),
  );

/** Between the numbers of AWS's first form and those of the later ones. */
const UNREADABLE = String(2n ** 150n);
const FUTURE = sequenceNumber(0, 4_102_444_800);
const OTHER_SHARD = sequenceNumber(3, 1_600_000_100);
const OTHER_STREAM = sequenceNumber(0, 1_600_000_100);

const ordering = (what: string, number: string): Refusal => [
  what,
  { StreamName: 'orders', ...record, SequenceNumberForOrdering: number },
  'InvalidArgumentException',
  `ExclusiveMinimumSequenceNumber ${number} used in PutRecord on ${ORDERS} is invalid.`,
];

const iterator = (what: string, input: object, text: string | RegExp): Refusal => [
  what,
  { StreamName: 'orders', ShardId: SHARD, ...input },
  'InvalidArgumentException',
  text,
];

const at = (StartingSequenceNumber: string) => ({
  ShardIteratorType: 'AT_SEQUENCE_NUMBER',
  StartingSequenceNumber,
});

const disagreement = (ShardIteratorType: string, given: 'also a' | 'no'): Refusal =>
  iterator(
    `${ShardIteratorType} and ${given} number`,
    { ShardIteratorType, ...(given === 'no' ? {} : { StartingSequenceNumber: OTHER_STREAM }) },
    `Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified ${ShardIteratorType} and ${given} StartingSequenceNumber.`,
  );

export const recordLaws: Laws = {
  PutRecord: {
    members: {
      ...stream,
      Data: 'Blob',
      PartitionKey: 'String',
      ExplicitHashKey: 'String',
      SequenceNumberForOrdering: 'String',
      DryRun: 'Boolean',
    },
    bounds: [
      [{ StreamName: 'orders', PartitionKey: 'k' }, missing('data')],
      [
        { StreamName: '', PartitionKey: '', ExplicitHashKey: '', SequenceNumberForOrdering: '' },
        breaks('sequenceNumberForOrdering', '', asSequenceNumber),
        breaks('partitionKey', '', notShorter(1)),
        breaks('explicitHashKey', '', asHashKey),
        missing('data'),
        ...emptyName('streamName'),
      ],
      [
        { StreamName: 'orders', Data: '', PartitionKey: longKey, ExplicitHashKey: '01' },
        breaks('partitionKey', longKey, notLonger(256)),
        breaks('explicitHashKey', '01', asHashKey),
      ],
      [
        { StreamName: 'orders', PartitionKey: 'k', Data: tooMuchData },
        breaks('data', 'java.nio.HeapByteBuffer[pos=0 lim=10485761 cap=10485761]', notLonger(10_485_760)),
      ],
    ],
    refusals: [
      unknownStream(record),
      unknownStreamArn(record),
      hashKeyTooHigh({ ...record, ExplicitHashKey: TOO_HIGH }),
      ordering('an ordering number that is unreadable', UNREADABLE),
      ordering('an ordering number in the future', FUTURE),
    ],
  },
  PutRecords: {
    members: {
      ...stream,
      Records: 'List',
      'Records[]': 'Structure',
      'Records[].Data': 'Blob',
      'Records[].PartitionKey': 'String',
      'Records[].ExplicitHashKey': 'String',
      DryRun: 'Boolean',
    },
    bounds: [
      [{ StreamName: 'orders' }, missing('records')],
      [{ StreamName: '', Records: [] }, breaks('records', '[]', notShorter(1)), ...emptyName('streamName')],
      [
        {
          StreamName: '',
          Records: [record, { PartitionKey: '', ExplicitHashKey: '' }, { PartitionKey: longKey, Data: '' }],
        },
        breaks('records.2.member.partitionKey', '', notShorter(1)),
        breaks('records.2.member.explicitHashKey', '', asHashKey),
        missing('records.2.member.data'),
        breaks('records.3.member.partitionKey', longKey, notLonger(256)),
        ...emptyName('streamName'),
      ],
      // Of more than ten errors AWS tells the first ten.
      [
        { StreamName: 'orders', Records: Array.from({ length: 11 }, () => ({ PartitionKey: 'k' })) },
        ...Array.from({ length: 10 }, (_, index) => missing(`records.${index + 1}.member.data`)),
      ],
    ],
    refusals: [
      unknownStream({ Records: [record] }),
      unknownStreamArn({ Records: [record] }),
      [
        // Java's name of each entry, with a hash.
        'more than 500 records',
        { StreamName: 'orders', Records: Array(501).fill(record) },
        'ValidationException',
        /^1 validation error detected: Value '\[com\.amazonaws\.kinesis\.v20131202\.PutRecordsRequestEntry@[0-9a-f]+(, com\.amazonaws\.kinesis\.v20131202\.PutRecordsRequestEntry@[0-9a-f]+){500}\]' at 'records' failed to satisfy constraint: Member must have length less than or equal to 500$/,
      ],
      hashKeyTooHigh({ Records: [record, { ...record, ExplicitHashKey: TOO_HIGH }] }),
    ],
  },
  GetShardIterator: {
    members: {
      ...stream,
      ShardId: 'String',
      ShardIteratorType: 'String',
      StartingSequenceNumber: 'String',
      Timestamp: 'Timestamp',
      DryRun: 'Boolean',
    },
    bounds: [
      [{ StreamName: 'orders' }, missing('shardId'), missing('shardIteratorType')],
      [
        { StreamName: '', ShardId: '', ShardIteratorType: '', StartingSequenceNumber: '' },
        ...emptyName('shardId'),
        breaks(
          'shardIteratorType',
          '',
          'Member must satisfy enum value set: [AFTER_SEQUENCE_NUMBER, LATEST, AT_TIMESTAMP, AT_SEQUENCE_NUMBER, TRIM_HORIZON]',
        ),
        breaks('startingSequenceNumber', '', asSequenceNumber),
        ...emptyName('streamName'),
      ],
    ],
    refusals: [
      [
        'an id that is no shard id, in whatever stream',
        { StreamName: 'none', ShardId: 'first', ShardIteratorType: 'LATEST' },
        'ResourceNotFoundException',
        `Could not find shard first in stream none under account ${ACCOUNT}.`,
      ],
      [
        'an unknown stream',
        { StreamName: 'none', ShardId: '0', ShardIteratorType: 'LATEST' },
        'ResourceNotFoundException',
        `Shard ${SHARD} in stream none under account ${ACCOUNT} does not exist`,
      ],
      [
        'an unknown shard',
        { StreamName: 'orders', ShardId: '9', ShardIteratorType: 'LATEST' },
        'ResourceNotFoundException',
        `Shard shardId-000000000009 in ${ORDERS} does not exist`,
      ],
      disagreement('TRIM_HORIZON', 'also a'),
      disagreement('LATEST', 'also a'),
      disagreement('AT_SEQUENCE_NUMBER', 'no'),
      disagreement('AFTER_SEQUENCE_NUMBER', 'no'),
      iterator(
        'a number that is unreadable',
        at(UNREADABLE),
        `StartingSequenceNumber ${UNREADABLE} used in GetShardIterator on shard ${SHARD} in ${ORDERS} is invalid.`,
      ),
      iterator(
        'a number of another shard',
        at(OTHER_SHARD),
        `Invalid StartingSequenceNumber. It encodes shardId-000000000003, while it was used in a call to a shard with ${SHARD}`,
      ),
      iterator(
        'a number of an earlier stream',
        at(OTHER_STREAM),
        `StartingSequenceNumber ${OTHER_STREAM} used in GetShardIterator on shard ${SHARD} in ${ORDERS} is invalid because it did not come from this stream.`,
      ),
      iterator(
        'AT_TIMESTAMP and no time',
        { ShardIteratorType: 'AT_TIMESTAMP' },
        'Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.',
      ),
      iterator(
        'a time in the future',
        { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: 4_102_444_800 },
        /^The timestampInMillis parameter cannot be greater than the currentTimestampInMillis\. timestampInMillis: 4102444800000, currentTimestampInMillis: \d{13}$/,
      ),
    ],
  },
  GetRecords: {
    members: {
      ShardIterator: 'String',
      Limit: 'Integer',
      StreamARN: 'String',
      StreamId: 'String',
      DryRun: 'Boolean',
    },
    bounds: [
      [
        { ShardIterator: '', Limit: 0 },
        breaks('limit', 0, atLeast(1)),
        breaks('shardIterator', '', notShorter(1)),
      ],
      [{ Limit: 10_001 }, breaks('limit', 10_001, atMost(10_000)), missing('shardIterator')],
      [{ ShardIterator: 'A'.repeat(513) }, breaks('shardIterator', 'A'.repeat(513), notLonger(512))],
    ],
    refusals: [
      [
        'an iterator that is not base64',
        { ShardIterator: '!' },
        'InvalidArgumentException',
        'Invalid ShardIterator.',
      ],
      [
        'an iterator of the wrong length',
        { ShardIterator: 'AAAAAAAAAAE=' },
        'InvalidArgumentException',
        'Invalid ShardIterator.',
      ],
      [
        'an iterator that cannot be deciphered',
        { ShardIterator: Buffer.from([0, 0, 0, 0, 0, 0, 0, 1, ...Array(144).fill(7)]).toString('base64') },
        'InvalidArgumentException',
        'Invalid ShardIterator.',
      ],
    ],
  },
};
