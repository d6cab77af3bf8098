import type { _Record } from '@aws-sdk/client-kinesis';

const NEWLINE = Buffer.from('\n');
const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/** Text where the bytes are UTF-8, base64 where they are not. */
const dataMember = (data: Uint8Array): { data: string } | { dataBase64: string } => {
  try {
    return { data: UTF_8.decode(data) };
  } catch {
    return { dataBase64: Buffer.from(data).toString('base64') };
  }
};

const asText = (_shardId: string, { Data }: _Record): Uint8Array[] => [Data ?? new Uint8Array(0), NEWLINE];

const asJson = (shardId: string, record: _Record): Uint8Array[] => [
  Buffer.from(
    JSON.stringify({
      shardId,
      sequenceNumber: record.SequenceNumber,
      partitionKey: record.PartitionKey,
      arrivalTime: record.ApproximateArrivalTimestamp?.toISOString(),
      ...dataMember(record.Data ?? new Uint8Array(0)),
    }),
  ),
  NEWLINE,
];

/** How a record is printed, newline included. */
export const FORMATS = { text: asText, json: asJson } as const;
