import type { UserRecord } from '@millrace/aggregation';
import type { PutResult } from './pending-record.ts';
import type { Producer } from './producer.ts';
import { Queue } from './queue.ts';

/** One of the two is there. The error is a `ProducerError`. */
export interface PutOutcome<Source extends UserRecord = UserRecord> {
  readonly record: Source;
  readonly result?: PutResult;
  readonly error?: Error;
}

type Admitting = Pick<Producer, 'admit'>;

const errorOf = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

/** Waits for room, then leaves the outcome to its own time. */
const begin = async <Source extends UserRecord>(
  producer: Admitting,
  record: Source,
): Promise<{ outcome: Promise<PutOutcome<Source>> }> => {
  try {
    const { result } = await producer.admit(record);
    const failed = (error: unknown): PutOutcome<Source> => ({ record, error: errorOf(error) });
    return { outcome: result.then((value) => ({ record, result: value }), failed) };
  } catch (error) {
    return { outcome: Promise.resolve({ record, error: errorOf(error) }) };
  }
};

/** Reads ahead of the outcomes by `aheadMax` records at the most. */
export async function* putAll<Source extends UserRecord>(
  producer: Admitting,
  source: AsyncIterable<Source> | Iterable<Source>,
  aheadMax: number,
): AsyncGenerator<PutOutcome<Source>, void, void> {
  const outcomes = new Queue<Promise<PutOutcome<Source>>>();
  let read: Promise<void> | undefined;
  const reader = (async function* () {
    for await (const record of source) yield await begin(producer, record);
  })();
  try {
    let isDone = false;
    while (!isDone || outcomes.length > 0) {
      if (!isDone && outcomes.length < aheadMax) {
        read ??= reader.next().then(({ value, done }) => {
          if (value !== undefined) outcomes.push(value.outcome);
          isDone = done === true;
          read = undefined;
        });
      }
      const settled = await Promise.race([read, outcomes.first].filter((promise) => promise !== undefined));
      if (settled !== undefined) {
        outcomes.shift();
        yield settled;
      }
    }
  } finally {
    // A source that gives nothing for long must not hold up who has had enough of it.
    const ended = reader.return().catch(() => {});
    if (read === undefined) await ended;
  }
}
