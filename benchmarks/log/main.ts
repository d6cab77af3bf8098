import { DISK_ROWS } from './disk-rows.ts';
import { OVERLOAD_ROW } from './overload-row.ts';
import { READ_ROWS } from './read-rows.ts';
import type { Row } from './row.ts';
import { WRITE_ROWS } from './write-rows.ts';

const ROWS: readonly Row[] = [...WRITE_ROWS, OVERLOAD_ROW, ...READ_ROWS, ...DISK_ROWS];

/** What does the log make of this machine? One row per goal, as it is reached. */
export const log = async (size: { small: boolean }): Promise<void> => {
  process.stdout.write('\nThe log\n');
  for (const { question, toReach, measure } of ROWS) {
    process.stdout.write(`  ${question.padEnd(62)} (${toReach})\n      ${await measure(size)}\n`);
  }
};
