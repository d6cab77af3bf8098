import { describe, type TestContext, test } from 'node:test';
import { cacheFolder } from '../../scripts/clients/cache.ts';
import { installKcl, type KclVersion } from '../../scripts/clients/install-kcl.ts';
import { ClientUnavailable } from '../../scripts/clients/unavailable.ts';

/** What becomes of one version of the library in one world; its laws are subtests, told in turn. */
export interface Story {
  readonly name: string;
  readonly version: KclVersion;
  readonly tell: (t: TestContext, classPath: string) => Promise<void>;
}

const TIMEOUT_MS = 600_000;
/** They wait more than they work. */
const AT_ONCE = 2;

/** Undefined, and the test is skipped, where the library cannot be had. In CI that is a failure. */
const prepared = async (t: TestContext, version: KclVersion): Promise<string | undefined> => {
  const say = (line: string) => process.stderr.write(`kcl: ${line}\n`);
  try {
    return await installKcl(version, { cache: cacheFolder(), say });
  } catch (error) {
    if (!(error instanceof ClientUnavailable) || process.env.CI === 'true') throw error;
    t.skip(error.message);
    return undefined;
  }
};

export const tellStories = (about: string, stories: readonly Story[]): void => {
  describe(about, { concurrency: AT_ONCE, timeout: TIMEOUT_MS }, () => {
    for (const { name, version, tell } of stories)
      test(name, async (t) => {
        const classPath = await prepared(t, version);
        if (classPath !== undefined) await tell(t, classPath);
      });
  });
};
