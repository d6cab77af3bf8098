/** `node scripts/tidy.ts`: the rules of the house. The tables are in scripts/tidy/, each with its reasons. */
import { dirname } from 'node:path';
import { RULES } from './tidy/rules.ts';
import { readTree } from './tidy/tree.ts';

const tree = readTree(dirname(import.meta.dirname));
const problems = Object.values(RULES).flatMap((rule) => rule(tree));

for (const { path, line, message } of problems) {
  process.stdout.write(`${path}${line === undefined ? '' : `:${line}`}  ${message}\n`);
}
process.exitCode = problems.length === 0 ? 0 : 1;
