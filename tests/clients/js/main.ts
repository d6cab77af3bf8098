import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { KinesisClient, type KinesisClientConfig } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { tellFanOut } from './fan-out.ts';
import { tellIterators } from './iterators.ts';
import { tellRecords } from './records.ts';
import { Report } from './report.ts';
import { tellEnd, tellStart } from './streams.ts';
import { Written } from './written.ts';

/** The scenario of tests/clients/README.md, told with the AWS SDK for JavaScript v3. */
const { values } = parseArgs({
  options: {
    endpoint: { type: 'string', default: '' },
    'tls-endpoint': { type: 'string' },
    // Node takes it from NODE_EXTRA_CA_CERTS.
    ca: { type: 'string' },
    stream: { type: 'string', default: '' },
    only: { type: 'string', default: '' },
  },
});

interface Variant {
  readonly name: string;
  readonly endpoint: string | undefined;
  readonly config: KinesisClientConfig;
  readonly version: string;
}

const byHttp1 = (): KinesisClientConfig => ({ requestHandler: new NodeHttpHandler() });
const VARIANTS: readonly Variant[] = [
  { name: 'default: h2c, a session per call', endpoint: values.endpoint, config: {}, version: 'h2' },
  { name: 'HTTP/1.1', endpoint: values.endpoint, config: byHttp1(), version: 'http/1.1' },
  { name: 'default over TLS', endpoint: values['tls-endpoint'], config: {}, version: 'h2' },
  { name: 'HTTP/1.1 over TLS', endpoint: values['tls-endpoint'], config: byHttp1(), version: 'http/1.1' },
];

const tell = async (
  variant: Variant,
  endpoint: string,
  streamName: string,
  report: Report,
): Promise<void> => {
  const client = new KinesisClient({ ...variant.config, endpoint });
  const written = new Written(client, streamName);
  report.variant(variant.name);
  await report.law('speaks the expected HTTP version', async () => {
    assert.equal(client.config.requestHandler.metadata?.handlerProtocol, variant.version);
  });
  await tellStart(client, streamName, report);
  await tellRecords(written, report);
  await tellIterators(written, report);
  await tellFanOut(client, written, streamName, report);
  await tellEnd(client, streamName, report);
  client.destroy();
};

const report = new Report();
for (const [number, variant] of VARIANTS.entries()) {
  if (variant.endpoint === undefined || !variant.name.includes(values.only)) continue;
  await tell(variant, variant.endpoint, `${values.stream}-${number}`, report);
}
process.exitCode = report.exitCode;
