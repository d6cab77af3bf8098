const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/monitoring/aws4_request, SignedHeaders=host, Signature=0';

/** Asks the CloudWatch of the same endpoint. */
const ask = async <Output>(endpoint: string, operation: string, input: object): Promise<Output> => {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `GraniteServiceVersion20100801.${operation}`,
      'x-amz-date': '20260101T000000Z',
      authorization: AUTHORIZATION,
    },
    body: JSON.stringify(input),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${operation} answered ${answer.status} ${text}`);
  return JSON.parse(text);
};

interface Metric {
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
}

/** All that an application has put. */
export const metricsOf = async (endpoint: string, Namespace: string): Promise<readonly Metric[]> => {
  const { Metrics } = await ask<{ Metrics: Metric[] }>(endpoint, 'ListMetrics', { Namespace });
  return Metrics;
};

/** Of the last hour. */
export const sumOf = async (
  endpoint: string,
  Namespace: string,
  { MetricName, Dimensions }: Metric,
): Promise<number> => {
  const nowS = Math.ceil(Date.now() / 1000);
  const { Datapoints } = await ask<{ Datapoints: { Sum: number }[] }>(endpoint, 'GetMetricStatistics', {
    Namespace,
    MetricName,
    Dimensions,
    StartTime: nowS - 3_600,
    EndTime: nowS + 60,
    Period: 60,
    Statistics: ['Sum'],
  });
  return Datapoints.reduce((sum, { Sum }) => sum + Sum, 0);
};
