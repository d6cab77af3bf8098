import type { Laws } from './laws.ts';
import { consumerLaws } from './operations/consumers.ts';
import { recordLaws } from './operations/records.ts';
import { settingLaws } from './operations/settings.ts';
import { shardLaws } from './operations/shards.ts';
import { streamLaws } from './operations/streams.ts';
import { tagAndPolicyLaws } from './operations/tags-and-policies.ts';

export const API: Laws = {
  ...streamLaws,
  ...shardLaws,
  ...recordLaws,
  ...consumerLaws,
  ...tagAndPolicyLaws,
  ...settingLaws,
};
