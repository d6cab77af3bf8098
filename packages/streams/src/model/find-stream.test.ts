import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCOUNT, aWorld, awsError } from '../../test/world.ts';

const arnOf = (account: string, region: string, partition = 'aws') =>
  `arn:${partition}:kinesis:${region}:${account}:stream/orders`;
const OWN = arnOf(ACCOUNT, 'eu-west-1');

test('a stream is found by its name, its ARN, or both', async () => {
  await using world = await aWorld();
  await world.aStream('orders');
  for (const reference of [
    { StreamName: 'orders' },
    { StreamARN: OWN },
    { StreamName: 'orders', StreamARN: OWN },
    { StreamName: 'orders', StreamId: 'abcdefghij0123456789-xyz' },
  ]) {
    const { StreamDescriptionSummary } = await world.call('DescribeStreamSummary', reference);
    assert.equal(StreamDescriptionSummary.StreamName, 'orders');
  }
});

test('a name that is an object’s own is no stream', async () => {
  await using world = await aWorld();
  for (const StreamName of ['constructor', '__proto__', 'toString']) {
    await assert.rejects(world.call('DescribeStreamSummary', { StreamName }), {
      code: 'ResourceNotFoundException',
    });
  }
});

test('the ARN of another account, region or partition names a stream that is not here', async () => {
  await using world = await aWorld();
  await world.aStream('orders');
  for (const [StreamARN, account] of [
    [arnOf('999999999999', 'eu-west-1'), '999999999999'],
    [arnOf(ACCOUNT, 'us-east-1'), ACCOUNT],
    [arnOf(ACCOUNT, 'eu-west-1', 'aws-cn'), ACCOUNT],
  ] as const) {
    await assert.rejects(
      world.call('DescribeStreamSummary', { StreamARN }),
      awsError('ResourceNotFoundException', `Stream orders under account ${account} not found.`),
    );
  }
});

const refusals = [
  ['nothing', {}, 'Either StreamName or StreamARN should be provided.'],
  [
    'a StreamId alone',
    { StreamId: 'abcdefghij0123456789-xyz' },
    'StreamId is reserved by AWS for future use. Name the stream by StreamName or StreamARN.',
  ],
  [
    'a name and the ARN of another stream',
    { StreamName: 'others', StreamARN: OWN },
    `StreamName others and StreamARN ${OWN} name different streams.`,
  ],
] as const;

for (const [what, reference, text] of refusals) {
  test(`${what} names no stream`, async () => {
    await using world = await aWorld();
    await world.aStream('orders');
    await assert.rejects(
      world.call('DescribeStreamSummary', reference),
      awsError('InvalidArgumentException', text),
    );
  });
}
