import type { Resource } from './find-resource.ts';

/** How commands name what a policy hangs on. */
export const policyHolder = ({ stream, consumer }: Resource) => ({
  id: stream.id,
  ...(consumer === undefined ? {} : { consumerArn: consumer.arn }),
});
