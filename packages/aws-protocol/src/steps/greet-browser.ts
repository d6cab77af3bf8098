import type { Exchange, HttpRequest } from '../exchange.ts';
import type { Step } from './step.ts';

/** As AWS answers (recorded): two days. */
const MAX_AGE_S = '172800';
const EXPOSED = 'x-amzn-requestid,x-amzn-errortype,x-amz-request-id,x-amz-id-2,x-amzn-errormessage,date';
const NONE: Readonly<Record<string, string>> = {};
const ORDINARY: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': EXPOSED,
};

/** What a browser wants to see on an answer to a page of another origin. */
export const crossOriginHeaders = (request: HttpRequest): Readonly<Record<string, string>> =>
  request.headers.origin === undefined ? NONE : ORDINARY;

const granted = ({ headers }: HttpRequest): Record<string, string> => {
  const grants: Record<string, string> = { 'access-control-max-age': MAX_AGE_S };
  const asked = headers['access-control-request-headers'];
  const method = headers['access-control-request-method'];
  if (asked !== undefined) grants['access-control-allow-headers'] = asked;
  if (method !== undefined) grants['access-control-allow-methods'] = method;
  return grants;
};

/** A browser asks for leave before it sends a request with headers like ours; it gets it. */
export const greetBrowser: Step = (exchange: Exchange) => {
  const { request } = exchange;
  if (request.method !== 'OPTIONS' || request.headers.origin === undefined) return;
  exchange.response = { status: 200, headers: granted(request), body: new Uint8Array(0) };
};
