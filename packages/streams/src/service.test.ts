import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type KinesisOperations, kinesisModel } from '@millrace/aws-model/kinesis';
import { defineService, whyUnsupported } from '@millrace/aws-protocol';
import type { StreamsDeps } from './deps.ts';
import { kinesisTable } from './service.ts';

test('the table has a row for every operation of the model, and no other', () => {
  assert.deepEqual(Object.keys(kinesisTable).sort(), Object.keys(kinesisModel.operations).sort());
});

test('an operation that is not built says why', () => {
  assert.equal(whyUnsupported(kinesisTable.CreateChannel), 'channels are not built yet');
  assert.equal(whyUnsupported(kinesisTable.PutRecord), undefined);
});

// Checked by the compiler: an @ts-expect-error without an error under it is one.
test('a missing row and an orphan row do not compile', () => {
  const { PutRecord, ...missing } = kinesisTable;
  const define = defineService<KinesisOperations, StreamsDeps>();
  // @ts-expect-error PutRecord has no row
  define(missing);
  // @ts-expect-error there is no operation PutRecordz
  define({ ...missing, PutRecord, PutRecordz: PutRecord });
  define({ ...missing, PutRecord });
});
