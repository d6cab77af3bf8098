/** What README.md repeats for users. */
const AGENT = `
[agent]
  interval = "100ms"
  flush_interval = "100ms"
  omit_hostname = true
  metric_buffer_limit = 10000
`;

const connection = (endpoint: string): string => `
  region = "us-east-1"
  access_key = "test"
  secret_key = "test"
  endpoint_url = "${endpoint}"
`;

export interface Route {
  readonly endpoint: string;
  readonly stream: string;
  /** Line protocol, read or written. */
  readonly file: string;
}

/** A file of metrics to a stream, the tag `device` as the partition key. */
export const fileToStream = ({ endpoint, stream, file }: Route): string => `${AGENT}
[[inputs.file]]
  files = ["${file}"]
  data_format = "influx"

[[outputs.kinesis]]${connection(endpoint)}
  streamname = "${stream}"
  data_format = "influx"
  [outputs.kinesis.partition]
    method = "tag"
    key = "device"
`;

/** A stream from its start, or from the checkpoints in the table, to a file. */
export const streamToFile = ({ endpoint, stream, file }: Route, table?: string): string => `${AGENT}
[[inputs.kinesis_consumer]]${connection(endpoint)}
  streamname = "${stream}"
  shard_iterator_type = "TRIM_HORIZON"
  poll_interval = "50ms"
  shard_update_interval = "200ms"
  data_format = "influx"${
    table === undefined
      ? ''
      : `
  [inputs.kinesis_consumer.checkpoint_dynamodb]
    app_name = "telegraf"
    table_name = "${table}"
    interval = "1s"`
  }

[[outputs.file]]
  files = ["${file}"]
  data_format = "influx"
`;
