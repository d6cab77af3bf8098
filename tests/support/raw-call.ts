import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

const CREDENTIAL =
  'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host;x-amz-date, Signature=0';

/** A call without an SDK, for bodies that no SDK would send. */
export const rawCall = async (
  endpoint: string,
  operation: string,
  body: string | Uint8Array<ArrayBuffer>,
  contentType = 'application/x-amz-json-1.1',
): Promise<Answer> => {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': contentType,
      'x-amz-target': `Kinesis_20131202.${operation}`,
      'x-amz-date': '20260101T000000Z',
      authorization: CREDENTIAL,
    },
    body,
  });
  return { status: answer.status, headers: answer.headers, body: await answer.text() };
};

/** A JSON call that must succeed. */
export const call = async <Output>(endpoint: string, operation: string, input: object): Promise<Output> => {
  const { status, body } = await rawCall(endpoint, operation, JSON.stringify(input));
  if (status !== 200) throw new Error(`${operation} answered ${status} ${body}`);
  return (body === '' ? {} : JSON.parse(body)) as Output;
};

export const openSocket = async (port: number): Promise<Socket> => {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
};
