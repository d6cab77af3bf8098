import { join } from 'node:path';
import type { Installer } from './installer.ts';
import { installJavaProgram } from './java-program.ts';

const TESTS = join(import.meta.dirname, '../../tests');
const FOLDER = join(TESTS, 'connectors/flink/java');

/** The class path of our jobs, of Flink and of its Kinesis connector (125 MB). */
export const installFlink = (installer: Installer): Promise<string> =>
  installJavaProgram(
    {
      library: "Flink's Kinesis connector",
      seconds: 30,
      pom: join(FOLDER, 'pom.xml'),
      folders: [FOLDER],
      shared: [join(TESTS, 'clients/java/Report.java')],
      // The consumer under test is deprecated; closing a job may be interrupted.
      lintWithout: ['deprecation', 'try'],
    },
    installer,
  );
