import { GetRecordsCommand, GetShardIteratorCommand, PutRecordCommand } from '@aws-sdk/client-kinesis';

/** The code under test: an application's own way of writing and reading its orders. */
export class OrderLog {
  #kinesis;
  #stream;

  constructor(kinesis, stream) {
    this.#kinesis = kinesis;
    this.#stream = stream;
  }

  async add(order) {
    const Data = new TextEncoder().encode(JSON.stringify(order));
    await this.#kinesis.send(
      new PutRecordCommand({ StreamName: this.#stream, PartitionKey: order.customer, Data }),
    );
  }

  async all() {
    const { ShardIterator } = await this.#kinesis.send(
      new GetShardIteratorCommand({
        StreamName: this.#stream,
        ShardId: 'shardId-000000000000',
        ShardIteratorType: 'TRIM_HORIZON',
      }),
    );
    const { Records } = await this.#kinesis.send(new GetRecordsCommand({ ShardIterator }));
    return Records.map(({ Data }) => JSON.parse(new TextDecoder().decode(Data)));
  }
}
