import { storeTrouble } from '../errors.ts';
import type { TableChange, Tables } from '../store/tables.ts';

export interface Decision<Answer> {
  readonly changes: readonly TableChange[];
  readonly answer: Answer;
}

/**
 * Decides on a write by what is newest, in one turn of the event loop, and answers when that is durable. A refusal too
 * waits for what it looked at: it tells of a write that might still be taken back.
 */
export const decide = async <Answer>(tables: Tables, look: () => Decision<Answer>): Promise<Answer> => {
  let decision: Decision<Answer> | undefined;
  let refusal: unknown;
  try {
    decision = look();
  } catch (error) {
    refusal = error;
  }
  try {
    await tables.write(decision?.changes ?? []);
  } catch (error) {
    throw storeTrouble(error);
  }
  if (decision === undefined) throw refusal;
  return decision.answer;
};
