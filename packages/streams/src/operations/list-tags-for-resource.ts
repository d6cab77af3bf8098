import { tagList } from '../answers/tags.ts';
import type { KinesisOperation } from '../deps.ts';
import { requireResource } from '../model/find-resource.ts';

export const listTagsForResource: KinesisOperation<'ListTagsForResource'> = async (input, deps, context) => {
  const { stream, consumer = stream } = requireResource(input.ResourceARN, deps, context);
  return { Tags: tagList(consumer.tags) };
};
