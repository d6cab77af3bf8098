import type { BatchGetItemOutput, KeysAndAttributes } from '@millrace/aws-model/dynamodb';
import type { TablesOperation } from '../deps.ts';
import { invalid } from '../errors.ts';
import { itemReader } from '../model/read-item.ts';
import { itemBytes } from '../values/size.ts';
import { type WireItem, writeItem } from '../values/wire.ts';

/** Of one call, all tables together (API documentation). */
const KEYS_MAX = 100;
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;

const checkKeys = (requests: readonly KeysAndAttributes[]): void => {
  const count = requests.reduce((sum, { Keys: keys }) => sum + keys.length, 0);
  if (count > KEYS_MAX) throw invalid('Too many items requested for the BatchGetItem call');
  for (const { Keys: keys } of requests) {
    const distinct = new Set(keys.map((key) => JSON.stringify(Object.entries(key).sort())));
    if (distinct.size < keys.length) throw invalid('Provided list of item keys contains duplicates');
  }
};

/** What does not fit the answer is handed back as unprocessed, to be asked for again. */
export const batchGetItem: TablesOperation<'BatchGetItem'> = async (input, { tables }, context) => {
  const requests = Object.entries(input.RequestItems);
  checkKeys(requests.map(([, request]) => request));
  const answers: Record<string, WireItem[]> = Object.create(null);
  const unprocessed: Record<string, KeysAndAttributes> = Object.create(null);
  let bytes = 0;
  for (const [name, request] of requests) {
    const read = itemReader(tables, { ...request, TableName: name }, context);
    const found: WireItem[] = [];
    const left: WireItem[] = [];
    for (const key of request.Keys) {
      const item = bytes >= ANSWER_BYTES_MAX ? undefined : read(key);
      if (bytes >= ANSWER_BYTES_MAX) left.push(key);
      if (item === undefined) continue;
      bytes += itemBytes(item);
      found.push(writeItem(item));
    }
    answers[name] = found;
    if (left.length > 0) unprocessed[name] = { ...request, Keys: left };
  }
  return { Responses: answers, UnprocessedKeys: unprocessed } satisfies BatchGetItemOutput;
};
