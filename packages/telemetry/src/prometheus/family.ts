import type { MetricIdentity } from '@millrace/core';
import type { Total } from '../store/recorder.ts';

export type FamilyType = 'counter' | 'gauge' | 'summary';

/** Under which name and type Prometheus sees a metric. */
export interface Family {
  readonly name: string;
  readonly type: FamilyType;
  readonly help: string;
}

/** `GetRecords.IteratorAgeMilliseconds` is `get_records_iterator_age`: units come last, and once. */
const baseName = (name: string): string =>
  name
    .replace(/Milliseconds$|\.Bytes$|Bytes$/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('.', '_')
    .toLowerCase();

/** Metrics of a shard are in those of its stream too: apart, so that a sum over either is right. */
const subjectOf = ({ dimensions }: MetricIdentity): string => {
  const names = dimensions.map(([name]) => name);
  if (names.includes('ShardId')) return 'shard';
  return names.includes('ConsumerName') ? 'consumer' : 'stream';
};

/** Ages and lags are states; all other times are durations of calls. */
const isState = (name: string): boolean => /Age|Behind/.test(name);

const forms: Readonly<
  Record<MetricIdentity['unit'], (name: string) => { suffix: string; type: FamilyType }>
> = {
  Bytes: () => ({ suffix: '_bytes_total', type: 'counter' }),
  Count: () => ({ suffix: '_total', type: 'counter' }),
  Milliseconds: (name) => ({ suffix: '_seconds', type: isState(name) ? 'gauge' : 'summary' }),
};

export const familyOf = (identity: MetricIdentity): Family => {
  const { suffix, type } = forms[identity.unit](identity.name);
  return {
    name: `millrace_${subjectOf(identity)}_${baseName(identity.name)}${suffix}`,
    type,
    help: `${identity.name} of ${identity.namespace}`,
  };
};

const inSeconds = ({ identity }: Total, value: number): number =>
  identity.unit === 'Milliseconds' ? value / 1000 : value;

/** What is told of one time series: what stands after the name, and the value. */
export const samplesOf = (total: Total, type: FamilyType): readonly (readonly [string, number])[] => {
  if (type === 'gauge') return [['', inSeconds(total, total.last)]];
  const sum = inSeconds(total, total.sum);
  if (type === 'counter') return [['', sum]];
  return [
    ['_sum', sum],
    ['_count', total.sampleCount],
  ];
};
