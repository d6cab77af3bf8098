import { installJava } from '../../scripts/clients/install-java.ts';
import { FAN_OUT_LAWS, SDK_LAWS } from './laws.ts';
import { testClient } from './run-client.ts';

/** One short run: the optimising compiler costs more than it brings. */
const FLAGS = [
  '-XX:TieredStopAtLevel=1',
  '-XX:+UseSerialGC',
  '-Xshare:auto',
  '-Xmx512m',
  '-Dfile.encoding=UTF-8',
];

testClient('AWS SDK for Java v2', {
  prepare: async (installer) => ({
    command: 'java',
    args: [...FLAGS, '-cp', await installJava(installer), 'Main'],
  }),
  variants: [
    'sync, HTTP/1.1, CBOR',
    'async, h2c, CBOR',
    'sync, HTTP/1.1, JSON',
    'sync, HTTP/1.1 over TLS, CBOR',
    'async, h2 over TLS, CBOR',
  ],
  laws: (variant) => [
    ...SDK_LAWS,
    ...(variant.startsWith('async') ? FAN_OUT_LAWS : []),
    'speaks the expected content type',
  ],
  streamName: 'from-java',
});
