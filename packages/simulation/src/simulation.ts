import { aesBatchCipher, type BatchCipher, type LogEngine, LogError, logIdOf } from '@millrace/log';
import { openEmbeddedLog } from '@millrace/log-embedded';
import { Answers } from './answers.ts';
import { DATA_KEYS, SECRET } from './attempts.ts';
import { CatalogWorld } from './catalog-world.ts';
import { Chance, randomOf } from './chance.ts';
import { type Damaged, damage } from './damage.ts';
import { capacity, type Fault, fault, within } from './faults.ts';
import { useLogs, useLogsAfterTrouble } from './logs-actors.ts';
import { LogsWorld } from './logs-world.ts';
import type { Process } from './process.ts';
import type { End, Life, Scenario, Trouble } from './scenario.ts';
import { Scheduler } from './scheduler.ts';
import { SimulatedClock } from './simulated-clock.ts';
import { type Pace, SimulatedDisk } from './simulated-disk.ts';
import type { Trace } from './trace.ts';
import { must, Violation } from './violation.ts';

/** Of one life: far more than any needs that comes to an end. */
const STEPS_MAX = 60_000;
/** Enough for what goes on in the background. */
const REST_STEPS_MAX = 1_000;

const faultOf = (trouble: Trouble): Fault =>
  trouble.kind === 'capacity' ? capacity(trouble.bytesMax) : within(trouble.window, fault(trouble.kind));

/** All lives of one store, on one disk. Throws a `Violation` when a law is broken. */
class Simulation {
  readonly #scenario: Scenario;
  readonly #trace: Trace;
  readonly #chance: Chance;
  readonly #scheduler: Scheduler;
  readonly #clock: SimulatedClock;
  readonly #logs: LogsWorld;
  readonly #catalog: CatalogWorld;
  #disk: SimulatedDisk;
  #slowness = 1;
  #spawned = 0;
  #violation: unknown;
  /** Where acknowledged is not synced, a power cut or a sync that failed leaves nothing to hold the store to. */
  #isForgetful = false;

