import type { KinesisOperation } from '../deps.ts';
import { removeTags } from '../model/change-tags.ts';
import { requireStream } from '../model/find-stream.ts';

export const removeTagsFromStream: KinesisOperation<'RemoveTagsFromStream'> = async (input, deps, context) =>
  removeTags(deps.catalog, { stream: requireStream(input, deps, context) }, input.TagKeys);
