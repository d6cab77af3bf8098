import { positionOf } from '@millrace/core';
import type { LogModel } from './log-model.ts';
import type { LogsWorld } from './logs-world.ts';
import { type Process, rest } from './process.ts';
import { must } from './violation.ts';

/** So long a reader at the end waits for more. */
const WAIT_MS_MAX = 40;
const LOGS_MAX = 5;

type Act = (world: LogsWorld, process: Process, model: LogModel) => Promise<unknown>;

const append: Act = async (world, process, model) => {
  const { chance } = process;
  const calls = Array.from({ length: chance.between(1, 4) }, () =>
    world.append(process, model, chance.between(1, 4)),
  );
  for (const call of calls) process.spawn(call);
  // Who does not wait comes again while these are under way.
  if (chance.below(3) > 0) await Promise.all(calls);
};

const appendAll: Act = async (world, process) => {
  const { chance } = process;
  const models = Array.from({ length: chance.between(1, 4) }, () => chance.pick(world.usable));
  await world.appendAll(process, models);
};

const read: Act = async (world, process, model) => {
  const { chance } = process;
  let from: number | undefined = chance.isOneIn(2) ? 0 : chance.below(model.endMax + 3);
  for (let pages = 0; pages < 4 && from !== undefined && from < model.end; pages++) {
    from = await world.read(process, model, from, world.someLimits());
  }
};

/** Waits at the end, as a tailing reader does, and reads what comes. */
const follow: Act = async (world, process, model) => {
  const { engine, answers, chance, clock } = process;
  const from = model.end + chance.below(2);
  const controller = new AbortController();
  const told = (): string => `${model.id}: ${model.end}, and ${from} was waited for`;
  const timer = clock.after(chance.below(WAIT_MS_MAX), () => {
    must(model.end <= from || !model.isUsable, 'a waiter is woken when there is more', told);
    controller.abort();
  });
  try {
    await engine.waitForMore(model.id, positionOf(from), controller.signal);
  } catch (error) {
    answers.code(`wait for ${model.id}`, error, model.deleted !== undefined);
    return;
  } finally {
    timer.cancel();
  }
  if (!model.isUsable) return;
  const { end } = await engine.bounds(model.id).catch(() => ({ end: undefined }));
  const isAnswered = controller.signal.aborted || end === undefined || end > from || !model.isUsable;
  must(isAnswered, 'a waiter is woken only when there is more', told);
  await world.read(process, model, from, world.someLimits());
};

const trim: Act = (world, process, model) =>
  world.trim(
    process,
    model,
    process.chance.isOneIn(4) ? model.endMax + 2 : process.chance.below(model.end + 1),
  );

const inspect: Act = async (world, process, model) => {
  const { chance } = process;
  const timestampMs = (model.arrivalMsAt(chance.below(model.end + 1)) ?? 0) + chance.below(3) - 1;
  await Promise.all([
    world.bounds(process, model),
    world.findByTime(process, model, timestampMs),
    world.logs(process),
  ]);
};

const own: Act = async (world, process, model) => {
  const isMany = world.usable.length > LOGS_MAX;
  if (isMany || (world.usable.length > 1 && process.chance.isOneIn(2))) await world.delete(process, model);
  else await world.create(process);
};

/** The clock of the machine is set. */
const setClock: Act = async (_world, { clock, chance }) => clock.step(chance.between(-50, 50));

const ACTS: readonly (readonly [act: Act, weight: number])[] = [
  [append, 9],
  [appendAll, 2],
  [read, 4],
  [follow, 3],
  [trim, 2],
  [inspect, 2],
  [own, 1],
  [setClock, 1],
];
const DRAWN: readonly Act[] = ACTS.flatMap(([act, weight]) => Array.from({ length: weight }, () => act));

/** One of several who use the store at the same time. */
const actor = async (world: LogsWorld, process: Process, acts: number): Promise<void> => {
  for (let done = 0; done < acts; done++) {
    const model = world.usable.length === 0 ? undefined : process.chance.pick(world.usable);
    if (model === undefined) await world.create(process);
    else await process.chance.pick(DRAWN)(world, process, model);
    await rest(process);
  }
};

export const useLogs = (world: LogsWorld, process: Process, actors: number, acts: number): void => {
  for (let number = 0; number < actors; number++) process.spawn(actor(world, process, acts));
};

/** When the trouble is over and nothing is under way: what did not fail takes appends at once. */
export const useLogsAfterTrouble = async (world: LogsWorld, process: Process): Promise<void> => {
  for (const model of world.usable) {
    // The first may still be told what has become of something that was done ahead of time.
    const isTaken = (await world.append(process, model, 1)) || (await world.append(process, model, 1));
    must(isTaken || process.answers.hasFailed, 'after a full disk appends work again', () => model.id);
  }
};
