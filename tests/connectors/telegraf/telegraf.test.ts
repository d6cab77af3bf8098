import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { type TestContext, test } from 'node:test';
import { cacheFolder } from '../../../scripts/clients/cache.ts';
import { installTelegraf } from '../../../scripts/clients/install-telegraf.ts';
import { ClientUnavailable } from '../../../scripts/clients/unavailable.ts';
import { fileToStream, streamToFile } from './configuration.ts';
import { runTelegraf } from './telegraf-process.ts';
import { lineOf, TelegrafWorld } from './world.ts';

const DEVICES = 20;
const TIMEOUT_MS = 600_000;

const prepared = async (t: TestContext): Promise<string | undefined> => {
  const say = (line: string) => process.stderr.write(`telegraf: ${line}\n`);
  try {
    return await installTelegraf({ cache: cacheFolder(), say });
  } catch (error) {
    if (!(error instanceof ClientUnavailable) || process.env.CI === 'true') throw error;
    t.skip(error.message);
    return undefined;
  }
};

/** One line per device and round, no two alike. */
const lines = (firstRound: number, roundCount: number): readonly string[] =>
  Array.from({ length: roundCount * DEVICES }, (_, place) =>
    lineOf(`device-${place % DEVICES}`, firstRound + Math.floor(place / DEVICES)),
  );

interface Given {
  readonly program: string;
  readonly world: TelegrafWorld;
  /** A stream of two shards. */
  readonly stream: string;
}

const same = (actual: readonly string[], expected: readonly string[]): void =>
  assert.deepEqual([...actual].sort(), [...expected].sort());

const writesAll = async ({ program, world, stream }: Given): Promise<void> => {
  const written = lines(0, 60);
  const file = world.file(`${stream}.lines`);
  await writeFile(file, written.map((line) => `${line}\n`).join(''));
  const configuration = fileToStream({ endpoint: world.server.endpoint, stream, file });
  const { server } = world;
  const { ended } = await runTelegraf({ program, server, name: stream, configuration, flags: ['--once'] });
  const { code, stderr } = await ended;
  assert.equal(code, 0, stderr);
  const records = await world.readAll(stream);
  const texts = records.map(({ Data }) =>
    Buffer.from(Data ?? [])
      .toString()
      .trim(),
  );
  same(texts, written);
  for (const [place, { PartitionKey }] of records.entries()) {
    assert.ok(texts[place]?.includes(`device=${PartitionKey} `), `${texts[place]} under ${PartitionKey}`);
  }
};

/** Runs Telegraf from the stream to a file while `act` goes on, and ends it. */
const consume = async (
  { program, world, stream }: Given,
  { name, table }: { readonly name: string; readonly table?: string },
  act: (file: string) => Promise<void>,
): Promise<void> => {
  const { server } = world;
  const file = world.file(`${name}.lines`);
  const configuration = streamToFile({ endpoint: server.endpoint, stream, file }, table);
  const telegraf = await runTelegraf({ program, server, name, configuration });
  try {
    await act(file);
  } catch (error) {
    const { stderr } = await telegraf.stop();
    throw new Error(`Telegraf said:\n${stderr}`, { cause: error });
  }
  const { code, stderr } = await telegraf.stop();
  assert.equal(code, 0, stderr);
};

const readsAll = async (given: Given): Promise<void> => {
  const { world, stream } = given;
  await world.put(stream, lines(0, 10));
  await consume(given, { name: stream }, async (file) => {
    await world.untilLines(file, 10 * DEVICES);
    await world.put(stream, lines(10, 1));
    same(await world.untilLines(file, 11 * DEVICES), lines(0, 11));
  });
};

const followsResharding = async (given: Given): Promise<void> => {
  const { world, stream } = given;
  await world.put(stream, lines(0, 1));
  await consume(given, { name: stream }, async (file) => {
    await world.untilLines(file, DEVICES);
    await world.split(stream);
    await world.put(stream, lines(1, 1));
    await world.untilLines(file, 2 * DEVICES);
    await world.merge(stream);
    await world.put(stream, lines(2, 1));
    same(await world.untilLines(file, 3 * DEVICES), lines(0, 3));
  });
};

const readsClosedShards = async (given: Given): Promise<void> => {
  const { world, stream } = given;
  await world.put(stream, lines(0, 1));
  await world.split(stream);
  await world.put(stream, lines(1, 1));
  await consume(given, { name: stream }, async (file) => {
    same(await world.untilLines(file, 2 * DEVICES), lines(0, 2));
  });
};

const goesOn = async (given: Given): Promise<void> => {
  const { world, stream } = given;
  const table = 'telegraf-checkpoints';
  await world.createTable(table);
  await world.put(stream, lines(0, 5));
  await consume(given, { name: `${stream}-first`, table }, async (file) => {
    await world.untilLines(file, 5 * DEVICES);
  });
  await world.put(stream, lines(5, 1));
  await consume(given, { name: `${stream}-second`, table }, async (file) => {
    same(await world.untilLines(file, DEVICES), lines(5, 1));
  });
};

const LAWS: Readonly<Record<string, (given: Given) => Promise<void>>> = {
  'outputs.kinesis writes every metric, under its tag as the partition key': writesAll,
  'inputs.kinesis_consumer reads every record of all shards': readsAll,
  'inputs.kinesis_consumer follows a split and a merge': followsResharding,
  'inputs.kinesis_consumer reads what a closed shard holds': readsClosedShards,
  'inputs.kinesis_consumer goes on behind its checkpoints in our table': goesOn,
};

test("Telegraf's Kinesis plugins", { timeout: TIMEOUT_MS }, async (t) => {
  const program = await prepared(t);
  if (program === undefined) return;
  const world = await TelegrafWorld.start();
  t.after(() => world.close());
  for (const [place, [law, check]] of Object.entries(LAWS).entries()) {
    const stream = `telegraf-${place}`;
    await t.test(law, async () => {
      await world.createStream(stream, 2);
      await check({ program, world, stream });
    });
  }
});
