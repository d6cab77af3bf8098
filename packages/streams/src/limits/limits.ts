import { CALL_RATES, type CallScope, operationOfQuota } from './call-rates.ts';
import { QUOTAS, type QuotaName } from './quotas.ts';

/** The bounds that hold in this server. */
export interface Limits {
  readonly quotas: Readonly<Record<QuotaName, number>>;
  /** By operation; one that is not there is not counted. */
  readonly calls: ReadonlyMap<string, { readonly perSecond: number; readonly scope: CallScope }>;
}

/** `none`: only what somebody set; `aws`: all of AWS's, but for what somebody set. */
export type LimitsBase = 'none' | 'aws';

/** Values by the names of the tables. */
export type LimitOverrides = Readonly<Record<string, number>>;

/** A value that would fit no counter. */
const VALUE_MAX = Number.MAX_SAFE_INTEGER;

export const limitNames = (): string[] => [
  ...Object.keys(QUOTAS),
  ...Object.keys(CALL_RATES).map((operation) => `${operation}-calls-per-second`),
];

/** Reads `NAME=VALUE`; throws an Error that says what would be right. */
export const parseLimit = (text: string): readonly [name: string, value: number] => {
  const [name = '', digits = ''] = text.split('=').map((part) => part.trim());
  if (!Object.hasOwn(QUOTAS, name) && operationOfQuota(name) === undefined) {
    throw new Error(`There is no limit '${name}'. There are: ${limitNames().join(', ')}.`);
  }
  const value = Number(digits);
  if (!/^\d+$/.test(digits) || value > VALUE_MAX) throw new Error(`Give ${name} a whole number.`);
  return [name, value];
};

export const limitsOf = (base: LimitsBase, overrides: LimitOverrides = {}): Limits => {
  const rows = Object.entries(QUOTAS).map(([name, row]) => [
    name,
    overrides[name] ?? (base === 'aws' ? row.aws : row.off),
  ]);
  const calls = new Map<string, { perSecond: number; scope: CallScope }>();
  for (const [operation, { perSecond, scope }] of Object.entries(CALL_RATES)) {
    const value = overrides[`${operation}-calls-per-second`] ?? (base === 'aws' ? perSecond : undefined);
    if (value !== undefined) calls.set(operation, { perSecond: value, scope });
  }
  return { quotas: Object.fromEntries(rows) as Record<QuotaName, number>, calls };
};
