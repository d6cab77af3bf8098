/** `npm test`: the checks, then every test, each file in a process of its own. See USAGE for how to run a part. */
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { CHECKS } from './check/checks.ts';
import { runChecks } from './check/run-checks.ts';
import { parseArguments, type TestArguments, USAGE } from './test/arguments.ts';
import { deadlineMsOf, findTests } from './test/find-tests.ts';
import { countOf, printFailures, printFile, write } from './test/print.ts';
import { type FileResult, killAll, runFile } from './test/run-file.ts';

/** On a terminal, runs of so few files tell every sentence. */
const FEW_FILES = 10;

const root = dirname(import.meta.dirname);

if (process.argv.includes('--help')) {
  write(USAGE);
  process.exit(0);
}

const readArguments = (): TestArguments => {
  try {
    return parseArguments(process.argv.slice(2));
  } catch (error) {
    write(`${error instanceof Error ? error.message : error}\n`);
    return process.exit(2);
  }
};

const { check, verbose, concurrency = availableParallelism(), patterns, nodeFlags } = readArguments();
const files = findTests(root, patterns);
const tellAll = verbose || (process.stdout.isTTY === true && files.length <= FEW_FILES);

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    killAll();
    process.exit(1);
  });
}

const results: FileResult[] = [];
const waiting = [...files];

const work = async (): Promise<void> => {
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const result = await runFile(path, { deadlineMs: deadlineMsOf(path), nodeFlags, cwd: root });
    results.push(result);
    printFile(result, tellAll);
  }
};

const failedChecks = check ? await runChecks(root, CHECKS) : [];
await Promise.all(Array.from({ length: concurrency }, work));

printFailures(results);
const counts = countOf(results);
const ran = counts.passed + counts.failed;
if (ran === 0) write(`no test ran${patterns.length > 0 ? `: nothing fits ${patterns.join(', ')}` : ''}\n`);
if (failedChecks.length > 0) write(`failed checks: ${failedChecks.join(', ')}\n`);
const passed = counts.passed + (check ? CHECKS.length - failedChecks.length : 0);
const failed = counts.failed + failedChecks.length;
write(`\n${passed} passed, ${failed} failed, ${counts.skipped} skipped\n`);
process.exitCode = failed > 0 || ran === 0 ? 1 : 0;
