import type { MetricDataResult } from '@millrace/aws-model/cloudwatch';
import { invalidNextToken } from './errors.ts';

const TOKEN_FORM = /^after-(\d{1,9})$/;

const offsetOf = (token: string | undefined): number => {
  if (token === undefined) return 0;
  const count = TOKEN_FORM.exec(token)?.[1];
  if (count === undefined) throw invalidNextToken();
  return Number(count);
};

/** The datapoints from the token on, counted through all results, at most `max` of them. */
export const pageOf = (results: readonly MetricDataResult[], token: string | undefined, max: number) => {
  const from = offsetOf(token);
  let start = 0;
  const page = results.map((result): MetricDataResult => {
    const count = result.Values?.length ?? 0;
    const first = Math.max(0, from - start);
    const end = Math.max(0, Math.min(count, from + max - start));
    start += count;
    return {
      ...result,
      Timestamps: result.Timestamps?.slice(first, end),
      Values: result.Values?.slice(first, end),
      StatusCode: end < count ? 'PartialData' : 'Complete',
    };
  });
  return { MetricDataResults: page, NextToken: start > from + max ? `after-${from + max}` : undefined };
};
