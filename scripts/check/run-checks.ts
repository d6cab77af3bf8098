import { spawn } from 'node:child_process';
import { styleText } from 'node:util';
import type { Check } from './checks.ts';

const CHECK_DEADLINE_MS = 180_000;

interface Outcome {
  readonly failed: boolean;
  readonly output: string;
  readonly seconds: string;
}

const run = (root: string, { script, args }: Check): Promise<Outcome> =>
  new Promise((resolve) => {
    const startedMs = performance.now();
    const child = spawn(process.execPath, [script, ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: CHECK_DEADLINE_MS,
      killSignal: 'SIGKILL',
    });
    const output: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => output.push(chunk));
    child.once('close', (code, signal) => {
      if (signal !== null) output.push(Buffer.from(`\nended by ${signal}\n`));
      const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
      resolve({ failed: code !== 0, output: Buffer.concat(output).toString().trimEnd(), seconds });
    });
  });

const report = ({ name, mend }: Check, { failed, output, seconds }: Outcome): void => {
  const mark = failed ? styleText('red', '✖') : styleText('green', '✔');
  process.stdout.write(`${mark} ${name} ${styleText('gray', `${seconds} s`)}\n`);
  if (failed) process.stdout.write(`${output.replace(/^/gm, '    ')}\n  → ${mend}\n`);
};

/** Runs all at once, tells each as it ends, and returns the names of those that failed. */
export const runChecks = async (root: string, checks: readonly Check[]): Promise<string[]> => {
  const failed = await Promise.all(
    checks.map(async (check) => {
      const outcome = await run(root, check);
      report(check, outcome);
      return outcome.failed ? [check.name] : [];
    }),
  );
  return failed.flat();
};
