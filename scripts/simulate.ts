/** `npm run simulate`: the engine and the catalog on a simulated disk, by seed. See USAGE. */
import type { Outcome, Scenario } from '@millrace/simulation';
import { parseArguments, type SimulateArguments, USAGE } from './simulate/arguments.ts';
import { plant } from './simulate/plant.ts';

const PROGRESS_MS = 5_000;

const write = (text: string): void => void process.stdout.write(text);

const readArguments = (): SimulateArguments => {
  try {
    const given = parseArguments(process.argv.slice(2), () => Date.now() % 2 ** 31);
    if (given.plant !== undefined) plant(given.plant);
    return given;
  } catch (error) {
    write(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    return process.exit(2);
  }
};

if (process.argv.includes('--help')) {
  write(USAGE);
  process.exit(0);
}

const given = readArguments();
// Loaded only now, so that a bug can be planted.
const { scenarioOf, shrink, simulate, Trace } = await import('@millrace/simulation');

let current: Scenario | undefined;
process.on('unhandledRejection', (error) => {
  write(`seed ${current?.seed}: nobody handles ${error instanceof Error ? error.stack : error}\n`);
  process.exit(1);
});

const play = (scenario: Scenario, trace = new Trace()): Promise<Outcome> => {
  current = scenario;
  return simulate(scenario, trace);
};

const tellFailure = async (scenario: Scenario, outcome: Outcome): Promise<void> => {
  const law = outcome.violation?.law;
  const least = await shrink(scenario, async (smaller) => (await play(smaller)).violation?.law === law);
  const trace = new Trace();
  const { violation, steps } = await play(least, trace);
  write(`\n${trace.tail.join('\n')}\n\n${violation?.stack}\n\n`);
  write(`seed ${scenario.seed} failed after ${outcome.steps} steps. To see it again:\n`);
  write(`  npm run simulate -- --seed ${scenario.seed}\n`);
  write(`or, made smaller (${steps} steps):\n  npm run simulate -- --scenario '${JSON.stringify(least)}'\n`);
};

const startedMs = performance.now();
let toldMs = startedMs;
let seeds = 0;
let steps = 0;

const tellProgress = (): void => {
  toldMs = performance.now();
  const seconds = (toldMs - startedMs) / 1000;
  write(`${seeds} seeds, ${steps} steps, ${Math.round(seeds / seconds)} seeds/s\n`);
};

const run = async (): Promise<boolean> => {
  for (let seed = given.from; seed < given.from + given.count; seed++) {
    const scenario =
      given.scenario === undefined ? scenarioOf(seed) : (JSON.parse(given.scenario) as Scenario);
    const trace = new Trace(given.isTraced ? (line) => write(`${line}\n`) : undefined);
    const outcome = await play(scenario, trace);
    seeds += 1;
    steps += outcome.steps;
    if (outcome.violation !== undefined) {
      await tellFailure(scenario, outcome);
      return false;
    }
    if (given.scenario !== undefined) break;
    if (performance.now() - toldMs > PROGRESS_MS) tellProgress();
  }
  return true;
};

process.exitCode = (await run()) ? 0 : 1;
tellProgress();
