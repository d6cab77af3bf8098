import type { Catalog } from '@millrace/catalog';
import type { Resource } from './find-resource.ts';
import { submit } from './refusals.ts';
import { checkTagTexts } from './tag-rules.ts';

export const addTags = async (
  catalog: Catalog,
  { stream, consumer }: Resource,
  given: Readonly<Record<string, string>>,
): Promise<void> => {
  const tags = Object.entries(given);
  checkTagTexts(tags.flat(), 'add tags to', stream);
  const { id } = stream;
  if (consumer === undefined) return submit(catalog, { type: 'streams.set-tags.v1', id, tags }, stream);
  await submit(catalog, { type: 'streams.set-consumer-tags.v1', id, arn: consumer.arn, tags }, stream);
};

export const removeTags = async (
  catalog: Catalog,
  { stream, consumer }: Resource,
  keys: readonly string[],
): Promise<void> => {
  checkTagTexts(keys, 'remove tags from', stream);
  const { id } = stream;
  if (consumer === undefined) return submit(catalog, { type: 'streams.remove-tags.v1', id, keys }, stream);
  await submit(catalog, { type: 'streams.remove-consumer-tags.v1', id, arn: consumer.arn, keys }, stream);
};
