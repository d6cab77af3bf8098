import { Deliveries } from './deliveries.ts';
import type { KclProcess } from './kcl-process.ts';
import type { LeaseTable } from './lease-table.ts';
import { Load } from './load.ts';
import { until } from './poll.ts';
import { openShards } from './reshard.ts';
import type { Mode } from './worker-options.ts';
import type { World } from './world.ts';
import type { WrittenStream } from './written-stream.ts';

/** Two workers of one application on one stream, under load. */
export class Fleet {
  readonly stream: WrittenStream;
  readonly load: Load;
  readonly table: LeaseTable;
  readonly #world: World;
  readonly #process: KclProcess;
  readonly #mode: Mode;
  readonly #application: string;
  readonly #workers: readonly string[];

  constructor(world: World, process: KclProcess, mode: Mode) {
    this.#world = world;
    this.#process = process;
    this.#mode = mode;
    this.#application = `${mode}-application`;
    this.#workers = [`${mode}-first`, `${mode}-second`];
    this.stream = world.stream(mode);
    this.table = world.leases(this.#application);
    this.load = new Load(this.stream);
  }

  /** One after the other: of two that make the tables of version 3 at the same instant one gives up. */
  async start(): Promise<void> {
    const common = { application: this.#application, stream: this.stream.name, mode: this.#mode };
    for (const worker of this.#workers) {
      this.#process.startWorker({ worker, ...common });
      await until(`${worker} starts`, () => this.#world.hasStarted(worker));
    }
  }

  get deliveries(): Deliveries {
    return new Deliveries(this.#world.events.filter(({ worker }) => this.#workers.includes(worker)));
  }

  /** Until the leases are those of the open shards, and each of these is being read. */
  async settle(): Promise<void> {
    const expected = (await openShards(this.#world, this.stream.name)).join();
    let found = '';
    const isSettled = async () => {
      const leases = await this.table.leases();
      found = leases
        .map(({ leaseKey }) => leaseKey?.S)
        .sort()
        .join();
      return found === expected && leases.every(({ checkpoint }) => /^\d/.test(checkpoint?.S ?? ''));
    };
    await until(`leases of ${expected}`, isSettled, () => found);
  }
}
