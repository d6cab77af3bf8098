import type { Consumer as ConsumerAnswer } from '@millrace/aws-model/kinesis';
import type { Consumer } from '@millrace/catalog';

/** AWS gives the time of creation in whole seconds, as it stands in the ARN. */
export const consumerAnswer = ({ name, arn, status, createdAtMs }: Consumer): ConsumerAnswer => ({
  ConsumerName: name,
  ConsumerARN: arn,
  ConsumerStatus: status,
  ConsumerCreationTimestamp: Math.floor(createdAtMs / 1000) * 1000,
});
