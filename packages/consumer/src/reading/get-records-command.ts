import { GetRecordsCommand, type GetRecordsCommandInput } from '@aws-sdk/client-kinesis';
import { childShard } from './sdk-answers.ts';
import type { RecordsAnswer, StoredRecord } from './transport.ts';

/** GetRecords' answer in AWS's JSON. Data are base64; times are seconds since the epoch, with a fraction. */
interface JsonAnswer {
  readonly Records?: readonly JsonRecord[] | null;
  readonly NextShardIterator?: string | null;
  readonly MillisBehindLatest?: number | null;
  readonly ChildShards?: readonly Parameters<typeof childShard>[0][] | null;
}

interface JsonRecord {
  readonly SequenceNumber: string;
  /** Absent where records are put without one. */
  readonly PartitionKey?: string | null;
  readonly Data: string;
  readonly ApproximateArrivalTimestamp?: number | null;
}

const CONTENT_TYPE = /^application\/x-amz-json/;
/** What the SDK reads instead. */
const NOTHING = Buffer.from('{}');

interface Response {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  body: unknown;
}

const isResponse = (response: unknown): response is Response =>
  typeof response === 'object' && response !== null && 'statusCode' in response && 'headers' in response;

const isStream = (body: unknown): body is AsyncIterable<Uint8Array> =>
  typeof body === 'object' && body !== null && Symbol.asyncIterator in body;

const textOf = async (body: AsyncIterable<Uint8Array>): Promise<string> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

const storedRecord = (record: JsonRecord): StoredRecord => ({
  sequenceNumber: record.SequenceNumber,
  partitionKey: record.PartitionKey ?? '',
  data: Buffer.from(record.Data, 'base64'),
  arrived: new Date(Math.round((record.ApproximateArrivalTimestamp ?? 0) * 1_000)),
});

const recordsAnswer = (answer: JsonAnswer): RecordsAnswer => ({
  records: (answer.Records ?? []).map(storedRecord),
  nextIterator: answer.NextShardIterator ?? undefined,
  millisBehindLatest: answer.MillisBehindLatest ?? 0,
  childShards: (answer.ChildShards ?? []).map(childShard),
});

export interface ReadGetRecords {
  readonly command: GetRecordsCommand;
  /** When the command has been sent: undefined when the SDK has read the answer after all, as it does with errors. */
  readonly answer: () => RecordsAnswer | undefined;
}

/**
 * GetRecords by the SDK, which finds credentials, signs, sends, and reads what is no success; but a success is read
 * here. The SDK's own reader goes through every record by its schema, and that was half of a consumer's work.
 */
export const getRecordsCommand = (input: GetRecordsCommandInput): ReadGetRecords => {
  const command = new GetRecordsCommand(input);
  let answer: RecordsAnswer | undefined;
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { response } = result;
      if (!isResponse(response) || response.statusCode !== 200 || !isStream(response.body)) return result;
      if (!CONTENT_TYPE.test(response.headers['content-type'] ?? '')) return result;
      const text = await textOf(response.body);
      response.body = NOTHING;
      answer = recordsAnswer(JSON.parse(text));
      return result;
    },
    // The SDK's own step of this kind comes after it.
    { step: 'deserialize', priority: 'low', name: 'getRecordsBody' },
  );
  return { command, answer: () => answer };
};
