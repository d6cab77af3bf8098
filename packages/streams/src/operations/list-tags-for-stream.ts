import { TAGS_MAX } from '@millrace/catalog';
import { tagList } from '../answers/tags.ts';
import type { KinesisOperation } from '../deps.ts';
import { requireStream } from '../model/find-stream.ts';

/** By key. */
export const listTagsForStream: KinesisOperation<'ListTagsForStream'> = async (input, deps, context) => {
  const { ExclusiveStartTagKey: after, Limit = TAGS_MAX } = input;
  const { tags } = requireStream(input, deps, context);
  const rest = [...tags].filter(([key]) => after === undefined || key > after);
  return { Tags: tagList(rest.slice(0, Limit)), HasMoreTags: rest.length > Limit };
};
