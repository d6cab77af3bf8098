import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { UserRecord } from '@millrace/aggregation';

const CONTENT_TYPE = 'application/x-amz-json-1.1';

/** What an entry takes beside its texts and its data. */
const ENTRY_BYTES_MAX = 128;
/** A UTF-16 unit of a key as JSON: `\u` and four digits. */
const UNIT_BYTES_MAX = 6;

const entryBytesMax = ({ partitionKey, data }: UserRecord): number =>
  ENTRY_BYTES_MAX + partitionKey.length * UNIT_BYTES_MAX + Math.ceil(data.length / 3) * 4;

const entryOf = ({ partitionKey, explicitHashKey, data }: UserRecord): string => {
  const base64 = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
  const hashKey = explicitHashKey === undefined ? '' : `"ExplicitHashKey":"${explicitHashKey}",`;
  return `{${hashKey}"PartitionKey":${JSON.stringify(partitionKey)},"Data":"${base64}"}`;
};

/** Written entry by entry into one buffer: a text of all would be copied twice more. */
const bodyOf = (streamName: string, records: readonly UserRecord[]): Buffer => {
  const head = `{"StreamName":${JSON.stringify(streamName)},"Records":[`;
  let bytesMax = head.length * UNIT_BYTES_MAX + ENTRY_BYTES_MAX;
  for (const record of records) bytesMax += entryBytesMax(record);
  const body = Buffer.allocUnsafe(bytesMax);
  let at = body.write(head);
  let separator = '';
  for (const record of records) {
    at += body.write(separator + entryOf(record), at);
    separator = ',';
  }
  at += body.write(']}', at);
  return body.subarray(0, at);
};

interface Request {
  readonly headers: Readonly<Record<string, string>>;
}

const isRequest = (request: unknown): request is Request =>
  typeof request === 'object' && request !== null && 'headers' in request;

/** Says what the SDK would have written. */
const withBody = (request: unknown, body: Buffer): unknown => {
  if (!isRequest(request)) return request;
  const headers = { ...request.headers, 'content-type': CONTENT_TYPE, 'content-length': String(body.length) };
  return Object.assign(request, { headers, body });
};

/**
 * PutRecords by the SDK, which finds credentials, signs, sends, and reads the answer; but its body is written here.
 * The SDK's own serialiser goes through every record by its schema, and that was half of a producer's work.
 */
export const putRecordsCommand = (streamName: string, records: readonly UserRecord[]): PutRecordsCommand => {
  const command = new PutRecordsCommand({ StreamName: streamName, Records: [] });
  const body = bodyOf(streamName, records);
  command.middlewareStack.add((next) => (args) => next({ ...args, request: withBody(args.request, body) }), {
    step: 'build',
    priority: 'high',
    name: 'putRecordsBody',
  });
  return command;
};

/** The same with nothing of ours in it, for clients that are not ours: they may look at its input. */
export const plainPutRecordsCommand = (
  StreamName: string,
  records: readonly UserRecord[],
): PutRecordsCommand =>
  new PutRecordsCommand({
    StreamName,
    Records: records.map(({ partitionKey, explicitHashKey, data }) => ({
      PartitionKey: partitionKey,
      ExplicitHashKey: explicitHashKey,
      Data: data,
    })),
  });
