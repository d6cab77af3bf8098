import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createConsumer, SETTINGS, type Setting, type Settings } from '@millrace/consumer';

const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
// Nothing listens there, and nothing is asked for before a consumer runs.
const address = { endpoint: 'http://127.0.0.1:1', region: 'us-east-1', credentials };
const names = { streamName: 'orders', applicationName: 'billing' };

const refuses = (given: object, message: RegExp): void => {
  assert.throws(() => createConsumer({ ...address, ...names, ...given }), {
    name: 'ConsumerError',
    code: 'InvalidSettings',
    message,
  });
};

test('a value that cannot be is refused with what would be right', () => {
  refuses({ failoverMs: 0 }, /failoverMs must be a whole number from 300 to/);
  refuses({ readRecordsMax: 10_001 }, /from 1 to 10000/);
  refuses({ idleMs: 1.5 }, /whole number/);
  refuses({ leasesMax: Number.NaN }, /whole number/);
  refuses({ outsideRange: 'keep' }, /outsideRange must be one of drop, deliver/);
  refuses({ failoverMs: '1000' }, /failoverMs must be a number/);
});

test('a position that is none is refused', () => {
  refuses({ initialPosition: 'OLDEST' }, /initialPosition/);
  refuses({ initialPosition: new Date(Number.NaN) }, /initialPosition/);
});

test('a consumer of one stream cannot be that of several', () => {
  const streams = [{ streamName: 'orders' }];
  refuses({ streamName: undefined, streams, consumerArn: 'arn:any', retrieval: 'fanOut' }, /consumerName/);
});

test('a setting that is misspelt is refused', () => {
  refuses({ failoverMillis: 1_000 }, /failoverMillis is no setting/);
});

test('every default is a value that its own row allows', () => {
  const defaults = Object.fromEntries(
    Object.entries(SETTINGS).map(([key, row]) => [key, (row as Setting<unknown>).default]),
  ) as Partial<Settings>;
  createConsumer({ ...address, ...names, ...defaults });
});

test('no two settings claim the same name in the KCL', () => {
  const awsNames = Object.values(SETTINGS).flatMap((row: Setting<unknown>) => row.awsName ?? []);
  assert.equal(new Set(awsNames).size, awsNames.length);
});
