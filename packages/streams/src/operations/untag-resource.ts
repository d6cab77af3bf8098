import type { KinesisOperation } from '../deps.ts';
import { removeTags } from '../model/change-tags.ts';
import { requireResource } from '../model/find-resource.ts';

export const untagResource: KinesisOperation<'UntagResource'> = async (input, deps, context) =>
  removeTags(deps.catalog, requireResource(input.ResourceARN, deps, context), input.TagKeys);
