import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCOUNT, aWorld, awsError } from '../../test/world.ts';

const ARN = `arn:aws:kinesis:eu-west-1:${ACCOUNT}:stream/orders`;
const WHERE = `stream orders under account ${ACCOUNT}`;
const invalid = (message: string) => awsError('InvalidArgumentException', message);

test('tags of a stream and tags of its ARN are the same tags', async () => {
  await using world = await aWorld();
  const StreamName = await world.aStream();
  await world.call('AddTagsToStream', { StreamName, Tags: { b: '1', a: '' } });
  await world.call('TagResource', { ResourceARN: ARN, Tags: { b: '2', c: 'ü x' } });
  const Tags = [
    { Key: 'a', Value: '' },
    { Key: 'b', Value: '2' },
    { Key: 'c', Value: 'ü x' },
  ];
  assert.deepEqual(await world.call('ListTagsForStream', { StreamName }), { Tags, HasMoreTags: false });
  assert.deepEqual(await world.call('ListTagsForResource', { ResourceARN: ARN }), { Tags });
});

test('removing a key that is not there is no mistake', async () => {
  await using world = await aWorld();
  const StreamName = await world.aStream('orders', { Tags: { a: '1', b: '2', c: '3' } });
  await world.call('RemoveTagsFromStream', { StreamName, TagKeys: ['a', 'x'] });
  await world.call('UntagResource', { ResourceARN: ARN, TagKeys: ['b', 'y'] });
  const { Tags } = await world.call('ListTagsForStream', { StreamName });
  assert.deepEqual(Tags, [{ Key: 'c', Value: '3' }]);
});

test('paging covers every tag once', async () => {
  await using world = await aWorld();
  const keys = Array.from({ length: 23 }, (_, index) => `k${String(index).padStart(2, '0')}`);
  const StreamName = await world.aStream('orders', {
    Tags: Object.fromEntries(keys.map((key) => [key, ''])),
  });
  const seen: string[] = [];
  for (let more = true; more; ) {
    const page = await world.call('ListTagsForStream', {
      StreamName,
      Limit: 10,
      ExclusiveStartTagKey: seen.at(-1),
    });
    seen.push(...page.Tags.map(({ Key }) => Key));
    more = page.HasMoreTags;
  }
  assert.deepEqual(seen, keys);
});

test('a character outside AWS’s set is refused, in key or value', async () => {
  await using world = await aWorld();
  const StreamName = await world.aStream();
  const text = invalid(
    'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.',
  );
  for (const Tags of [{ 'a;b': '' }, { a: '#' }, { 'a;b': '%' }]) {
    await assert.rejects(world.call('AddTagsToStream', { StreamName, Tags }), text);
  }
  await assert.rejects(world.call('RemoveTagsFromStream', { StreamName, TagKeys: ['a*'] }), text);
});

test('a per cent sign is refused with a text of its own', async () => {
  await using world = await aWorld();
  const StreamName = await world.aStream();
  const rest =
    "because some tags contained illegal characters. The allowed characters are Unicode letters, white-spaces, '_',',','/','=','+','-','@'.";
  await assert.rejects(
    world.call('AddTagsToStream', { StreamName, Tags: { a: '5%' } }),
    invalid(`Failed to add tags to ${WHERE} ${rest}`),
  );
  await assert.rejects(
    world.call('RemoveTagsFromStream', { StreamName, TagKeys: ['5%'] }),
    invalid(`Failed to remove tags from ${WHERE} ${rest}`),
  );
});

test('the fifty-first tag is refused, in the words AWS has for it', async () => {
  await using world = await aWorld();
  const Tags = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, '']));
  const StreamName = await world.aStream('orders', { Tags });
  await world.call('AddTagsToStream', { StreamName, Tags: { k0: 'again' } });
  await assert.rejects(
    world.call('AddTagsToStream', { StreamName, Tags: { k50: '' } }),
    invalid(
      `Failed to add tags to ${WHERE} because a given stream cannot have more than 10 tags associated with it.`,
    ),
  );
});

test('tags cannot change before the stream is ACTIVE', async () => {
  await using world = await aWorld();
  world.holdLogs();
  await world.call('CreateStream', { StreamName: 'orders', ShardCount: 1 });
  await assert.rejects(
    world.call('AddTagsToStream', { StreamName: 'orders', Tags: { a: '' } }),
    awsError(
      'ResourceInUseException',
      `Stream orders under account ${ACCOUNT} not ACTIVE, instead in state CREATING`,
    ),
  );
});

test('a consumer or a channel that does not exist has no tags', async () => {
  await using world = await aWorld();
  await world.aStream();
  const arns = [
    `${ARN}/consumer/app:1700000000`,
    `arn:aws:kinesis:eu-west-1:${ACCOUNT}:channel/orders`,
    `arn:aws:kinesis:eu-west-1:${ACCOUNT}:stream/`,
  ];
  for (const ResourceARN of arns) {
    await assert.rejects(world.call('ListTagsForResource', { ResourceARN }), {
      code: 'ResourceNotFoundException',
    });
  }
});
