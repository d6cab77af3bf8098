import type { Total } from '../store/recorder.ts';
import { type Family, familyOf, samplesOf } from './family.ts';

/** The text format's own type and version. */
export const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** A number of the process itself, without labels. */
export interface ProcessSample {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly value: number;
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };
const quoted = (value: string): string => `"${value.replace(/[\\"\n]/g, (found) => escapes[found] ?? '')}"`;

const labelNames: Readonly<Record<string, string>> = {
  StreamName: 'stream',
  ShardId: 'shard',
  ConsumerName: 'consumer',
};

const labelsOf = ({ identity: { account, region, dimensions } }: Total): string =>
  [
    ['account', account] as const,
    ['region', region] as const,
    ...dimensions.map(([name, value]) => [labelNames[name] ?? name.toLowerCase(), value] as const),
  ]
    .map(([name, value]) => `${name}=${quoted(value)}`)
    .join(',');

const headOf = ({ name, type, help }: Omit<ProcessSample, 'value'> | Family): string[] => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
];

/** One family after the other, as the format demands. */
export const prometheusText = (
  totals: Iterable<Total>,
  processSamples: readonly ProcessSample[] = [],
): string => {
  const families = new Map<string, string[]>();
  for (const total of totals) {
    const family = familyOf(total.identity);
    const lines = families.get(family.name) ?? headOf(family);
    const labels = labelsOf(total);
    for (const [suffix, value] of samplesOf(total, family.type)) {
      lines.push(`${family.name}${suffix}{${labels}} ${value}`);
    }
    families.set(family.name, lines);
  }
  const own = processSamples.flatMap((sample) => [...headOf(sample), `${sample.name} ${sample.value}`]);
  return `${[...[...families.values()].flat(), ...own].join('\n')}\n`;
};
