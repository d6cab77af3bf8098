import assert from 'node:assert/strict';
import {
  type KinesisClient,
  KinesisServiceException,
  PutRecordCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { placeOf } from './follower.ts';
import { type Ledger, textOf } from './ledger.ts';

const BATCH_KEYS = 50;
const SINGLE_KEYS = 5;
const THROTTLED = 'ProvisionedThroughputExceededException';

export interface ProducerOptions {
  readonly name: string;
  readonly StreamName: string;
  /** One that does not try again by itself: what was sent how often must be known. */
  readonly kinesis: KinesisClient;
  readonly ledger: Ledger;
  readonly signal: AbortSignal;
}

const isRefusal = (error: unknown): boolean =>
  error instanceof KinesisServiceException && error.name === THROTTLED;

/** Writes under keys of its own; a key's next record goes out when the one before is acknowledged. */
export class Producer {
  readonly #options: ProducerOptions;
  readonly #numbers = new Map<string, number>();
  #isStopped = false;

  constructor(options: ProducerOptions) {
    this.#options = options;
  }

  stop(): void {
    this.#isStopped = true;
  }

  async run(): Promise<void> {
    const keys = (kind: string, length: number) =>
      Array.from({ length }, (_, index) => `${this.#options.name} ${kind} ${index}`);
    const singles = keys('single', SINGLE_KEYS).map((key) => () => this.#putOne(key));
    const batch = keys('batch', BATCH_KEYS);
    await Promise.all([this.#repeat([() => this.#putAll(batch)]), this.#repeat(singles)]);
  }

  /** In whole rounds, so that what was begun is acknowledged at the end. */
  async #repeat(steps: readonly (() => Promise<void>)[]): Promise<void> {
    while (!this.#isStopped) for (const step of steps) await step();
  }

  /** One record of each key; those that are refused are put again. */
  async #putAll(keys: readonly string[]): Promise<void> {
    for (let left = keys; left.length > 0; ) left = await this.#putRecords(left);
  }

  async #putOne(key: string): Promise<void> {
    while (!(await this.#putRecord(key)));
  }

  /** Gives the keys whose records were refused. */
  async #putRecords(keys: readonly string[]): Promise<readonly string[]> {
    const { kinesis, StreamName, signal } = this.#options;
    const Records = keys.map((key) => this.#next(key));
    const put = kinesis.send(new PutRecordsCommand({ StreamName, Records }), { abortSignal: signal });
    const answer = await put.catch((error: unknown) => this.#excuse(error, keys));
    if (answer === undefined) return keys;
    assert.equal(answer.Records?.length, keys.length);
    return keys.filter((key, index) => {
      const { ErrorCode, ErrorMessage, ShardId, SequenceNumber } = answer.Records?.[index] ?? {};
      if (ErrorCode === undefined) this.#acknowledged(key, ShardId, SequenceNumber);
      else assert.equal(ErrorCode, THROTTLED, `${ErrorMessage}`);
      return ErrorCode !== undefined;
    });
  }

  async #putRecord(key: string): Promise<boolean> {
    const { kinesis, StreamName, signal } = this.#options;
    const put = kinesis.send(new PutRecordCommand({ StreamName, ...this.#next(key) }), {
      abortSignal: signal,
    });
    const answer = await put.catch((error: unknown) => this.#excuse(error, [key]));
    if (answer === undefined) return false;
    this.#acknowledged(key, answer.ShardId, answer.SequenceNumber);
    return true;
  }

  #next(key: string): { PartitionKey: string; Data: Buffer } {
    return { PartitionKey: key, Data: Buffer.from(textOf(key, this.#numbers.get(key) ?? 0)) };
  }

  #acknowledged(key: string, shardId: string | undefined, sequenceNumber: string | undefined): void {
    assert.ok(shardId && sequenceNumber, `${key} was put, but nowhere`);
    const number = this.#numbers.get(key) ?? 0;
    this.#options.ledger.acknowledge(placeOf(shardId, sequenceNumber), textOf(key, number));
    this.#numbers.set(key, number + 1);
  }

  /** A refused call left nothing behind, one without an answer perhaps all; every other error is a defect. */
  #excuse(error: unknown, keys: readonly string[]): undefined {
    this.#options.signal.throwIfAborted();
    if (isRefusal(error)) return;
    if (error instanceof KinesisServiceException) throw error;
    for (const key of keys) this.#options.ledger.doubt(textOf(key, this.#numbers.get(key) ?? 0));
  }
}
