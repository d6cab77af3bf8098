import { type Applied, type Catalog, CatalogError, openCatalog, streamIdOf } from '@millrace/catalog';
import { LogError } from '@millrace/log';
import { CatalogModel, type SomeCommand } from './catalog-model.ts';
import type { Chance } from './chance.ts';
import { randomOf } from './chance.ts';
import { type Process, rest } from './process.ts';
import type { Trace } from './trace.ts';
import { Violation } from './violation.ts';

const NAMES = ['orders', 'payments', 'clicks'] as const;
const IDS_MAX = 12;
/** So that snapshots are taken often. */
const SNAPSHOT_COMMANDS = 7;

const fail = async (law: string, detail: string): Promise<never> => {
  throw new Violation(law, detail);
};

/** The control plane over a process's engine, and every command, checked against the model. */
export class CatalogWorld {
  readonly #trace: Trace;
  readonly #model = new CatalogModel();
  #made = 0;
  #catalog: Catalog | undefined;

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  /** Opens the catalog on a good disk; its state is what the commands made of it. */
  async open({ engine, clock, chance, spawn }: Process): Promise<void> {
    const random = randomOf(chance.below(2 ** 32));
    const catalog = await openCatalog({ engine, clock, random, snapshotCommands: SNAPSHOT_COMMANDS });
    this.#catalog = catalog;
    this.#model.settle(catalog.state);
    let last = -1;
    catalog.onApplied(({ position }: Applied) => {
      const before = last;
      last = position;
      if (position <= before)
        spawn(fail('commands are applied in order, once', `${position} after ${before}`));
    });
  }

  crash(): void {
    this.#catalog = undefined;
    this.#model.crash();
  }

  async close(): Promise<void> {
    await this.#catalog?.close();
  }

  use(process: Process, actors: number, acts: number): void {
    for (let number = 0; number < actors; number++) process.spawn(this.#actor(process, acts));
  }

  async #actor(process: Process, acts: number): Promise<void> {
    for (let done = 0; done < acts && this.#model.mayBeginMore; done++) {
      await this.#submit(process, this.#someCommand(process.chance));
      await rest(process);
    }
  }

  async #submit({ answers }: Process, command: SomeCommand): Promise<void> {
    const submission = this.#model.begin(command);
    const call = `${command.type} ${command.id}`;
    try {
      const result = await this.#catalog?.submit(command);
      submission.isApplied = result?.applied === true;
      submission.fate = 'acknowledged';
      this.#trace.add(`  ${call}: ${submission.isApplied}`);
    } catch (error) {
      if (error instanceof CatalogError) submission.fate = 'unknown';
      else if (error instanceof LogError) {
        submission.fate = answers.code(call, error) === 'failed' ? 'unknown' : 'refused';
      } else throw error instanceof Violation ? error : new Violation('errors are typed', String(error));
      this.#trace.add(`  ${call}: ${submission.fate}, ${error.message}`);
    }
  }

  #someCommand(chance: Chance): SomeCommand {
    const number = chance.isOneIn(3) ? this.#made++ : chance.below(Math.max(1, this.#made));
    const id = streamIdOf((number % IDS_MAX).toString(16).padStart(16, '0'));
    return chance.pick<() => SomeCommand>([
      () => ({
        type: 'streams.create.v1',
        id,
        account: '123456789012',
        region: 'eu-west-1',
        name: chance.pick(NAMES),
        mode: 'PROVISIONED',
        shardCount: 1,
        shardsMax: 1_000,
        retentionHours: 24,
        maxRecordBytes: 1024,
        tags: [],
      }),
      () => ({ type: 'streams.activate.v1', id }),
      () => ({ type: 'streams.mark-deleting.v1', id }),
      () => ({ type: 'streams.forget.v1', id }),
      () => ({ type: 'streams.set-tags.v1', id, tags: [[`t${chance.below(3)}`, String(this.#made++)]] }),
    ])();
  }
}
