import { type LimitsBase, parseLimit } from '@millrace/streams/limits';

/**
 * Every setting of `millrace serve`: one row is the flag, the environment variable, the parsing, the bounds,
 * the help text and the line of docs/operations/configuration.md.
 */
export interface Setting<Value> {
  readonly flag: string;
  readonly environment: string;
  /** What stands for the value in the help text; absent for a switch. */
  readonly placeholder?: string;
  /** Undefined: off, or worked out from other settings. */
  readonly default: Value;
  /** Reads the text; throws an Error whose message says what would be right. */
  readonly parse: (text: string, previous: Value) => Value;
  readonly help: string;
}

const setting = <Value>(row: Setting<Value>): Setting<Value> => row;

const text = (value: string): string => value;

const oneOf =
  <Choice extends string>(...choices: readonly Choice[]) =>
  (value: string): Choice => {
    const choice = choices.find((candidate) => candidate === value);
    if (choice === undefined) throw new Error(`Choose one of: ${choices.join(', ')}.`);
    return choice;
  };

const matching =
  (form: RegExp, wanted: string) =>
  (value: string): string => {
    if (!form.test(value)) throw new Error(`Give ${wanted}.`);
    return value;
  };

const wholeNumber =
  (least: number, most: number) =>
  (value: string): number => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < least || number > most) {
      throw new Error(`Give a whole number from ${least} to ${most}.`);
    }
    return number;
  };

const isOn = (value: string): boolean => oneOf('true', 'false')(value) === 'true';

/** A stream to make at start when it does not exist. */
export interface StreamToMake {
  readonly name: string;
  readonly shardCount: number;
  /** The region setting when absent. */
  readonly region?: string;
}

const STREAM_FORM = /^([a-zA-Z0-9_.-]{1,128})(?::(\d{1,5}))?(?:@([a-z]{2}[a-z0-9-]+))?$/;

const streamsToMake = (value: string, previous: readonly StreamToMake[]): readonly StreamToMake[] => [
  ...previous,
  ...value.split(',').map((item) => {
    const [, name, shards, region] = STREAM_FORM.exec(item.trim()) ?? [];
    const shardCount = Number(shards ?? 1);
    if (name === undefined || shardCount < 1) {
      throw new Error('Give NAME, NAME:SHARDS or NAME:SHARDS@REGION, such as orders:4.');
    }
    return { name, shardCount, ...(region === undefined ? {} : { region }) };
  }),
];

/** Bounds by name, such as `shards=10`. */
type NamedLimits = readonly (readonly [name: string, value: number])[];

const namedLimits = (value: string, previous: NamedLimits): NamedLimits => [
  ...previous,
  ...value.split(',').map((item) => parseLimit(item)),
];

