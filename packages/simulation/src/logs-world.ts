import { type DataKeyId, type Position, positionOf } from '@millrace/core';
import {
  type Appended,
  type LogEngine,
  LogError,
  type LogId,
  type LogRecord,
  logIdOf,
  type ReadLimits,
} from '@millrace/log';
import { type AttemptOptions, Attempts } from './attempts.ts';
import { type Attempt, type Floor, LogModel } from './log-model.ts';
import type { Process } from './process.ts';
import type { Trace } from './trace.ts';
import { must } from './violation.ts';

const NAMES = 6;
/** Records that readers keep for a while. */
const HELD_MAX = 100;

const isAppended = (outcome: unknown): outcome is Appended =>
  typeof outcome === 'object' && outcome !== null && 'first' in outcome;

interface LogsWorldOptions extends AttemptOptions {
  readonly trace: Trace;
  /** A name is given to another log when its log is gone. */
  readonly reusesNames: boolean;
}

/** All logs as the model knows them, and every call of an engine, checked against it. */
export class LogsWorld {
  readonly #options: LogsWorldOptions;
  readonly #models = new Map<LogId, LogModel>();
  #made = 0;
  readonly #held: { readonly record: LogRecord; readonly copy: Buffer }[] = [];
  readonly #attempts: Attempts;

  constructor(options: LogsWorldOptions) {
    this.#options = options;
    this.#attempts = new Attempts(options);
  }

