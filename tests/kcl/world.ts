import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { start } from '@millrace/server';
import { ConsumerProcess } from './consumer-process.ts';
import type { KclEvent } from './kcl-event.ts';
import { KclProcess } from './kcl-process.ts';
import { LeaseTable } from './lease-table.ts';
import type { ConsumerOptions } from './worker-options.ts';
import type { WorkerProcess } from './worker-process.ts';
import { WrittenStream } from './written-stream.ts';

const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
const region = 'us-east-1';

/** A server, what looks into it, and the JVMs that work against it; all end together. */
export class World implements AsyncDisposable {
  readonly endpoint: string;
  readonly kinesis: KinesisClient;
  readonly #dynamo: DynamoDBClient;
  readonly #processes: WorkerProcess[] = [];
  readonly #owned: AsyncDisposableStack;

  private constructor(endpoint: string, owned: AsyncDisposableStack) {
    this.endpoint = endpoint;
    this.#owned = owned;
    this.kinesis = new KinesisClient({ endpoint, region, credentials });
    this.#dynamo = new DynamoDBClient({ endpoint, region, credentials });
    owned.defer(() => this.kinesis.destroy());
    owned.defer(() => this.#dynamo.destroy());
  }

  static async start(streams: Readonly<Record<string, number>>): Promise<World> {
    const owned = new AsyncDisposableStack();
    const stream = Object.entries(streams).map(([name, shardCount]) => ({ name, shardCount }));
    const server = await start({ stream });
    owned.defer(() => server.close());
    return new World(server.endpoint, owned);
  }

  stream(name: string): WrittenStream {
    return new WrittenStream(this.kinesis, name);
  }

  leases(application: string): LeaseTable {
    return new LeaseTable(this.#dynamo, application);
  }

  aProcess(classPath: string): KclProcess {
    return this.#own(new KclProcess(classPath, this.endpoint));
  }

  aConsumer(options: ConsumerOptions): ConsumerProcess {
    return this.#own(new ConsumerProcess(this.endpoint, options));
  }

  #own<Process extends WorkerProcess>(process: Process): Process {
    this.#processes.push(process);
    this.#owned.defer(() => process.kill());
    return process;
  }

  /** Of all workers, in the order of the machine's clock. */
  get events(): readonly KclEvent[] {
    return this.#processes.flatMap(({ events }) => events).sort((a, b) => a.atUs - b.atUs);
  }

  eventsOf(worker: string): readonly KclEvent[] {
    return this.events.filter((event) => event.worker === worker);
  }

  has(worker: string, kind: KclEvent['kind']): boolean {
    return this.eventsOf(worker).some((event) => event.kind === kind);
  }

  hasStarted(worker: string): boolean {
    return this.eventsOf(worker).some((event) => event.kind === 'state' && event.state === 'STARTED');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#owned.disposeAsync();
  }
}
