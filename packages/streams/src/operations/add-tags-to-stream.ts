import type { KinesisOperation } from '../deps.ts';
import { addTags } from '../model/change-tags.ts';
import { requireStream } from '../model/find-stream.ts';

export const addTagsToStream: KinesisOperation<'AddTagsToStream'> = async (input, deps, context) =>
  addTags(deps.catalog, { stream: requireStream(input, deps, context) }, input.Tags);
