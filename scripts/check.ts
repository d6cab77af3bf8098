/** `npm run check`: everything that `npm test` proves without running a test. */
import { dirname } from 'node:path';
import { CHECKS } from './check/checks.ts';
import { runChecks } from './check/run-checks.ts';

const failed = await runChecks(dirname(import.meta.dirname), CHECKS);
const verdict = failed.length === 0 ? 'all checks passed' : `failed: ${failed.join(', ')}`;
process.stdout.write(`\n${verdict}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