export const SETTINGS = {
  host: setting({
    flag: '--host',
    environment: 'MILLRACE_HOST',
    placeholder: 'address',
    default: '127.0.0.1',
    parse: text,
    help: 'address to listen on',
  }),
  port: setting({
    flag: '--port',
    environment: 'MILLRACE_PORT',
    placeholder: 'number',
    default: 4567,
    parse: wholeNumber(0, 65_535),
    help: 'one port for HTTP/1.1, HTTP/2 and TLS; 0 takes a free one',
  }),
  dataDir: setting({
    flag: '--data-dir',
    environment: 'MILLRACE_DATA_DIR',
    placeholder: 'path',
    default: './data',
    parse: text,
    help: 'where everything durable is kept; :memory: keeps it in memory until the process ends',
  }),
  stream: setting<readonly StreamToMake[]>({
    flag: '--stream',
    environment: 'MILLRACE_STREAMS',
    placeholder: 'name[:shards][@region]',
    default: [],
    parse: streamsToMake,
    help: 'a stream to create at start unless it exists; repeat it, or separate several by commas',
  }),
  durability: setting<'flush' | 'os'>({
    flag: '--durability',
    environment: 'MILLRACE_DURABILITY',
    placeholder: 'mode',
    default: 'flush',
    parse: oneOf('flush', 'os'),
    help: 'flush: acknowledged records are on the disk; os: the operating system has them, power loss may take the last ones',
  }),
  limits: setting<LimitsBase>({
    flag: '--limits',
    environment: 'MILLRACE_LIMITS',
    placeholder: 'whose',
    default: 'none',
    parse: oneOf('none', 'aws'),
    help: 'none: as fast as the machine; aws: every AWS quota and throttle, per shard, per stream and per account',
  }),
  limit: setting<NamedLimits>({
    flag: '--limit',
    environment: 'MILLRACE_LIMIT',
    placeholder: 'name=value',
    default: [],
    parse: namedLimits,
    help: 'one bound of --limits set otherwise, such as shards=10 or creating-ms=5000; repeat it, or separate several by commas; a wrong name lists them all',
  }),
  auth: setting<'none'>({
    flag: '--auth',
    environment: 'MILLRACE_AUTH',
    placeholder: 'mode',
    default: 'none',
    parse: oneOf('none'),
    help: 'none: every signature is taken as it is, so the server listens on loopback only',
  }),
  insecure: setting({
    flag: '--insecure',
    environment: 'MILLRACE_INSECURE',
    default: false,
    parse: isOn,
    help: 'listen on other addresses than loopback although --auth is none',
  }),
  accountId: setting({
    flag: '--account-id',
    environment: 'MILLRACE_ACCOUNT_ID',
    placeholder: 'digits',
    default: '000000000000',
    parse: matching(/^\d{12}$/, 'an account id of twelve digits'),
    help: 'the account of requests whose access key id is not itself an account id of twelve digits',
  }),
  region: setting({
    flag: '--region',
    environment: 'MILLRACE_REGION',
    placeholder: 'name',
    default: 'us-east-1',
    parse: matching(/^[a-z]{2}[a-z0-9-]+$/, 'a region such as eu-central-1'),
    help: 'the region of streams made with --stream; a request names its own in its signature',
  }),
  rootKeyFile: setting<string | undefined>({
    flag: '--root-key-file',
    environment: 'MILLRACE_ROOT_KEY_FILE',
    placeholder: 'file',
    default: undefined,
    parse: text,
    help: 'the root key above all encryption keys: 32 bytes in base64; without one it is made in the data directory, beside what it protects',
  }),
  rootKey: setting<string | undefined>({
    flag: '--root-key',
    environment: 'MILLRACE_ROOT_KEY',
    placeholder: 'base64',
    default: undefined,
    // Looked at later: an error here would print it.
    parse: text,
    help: 'the root key itself; use the variable, since others can see a command line',
  }),
  tlsCert: setting<string | undefined>({
    flag: '--tls-cert',
    environment: 'MILLRACE_TLS_CERT',
    placeholder: 'file',
    default: undefined,
    parse: text,
    help: 'certificate in PEM; without one a self-signed certificate is made and kept in the data directory',
  }),
  tlsKey: setting<string | undefined>({
    flag: '--tls-key',
    environment: 'MILLRACE_TLS_KEY',
    placeholder: 'file',
    default: undefined,
    parse: text,
    help: 'private key of --tls-cert in PEM',
  }),
  logLevel: setting({
    flag: '--log-level',
    environment: 'MILLRACE_LOG_LEVEL',
    placeholder: 'level',
    default: 'info',
    parse: oneOf('silent', 'error', 'warn', 'info', 'debug'),
    help: 'silent, error, warn, info or debug; logs go to standard error',
  }),
  logFormat: setting<'json' | 'pretty' | undefined>({
    flag: '--log-format',
    environment: 'MILLRACE_LOG_FORMAT',
    placeholder: 'format',
    default: undefined,
    parse: oneOf('json', 'pretty'),
    help: 'json or pretty; pretty on a terminal, json elsewhere',
  }),
};

export type Settings = {
  readonly [Key in keyof typeof SETTINGS]: (typeof SETTINGS)[Key] extends Setting<infer Value>
    ? Value
    : never;
};

export const DEFAULTS = Object.fromEntries(
  Object.entries(SETTINGS).map(([key, row]) => [key, row.default]),
) as unknown as Settings;
