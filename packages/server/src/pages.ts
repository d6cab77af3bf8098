import type { HttpRequest, HttpResponse } from '@millrace/aws-protocol';
import { PROMETHEUS_TYPE } from '@millrace/telemetry';

type Page = () => HttpResponse;

const json = (value: object): HttpResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify(value)),
});

export interface PageSources {
  /** Metrics in Prometheus's text format. */
  readonly prometheus: () => string;
}

/** What a plain GET finds beside the AWS APIs. The port listens only when recovery is done. */
export const createPages = ({ prometheus }: PageSources) => {
  const pages: Readonly<Record<string, Page>> = {
    '/health': () => json({ status: 'ok' }),
    '/metrics': () => ({
      status: 200,
      headers: { 'content-type': PROMETHEUS_TYPE },
      body: Buffer.from(prometheus()),
    }),
  };
  return (request: HttpRequest): HttpResponse | undefined =>
    request.method === 'GET' && Object.hasOwn(pages, request.target) ? pages[request.target]?.() : undefined;
};