  get models(): LogModel[] {
    return [...this.#models.values()];
  }

  get usable(): LogModel[] {
    return this.models.filter(({ isUsable }) => isUsable);
  }

  crash(): void {
    this.#held.length = 0;
    for (const model of this.models) model.crash();
  }

  async create({ engine, answers }: Process): Promise<void> {
    const id = this.#freeName();
    if (id === undefined) return;
    const model = new LogModel(id);
    this.#models.set(id, model);
    const twice = this.#options.chance.isOneIn(4) ? 2 : 1;
    await Promise.all(
      Array.from({ length: twice }, async () => {
        try {
          await answers.write(`create ${id}`, () => engine.create(id));
          if (model.created !== 'refused') model.created = 'acknowledged';
          this.#note(`created ${id}`);
        } catch (error) {
          const code = answers.code(`create ${id}`, error);
          this.#note(`create ${id}: ${code}`);
          if (model.created === 'open') model.created = code === 'failed' ? 'unknown' : 'refused';
        }
      }),
    );
    if (model.created === 'refused') this.#models.delete(id);
  }

  async delete({ engine, answers }: Process, model: LogModel): Promise<void> {
    model.deleted = 'open';
    model.startMax = Number.POSITIVE_INFINITY;
    try {
      await answers.write(`delete ${model.id}`, () => engine.delete(model.id));
      model.deleted = 'acknowledged';
      this.#note(`deleted ${model.id}`);
    } catch (error) {
      const code = answers.code(`delete ${model.id}`, error);
      this.#note(`delete ${model.id}: ${code}`);
      // A full disk may have lost its first segments already.
      model.deleted = code === 'failed' ? 'unknown' : undefined;
    }
  }

  async append(process: Process, model: LogModel, count: number): Promise<boolean> {
    const attempt = this.#begin(model, count, this.#attempts.someKey());
    const { entries, dataKey } = attempt;
    const given = entries.map(({ key, value }) => ({ key, value: Buffer.from(value) }));
    const call = `append ${attempt.number}`;
    try {
      const appended = await process.answers.write(call, () =>
        process.engine.append(model.id, given, { encryptWith: dataKey }),
      );
      this.#take(process, model, attempt, appended);
    } catch (error) {
      this.#take(process, model, attempt, error);
    }
    // Whoever has been answered may do with the values what he likes.
    for (const { value } of given) value.fill(0xee);
    return attempt.fate === 'acknowledged';
  }

  async appendAll(process: Process, models: readonly LogModel[]): Promise<void> {
    const dataKey = this.#attempts.someKey();
    const attempts = models.map((model) => this.#begin(model, this.#options.chance.between(1, 3), dataKey));
    const appends = attempts.map(({ entries }, place) => ({ log: (models[place] as LogModel).id, entries }));
    const outcomes = await process.engine.appendAll(appends, { encryptWith: dataKey });
    for (const [place, outcome] of outcomes.entries()) {
      this.#take(process, models[place] as LogModel, attempts[place] as Attempt, outcome);
    }
  }

  async trim({ engine, answers }: Process, model: LogModel, before: number): Promise<void> {
    const asked = Math.min(before, model.end);
    model.startMax = Math.max(model.startMax, Math.min(before, model.endMax));
    try {
      await answers.write(`trim ${model.id}`, () => engine.trim(model.id, positionOf(before)));
      this.#note(`trimmed ${model.id} to ${before}`);
      model.startMin = Math.max(model.startMin, asked);
    } catch (error) {
      this.#note(`trim ${model.id}: ${answers.code('trim', error, model.deleted !== undefined)}`);
    }
  }

  /** Reads once and returns where to go on; undefined when it cannot be. */
  async read(
    process: Process,
    model: LogModel,
    from: number,
    limits: ReadLimits,
  ): Promise<Position | undefined> {
    const { engine, answers, chance } = process;
    const { floor } = model;
    try {
      const result = await engine.read(model.id, positionOf(from), limits);
      this.#note(
        `read ${model.id} from ${from}: ${result.records.length}, next ${result.next} of ${result.end}`,
      );
      if (this.#isReplaced(model)) return undefined;
      this.#checkRead(model, floor, from, limits, result.records, result.end);
      must(
        result.next === (result.records.at(-1)?.position ?? result.next - 1) + 1,
        'a read tells where to go on',
        () => `${model.id}: ${result.next}`,
      );
      this.#checkHeld();
      if (chance.isOneIn(2)) this.#hold(result.records);
      return result.next;
    } catch (error) {
      const isGone = model.deleted !== undefined;
      this.#note(`read ${model.id}: ${answers.code(`read ${model.id} from ${from}`, error, isGone)}`);
      return undefined;
    }
  }

  async bounds({ engine, answers }: Process, model: LogModel): Promise<void> {
    const { floor } = model;
    try {
      const { start, end } = await engine.bounds(model.id);
      if (this.#isReplaced(model)) return;
      const told = (): string => `${model.id}: ${start} to ${end}, expected ${floor.start} to ${floor.end}`;
      must(start >= floor.start && start <= Math.max(model.startMax, 0), 'the start is as trimmed', told);
      must(end >= floor.end && end <= model.endMax, 'the end is as appended', told);
      model.tellEnd(end);
    } catch (error) {
      answers.code(`bounds ${model.id}`, error, model.deleted !== undefined);
    }
  }

  async findByTime({ engine, answers }: Process, model: LogModel, timestampMs: number): Promise<void> {
    const { floor } = model;
    const known = model.findByTime(floor.start, timestampMs);
    const latest = known < floor.end ? known : Number.POSITIVE_INFINITY;
    try {
      const found = await engine.findByTime(model.id, timestampMs);
      if (this.#isReplaced(model)) return;
      const told = (): string => `${model.id} at ${timestampMs}: ${found}, expected ${latest}`;
      must(found >= floor.start && found <= Math.max(latest, model.startMax), 'times are found', told);
      must(found <= model.endMax, 'times are found', told);
      const before = found > model.startMax ? model.arrivalMsAt(found - 1) : undefined;
      must(before === undefined || before < timestampMs, 'times are found', told);
    } catch (error) {
      answers.code(`find in ${model.id}`, error, model.deleted !== undefined);
    }
  }

  /** What everybody was told is there, and nothing that nobody made. */
  async logs({ engine, answers }: Process): Promise<void> {
    const before = new Map(this.#models);
    const gone = new Set(this.models.filter(({ deleted }) => deleted === 'acknowledged'));
    try {
      const there = new Set(await engine.logs());
      for (const [id, model] of before) {
        if (!model.isUsable) continue;
        must(there.has(id) || this.#models.get(id) !== model, 'a log that was made is there', () => id);
      }
      for (const id of there) {
        const now = this.#models.get(id);
        must(now !== undefined, 'nobody made it', () => id);
        must(now === undefined || !gone.has(now), 'a log that was deleted does not come back', () => id);
      }
    } catch (error) {
      answers.code('logs', error);
    }
  }

  /** After a restart on a good disk: everything is as promised, to the byte; and that is what there is from now on. */
  async audit(engine: LogEngine, damaged?: LogId): Promise<void> {
    const there = new Set(await engine.logs());
    for (const [id, model] of this.#models) {
      if (!there.delete(id)) {
        const mayBeGone = model.created !== 'acknowledged' || model.deleted !== undefined;
        must(mayBeGone, 'a log that was made is there', () => id);
        this.#models.delete(id);
        continue;
      }
      must(model.deleted !== 'acknowledged', 'a log that was deleted does not come back', () => id);
      if (id === damaged) await this.#auditBytes(engine, id);
      else await this.#auditLog(engine, model);
    }
    must(there.size === 0, 'nobody made it', () => [...there].join());
  }

  /** Where anything may be lost: what is served is right all the same. */
  async auditBytes(engine: LogEngine): Promise<void> {
    for (const id of await engine.logs()) await this.#auditBytes(engine, id);
  }

  async #auditBytes(engine: LogEngine, id: LogId): Promise<void> {
    const { start, end } = await engine.bounds(id);
    for (let position = start; position < end; position = positionOf(position + 1)) {
      try {
        const { records } = await engine.read(id, position, { records: 1, bytes: 1 });
        const [record] = records;
        must(
          record?.position === position,
          'everything before the end can be read',
          () => `${id}: ${position}`,
        );
        if (record !== undefined) this.#checkBytes(id, record);
      } catch (error) {
        if (!(error instanceof LogError && error.code === 'corrupt')) throw error;
      }
    }
  }

  #checkBytes(id: LogId, { position, key, value, arrivalMs }: LogRecord): void {
    const [number, index] = key.split('.').map(Number);
    const attempt = this.#attempts.get(number ?? -1);
    const entry = attempt?.entries[index ?? -1];
    const isRight =
      entry?.key === key &&
      Buffer.from(value).equals(entry.value) &&
      (attempt?.place === undefined || attempt.place.first + Number(index) === position) &&
      (attempt?.place === undefined || attempt.place.arrivalMs === arrivalMs);
    must(isRight, 'damage is never served as data', () => `${id} at ${position}: '${key}'`);
  }

  async #auditLog(engine: LogEngine, model: LogModel): Promise<void> {
    const { start, end } = await engine.bounds(model.id);
    const told = (): string =>
      `${model.id}: ${start} to ${end}, start ${model.startMin} to ${model.startMax}, end ${model.end} to ${model.endMax}`;
    must(start >= model.startMin && start <= model.startMax, 'a trim that was acknowledged stays', told);
    must(end >= model.end, 'what was acknowledged is there', told);
    must(end <= model.endMax, 'nothing is there that was not written', told);
    await this.#readAll(engine, model, start, end);
    model.settle(start, end);
    for (let tries = 0; tries < 3; tries++) {
      const someMs = model.arrivalMsAt(this.#options.chance.between(start, end)) ?? 0;
      const timestampMs = someMs + this.#options.chance.below(2);
      const found = await engine.findByTime(model.id, timestampMs);
      const expected = model.findByTime(start, timestampMs);
      must(found === expected, 'times are found', () => `${model.id}: ${found}, not ${expected}`);
    }
  }

  async #readAll(engine: LogEngine, model: LogModel, start: number, end: number): Promise<void> {
    for (let from = start; from < end; ) {
      const limits = this.someLimits();
      const { records, next } = await engine.read(model.id, positionOf(from), limits);
      must(
        records.length > 0 && next > from,
        'everything before the end can be read',
        () => `${model.id}: ${from}`,
      );
      this.#checkRecords(model, from, limits, records);
      from = next;
    }
  }

  someLimits(): ReadLimits {
    const { chance } = this.#options;
    return { records: chance.pick([1, 2, 5, 1000]), bytes: chance.pick([1, 100, 1000, 1_000_000]) };
  }

  #note(text: string): void {
    this.#options.trace.add(`  ${text}`);
  }

  /** A log of the same name has come; whoever asked for the one before may have got an answer of either. */
  #isReplaced(model: LogModel): boolean {
    return this.#models.get(model.id) !== model;
  }

  #checkRead(
    model: LogModel,
    floor: Floor,
    from: number,
    limits: ReadLimits,
    records: readonly LogRecord[],
    end: number,
  ): void {
    const first = records[0]?.position ?? from;
    const told = (): string => `${model.id} from ${from}: ${records.length} records at ${first}, end ${end}`;
    must(first >= Math.max(from, floor.start) || records.length === 0, 'a read begins where it should', told);
    must(first <= Math.max(from, model.startMax), 'a read begins where it should', told);
    must(end >= floor.end && end <= model.endMax, 'the end is as appended', told);
    model.tellEnd(end);
    const mustHaveSome = Math.max(from, model.startMax) < floor.end;
    must(!mustHaveSome || records.length > 0, 'everything before the end can be read', told);
    this.#checkRecords(model, first, limits, records);
  }

