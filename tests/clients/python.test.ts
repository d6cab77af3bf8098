import { join } from 'node:path';
import { installPython } from '../../scripts/clients/install-python.ts';
import { CLI_LAWS, FAN_OUT_LAWS, SDK_LAWS } from './laws.ts';
import { testClient } from './run-client.ts';

const FOLDER = join(import.meta.dirname, 'python');

testClient('boto3', {
  prepare: async (installer) => ({
    command: join(await installPython(installer), 'python'),
    args: ['-B', join(FOLDER, 'boto3_client.py')],
  }),
  variants: ['HTTP/1.1', 'HTTP/1.1 over TLS'],
  laws: [...SDK_LAWS, ...FAN_OUT_LAWS],
  streamName: 'from-boto3',
});

testClient('AWS command line', {
  prepare: async (installer) => ({
    command: join(await installPython(installer), 'python'),
    args: ['-B', join(FOLDER, 'aws_cli.py')],
  }),
  variants: ['aws kinesis'],
  laws: CLI_LAWS,
  streamName: 'orders',
});
