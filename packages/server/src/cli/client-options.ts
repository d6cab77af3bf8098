import type { Command } from 'commander';
import { DEFAULT_ENDPOINT } from '../config/client-environment.ts';

/** The flags of every command that talks to a server. */
export interface ClientOptions {
  readonly endpointUrl?: string;
  readonly aws?: boolean;
  readonly region?: string;
}

export const addClientOptions = (command: Command): Command =>
  command
    .option(
      '--endpoint-url <url>',
      `the server (default: AWS_ENDPOINT_URL_KINESIS, AWS_ENDPOINT_URL, else ${DEFAULT_ENDPOINT})`,
    )
    .option('--aws', "talk to AWS itself, with the AWS SDK's own configuration and credentials")
    .option('--region <name>', 'region of the stream (default: AWS_REGION, else us-east-1)');
