import { join } from 'node:path';
import type { Installer } from './installer.ts';
import { installJavaProgram } from './java-program.ts';

const FOLDER = join(import.meta.dirname, '../../tests/kcl/java');

export type KclVersion = 2 | 3;

/** The class path of our application around the Kinesis Client Library of this major version. */
export const installKcl = (version: KclVersion, installer: Installer): Promise<string> => {
  const own = join(FOLDER, `kcl${version}`);
  return installJavaProgram(
    {
      library: `the Kinesis Client Library ${version}`,
      seconds: 40,
      pom: join(own, 'pom.xml'),
      folders: [FOLDER, own],
    },
    installer,
  );
};
