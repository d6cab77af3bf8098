import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aConsumer, arnOf, failing } from '../../test/fan-out.ts';
import { aWorld, awsError } from '../../test/world.ts';

const ResourceARN = arnOf('orders');
const statement = {
  Effect: 'Allow',
  Principal: { AWS: ['111122223333', 'arn:aws:iam::444455556666:role/reader'] },
  Action: ['kinesis:DescribeStreamSummary', 'kinesis:Get*'],
  Resource: ResourceARN,
};
/** With white space, which must not be lost. */
const POLICY = JSON.stringify({ Version: '2012-10-17', Statement: [statement] }, null, 2);

const aWorldWithStream = async () => {
  const world = await aWorld();
  await world.aStream();
  return world;
};

test('a resource without a policy has an empty one', async () => {
  await using world = await aWorldWithStream();
  for (const ARN of [ResourceARN, await aConsumer(world)]) {
    assert.deepEqual(await world.call('GetResourcePolicy', { ResourceARN: ARN }), { Policy: '{}' });
  }
});

test('a policy is given back to the letter, for the stream and for its consumer', async () => {
  await using world = await aWorldWithStream();
  const consumer = await aConsumer(world);
  await world.call('PutResourcePolicy', { ResourceARN, Policy: POLICY });
  assert.equal((await world.call('GetResourcePolicy', { ResourceARN })).Policy, POLICY);
  assert.equal((await world.call('GetResourcePolicy', { ResourceARN: consumer })).Policy, '{}');
  const other = POLICY.replace('Allow', 'Deny');
  await world.call('PutResourcePolicy', { ResourceARN: consumer, Policy: other });
  assert.equal((await world.call('GetResourcePolicy', { ResourceARN: consumer })).Policy, other);
  assert.equal((await world.call('GetResourcePolicy', { ResourceARN })).Policy, POLICY);
});

test('a deleted policy is gone, and cannot be deleted again', async () => {
  await using world = await aWorldWithStream();
  await world.call('PutResourcePolicy', { ResourceARN, Policy: POLICY });
  await world.call('DeleteResourcePolicy', { ResourceARN });
  assert.equal((await world.call('GetResourcePolicy', { ResourceARN })).Policy, '{}');
  await assert.rejects(
    world.call('DeleteResourcePolicy', { ResourceARN }),
    awsError('ResourceNotFoundException', `Resource ${ResourceARN} has no policy.`),
  );
});

test('resources that are not there have no policies', async () => {
  await using world = await aWorldWithStream();
  for (const ARN of [arnOf('other'), `${ResourceARN}/consumer/app:1`, `${ResourceARN}/x`]) {
    for (const name of ['GetResourcePolicy', 'DeleteResourcePolicy'] as const) {
      await assert.rejects(world.call(name, { ResourceARN: ARN }), { code: 'ResourceNotFoundException' });
    }
  }
});

test('a consumer that is not ACTIVE takes no policy', async () => {
  await using world = await aWorldWithStream();
  failing(world, 'streams.activate-consumer.v1');
  const { Consumer } = await world.call('RegisterStreamConsumer', {
    StreamARN: ResourceARN,
    ConsumerName: 'app',
  });
  await assert.rejects(
    world.call('PutResourcePolicy', { ResourceARN: Consumer.ConsumerARN, Policy: POLICY }),
    { code: 'ResourceInUseException' },
  );
});

const withStatement = (changes: object): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: { ...statement, ...changes } });

const bad: readonly (readonly [policy: string, why: string])[] = [
  ['', 'it is not JSON.'],
  ['{', 'it is not JSON.'],
  ['[]', 'it is not a JSON object.'],
  ['null', 'it is not a JSON object.'],
  ['{}', 'Version must be 2012-10-17 or 2008-10-17.'],
  ['{"Version":"2026-01-01","Statement":[]}', 'Version must be 2012-10-17 or 2008-10-17.'],
  ['{"Version":"2012-10-17"}', 'it has no Statement.'],
  ['{"Version":"2012-10-17","Statement":[]}', 'it has no Statement.'],
  ['{"Version":"2012-10-17","Statement":["x"]}', 'statement 1 is not an object.'],
  [withStatement({ Effect: 'Maybe' }), 'Effect of statement 1 must be Allow or Deny.'],
  [withStatement({ Principal: undefined }), 'statement 1 has no Principal.'],
  [withStatement({ NotPrincipal: '*' }), 'statement 1 has both Principal and NotPrincipal.'],
  ...[{}, { AWS: [] }, { AWS: 1 }, '111122223333', []].map(
    (Principal) =>
      [
        withStatement({ Principal }),
        'Principal of statement 1 must be "*", or principals under AWS, Service, Federated or CanonicalUser.',
      ] as const,
  ),
  [withStatement({ Action: undefined }), 'statement 1 has no Action.'],
  ...[[], 'GetRecords', 7, ['kinesis:GetRecords', '']].map(
    (Action) =>
      [
        withStatement({ Action }),
        'Action of statement 1 must be one or more actions such as kinesis:GetRecords.',
      ] as const,
  ),
  [`"${'x'.repeat(64 * 1024)}"`, 'it is larger than 65536 bytes.'],
];

test('what is no policy is refused with the reason, and changes nothing', async () => {
  await using world = await aWorldWithStream();
  await world.call('PutResourcePolicy', { ResourceARN, Policy: POLICY });
  for (const [Policy, why] of bad) {
    await assert.rejects(
      world.call('PutResourcePolicy', { ResourceARN, Policy }),
      awsError('InvalidArgumentException', `The policy is not valid: ${why}`),
      Policy.slice(0, 200),
    );
  }
  assert.equal((await world.call('GetResourcePolicy', { ResourceARN })).Policy, POLICY);
});

test('forms that AWS takes are taken', async () => {
  await using world = await aWorldWithStream();
  for (const Policy of [
    withStatement({ Principal: '*' }),
    withStatement({ Principal: { Service: 'lambda.amazonaws.com' }, Action: '*' }),
    withStatement({ Principal: undefined, NotPrincipal: { AWS: '111122223333' } }),
    withStatement({ Action: undefined, NotAction: 'kinesis:DeleteStream' }),
    withStatement({}).replace('2012', '2008'),
  ]) {
    await world.call('PutResourcePolicy', { ResourceARN, Policy });
  }
});
