import { join } from 'node:path';
import type { Installer } from './installer.ts';
import { installJavaProgram } from './java-program.ts';

const FOLDER = join(import.meta.dirname, '../../tests/kpl/java');

/** The class path of our driver and the Kinesis Producer Library, whose jar holds its native programs (130 MB). */
export const installKpl = (installer: Installer): Promise<string> =>
  installJavaProgram(
    { library: 'the Kinesis Producer Library', seconds: 60, pom: join(FOLDER, 'pom.xml'), folders: [FOLDER] },
    installer,
  );
