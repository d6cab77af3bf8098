import type { Tables } from '../store/tables.ts';
import { decide } from './decide.ts';
import { type DecidedWrite, decideItemWrite, type ItemWrite } from './item-write.ts';

/** Writes one item; resolves when it is durable. */
export const carryOut = (tables: Tables, write: ItemWrite): Promise<DecidedWrite> =>
  decide(tables, () => {
    const decided = decideItemWrite(tables, write);
    return { changes: decided.change === undefined ? [] : [decided.change], answer: decided };
  });
