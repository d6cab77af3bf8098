import type { KinesisOperation } from '../deps.ts';
import { addTags } from '../model/change-tags.ts';
import { requireResource } from '../model/find-resource.ts';

export const tagResource: KinesisOperation<'TagResource'> = async (input, deps, context) =>
  addTags(deps.catalog, requireResource(input.ResourceARN, deps, context), input.Tags);
