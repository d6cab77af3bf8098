import { LogError } from '@millrace/log';
import { type Finding, verify } from '@millrace/log-embedded';
import { nodeClock } from '../adapters/node-clock.ts';
import { ByteProgress } from './byte-progress.ts';
import { findingText, summaryText, verdictText } from './finding-text.ts';
import { type OpenStore, openStore } from './open-store.ts';

export interface VerifyCommandOptions {
  readonly json?: boolean;
}

/** 0 good, 1 damage, 2 it could not be checked. */
const EXIT_CODES = { good: 0, damage: 1, unchecked: 2 } as const;

type Report = (finding: Finding) => void;

const REPORTS: Readonly<Record<'text' | 'json', Report>> = {
  text: (finding) => void process.stdout.write(`${findingText(finding)}\n`),
  json: (finding) => void process.stdout.write(`${JSON.stringify(finding)}\n`),
};

/** Checks the store and prints what is wrong; true when nothing is damaged. */
export const verifyStore = async (
  store: OpenStore,
  { json = false }: VerifyCommandOptions,
): Promise<boolean> => {
  const progress = new ByteProgress('checked', nodeClock.monotonic, process.stderr);
  const report = REPORTS[json ? 'json' : 'text'];
  const summary = await verify({
    disk: store.disk,
    snapshot: store.snapshot,
    isAtRest: store.isAtRest,
    onFinding(finding) {
      progress.clear();
      report(finding);
    },
    onProgress(bytes) {
      store.givenUp.throwIfAborted();
      store.goingOn();
      progress.set(bytes);
    },
    onJournalRead: () => store.journalDone(),
  });
  progress.clear();
  const words = `${summaryText(summary)}, ${progress.summary}\n${verdictText(summary)}`;
  process.stdout.write(json ? `${JSON.stringify({ summary, seconds: progress.seconds })}\n` : `${words}\n`);
  return summary.damages === 0;
};

/** A manifest that cannot be read is damage too, and then there is nothing else to go by. */
const isDamage = (error: unknown): error is LogError => error instanceof LogError && error.code === 'corrupt';

const run = async (directory: string, options: VerifyCommandOptions): Promise<number> => {
  try {
    const store = await openStore(directory);
    try {
      return (await verifyStore(store, options)) ? EXIT_CODES.good : EXIT_CODES.damage;
    } finally {
      await store.close();
    }
  } catch (error) {
    if (isDamage(error))
      REPORTS[options.json ? 'json' : 'text']({
        severity: 'damage',
        file: 'manifest',
        message: error.message,
      });
    else process.stderr.write(`millrace: ${error instanceof Error ? error.message : error}\n`);
    return isDamage(error) ? EXIT_CODES.damage : EXIT_CODES.unchecked;
  }
};

/** `millrace log verify`. */
export const runVerify = async (directory: string, options: VerifyCommandOptions): Promise<void> => {
  process.exitCode = await run(directory, options);
};
