import type { Tag } from '@millrace/aws-model/kinesis';

export const tagList = (tags: Iterable<readonly [string, string]>): Tag[] =>
  Array.from(tags, ([Key, Value]) => ({ Key, Value }));
