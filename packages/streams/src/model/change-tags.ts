import type { Catalog, Stream } from '@millrace/catalog';
import { submit } from './refusals.ts';
import { checkTagTexts } from './tag-rules.ts';

export const addTags = async (
  catalog: Catalog,
  stream: Stream,
  tags: Readonly<Record<string, string>>,
): Promise<void> => {
  const entries = Object.entries(tags);
  checkTagTexts(entries.flat(), 'add tags to', stream);
  await submit(catalog, { type: 'streams.set-tags.v1', id: stream.id, tags: entries }, stream);
};

export const removeTags = async (
  catalog: Catalog,
  stream: Stream,
  keys: readonly string[],
): Promise<void> => {
  checkTagTexts(keys, 'remove tags from', stream);
  await submit(catalog, { type: 'streams.remove-tags.v1', id: stream.id, keys }, stream);
};
