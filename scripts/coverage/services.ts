import type { ServiceModel } from '@millrace/aws-model';
import { cloudWatchModel } from '@millrace/aws-model/cloudwatch';
import { dynamoDbModel } from '@millrace/aws-model/dynamodb';
import { firehoseModel } from '@millrace/aws-model/firehose';
import { kinesisModel } from '@millrace/aws-model/kinesis';
import { kinesisVideoArchivedMediaModel } from '@millrace/aws-model/kinesis-video-archived-media';
import { kinesisVideoMediaModel } from '@millrace/aws-model/kinesis-video-media';
import { kinesisVideoSignalingModel } from '@millrace/aws-model/kinesis-video-signaling';
import { kinesisAnalyticsModel } from '@millrace/aws-model/kinesisanalytics';
import { kinesisAnalyticsV2Model } from '@millrace/aws-model/kinesisanalyticsv2';
import { kinesisVideoModel } from '@millrace/aws-model/kinesisvideo';
import { stsModel } from '@millrace/aws-model/sts';
import { stsTable } from '@millrace/identity';
import { kinesisTable } from '@millrace/streams';
import { dynamoDbTable } from '@millrace/tables';
import { cloudWatchTable } from '@millrace/telemetry';

export interface CoveredService {
  /** As the product is called; the model's name tells generations of one product apart. */
  readonly title: string;
  readonly model: ServiceModel;
  /** Absent for a service that has no package yet. */
  readonly table?: Readonly<Record<string, unknown>>;
}

/** Every service of the family, in the order of the page. */
export const SERVICES: readonly CoveredService[] = [
  { title: 'Data Streams', model: kinesisModel, table: kinesisTable },
  { title: 'Firehose', model: firehoseModel },
  { title: 'Data Analytics: SQL', model: kinesisAnalyticsModel },
  { title: 'Data Analytics: SQL and Flink', model: kinesisAnalyticsV2Model },
  { title: 'Video Streams', model: kinesisVideoModel },
  { title: 'Video Streams: media', model: kinesisVideoMediaModel },
  { title: 'Video Streams: archived media', model: kinesisVideoArchivedMediaModel },
  { title: 'Video Streams: signaling', model: kinesisVideoSignalingModel },
  { title: 'CloudWatch: metric data', model: cloudWatchModel, table: cloudWatchTable },
  { title: 'DynamoDB: what the client library needs', model: dynamoDbModel, table: dynamoDbTable },
  { title: 'STS: who a caller is', model: stsModel, table: stsTable },
];
