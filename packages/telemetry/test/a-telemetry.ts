import assert from 'node:assert/strict';
import { type CloudWatchOperations, cloudWatchModel } from '@millrace/aws-model/cloudwatch';
import { bindService } from '@millrace/aws-protocol';
import { type Disk, MemoryDisk, type MetricIdentity } from '@millrace/core';
import { ManualClock } from '@millrace/log/conformance';
import { openEmbeddedLog } from '@millrace/log-embedded';
import { cloudWatchTable, openTelemetry, type TelemetryOptions } from '../src/index.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
/** A whole hour. */
export const NOON_MS = 1_790_000_400_000 - (1_790_000_400_000 % HOUR_MS);

export const SCOPE = { account: '123456789012', region: 'eu-west-1' };

export const anIdentity = (name = 'IncomingBytes', rest: Partial<MetricIdentity> = {}): MetricIdentity => ({
  ...SCOPE,
  namespace: 'AWS/Kinesis',
  name,
  unit: 'Bytes',
  dimensions: [['StreamName', 'orders']],
  ...rest,
});

type Name = keyof CloudWatchOperations;

/** CloudWatch as a client meets it, without the wire. */
export interface WorldOptions extends Partial<TelemetryOptions> {
  /** A world on the disk of an earlier one is that world after a restart. */
  readonly disk?: Disk;
  readonly clock?: ManualClock;
}

export const aTelemetry = async ({ disk = new MemoryDisk(), ...options }: WorldOptions = {}) => {
  const clock = options.clock ?? new ManualClock(NOON_MS);
  const engine = await openEmbeddedLog({ disk, clock, durability: 'flush' });
  const telemetry = await openTelemetry({ engine, ...options, clock });
  const service = bindService(cloudWatchModel, cloudWatchTable, telemetry.deps);
  const callAs =
    (account: string) =>
    async <N extends Name>(name: N, input: CloudWatchOperations[N]['input']) => {
      const handler = service.handlers.get(name);
      assert.ok(typeof handler === 'function', `${name} is not built`);
      const context = { ...SCOPE, account, requestId: 'r', signal: AbortSignal.any([]) };
      return (await handler(input, context)) as CloudWatchOperations[N]['output'];
    };
  const crash = () => engine.close();
  const close = async () => {
    await telemetry.close();
    await engine.close();
  };
  return { clock, engine, ...telemetry, close, crash, callAs, call: callAs(SCOPE.account) };
};

export const awsError = (code: string) => ({ name: 'ServiceError', code });
