import { createHash } from 'node:crypto';
import type { TransactWriteItem, TransactWriteItemsInput } from '@millrace/aws-model/dynamodb';
import { type CallContext, ServiceError } from '@millrace/aws-protocol';
import type { TablesDeps, TablesOperation } from '../deps.ts';
import { type CancellationReason, invalid, reasonOf, tokenReused, transactionCanceled } from '../errors.ts';
import { decide } from '../model/decide.ts';
import { type DecidedWrite, decideItemWrite, type ItemWrite } from '../model/item-write.ts';
import { TOKEN_LIFETIME_MS } from '../model/transaction-token.ts';
import { checkOf, deleteOf, putOf, updateOf } from '../model/write-requests.ts';
import { doneRecordId } from '../store/table-record.ts';
import type { TableChange, Tables } from '../store/tables.ts';
import { itemBytes } from '../values/size.ts';

/** API documentation. */
const TRANSACTION_BYTES_MAX = 4 * 1024 * 1024;

const writeOf = (item: TransactWriteItem, context: CallContext): ItemWrite => {
  const { Put: put, Delete: removal, Update: update, ConditionCheck: check } = item;
  const given = [put, removal, update, check].filter((one) => one !== undefined);
  if (given.length !== 1) {
    throw invalid('TransactItems can only contain one of Check, Put, Update or Delete');
  }
  if (put !== undefined) return putOf(put, context);
  if (removal !== undefined) return deleteOf(removal, context);
  if (check !== undefined) return checkOf(check, context);
  return updateOf(update as NonNullable<typeof update>, context).write;
};

const NO_REASON: CancellationReason = { Code: 'None' };

/** All of them, or the reasons why none of them. */
const decideAll = (tables: Tables, writes: readonly ItemWrite[]): readonly DecidedWrite[] => {
  const reasons: CancellationReason[] = [];
  const decided = writes.flatMap((write) => {
    try {
      const one = decideItemWrite(tables, write);
      reasons.push(NO_REASON);
      return [one];
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code === 'ResourceNotFoundException') throw error;
      reasons.push(reasonOf(error));
      return [];
    }
  });
  if (decided.length < writes.length) throw transactionCanceled(reasons);
  return decided;
};

const checkWhole = (decided: readonly DecidedWrite[]): void => {
  const places = new Set(decided.map(({ table, key }) => `${table.id}/${key}`));
  if (places.size < decided.length) {
    throw invalid('Transaction request cannot include multiple operations on one item');
  }
  const bytes = decided.reduce((sum, { after }) => sum + (after === undefined ? 0 : itemBytes(after)), 0);
  if (bytes > TRANSACTION_BYTES_MAX) {
    throw invalid('Collection size of all items in the transaction exceeded the maximum allowed');
  }
};

const digestOf = (input: TransactWriteItemsInput): string =>
  createHash('sha256').update(JSON.stringify(input.TransactItems)).digest('base64');

/** The record that remembers the call; undefined for a call that was carried out before. */
const doneChange = (
  input: TransactWriteItemsInput,
  { tables, clock }: TablesDeps,
  { account, region }: CallContext,
): TableChange | 'none' | undefined => {
  if (input.ClientRequestToken === undefined) return 'none';
  const id = doneRecordId(account, region, input.ClientRequestToken);
  const digest = digestOf(input);
  const atMs = clock.now();
  const known = tables.records.newest(id);
  if (known !== undefined && 'done' in known && atMs - known.done.atMs < TOKEN_LIFETIME_MS) {
    if (known.done.digest !== digest) throw tokenReused();
    return undefined;
  }
  return { id, record: { done: { digest, atMs } } };
};

/** One write to the log: after a crash all of it is there or nothing. */
export const transactWriteItems: TablesOperation<'TransactWriteItems'> = async (input, deps, context) => {
  const { tables } = deps;
  const writes = input.TransactItems.map((item) => writeOf(item, context));
  return decide(tables, () => {
    const done = doneChange(input, deps, context);
    if (done === undefined) return { changes: [], answer: {} };
    const decided = decideAll(tables, writes);
    checkWhole(decided);
    const changes = decided.flatMap(({ change }) => (change === undefined ? [] : [change]));
    return { changes: done === 'none' ? changes : [...changes, done], answer: {} };
  });
};