  constructor(scenario: Scenario, trace: Trace) {
    this.#scenario = scenario;
    this.#trace = trace;
    this.#chance = new Chance(scenario.seed ^ 0x5eed);
    this.#scheduler = new Scheduler(this.#chance.fork(), trace);
    this.#clock = new SimulatedClock(this.#scheduler);
    this.#disk = new SimulatedDisk(this.#diskOptions());
    this.#logs = new LogsWorld({
      chance: this.#chance.fork(),
      trace,
      isEncrypted: scenario.isEncrypted,
      reusesNames: scenario.reusesNames,
      anyFile: () => this.#anyFile(),
    });
    this.#catalog = new CatalogWorld(trace);
  }

  get #isOfLogs(): boolean {
    return this.#scenario.subject === 'logs';
  }

  get steps(): number {
    return this.#scheduler.steps;
  }

  async run(): Promise<void> {
    for (const life of this.#scenario.lives) {
      for (const { steps, end, trouble } of life.brokenStarts) await this.#brokenStart(steps, end, trouble);
      if (!this.#isForgetful) await this.#live(life);
      if (this.#isForgetful) return this.#openForgetful();
    }
    if (this.#scenario.damage === 'none') await this.#endWell();
    else await this.#endBadly();
  }

  async #brokenStart(steps: number, end: End, trouble: Trouble | undefined): Promise<void> {
    this.#disk.faults = trouble === undefined ? [] : [faultOf(trouble)];
    const answers = this.#answers();
    const opening = this.#open().catch((error: unknown) => void answers.code('open', error));
    const isOpen = await this.#until(opening, steps);
    if (isOpen) await opening;
    this.#trace.add(`  a start is cut short, ${isOpen ? 'after' : 'before'} its end`);
    this.#end(end);
  }

  async #live(life: Life): Promise<void> {
    const process = await this.#start(life.seed);
    this.#disk.faults = life.troubles.map(faultOf);
    this.#slowness = life.slowness;
    if (this.#isOfLogs) useLogs(this.#logs, process, life.actors, life.acts);
    else this.#catalog.use(process, life.actors, life.acts);
    const isDone = await this.#until(Promise.resolve(), life.endAfterSteps ?? STEPS_MAX);
    this.#slowness = 1;
    if (isDone) await this.#afterTrouble(process);
    if (life.end === 'close') await this.#close(process);
    this.#end(life.end);
  }

  /** Opens the store on a good disk, where everything must be as it was promised. */
  async #start(seed: number): Promise<Process> {
    const process = await this.#finish(async () => this.#process(await this.#open(), seed));
    await this.#finish(() =>
      this.#isOfLogs ? this.#logs.audit(process.engine) : this.#catalog.open(process),
    );
    return process;
  }

  /** What the trouble has struck comes to its end first. */
  async #afterTrouble(process: Process): Promise<void> {
    this.#disk.faults = [];
    await this.#rest();
    if (this.#isOfLogs) await this.#finish(() => useLogsAfterTrouble(this.#logs, process));
  }

  async #close(process: Process): Promise<void> {
    process.answers.isClosing = true;
    await this.#finish(async () => {
      await this.#catalog.close();
      await process.engine.close();
    });
    // Reading ahead may still be under way.
    await this.#rest();
    must(this.#disk.openFiles === 0, 'closing closes all files', () => `${this.#disk.openFiles} are open`);
  }

  /** Closes the store in good order and opens it again: everything is there, and nothing else. */
  async #endWell(): Promise<void> {
    for (let round = 0; round < 2; round++) {
      await this.#close(await this.#start(round));
      this.#end('kill');
    }
    if (!this.#isOfLogs) return;
    const ids = new Set<string>(this.#logs.models.map(({ id }) => id));
    for (const path of this.#disk.paths) {
      const [, id] = /^logs\/([^/]+)\//.exec(path) ?? [];
      must(id === undefined || ids.has(id), 'what is deleted takes no space', () => path);
      const isHidden = !this.#disk.inode(path).seen.includes(SECRET);
      must(isHidden, 'what was encrypted is nowhere readable', () => path);
    }
  }

  /** Damage may cost what it hit; what is served is right all the same. */
  async #endBadly(): Promise<void> {
    this.#end(this.#scenario.durability === 'flush' ? 'power cut' : 'kill');
    const damaged = damage(this.#scenario.damage, this.#disk.tree, this.#chance);
    this.#trace.add(`  ${this.#scenario.damage}: ${damaged.path} at ${damaged.offset}`);
    try {
      const engine = await this.#finish(() => this.#open());
      if (this.#isOfLogs) await this.#finish(() => this.#auditDamaged(engine, damaged));
      await this.#finish(() => engine.close());
    } catch (error) {
      if (!(error instanceof LogError)) throw error;
      const mayRefuse = error.code === 'corrupt' && !damaged.path.startsWith('logs/');
      must(mayRefuse, 'damage to one log stops no other', () => `${damaged.path}: ${error.message}`);
    }
  }

  /** The end of a journal that was damaged cannot be told from one that a crash has torn. */
  #auditDamaged(engine: LogEngine, { path }: Damaged): Promise<void> {
    if (path.startsWith('journal/')) return this.#logs.auditBytes(engine);
    const [, log] = /^logs\/([^/]+)\/.*\.segment$/.exec(path) ?? [];
    return this.#logs.audit(engine, log === undefined ? undefined : logIdOf(log));
  }

  async #openForgetful(): Promise<void> {
    const engine = await this.#finish(() => this.#open());
    if (this.#isOfLogs) await this.#finish(() => this.#logs.auditBytes(engine));
    await this.#finish(() => engine.close());
  }

  #open(): Promise<LogEngine> {
    const { durability, limits } = this.#scenario;
    return openEmbeddedLog({
      disk: this.#disk,
      clock: this.#clock,
      durability,
      cipher: this.#cipher(),
      limits,
      onEvent: ({ kind, ...rest }) =>
        this.#trace.add(`  event: ${kind} ${'error' in rest ? rest.error : ''}`),
    });
  }

  #cipher(): BatchCipher {
    const keys = { get: (key: string) => new Uint8Array(32).fill(DATA_KEYS.indexOf(key as never)) };
    return aesBatchCipher(keys, randomOf(this.#chance.below(2 ** 32)));
  }

  #process(engine: LogEngine, seed: number): Process {
    return {
      engine,
      answers: this.#answers(),
      chance: new Chance(seed),
      scheduler: this.#scheduler,
      clock: this.#clock,
      spawn: (work) => this.#spawn(work),
    };
  }

  #answers(): Answers {
    const mayOverload = (this.#scenario.limits.appendingBytesMax ?? 0) < 10_000;
    return new Answers({ disk: this.#disk, mayOverload });
  }

  #spawn(work: Promise<unknown>): void {
    this.#spawned += 1;
    work.then(
      () => {
        this.#spawned -= 1;
      },
      (error: unknown) => {
        this.#violation ??= error;
      },
    );
  }

  async #rest(): Promise<void> {
    for (let left = REST_STEPS_MAX; left > 0 && (await this.#scheduler.step()); left--);
  }

  async #finish<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = work();
    must(await this.#until(result, STEPS_MAX), 'the store comes to rest', () => `not in ${STEPS_MAX} steps`);
    return result;
  }

  /** Lets things happen until the work and everything that was spawned is done; false when the steps are used up. */
  async #until(work: Promise<unknown>, steps: number): Promise<boolean> {
    let isDone = false;
    const noteDone = (): void => {
      isDone = true;
    };
    work.then(noteDone, noteDone);
    const last = this.#scheduler.steps + steps;
    await this.#scheduler.settled();
    for (;;) {
      if (this.#scheduler.steps >= last) return false;
      const hasStepped = await this.#scheduler.step();
      if (this.#violation !== undefined) throw this.#violation;
      if (isDone && this.#spawned === 0) return true;
      must(hasStepped, 'nobody waits for ever', () => `${this.#spawned} calls have no answer`);
    }
  }

  #end(end: End): void {
    this.#trace.add(`== ${end}`);
    this.#scheduler.clear();
    this.#spawned = 0;
    const isCut = end === 'power cut';
    const mayForget = isCut || this.#disk.struck.has('broken sync');
    this.#disk = isCut
      ? this.#disk.afterPowerCut(this.#diskOptions())
      : this.#disk.afterKill(this.#diskOptions());
    if (mayForget && this.#scenario.durability === 'os') this.#isForgetful = true;
    this.#logs.crash();
    this.#catalog.crash();
  }

  #diskOptions(): { readonly chance: Chance; readonly pace: Pace; readonly durableBlockBytes: number } {
    const chance = this.#chance.fork();
    const pace = (operation: string): Promise<void> =>
      this.#scheduler.pause(operation, chance.isOneIn(4) ? chance.below(4) * this.#slowness : 0);
    return { chance, pace, durableBlockBytes: this.#scenario.durableBlockBytes };
  }

  #anyFile(): Buffer {
    const { paths } = this.#disk;
    return paths.length === 0
      ? Buffer.alloc(1)
      : Buffer.from(this.#disk.inode(this.#chance.pick(paths)).seen);
  }
}

/** What came of one seed. */
export interface Outcome {
  readonly steps: number;
  readonly violation?: Violation;
}

/** On a good disk nothing is refused. */
const asViolation = (error: unknown): Violation => {
  if (error instanceof Violation) return error;
  return new Violation('a good disk is enough', error instanceof Error ? `${error.stack}` : String(error));
};

export const simulate = async (scenario: Scenario, trace: Trace): Promise<Outcome> => {
  const simulation = new Simulation(scenario, trace);
  try {
    await simulation.run();
    return { steps: simulation.steps };
  } catch (error) {
    return { steps: simulation.steps, violation: asViolation(error) };
  }
};
