/** Readers of the values; each throws an `Error` that says what would be right. */
import { SETTINGS, type Settings } from '@millrace/consumer';

export const text = (value: string): string => {
  if (value === '') throw new Error('must not be empty');
  return value;
};

/** None, when nothing stands behind the key. */
export const optionalText = (value: string): string | undefined => (value === '' ? undefined : value);

/** The program and its arguments; blanks separate them, and nothing quotes. */
export const words = (value: string): readonly string[] => text(value).split(/ +/);

export const url = (value: string): string => {
  if (!/^https?:\/\//.test(value) || !URL.canParse(value)) {
    throw new Error('must be a URL such as http://127.0.0.1:4567');
  }
  return value;
};

export const wholeNumber =
  (least: number, most: number) =>
  (value: string): number => {
    const number = Number(value);
    if (/^[+-]?\d+$/.test(value) && number >= least && number <= most) return number;
    throw new Error(`must be a whole number from ${least} to ${most}`);
  };

/** One of the words in any case; the table says what each stands for. */
export const oneOf =
  <Value>(table: Readonly<Record<string, Value>>) =>
  (value: string): Value => {
    const key = value.toUpperCase();
    if (Object.hasOwn(table, key)) return table[key] as Value;
    throw new Error(`must be one of ${Object.keys(table).join(', ')}`);
  };

export const flag = oneOf({ TRUE: true, FALSE: false });

const DIMENSIONS = ['Operation', 'ShardId', 'StreamId', 'WorkerIdentifier'];

/** A list of the names by which metrics are told apart; ALL for all of them. */
export const dimensions = (value: string): string => {
  const names = value.split(',').map((name) => name.trim());
  if (names.includes('ALL')) return DIMENSIONS.join();
  const wrong = names.filter((name) => !DIMENSIONS.includes(name));
  if (wrong.length > 0) throw new Error(`must be some of ${DIMENSIONS.join()}, or ALL`);
  return names.join();
};

/** `arn:aws:kinesis:us-east-1:000000000000:stream/orders` */
const STREAM_ARN = /^arn:[\w-]+:kinesis:([\w-]+):(\d{12}):stream\/([\w.-]{1,128})$/;

export interface StreamArn {
  readonly region: string;
  readonly streamName: string;
}

export const streamArn = (value: string): StreamArn => {
  const [, region = '', , streamName = ''] = STREAM_ARN.exec(value) ?? [];
  if (streamName === '') throw new Error('must be arn:aws:kinesis:<region>:<account>:stream/<name>');
  return { region, streamName };
};

/** What the consumer's own setting takes. */
export const boundsOf = <Name extends keyof Settings>(name: Name): ((value: string) => Settings[Name]) => {
  const { default: usual, range = [] }: { readonly default: unknown; readonly range?: readonly unknown[] } =
    SETTINGS[name];
  const [least, most] = range.map(Number);
  const read = typeof usual === 'boolean' ? flag : wholeNumber(least ?? 0, most ?? Number.MAX_SAFE_INTEGER);
  return read as (value: string) => Settings[Name];
};
