import { installGo } from '../../scripts/clients/install-go.ts';
import { SDK_LAWS } from './laws.ts';
import { testClient } from './run-client.ts';

testClient('AWS SDK for Go v2', {
  prepare: async (installer) => ({ command: await installGo(installer), args: [] }),
  variants: ['HTTP/1.1', 'TLS'],
  laws: SDK_LAWS,
  streamName: 'from-go',
});
