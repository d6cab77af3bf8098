import type { InitialPosition, Settings } from '@millrace/consumer';
import type { CredentialSource } from './credentials.ts';
import type { StreamArn } from './values.ts';

/** How to reach one of the services; what is undefined is left to the AWS SDK. */
export interface ServiceAddress {
  readonly endpoint: string | undefined;
  readonly region: string | undefined;
  readonly credentials: readonly CredentialSource[];
}

export type RetrievalMode = 'FANOUT' | 'POLLING' | 'DEFAULT';

/** What a properties file says, by our names. */
export interface Said {
  readonly executable: readonly string[];
  readonly applicationName: string;
  readonly streamName: string;
  readonly streamArn: StreamArn & { readonly arn: string };
  readonly tableName: string;
  readonly workerId: string | undefined;
  readonly initialPosition: InitialPosition;
  readonly initialTimestamp: Date;
  readonly region: string;
  readonly kinesisRegion: string;
  readonly dynamodbRegion: string;
  readonly cloudWatchRegion: string;
  readonly kinesisEndpoint: string;
  readonly dynamodbEndpoint: string;
  readonly cloudWatchEndpoint: string;
  readonly credentials: readonly CredentialSource[];
  readonly dynamodbCredentials: readonly CredentialSource[];
  readonly cloudWatchCredentials: readonly CredentialSource[];
  readonly retrievalMode: RetrievalMode;
  readonly consumerName: string;
  readonly consumerArn: string;
  readonly timeoutSeconds: number;
  readonly shutdownGraceMs: number;
}

/** What the daemon is made of. */
export interface DaemonConfig {
  readonly command: readonly string[];
  readonly applicationName: string;
  readonly streamName: string;
  readonly streamArn: string | undefined;
  /** Of the leases. */
  readonly tableName: string;
  readonly workerId: string | undefined;
  readonly initialPosition: InitialPosition;
  readonly kinesis: ServiceAddress;
  readonly dynamodb: ServiceAddress;
  readonly cloudWatch: ServiceAddress;
  /** With `retrieval: 'fanOut'`: the registered consumer; one named as the application unless given. */
  readonly consumerName: string | undefined;
  readonly consumerArn: string | undefined;
  readonly timeoutMs: number | undefined;
  readonly shutdownGraceMs: number;
  readonly settings: Partial<Settings>;
}

/** With 0, its default, the Java daemon does not wait for its children; nobody can want that. */
const SHUTDOWN_GRACE_MS = 30_000;

/** With any setting of polling the Java daemon polls, unless it is told otherwise; else it subscribes. */
const retrievalOf = (mode: RetrievalMode, isPollingSet: boolean): Settings['retrieval'] => {
  if (mode === 'DEFAULT') return isPollingSet ? 'polling' : 'fanOut';
  return mode === 'FANOUT' ? 'fanOut' : 'polling';
};

const addressesOf = (said: Partial<Said>) => {
  const { region = said.streamArn?.region, credentials = [{ kind: 'default' }] } = said;
  return {
    kinesis: { endpoint: said.kinesisEndpoint, region: said.kinesisRegion ?? region, credentials },
    dynamodb: {
      endpoint: said.dynamodbEndpoint,
      region: said.dynamodbRegion ?? region,
      credentials: said.dynamodbCredentials ?? credentials,
    },
    cloudWatch: {
      endpoint: said.cloudWatchEndpoint,
      region: said.cloudWatchRegion ?? region,
      credentials: said.cloudWatchCredentials ?? credentials,
    },
  } as const;
};

export const configFrom = (
  said: Partial<Said> & Pick<Said, 'executable' | 'applicationName'>,
  streamName: string,
  given: Partial<Settings>,
  isPollingSet: boolean,
): DaemonConfig => ({
  command: said.executable,
  applicationName: said.applicationName,
  streamName,
  streamArn: said.streamArn?.arn,
  tableName: said.tableName ?? said.applicationName,
  workerId: said.workerId,
  // The Java library's default; that of our own consumer is TRIM_HORIZON.
  initialPosition: said.initialTimestamp ?? said.initialPosition ?? 'LATEST',
  ...addressesOf(said),
  consumerName: said.consumerName,
  consumerArn: said.consumerArn,
  timeoutMs: said.timeoutSeconds === undefined ? undefined : said.timeoutSeconds * 1000,
  shutdownGraceMs: said.shutdownGraceMs || SHUTDOWN_GRACE_MS,
  settings: { ...given, retrieval: retrievalOf(said.retrievalMode ?? 'DEFAULT', isPollingSet) },
});
