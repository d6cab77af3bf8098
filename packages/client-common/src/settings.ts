export type SettingUnit =
  | 'ms'
  | 'bytes'
  | 'records'
  | 'percent'
  | 'connections'
  | 'puts'
  | 'leases'
  | 'batches'
  | 'KiB/s';

/** One row per setting: its type, default and bounds, its name in AWS's library, and what the manual says of it. */
export interface Setting<Value> {
  readonly unit?: SettingUnit;
  readonly default: Value;
  /** Of a number: both ends allowed. Of a word: the choices. */
  readonly range?: readonly Value[];
  /** The same setting of AWS's library; undefined for those of our own. */
  readonly awsName?: string;
  readonly help: string;
}

export const setting = <Value>(row: Setting<Value>): Setting<Value> => row;

export type SettingsOf<Table> = {
  readonly [Key in keyof Table]: Table[Key] extends Setting<infer Value> ? Value : never;
};

/** Settings that contradict each other. */
export interface SettingsRule<Settings> {
  readonly broken: (settings: Settings) => boolean;
  readonly advice: string;
}

/** What is wrong with a value; undefined when it will do. */
const fault = (row: Setting<unknown>, value: unknown): string | undefined => {
  const { range } = row;
  if (typeof value !== typeof row.default) return `must be a ${typeof row.default}`;
  if (range === undefined) return undefined;
  if (typeof value !== 'number')
    return range.includes(value) ? undefined : `must be one of ${range.join(', ')}`;
  const [least, most] = range as readonly [number, number];
  // Some bounds are no whole numbers: Infinity stands for none.
  const isWhole = Number.isInteger(value) || value === most;
  return isWhole && value >= least && value <= most
    ? undefined
    : `must be a whole number from ${least} to ${most}`;
};

/** What is not given has its default. Throws what `invalid` makes of a sentence that says what would be right. */
export const checkSettings = <const Table extends object>(
  table: Table,
  given: Partial<SettingsOf<Table>>,
  rules: readonly SettingsRule<SettingsOf<Table>>[],
  invalid: (message: string) => Error,
): SettingsOf<Table> => {
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(table, key));
  if (unknown !== undefined) throw invalid(`${unknown} is no setting`);
  const entries = Object.entries(table as Readonly<Record<string, Setting<unknown>>>).map(([key, row]) => {
    const value = given[key as keyof Table] ?? row.default;
    const wrong = fault(row, value);
    if (wrong !== undefined) throw invalid(`${key} ${wrong}`);
    return [key, value];
  });
  const settings: SettingsOf<Table> = Object.fromEntries(entries);
  const rule = rules.find(({ broken }) => broken(settings));
  if (rule !== undefined) throw invalid(rule.advice);
  return settings;
};
