import { join } from 'node:path';
import { FAN_OUT_LAWS, SDK_LAWS } from './laws.ts';
import { testClient } from './run-client.ts';

testClient('AWS SDK for JavaScript v3', {
  prepare: async () => ({ command: process.execPath, args: [join(import.meta.dirname, 'js/main.ts')] }),
  variants: ['default: h2c, a session per call', 'HTTP/1.1', 'default over TLS', 'HTTP/1.1 over TLS'],
  laws: [...SDK_LAWS, ...FAN_OUT_LAWS, 'speaks the expected HTTP version'],
  streamName: 'from-javascript',
});
