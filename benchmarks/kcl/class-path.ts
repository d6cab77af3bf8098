import { join } from 'node:path';
import { cacheFolder } from '../../scripts/clients/cache.ts';
import { installJavaProgram } from '../../scripts/clients/java-program.ts';
import { ClientUnavailable } from '../../scripts/clients/unavailable.ts';

const POM = join(import.meta.dirname, '../../tests/kcl/java/kcl3/pom.xml');

/** Our program around the Kinesis Client Library 3, or why this machine cannot have it. */
export const kclClassPath = async (): Promise<{ readonly classPath?: string; readonly reason?: string }> => {
  try {
    const classPath = await installJavaProgram(
      { library: 'the Kinesis Client Library 3', seconds: 40, pom: POM, folders: [import.meta.dirname] },
      { cache: cacheFolder(), say: (line) => void process.stderr.write(`${line}\n`) },
    );
    return { classPath };
  } catch (error) {
    if (error instanceof ClientUnavailable) return { reason: error.message };
    throw error;
  }
};
