import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CredentialSource } from './credentials.ts';
import { KEYS } from './keys.ts';
import { readConfig } from './read-config.ts';

const NEEDED = 'executableName = node app.js\napplicationName = billing\n';
const ONE = `${NEEDED}streamName = orders\n`;

const config = (lines: string) => readConfig(ONE + lines).config;
const settings = (lines: string) => config(lines).settings;
const refuses = (text: string, message: RegExp): void => {
  assert.throws(() => readConfig(text), { name: 'DaemonError', code: 'BadProperties', message });
};
const sources = (text: string): readonly CredentialSource[] =>
  config(`AwsCredentialsProvider = ${text}`).kinesis.credentials;

test('the shortest file has the defaults of the Java daemon', () => {
  const address = { endpoint: undefined, region: undefined, credentials: [{ kind: 'default' }] };
  assert.deepEqual(config(''), {
    command: ['node', 'app.js'],
    applicationName: 'billing',
    streamName: 'orders',
    streamArn: undefined,
    tableName: 'billing',
    workerId: undefined,
    initialPosition: 'LATEST',
    kinesis: address,
    dynamodb: address,
    cloudWatch: address,
    consumerName: undefined,
    consumerArn: undefined,
    timeoutMs: undefined,
    shutdownGraceMs: 30_000,
    settings: { retrieval: 'fanOut' },
  });
});

test('an ARN wins over a name, and its region counts where no other is said', () => {
  const arn = 'arn:aws:kinesis:eu-west-1:123456789012:stream/invoices';
  const { streamName, streamArn, kinesis } = config(`streamArn = ${arn}`);
  assert.deepEqual([streamName, streamArn, kinesis.region], ['invoices', arn, 'eu-west-1']);
  assert.equal(config(`streamArn = ${arn}\nregionName = us-east-2`).kinesis.region, 'us-east-2');
});

test('a service may lie elsewhere than the others, and know another by its credentials', () => {
  const { kinesis, dynamodb, cloudWatch } = config(`
    regionName = us-east-1
    dynamoDBRegionName = us-west-2
    kinesisEndpoint = http://127.0.0.1:4567
    cloudWatchClient.endpointOverride = http://127.0.0.1:4568
    AWSCredentialsProvider = EnvironmentVariableCredentialsProvider
    AwsCredentialsProviderDynamoDB = ProfileCredentialsProvider|leases`);
  const environment = [{ kind: 'environment' }];
  assert.deepEqual(kinesis, {
    endpoint: 'http://127.0.0.1:4567',
    region: 'us-east-1',
    credentials: environment,
  });
  const profile = [{ kind: 'profile', profile: 'leases' }];
  assert.deepEqual(dynamodb, { endpoint: undefined, region: 'us-west-2', credentials: profile });
  assert.deepEqual(cloudWatch, {
    endpoint: 'http://127.0.0.1:4568',
    region: 'us-east-1',
    credentials: environment,
  });
});

test('it polls when told so or when a property of polling is set, and subscribes otherwise', () => {
  const expected = {
    '': 'fanOut',
    'retrievalMode = polling': 'polling',
    'retrievalMode = FANOUT\nmaxRecords = 5': 'fanOut',
    'retrievalMode = default\nmaxRecords = 5': 'polling',
    'idleTimeBetweenReadsInMillis = 5': 'polling',
    'retryGetRecordsInSeconds = 5': 'polling',
    'maxGetRecordsThreadPool = 5': 'polling',
  };
  for (const [lines, retrieval] of Object.entries(expected)) {
    assert.equal(settings(lines).retrieval, retrieval, lines);
  }
});

test("the Java library's numbers become the consumer's settings", () => {
  const lines = `
    failoverTimeMillis = 5000
    maxRecords = 7
    isGracefulLeaseHandoffEnabled = FALSE
    metricsLevel = NONE
    metricsEnabledDimensions = Operation, ShardId`;
  assert.deepEqual(settings(lines), {
    failoverMs: 5_000,
    readRecordsMax: 7,
    gracefulHandoff: false,
    metricsLevel: 'none',
    metricsDimensions: 'Operation,ShardId',
    retrieval: 'polling',
  });
  assert.equal(settings('clientVersionConfig = CLIENT_VERSION_CONFIG_COMPATIBLE_WITH_2X').balancing, 'count');
});

test('a shard begins at a word, or at seconds since 1970', () => {
  assert.equal(config('initialPositionInStream = trim_horizon').initialPosition, 'TRIM_HORIZON');
  const at = 'initialPositionInStream = LATEST\ninitialPositionInStreamExtended = 1636609142';
  assert.deepEqual(config(at).initialPosition, new Date(1_636_609_142_000));
  refuses(`${ONE}initialPositionInStream = AT_TIMESTAMP`, /line 4: .*one of LATEST, TRIM_HORIZON/);
});

test('time for an answer is in seconds, time to shut down in milliseconds', () => {
  const { timeoutMs, shutdownGraceMs } = config('timeoutInSeconds = 3\nshutdownGraceMillis = 4000');
  assert.deepEqual([timeoutMs, shutdownGraceMs], [3_000, 4_000]);
});

