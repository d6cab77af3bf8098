import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProducer, SETTINGS, type Setting, type Settings } from '@millrace/producer';

const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
// Nothing listens there, and the list of shards is asked for in the background.
const address = { endpoint: 'http://127.0.0.1:1', region: 'us-east-1', credentials, streamName: 'orders' };

const refuses = (given: object, message: RegExp): void => {
  assert.throws(() => createProducer({ ...address, ...given }), {
    name: 'ProducerError',
    code: 'InvalidSettings',
    message,
  });
};

test('a value that cannot be is refused with what would be right', () => {
  refuses({ collectionCountMax: 501 }, /collectionCountMax must be a whole number from 1 to 500/);
  refuses({ collectionCountMax: 0.5 }, /whole number/);
  refuses({ collectionCountMax: Number.NaN }, /whole number/);
  refuses({ aggregation: 'yes' }, /aggregation must be a boolean/);
  refuses({ metricsLevel: 'all' }, /metricsLevel must be one of none, summary, detailed/);
});

test('settings that contradict each other are refused', () => {
  refuses({ aggregationBytesMax: 100_000, collectionBytesMax: 60_000 }, /may not exceed collectionBytesMax/);
  refuses({ bufferBytesMax: 1_000 }, /room for a record/);
  refuses({ recordBufferedMsMax: 30_000 }, /must be longer than recordBufferedMsMax/);
});

test('every default is a value that its own row allows', async () => {
  const defaults = Object.fromEntries(
    Object.entries(SETTINGS).map(([key, row]) => [key, (row as Setting<unknown>).default]),
  ) as Partial<Settings>;
  await createProducer({ ...address, ...defaults }).close();
});

test('no two settings claim the same name in the KPL', () => {
  const names = Object.values(SETTINGS).flatMap((row: Setting<unknown>) => row.awsName ?? []);
  assert.equal(new Set(names).size, names.length);
});
