import { GetRecordsCommand, type GetRecordsCommandInput } from '@aws-sdk/client-kinesis';
import { type JsonRecord, jsonRecord } from './json-record.ts';
import { FIRST, readFirst } from './own-response.ts';
import { type AwsAnswer, recordsAnswer } from './sdk-answers.ts';
import type { RecordsAnswer } from './transport.ts';

const CONTENT_TYPE = /^application\/x-amz-json/;
/** What the SDK reads instead. */
const NOTHING = Buffer.from('{}');

const textOf = async (body: AsyncIterable<Uint8Array>): Promise<string> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

export interface GetRecordsCall {
  readonly command: GetRecordsCommand;
  /** When the command has been sent: undefined when the SDK has read the answer after all. */
  readonly answer: () => RecordsAnswer | undefined;
}

/** GetRecords by the SDK, but for the reading of its answer. */
export const getRecordsCommand = (input: GetRecordsCommandInput): GetRecordsCall => {
  const command = new GetRecordsCommand(input);
  let answer: RecordsAnswer | undefined;
  const reader = readFirst(CONTENT_TYPE, async (response) => {
    const text = await textOf(response.body);
    Object.assign(response, { body: NOTHING });
    const json: AwsAnswer<JsonRecord> = JSON.parse(text);
    answer = recordsAnswer(json, jsonRecord);
  });
  command.middlewareStack.add(reader, FIRST);
  return { command, answer: () => answer };
};
