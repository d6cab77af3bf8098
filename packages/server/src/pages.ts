import type { HttpRequest, HttpResponse } from '@millrace/aws-protocol';
import { PROMETHEUS_TYPE } from '@millrace/telemetry';
import type { HealthAnswer } from './health/health-report.ts';
import type { HealthStatus } from './health/problems.ts';

type Page = () => HttpResponse;

/** A degraded server still serves readers and mostly writers too: taking it out of use would make it worse. */
const HTTP_STATUS: Readonly<Record<HealthStatus, number>> = { ok: 200, degraded: 200, failed: 503 };

export interface PageSources {
  readonly health: () => HealthAnswer;
  /** Metrics in Prometheus's text format. */
  readonly prometheus: () => string;
}

/** What a plain GET finds beside the AWS APIs. The port listens only when recovery is done. */
export const createPages = ({ health, prometheus }: PageSources) => {
  const pages: Readonly<Record<string, Page>> = {
    '/health': () => {
      const answer = health();
      return {
        status: HTTP_STATUS[answer.status],
        headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
        body: Buffer.from(JSON.stringify(answer)),
      };
    },
    '/metrics': () => ({
      status: 200,
      headers: { 'content-type': PROMETHEUS_TYPE },
      body: Buffer.from(prometheus()),
    }),
  };
  return (request: HttpRequest): HttpResponse | undefined =>
    request.method === 'GET' && Object.hasOwn(pages, request.target) ? pages[request.target]?.() : undefined;
};
