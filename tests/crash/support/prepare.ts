import { setTimeout as pause } from 'node:timers/promises';
import { call } from '../../support/raw-call.ts';

const PAUSE_MS = 10;

const untilActive = async (endpoint: string, StreamName: string): Promise<void> => {
  for (;;) {
    const { StreamDescriptionSummary: summary } = await call<{
      StreamDescriptionSummary: { StreamStatus: string };
    }>(endpoint, 'DescribeStreamSummary', { StreamName });
    if (summary.StreamStatus === 'ACTIVE') return;
    await pause(PAUSE_MS);
  }
};

export const makeStream = async (endpoint: string, StreamName: string, ShardCount: number): Promise<void> => {
  await call(endpoint, 'CreateStream', { StreamName, ShardCount });
  await untilActive(endpoint, StreamName);
};

export const encrypt = async (endpoint: string, StreamName: string): Promise<void> => {
  await call(endpoint, 'StartStreamEncryption', {
    StreamName,
    EncryptionType: 'KMS',
    KeyId: 'alias/aws/kinesis',
  });
  await untilActive(endpoint, StreamName);
};
