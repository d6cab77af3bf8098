import { DEFAULTS, startServer } from '@millrace/server';
import { pino } from 'pino';
import { openForgetfulLog } from './forgetful-log.ts';

const [kind, dataDir = ''] = process.argv.slice(2);

const server = await startServer(
  { ...DEFAULTS, port: 0, dataDir },
  pino({ level: 'error' }),
  kind === 'floor' ? { openLog: openForgetfulLog } : {},
);
/** Asked by a signal, or told by the end of its parent. */
const end = async (): Promise<void> => {
  await server.close(0);
  process.exit();
};
process.once('SIGTERM', end);
process.once('disconnect', end);
process.send?.(Number(new URL(server.endpoint).port));
