import { cpus, totalmem } from 'node:os';
import { aggregation } from './aggregation.ts';
import { consumer } from './consumer.ts';
import { latency } from './latency.ts';
import { log } from './log/main.ts';
import { producer } from './producer.ts';
import { put } from './put.ts';
import { scale } from './scale.ts';

/** One program per question. */
const QUESTIONS: Readonly<Record<string, (options: { small: boolean }) => Promise<void>>> = {
  put,
  latency,
  scale,
  log,
  aggregation,
  producer,
  consumer,
};

const small = process.argv.includes('--small');
const asked = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const unknown = asked.filter((name) => QUESTIONS[name] === undefined);

if (unknown.length > 0 || process.argv.includes('--help')) {
  process.stdout.write(`npm run bench -- [${Object.keys(QUESTIONS).join('|')}] [--small]\n`);
  process.exitCode = unknown.length > 0 ? 1 : 0;
} else {
  const processors = cpus();
  process.stdout.write(
    `Node ${process.version}, ${processors.length} x ${processors[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB; median of alternating rounds\n`,
  );
  for (const [name, question] of Object.entries(QUESTIONS)) {
    if (asked.length === 0 || asked.includes(name)) await question({ small });
  }
}
