import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { start } from '@millrace/server';
import { OrderLog } from '../order-log.js';

let millrace;
let kinesis;

before(async () => {
  millrace = await start({ stream: [{ name: 'orders', shardCount: 1 }] });
  kinesis = new KinesisClient({
    endpoint: millrace.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
});

after(async () => {
  kinesis.destroy();
  await millrace.close();
});

test('orders come back in the order in which they were added', async () => {
  const orders = new OrderLog(kinesis, 'orders');
  await orders.add({ customer: 'ada', item: 'punched cards' });
  await orders.add({ customer: 'ada', item: 'more punched cards' });
  assert.deepEqual(
    (await orders.all()).map(({ item }) => item),
    ['punched cards', 'more punched cards'],
  );
});