  #checkRecords(model: LogModel, first: number, limits: ReadLimits, records: readonly LogRecord[]): void {
    let position = first;
    let bytes = 0;
    for (const record of records) {
      must(record.position === position++, 'records are in order', () => `${model.id} at ${record.position}`);
      model.observe(record);
      bytes += record.value.length + Buffer.byteLength(record.key);
    }
    const fits = records.length <= limits.records && (records.length <= 1 || bytes <= limits.bytes);
    must(fits, 'a read keeps to its limits', () => `${model.id}: ${records.length} records, ${bytes} bytes`);
  }

  /** Nobody touches what a reader was given, however long he keeps it. */
  #checkHeld(): void {
    for (const { record, copy } of this.#held) {
      const isSame = copy.equals(record.value);
      must(isSame, 'a record that was read does not change', () => `'${record.key}' at ${record.position}`);
    }
  }

  #hold(records: readonly LogRecord[]): void {
    for (const record of records) this.#held.push({ record, copy: Buffer.from(record.value) });
    this.#held.splice(0, this.#held.length - HELD_MAX);
  }

  #freeName(): LogId | undefined {
    const { reusesNames, chance } = this.#options;
    if (!reusesNames) return logIdOf(`log-${this.#made++}`);
    const names = Array.from({ length: NAMES }, (_, number) => logIdOf(`log-${number}`));
    const free = names.filter((name) => {
      const model = this.#models.get(name);
      return model === undefined || model.deleted === 'acknowledged';
    });
    return free.length === 0 ? undefined : chance.pick(free);
  }

  #begin(model: LogModel, count: number, dataKey: DataKeyId | undefined): Attempt {
    const attempt = this.#attempts.make(count, dataKey);
    this.#note(`append ${attempt.number} to ${model.id}: ${count}`);
    model.begin(attempt);
    return attempt;
  }

  /** What the engine answered. */
  #take({ answers }: Process, model: LogModel, attempt: Attempt, outcome: unknown): void {
    const call = `append ${attempt.number} to ${model.id}`;
    if (isAppended(outcome)) {
      this.#note(`${call} stands at ${outcome.first}, ${outcome.arrivalMs}`);
      model.acknowledge(attempt, outcome);
      return;
    }
    const code = answers.code(call, outcome, model.deleted !== undefined);
    this.#note(`${call}: ${code}`);
    if (code === 'failed') attempt.fate = 'unknown';
    else model.refuse(attempt);
  }
}
