import {
  ACCOUNT,
  arnOf,
  asResourceArn,
  atLeast,
  atMost,
  breaks,
  eachKey,
  emptyName,
  type Laws,
  mapKeys,
  mapValues,
  missing,
  notLonger,
  notShorter,
  stream,
  unknownResource,
  unknownStream,
  unknownStreamArn,
} from '../laws.ts';

const resource = { ResourceARN: 'String', StreamId: 'String' } as const;
const ORDERS = arnOf('orders');
const longText = 'k'.repeat(257);
const longArn = arnOf('s'.repeat(2048));
const tagsUpTo = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'v']));
const keysUpTo = (count: number) => Object.keys(tagsUpTo(count));
const manyTags = tagsUpTo(201);
const manyTagsText = `{${Object.keys(manyTags)
  .map((key) => `${key}=v`)
  .join(', ')}}`;
const manyKeysText = `[${keysUpTo(51).join(', ')}]`;

const INVALID_CHARACTERS =
  'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.';
const ILLEGAL = `stream orders under account ${ACCOUNT} because some tags contained illegal characters. The allowed characters are Unicode letters, white-spaces, '_',',','/','=','+','-','@'.`;

export const tagAndPolicyLaws: Laws = {
  AddTagsToStream: {
    members: { ...stream, Tags: 'Map', 'Tags{}': 'String' },
    bounds: [
      [{ StreamName: 'orders' }, missing('tags')],
      [{ StreamName: '', Tags: {} }, breaks('tags', '{}', notShorter(1)), ...emptyName('streamName')],
      [{ StreamName: 'orders', Tags: manyTags }, breaks('tags', manyTagsText, notLonger(200))],
      [
        { StreamName: 'orders', Tags: { '': longText } },
        breaks('tags', `{=${longText}}`, mapKeys),
        breaks('tags', `{=${longText}}`, mapValues),
      ],
    ],
    refusals: [
      unknownStream({ Tags: { a: 'b' } }),
      unknownStreamArn({ Tags: { a: 'b' } }),
      [
        'characters that tags do not have, before a per cent sign',
        { StreamName: 'orders', Tags: { 'a%': 'b;c' } },
        'InvalidArgumentException',
        INVALID_CHARACTERS,
      ],
      [
        'a per cent sign',
        { StreamName: 'orders', Tags: { a: '100%' } },
        'InvalidArgumentException',
        `Failed to add tags to ${ILLEGAL}`,
      ],
      [
        'more than fifty tags',
        { StreamName: 'orders', Tags: tagsUpTo(51) },
        'InvalidArgumentException',
        `Failed to add tags to stream orders under account ${ACCOUNT} because a given stream cannot have more than 10 tags associated with it.`,
      ],
    ],
  },
  RemoveTagsFromStream: {
    members: { ...stream, TagKeys: 'List', 'TagKeys[]': 'String' },
    bounds: [
      [{ StreamName: 'orders' }, missing('tagKeys')],
      [{ StreamName: '', TagKeys: [] }, breaks('tagKeys', '[]', notShorter(1)), ...emptyName('streamName')],
      [{ StreamName: 'orders', TagKeys: keysUpTo(51) }, breaks('tagKeys', manyKeysText, notLonger(50))],
      [{ StreamName: 'orders', TagKeys: ['a', ''] }, breaks('tagKeys', '[a, ]', eachKey)],
    ],
    refusals: [
      unknownStream({ TagKeys: ['a'] }),
      unknownStreamArn({ TagKeys: ['a'] }),
      [
        'characters that tags do not have',
        { StreamName: 'orders', TagKeys: ['a;'] },
        'InvalidArgumentException',
        INVALID_CHARACTERS,
      ],
      [
        'a per cent sign',
        { StreamName: 'orders', TagKeys: ['a%'] },
        'InvalidArgumentException',
        `Failed to remove tags from ${ILLEGAL}`,
      ],
    ],
  },
  ListTagsForStream: {
    members: { ...stream, ExclusiveStartTagKey: 'String', Limit: 'Integer' },
    bounds: [
      [
        { StreamName: '', Limit: 0, ExclusiveStartTagKey: '' },
        breaks('limit', 0, atLeast(1)),
        breaks('exclusiveStartTagKey', '', notShorter(1)),
        ...emptyName('streamName'),
      ],
      [
        { StreamName: 'orders', Limit: 51, ExclusiveStartTagKey: longText },
        breaks('limit', 51, atMost(50)),
        breaks('exclusiveStartTagKey', longText, notLonger(128)),
      ],
    ],
    refusals: [unknownStream(), unknownStreamArn()],
  },
  TagResource: {
    members: { ...resource, Tags: 'Map', 'Tags{}': 'String' },
    bounds: [
      [{ Tags: { a: 'b' } }, missing('resourceARN')],
      [{ ResourceARN: ORDERS }, missing('tags')],
      [{ ResourceARN: ORDERS, Tags: {} }, breaks('tags', '{}', notShorter(1))],
      [{ ResourceARN: ORDERS, Tags: { a: longText } }, breaks('tags', `{a=${longText}}`, mapValues)],
    ],
    refusals: [unknownResource({ Tags: { a: 'b' } })],
  },
  UntagResource: {
    members: { ...resource, TagKeys: 'List', 'TagKeys[]': 'String' },
    bounds: [
      [{ TagKeys: ['a'] }, missing('resourceARN')],
      [{ ResourceARN: ORDERS }, missing('tagKeys')],
      [{ ResourceARN: ORDERS, TagKeys: [''] }, breaks('tagKeys', '[]', eachKey)],
    ],
    refusals: [unknownResource({ TagKeys: ['a'] })],
  },
  ListTagsForResource: {
    members: resource,
    bounds: [
      [{}, missing('resourceARN')],
      [{ ResourceARN: 'orders' }, breaks('resourceARN', 'orders', asResourceArn)],
      [{ ResourceARN: longArn }, breaks('resourceARN', longArn, notLonger(2048))],
    ],
    refusals: [unknownResource()],
  },
  PutResourcePolicy: {
    members: { ...resource, Policy: 'String' },
    bounds: [
      [{ Policy: '{}' }, missing('resourceARN')],
      [{ ResourceARN: ORDERS }, missing('policy')],
    ],
    refusals: [unknownResource({ Policy: '{}' })],
  },
  GetResourcePolicy: {
    members: resource,
    bounds: [[{}, missing('resourceARN')]],
    refusals: [unknownResource()],
  },
  DeleteResourcePolicy: {
    members: resource,
    bounds: [[{}, missing('resourceARN')]],
    refusals: [unknownResource()],
  },
};