test("Java's providers have those of Node.js, in the order of the list, with or without their packages", () => {
  const text = [
    'software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider',
    'ProfileCredentialsProvider',
    'StsAssumeRoleCredentialsProvider|arn:aws:iam::1:role/r|me|endpoint=https://sts.example^eu-west-1|externalId=x',
    'KclStaticCredentialsProvider|key|secret',
    'com.amazonaws.auth.DefaultAWSCredentialsProviderChain',
  ].join(' , ');
  assert.deepEqual(sources(text), [
    { kind: 'environment' },
    { kind: 'profile', profile: undefined },
    {
      kind: 'assumeRole',
      roleArn: 'arn:aws:iam::1:role/r',
      sessionName: 'me',
      externalId: 'x',
      endpoint: 'https://sts.example',
      region: 'eu-west-1',
    },
    { kind: 'static', accessKeyId: 'key', secretAccessKey: 'secret', sessionToken: undefined },
    { kind: 'default' },
  ]);
});

test('a provider that cannot be had says what to use instead', () => {
  const refused = {
    StaticCredentialsProvider: /line 4: .*set AWS_ACCESS_KEY_ID/,
    SystemPropertyCredentialsProvider: /system properties/,
    'StsAssumeRoleCredentialsProvider|arn': /needs \|<role ARN>\|<session name>/,
    'org.example.MineProvider': /org.example.MineProvider is none of DefaultCredentialsProvider/,
    ',': /must name a provider/,
  };
  for (const [text, message] of Object.entries(refused)) {
    refuses(`${ONE}AWSCredentialsProvider = ${text}`, message);
  }
});

test('everything that is wrong is said at once, with its line', () => {
  const text = [
    'executableName =',
    '# a comment',
    'failoverTimeMillis = 5',
    'maxRecords = many',
    'kinesisEndpoint = localhost:4567',
    'streamArn = orders',
    'x = \\u00',
    'callProcessRecordsEvenForEmptyRecordList = true',
    'isGracefulLeaseHandoffEnabled = yes',
  ].join('\n');
  const lines = [
    /^9 problems in the properties:$/,
    /line 1: executableName must not be empty/,
    /line 3: failoverTimeMillis must be a whole number from 300 to/,
    /line 4: maxRecords must be a whole number from 1 to 10000/,
    /line 5: kinesisEndpoint must be a URL such as/,
    /line 6: streamArn must be arn:/,
    /line 7: \\u needs four/,
    /line 8: callProcessRecordsEvenForEmptyRecordList can only be false/,
    /line 9: isGracefulLeaseHandoffEnabled must be one of TRUE, FALSE/,
    /missing: applicationName/,
  ];
  assert.throws(
    () => readConfig(text),
    ({ message }: Error) => {
      const found = message.split('\n');
      assert.equal(found.length, lines.length);
      for (const [index, line] of lines.entries()) assert.match(found[index] ?? '', line);
      return true;
    },
  );
  refuses(NEEDED, /a problem in the properties:\n {2}missing: streamName or streamArn/);
  // A name that nobody knows is passed over, but where something is missing it may be the reason.
  refuses(
    `${NEEDED}\nstreamname = orders`,
    /line \d+: streamname: no such property; did you mean streamName\?/,
  );
});

test('of two properties with the same key the later one counts, without the blanks behind it', () => {
  assert.equal(config('workerId = one\nworkerId = two \t').workerId, 'two');
  assert.equal(config('maxRecords = none\nmaxRecords = 2').settings.readRecordsMax, 2);
});

test('a property that means nothing here is passed over with its reason', () => {
  const { ignored } = readConfig(
    `${ONE}maxActiveThreads = 0\nfailovertimemillis = 5\nfoo = bar\nleaseTablePitrEnabled = false`,
  );
  assert.deepEqual(ignored, [
    { kind: 'propertyIgnored', line: 4, key: 'maxActiveThreads', reason: 'there are no threads here' },
    {
      kind: 'propertyUnknown',
      line: 5,
      key: 'failovertimemillis',
      reason: 'no such property; did you mean failoverTimeMillis?',
    },
    { kind: 'propertyUnknown', line: 6, key: 'foo', reason: 'no such property' },
  ]);
});

test('whatever stands behind a key is read, passed over, or refused with its line', () => {
  for (const key of Object.keys(KEYS)) {
    for (const value of ['', '-1', '1', 'true', 'none such', '|,^=']) {
      try {
        readConfig(`${ONE}${key} = ${value}`);
      } catch (error) {
        assert.match(
          String(error),
          new RegExp(`^DaemonError: a problem in the properties:\\n {2}line 4: ${key} `),
        );
      }
    }
  }
});

test('no two keys differ by their case alone', () => {
  assert.equal(new Set(Object.keys(KEYS).map((key) => key.toLowerCase())).size, Object.keys(KEYS).length);
});
