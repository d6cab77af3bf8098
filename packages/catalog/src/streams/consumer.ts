/** CREATING or ACTIVE → DELETING → gone; CREATING → ACTIVE. It may read while it is ACTIVE. */
export type ConsumerStatus = 'CREATING' | 'ACTIVE' | 'DELETING';

/** A consumer with enhanced fan-out, registered with one stream. */
export interface Consumer {
  /** Unique in its stream. */
  readonly name: string;
  /** Ends in the second of its creation: a later consumer of the same name has another one. */
  readonly arn: string;
  readonly status: ConsumerStatus;
  readonly createdAtMs: number;
  /** By key, in code unit order. */
  readonly tags: ReadonlyMap<string, string>;
  /** The text of its resource policy, as it was given. */
  readonly policy?: string;
}

type Entry = readonly [key: string, value: string];

export type ConsumerSnapshot = Omit<Consumer, 'tags'> & { readonly tags: readonly Entry[] };

export const consumerToSnapshot = (consumer: Consumer): ConsumerSnapshot => ({
  name: consumer.name,
  arn: consumer.arn,
  status: consumer.status,
  createdAtMs: consumer.createdAtMs,
  tags: [...consumer.tags],
  ...(consumer.policy === undefined ? {} : { policy: consumer.policy }),
});

export const consumerFromSnapshot = (snapshot: ConsumerSnapshot): Consumer => ({
  ...snapshot,
  tags: new Map(snapshot.tags),
});
