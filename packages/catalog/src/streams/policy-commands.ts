import type { StreamId } from './stream.ts';

/** The policy of a stream or, with its ARN, of one of its consumers. */
interface OfResource {
  readonly id: StreamId;
  readonly consumerArn?: string;
}

interface SetPolicy extends OfResource {
  readonly type: 'streams.set-policy.v1';
  /** JSON, kept to the letter. */
  readonly policy: string;
}

interface RemovePolicy extends OfResource {
  readonly type: 'streams.remove-policy.v1';
}

export type PolicyCommand = SetPolicy | RemovePolicy;

export type PolicyRefusal = { readonly reason: 'no-policy'; readonly arn: string };
