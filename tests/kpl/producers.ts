import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import type { KplWorld } from './world.ts';

/** A sentence that holds, or throws. */
export type Law = (world: KplWorld) => Promise<void>;

/** What a refused producer tries for; the others have the library's 30 s. */
const SHORT_TTL_MS = 2_000;

const strangersCertificate = async (folder: string): Promise<string> => {
  const { cert } = await generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec' });
  const path = join(folder, 'stranger.pem');
  await writeFile(path, cert);
  return path;
};

/** Said to begin with, the strategy need not be asked for: until it is known nothing is aggregated. */
const RecordDistributionStrategyDefault = 'USER_PARTITION_KEY';

/** One native process each, which takes seconds to unpack and check: they are opened at once and shared. */
export const openProducers = async (world: KplWorld): Promise<void> => {
  const { driver, settings, server } = world;
  const verifying = { ...settings, CaCertFile: server.ca };
  const stranger = await strangersCertificate(server.folder);
  await Promise.all([
    driver.open('trusting', { ...verifying, RecordDistributionStrategyDefault, MetricsUploadDelay: 500 }),
    driver.open('plain', {
      ...verifying,
      RecordDistributionStrategyDefault,
      AggregationEnabled: false,
      MetricsLevel: 'none',
    }),
    driver.open('careless', { ...settings, VerifyCertificate: false, MetricsLevel: 'none' }),
    driver.open('mistrusting', { ...settings, CaCertFile: stranger, RecordTtl: SHORT_TTL_MS }),
  ]);
};
