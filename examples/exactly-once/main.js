// A consumer that is stopped in the middle and started again, twice, and still books every payment once.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordsCommand,
  waitUntilStreamExists,
} from '@aws-sdk/client-kinesis';
import { Ledger } from './ledger.js';

const PAYMENTS = 300;
const CUSTOMERS = ['ada', 'edsger', 'grace'];

const kinesis = new KinesisClient({
  endpoint: process.env.AWS_ENDPOINT_URL ?? 'http://127.0.0.1:4567',
  region: 'us-east-1',
  credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
});
const StreamName = `payments-${Date.now()}`;
const folder = mkdtempSync(join(tmpdir(), 'exactly-once-'));
const database = join(folder, 'ledger.db');

const putPayments = async () => {
  const Records = Array.from({ length: PAYMENTS }, (_, number) => {
    const payment = { customer: CUSTOMERS[number % CUSTOMERS.length], amount: 1 };
    return { PartitionKey: payment.customer, Data: Buffer.from(JSON.stringify(payment)) };
  });
  await kinesis.send(new PutRecordsCommand({ StreamName, Records }));
};

/** Reads every shard from `start` and stops after `patience` records, as a process that crashes would. */
const consume = async (startOf, patience) => {
  const ledger = new Ledger(database);
  let seen = 0;
  let booked = 0;
  const { Shards } = await kinesis.send(new ListShardsCommand({ StreamName }));
  for (const { ShardId } of Shards) {
    const start = startOf(ledger, ShardId);
    let { ShardIterator: iterator } = await kinesis.send(
      new GetShardIteratorCommand({ StreamName, ShardId, ...start }),
    );
    while (iterator !== undefined) {
      const answer = await kinesis.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: 50 }));
      for (const { SequenceNumber, Data } of answer.Records) {
        if (seen === patience) break;
        seen += 1;
        if (ledger.apply(ShardId, SequenceNumber, JSON.parse(Buffer.from(Data).toString()))) booked += 1;
      }
      iterator = seen === patience || answer.MillisBehindLatest === 0 ? undefined : answer.NextShardIterator;
    }
  }
  console.log(`${seen} records read, ${booked} booked`);
  ledger.close();
};

const fromTheStart = () => ({ ShardIteratorType: 'TRIM_HORIZON' });
const fromProgress = (ledger, shard) => {
  const last = ledger.progressOf(shard);
  return last === undefined
    ? fromTheStart()
    : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: last };
};

await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 2 }));
await waitUntilStreamExists({ client: kinesis, minDelay: 1, maxWaitTime: 10 }, { StreamName });
await putPayments();
await consume(fromProgress, 120); // stopped in the middle
await consume(fromTheStart, PAYMENTS); // one that forgot where it was sees old records again
await consume(fromProgress, PAYMENTS); // one that remembers finds nothing left

const ledger = new Ledger(database);
for (const { customer, amount } of ledger.balances()) console.log(`${customer} ${amount}`);
ledger.close();
kinesis.destroy();
rmSync(folder, { recursive: true });
