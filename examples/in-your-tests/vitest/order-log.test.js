import { KinesisClient } from '@aws-sdk/client-kinesis';
import { start } from '@millrace/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OrderLog } from '../order-log.js';

let millrace;
let kinesis;

beforeAll(async () => {
  millrace = await start({ stream: [{ name: 'orders', shardCount: 1 }] });
  kinesis = new KinesisClient({
    endpoint: millrace.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
});

afterAll(async () => {
  kinesis.destroy();
  await millrace.close();
});

test('an added order can be read', async () => {
  const orders = new OrderLog(kinesis, 'orders');
  await orders.add({ customer: 'grace', item: 'nanoseconds' });
  expect(await orders.all()).toEqual([{ customer: 'grace', item: 'nanoseconds' }]);
});
