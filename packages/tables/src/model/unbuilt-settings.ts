import type { CreateTableInput, UpdateTableInput } from '@millrace/aws-model/dynamodb';
import { notBuilt } from '../errors.ts';

type Settings = CreateTableInput & UpdateTableInput;

/** Settings of tables that nothing here would come of; each is refused rather than taken and forgotten. */
const UNBUILT: Readonly<Partial<Record<keyof Settings, (settings: Settings) => string | undefined>>> = {
  LocalSecondaryIndexes: () => 'Local secondary indexes are',
  StreamSpecification: ({ StreamSpecification: stream }) =>
    stream?.StreamEnabled ? 'Streams of a table are' : undefined,
  SSESpecification: ({ SSESpecification: encryption }) =>
    encryption?.Enabled ? 'Encryption of a table is' : undefined,
  ResourcePolicy: () => 'A policy on a table is',
  ReplicaUpdates: () => 'Global tables are',
  GlobalTableSourceArn: () => 'Global tables are',
  GlobalTableWitnessUpdates: () => 'Global tables are',
  MultiRegionConsistency: () => 'Global tables are',
  WarmThroughput: () => 'Warm throughput is',
  OnDemandThroughput: () => 'A maximum of on-demand throughput is',
};

export const refuseUnbuilt = (input: CreateTableInput | UpdateTableInput): void => {
  for (const [member, reason] of Object.entries(UNBUILT)) {
    const what = input[member as keyof typeof input] === undefined ? undefined : reason(input as Settings);
    if (what !== undefined) throw notBuilt(what);
  }
};
