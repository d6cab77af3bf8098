import assert from 'node:assert/strict';
import { rawCall } from '../../support/raw-call.ts';
import type { Chance } from '../../support/resharding/chance.ts';
import type { Ledger, Unit } from './ledger.ts';
import { dataOf } from './payload.ts';

const THROTTLED = 'ProvisionedThroughputExceededException';
const KEYS = 5;
const RECORDS_MAX = 60;

interface Entry {
  readonly SequenceNumber?: string;
  readonly ShardId?: string;
  readonly ErrorCode?: string;
}

interface WriterOptions {
  readonly name: string;
  readonly streams: readonly string[];
  readonly bytesMax: number;
  readonly chance: Chance;
  readonly ledger: Ledger;
}

interface Sent {
  readonly id: string;
  readonly key: string;
}

/** One connection that puts as fast as it is answered, until the server is gone. */
export class Writer {
  readonly #options: WriterOptions;
  #requests = 0;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /**
   * Throttles mean to go on. Ends when it is enough, or when a call has no answer, which gives undefined, or another error, which gives
   * its code: then the record may be there.
   */
  async write(endpoint: string, enough?: Promise<void>): Promise<string | undefined> {
    let isEnough = false;
    enough?.then(() => {
      isEnough = true;
    });
    while (!isEnough) {
      const codes = await this.#put(endpoint);
      if (codes === undefined) return undefined;
      const other = codes.find((code) => code !== undefined && code !== THROTTLED);
      if (other !== undefined) return other;
    }
    return undefined;
  }

  async #put(endpoint: string): Promise<readonly (string | undefined)[] | undefined> {
    const { chance, ledger, streams } = this.#options;
    const stream = streams[chance(streams.length)] ?? '';
    const isOne = chance(4) === 0;
    const records = this.#records(isOne ? 1 : 1 + chance(RECORDS_MAX));
    const units = unitsOf(records);
    for (const unit of units.values()) ledger.send(unit);
    const entries = await (isOne ? putOne : putMany)(endpoint, stream, records);
    if (entries === undefined) return undefined;
    for (const [index, { id, key }] of records.entries()) {
      const { ShardId, SequenceNumber, ErrorCode } = entries[index] ?? {};
      const unit = units.get(key);
      assert.ok(unit);
      if (ErrorCode === THROTTLED) unit.outcome = 'refused';
      if (ShardId === undefined || SequenceNumber === undefined) continue;
      ledger.acknowledge(stream, ShardId, SequenceNumber, id);
      unit.outcome = 'acknowledged';
    }
    return entries.map(({ ErrorCode }) => ErrorCode);
  }

  #records(count: number): Sent[] {
    const { name, bytesMax, chance } = this.#options;
    const request = this.#requests++;
    return Array.from({ length: count }, (_, place) => {
      const key = `${name} ${chance(KEYS)}`;
      return { id: `${key}/${request}/${place}/${chance(bytesMax)}`, key };
    });
  }
}

const unitsOf = (records: readonly Sent[]): ReadonlyMap<string, Unit> =>
  new Map(
    Array.from(
      Map.groupBy(records, ({ key }) => key),
      ([key, sent]): [string, Unit] => [key, { ids: sent.map(({ id }) => id) }],
    ),
  );

const inputOf = ({ id, key }: Sent) => ({ PartitionKey: key, Data: dataOf(id).toString('base64') });

/** One for each record; undefined when there was no answer. */
type Entries = Promise<readonly Entry[] | undefined>;

const put = async (
  endpoint: string,
  operation: string,
  input: object,
  entriesIn: (answer: string) => readonly Entry[],
  count: number,
): Entries => {
  const answer = await rawCall(endpoint, operation, JSON.stringify(input)).catch(() => undefined);
  if (answer === undefined) return undefined;
  if (answer.status === 200) return entriesIn(answer.body);
  const { __type: ErrorCode } = JSON.parse(answer.body) as { __type: string };
  return Array.from({ length: count }, () => ({ ErrorCode }));
};

const putOne = (endpoint: string, StreamName: string, records: readonly Sent[]): Entries => {
  const inputs = records.map((sent) => ({ StreamName, ...inputOf(sent) }));
  return put(endpoint, 'PutRecord', inputs[0] ?? {}, (answer) => [JSON.parse(answer)], 1);
};

const putMany = (endpoint: string, StreamName: string, records: readonly Sent[]): Entries => {
  const input = { StreamName, Records: records.map(inputOf) };
  return put(endpoint, 'PutRecords', input, (answer) => JSON.parse(answer).Records, records.length);
};
