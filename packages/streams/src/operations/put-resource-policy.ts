import type { KinesisOperation } from '../deps.ts';
import { requireResource } from '../model/find-resource.ts';
import { policyHolder } from '../model/policy-holder.ts';
import { submit } from '../model/refusals.ts';
import { checkResourcePolicy } from '../model/resource-policy.ts';

/** Keeps the policy; nothing enforces it yet. */
export const putResourcePolicy: KinesisOperation<'PutResourcePolicy'> = async (input, deps, context) => {
  const { Policy: policy } = input;
  const resource = requireResource(input.ResourceARN, deps, context);
  checkResourcePolicy(policy);
  const command = { type: 'streams.set-policy.v1', ...policyHolder(resource), policy } as const;
  await submit(deps.catalog, command, resource.stream);
};
