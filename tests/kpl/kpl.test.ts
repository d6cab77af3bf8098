import { type TestContext, test } from 'node:test';
import { cacheFolder } from '../../scripts/clients/cache.ts';
import { installKpl } from '../../scripts/clients/install-kpl.ts';
import { ClientUnavailable } from '../../scripts/clients/unavailable.ts';
import { consuming } from './laws/consuming.ts';
import { metrics } from './laws/metrics.ts';
import { ownAggregates } from './laws/own-aggregates.ts';
import { records } from './laws/records.ts';
import { resharding } from './laws/resharding.ts';
import { strategy } from './laws/strategy.ts';
import { trust } from './laws/trust.ts';
import { type Law, openProducers } from './producers.ts';
import { KplWorld } from './world.ts';

const INSTALL_TIMEOUT_MS = 420_000;
const LAWS_TIMEOUT_MS = 180_000;

const LAWS: Readonly<Record<string, Law>> = {
  ...trust,
  ...strategy,
  ...records,
  ...consuming,
  ...ownAggregates,
  ...resharding,
  ...metrics,
};

const classPath = async (t: TestContext): Promise<string | undefined> => {
  try {
    const say = (line: string) => process.stderr.write(`clients: ${line}\n`);
    return await installKpl({ cache: cacheFolder(), say });
  } catch (error) {
    if (!(error instanceof ClientUnavailable) || process.env.CI === 'true') throw error;
    t.skip(error.message);
    return undefined;
  }
};

test('Kinesis Producer Library', { timeout: INSTALL_TIMEOUT_MS + LAWS_TIMEOUT_MS }, async (t) => {
  const installed = await classPath(t);
  if (installed === undefined) return;
  const world = await KplWorld.start(installed);
  t.after(() => world.close());
  await openProducers(world);
  for (const [name, law] of Object.entries(LAWS)) await t.test(name, () => law(world));
});
