import type { KinesisOperation } from '../deps.ts';
import { requireResource } from '../model/find-resource.ts';
import { policyHolder } from '../model/policy-holder.ts';
import { submit } from '../model/refusals.ts';

export const deleteResourcePolicy: KinesisOperation<'DeleteResourcePolicy'> = async (
  input,
  deps,
  context,
) => {
  const resource = requireResource(input.ResourceARN, deps, context);
  await submit(
    deps.catalog,
    { type: 'streams.remove-policy.v1', ...policyHolder(resource) },
    resource.stream,
  );
};
