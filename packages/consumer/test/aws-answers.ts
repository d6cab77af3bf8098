import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { keepAliveHandler } from '@millrace/client-common';
import { SdkTransport } from '../src/reading/sdk-transport.ts';

export interface Answer {
  readonly status?: number;
  readonly type?: string;
  readonly body: string | Buffer;
}

/** A server that says what it is told to, and an SDK client of it. */
export class AwsAnswers {
  #answer: Answer = { body: '{}' };
  readonly #server: Server = createServer((request, response) => {
    request.resume().once('end', () => {
      const { status = 200, type = 'application/x-amz-json-1.1', body } = this.#answer;
      response.writeHead(status, { 'content-type': type }).end(body);
    });
  });
  #client: KinesisClient | undefined;

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as AddressInfo;
    this.#client = new KinesisClient({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
      requestHandler: keepAliveHandler({ connectionsMax: 2, connectTimeoutMs: 1_000 }),
      maxAttempts: 1,
    });
  }

  /** A transport that gets this answer; `isOwn`: its client is its own. */
  transport(answer: Answer, isOwn: boolean): SdkTransport {
    this.#answer = answer;
    const client = this.#client as KinesisClient;
    return new SdkTransport({ client, subscriber: client, isOwn }, { StreamName: 'orders' });
  }

  end(): void {
    this.#client?.destroy();
    this.#server.close();
  }
}
