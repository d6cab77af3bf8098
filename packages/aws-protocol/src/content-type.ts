import type { HttpRequest } from './exchange.ts';

/** Without the parameters that may stand after a semicolon. */
export const contentTypeOf = (request: HttpRequest): string => {
  const header = request.headers['content-type'] ?? '';
  const end = header.indexOf(';');
  return (end < 0 ? header : header.slice(0, end)).trim().toLowerCase();
};
