import { join } from 'node:path';
import type { Installer } from './installer.ts';
import { installJavaProgram } from './java-program.ts';

const FOLDER = join(import.meta.dirname, '../../tests/clients/java');

/** The class path of the compiled Java client and everything it uses. */
export const installJava = (installer: Installer): Promise<string> =>
  installJavaProgram(
    { library: 'the AWS SDK for Java', seconds: 30, pom: join(FOLDER, 'pom.xml'), folders: [FOLDER] },
    installer,
  );
