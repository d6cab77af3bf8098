import type { HttpRequest, HttpResponse } from '@millrace/aws-protocol';

type Page = () => HttpResponse;

const json = (value: object): HttpResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify(value)),
});

/** What a plain GET finds beside the AWS APIs. The port listens only when recovery is done. */
const PAGES: Readonly<Record<string, Page>> = {
  '/health': () => json({ status: 'ok' }),
};

export const pages = (request: HttpRequest): HttpResponse | undefined =>
  request.method === 'GET' ? PAGES[request.target]?.() : undefined;
