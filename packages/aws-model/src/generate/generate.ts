import { corrections } from '../corrections.ts';
import { correct } from './correct.ts';
import { modelJson } from './model-json.ts';
import type { PublishedModel } from './published-model.ts';
import { toServiceModel } from './to-service-model.ts';
import { typesOf } from './types.ts';

/** Name of the service (and of its file in `models/`) and what its types are called. */
export const services = {
  kinesis: 'Kinesis',
  firehose: 'Firehose',
  kinesisanalytics: 'KinesisAnalytics',
  kinesisanalyticsv2: 'KinesisAnalyticsV2',
  kinesisvideo: 'KinesisVideo',
  'kinesis-video-archived-media': 'KinesisVideoArchivedMedia',
  'kinesis-video-media': 'KinesisVideoMedia',
  'kinesis-video-signaling': 'KinesisVideoSignaling',
  cloudwatch: 'CloudWatch',
  dynamodb: 'DynamoDb',
  sts: 'Sts',
} as const;

export type ServiceName = keyof typeof services;

/** The generated files of one service, by file name. Pure: the same model gives the same text. */
export const generate = (name: ServiceName, published: PublishedModel): Readonly<Record<string, string>> => {
  const model = correct(toServiceModel(name, published), corrections[name] ?? []);
  return { [`${name}.json`]: modelJson(model), [`${name}.ts`]: typesOf(model, services[name]) };
};
