/** What every SDK must see; README.md says how each is shown. */
export const SDK_LAWS = [
  'creates a stream and waits until it is active',
  'describes the stream',
  'puts one record and reads it back',
  'puts a batch of 500 and reads every record back',
  'an explicit hash key chooses the shard',
  'records of 1 MiB come back whole',
  'a partition key beyond ASCII is routed by its UTF-8 bytes',
  'TRIM_HORIZON starts at the oldest record',
  'AT_SEQUENCE_NUMBER starts at that record',
  'AFTER_SEQUENCE_NUMBER starts behind that record',
  'AT_TIMESTAMP starts at the first record of that time',
  'LATEST gives only what comes after',
  'pages ListShards',
  'adds, lists and removes tags',
  'an unknown stream is the ResourceNotFoundException of the SDK',
  'a name taken is the ResourceInUseException of the SDK',
  'pages ListStreams',
  'deletes the stream',
] as const;

/** What those must see that can read a stream of events. */
export const FAN_OUT_LAWS = [
  'registers consumers and waits until they are active',
  'SubscribeToShard pushes what is there and what comes later',
  'another consumer goes on behind the continuation',
  'a second subscription is the ResourceInUseException of the SDK',
  'deregistering ends a subscription with the ResourceNotFoundException of the SDK',
] as const;

/** What the AWS command line must do, in the order in which README.md tells it. */
export const CLI_LAWS = [
  'create-stream makes a stream that becomes active',
  'put-record answers shard and sequence number',
  'put-records takes a batch from a file',
  'get-records gives back what was put',
  'list-shards pages with --max-items',
  'tags are added and listed',
  'list-streams pages with --page-size',
  'an unknown stream ends the command with ResourceNotFoundException',
  'delete-stream removes the stream',
  'talks TLS with --ca-bundle',
] as const;
