import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(import.meta.resolve('@millrace/server/main'));
const SMALL_LIMITS = fileURLToPath(new URL('./small-limits-server.ts', import.meta.url));

const SLOW_DISK_SERVER = fileURLToPath(new URL('./slow-disk-server.ts', import.meta.url));

/** A program that serves, to be followed by `--data-dir` and a directory. */
export type Program = readonly string[];

/** What users run. */
export const COMMAND_LINE: Program = [MAIN, 'serve', '--port', '0'];

/** The same with small files, so that all that happens to files happens often. */
export const SMALL_FILES: Program = [SMALL_LIMITS];

/** One whose disk is slow. */
export const SLOW_DISK: Program = [SLOW_DISK_SERVER];
