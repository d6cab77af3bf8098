import type { KinesisOperation } from '../deps.ts';
import { requireResource } from '../model/find-resource.ts';

/** What AWS answers where there is none (recorded). */
const NO_POLICY = '{}';

export const getResourcePolicy: KinesisOperation<'GetResourcePolicy'> = async (input, deps, context) => {
  const { stream, consumer = stream } = requireResource(input.ResourceARN, deps, context);
  return { Policy: consumer.policy ?? NO_POLICY };
};
