import { DEFAULTS, startServer } from '@millrace/server';
import { pino } from 'pino';
import { openForgetfulLog } from './forgetful-log.ts';

const [kind, dataDir = ''] = process.argv.slice(2);

const server = await startServer(
  { ...DEFAULTS, port: 0, dataDir },
  pino({ level: 'error' }),
  kind === 'floor' ? { openLog: openForgetfulLog } : {},
);
process.once('SIGTERM', async () => {
  await server.close(0);
  process.disconnect?.();
});
process.send?.(Number(new URL(server.endpoint).port));
