import type { Settings } from '@millrace/consumer';
import { DaemonError } from '../errors.ts';
import { type Property, parseProperties } from '../properties/parse-properties.ts';
import { configFrom, type DaemonConfig, type Said } from './config.ts';
import { isFixedValue, type Key, keyOf, meantBy } from './keys.ts';

export interface IgnoredProperty {
  /** Without meaning here, or nobody knows it. */
  readonly kind: 'propertyIgnored' | 'propertyUnknown';
  readonly line: number;
  readonly key: string;
  readonly reason: string;
}

export interface ReadConfig {
  readonly config: DaemonConfig;
  readonly ignored: readonly IgnoredProperty[];
}

interface Problem {
  /** Undefined when something is missing from the whole file. */
  readonly line?: number;
  readonly message: string;
}

class Reading {
  said: Partial<Said> = {};
  settings: Partial<Settings> = {};
  isPollingSet = false;
  readonly ignored: IgnoredProperty[] = [];
  readonly problems: Problem[] = [];

  take({ key: name, value: raw, line }: Property): void {
    const { key } = keyOf(name);
    if (key === undefined) this.#unknown(name, line);
    else this.#read(key, raw.trim(), name, line);
  }

  #read(key: Key, value: string, name: string, line: number): void {
    if (key.kind !== 'says' && key.kind !== 'fixed') this.isPollingSet ||= key.isPolling;
    try {
      this.#keep(key, value, name, line);
    } catch (error) {
      this.problems.push({ line, message: `${name} ${error instanceof Error ? error.message : error}` });
    }
  }

  #keep(key: Key, value: string, name: string, line: number): void {
    if (key.kind === 'says') this.said = { ...this.said, ...key.read(value) };
    else if (key.kind === 'setting') this.settings = { ...this.settings, ...key.read(value) };
    else if (key.kind === 'ignored') this.#pass('propertyIgnored', line, name, key.reason);
    else if (!isFixedValue(key.value, value)) throw new Error(`can only be ${key.value}: ${key.reason}`);
  }

  #unknown(name: string, line: number): void {
    const meant = meantBy(name);
    const reason = meant === undefined ? 'no such property' : `no such property; did you mean ${meant}?`;
    this.#pass('propertyUnknown', line, name, reason);
  }

  #pass(kind: IgnoredProperty['kind'], line: number, key: string, reason: string): void {
    this.ignored.push({ kind, line, key, reason });
  }
}

const NEEDED = [
  ['executable', 'executableName, the program to run for each shard, such as executableName = node app.js'],
  ['applicationName', 'applicationName, which names the application and its lease table'],
] as const;

const shown = ({ line, message }: Problem): string =>
  line === undefined ? `  ${message}` : `  line ${line}: ${message}`;

const refuse = (problems: readonly Problem[]): never => {
  const sorted = problems.toSorted((a, b) => (a.line ?? Infinity) - (b.line ?? Infinity));
  const count = sorted.length === 1 ? 'a problem' : `${sorted.length} problems`;
  throw new DaemonError('BadProperties', `${count} in the properties:\n${sorted.map(shown).join('\n')}`);
};

/** No problem by itself, but maybe the reason of one: a name that was spelled wrong. */
const unknownIn = (ignored: readonly IgnoredProperty[]): readonly Problem[] =>
  ignored
    .filter(({ kind }) => kind === 'propertyUnknown')
    .map(({ line, key, reason }) => ({ line, message: `${key}: ${reason}` }));

/** Of two properties with the same key the later one counts, and the other is not even looked at. */
const lastOfEach = (properties: readonly Property[]): readonly Property[] => [
  ...new Map(properties.map((property) => [keyOf(property.key).name, property])).values(),
];

/** Reads the text of a properties file. Throws a `DaemonError` with all that is wrong in it. */
export const readConfig = (text: string): ReadConfig => {
  const { properties, misspellings } = parseProperties(text);
  const reading = new Reading();
  reading.problems.push(...misspellings);
  for (const property of lastOfEach(properties)) reading.take(property);
  const { said, settings, problems, ignored, isPollingSet } = reading;
  const tried = new Set(properties.map(({ key }) => keyOf(key).name));
  for (const [name, what] of NEEDED) {
    if (said[name] === undefined && !tried.has(what.slice(0, what.indexOf(',')))) {
      problems.push({ message: `missing: ${what}` });
    }
  }
  const streamName = said.streamArn?.streamName ?? said.streamName;
  if (streamName === undefined && !tried.has('streamArn') && !tried.has('streamName')) {
    problems.push({ message: 'missing: streamName or streamArn' });
  }
  const { executable, applicationName } = said;
  if (problems.length > 0 || executable === undefined || applicationName === undefined)
    return refuse([...problems, ...unknownIn(ignored)]);
  const config = configFrom(
    { ...said, executable, applicationName },
    streamName ?? '',
    settings,
    isPollingSet,
  );
  return { config, ignored };
};
