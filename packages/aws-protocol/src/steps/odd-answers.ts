import type { HttpResponse } from '../exchange.ts';

/** Answers of AWS's front door, before it knows a service to speak for (recorded). */
const oddAnswer = (status: number, contentType: string, body: string): HttpResponse => ({
  status,
  headers: { 'content-type': contentType },
  body: Buffer.from(body, 'utf8'),
});

const xml = (status: number, body: string) => oddAnswer(status, 'application/xml', body);

const coralJson = (status: number, code: string) =>
  oddAnswer(
    status,
    'application/json',
    JSON.stringify({ Output: { __type: `com.amazon.coral.service#${code}` }, Version: '1.0' }),
  );

export const accessDenied = xml(
  403,
  '<AccessDeniedException>\n  <Message>Unable to determine service/operation name to be authorized</Message>\n</AccessDeniedException>\n',
);
export const unknownContentType = xml(404, '<UnknownOperationException/>\n');
export const plainJsonMalformed = coralJson(400, 'SerializationException');
export const plainJsonUnknown = coralJson(404, 'UnknownOperationException');
