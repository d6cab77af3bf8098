import { InvalidArgumentError } from 'commander';

/** Where reading begins. `ago` is in milliseconds before now, `time` in epoch milliseconds. */
export type Start =
  | { readonly type: 'earliest' }
  | { readonly type: 'latest' }
  | { readonly type: 'time'; readonly timeMs: number }
  | { readonly type: 'ago'; readonly agoMs: number };

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export const parseStart = (text: string): Start => {
  if (text === 'earliest' || text === 'latest') return { type: text };
  const [, count, unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const unitMs = UNIT_MS[unit];
  if (unitMs !== undefined) return { type: 'ago', agoMs: Number(count) * unitMs };
  const timeMs = Date.parse(text);
  if (Number.isNaN(timeMs)) {
    throw new InvalidArgumentError(
      'Give earliest, latest, a time such as 2026-05-01T12:00:00Z, or 15m for 15 minutes ago.',
    );
  }
  return { type: 'time', timeMs };
};
