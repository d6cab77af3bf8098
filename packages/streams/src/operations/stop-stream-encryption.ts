import type { KinesisOperation } from '../deps.ts';
import { countedChange } from '../limits/change-limits.ts';
import { requireKmsEncryption, streamNotActive } from '../model/errors.ts';
import { requireStream } from '../model/find-stream.ts';
import { submit } from '../model/refusals.ts';

/**
 * What is put after the answer is stored plain; what is there stays as it is, and readable. Stopping what is not
 * encrypted changes nothing. The KeyId is not compared with the stream's: that AWS does so is not known.
 */
export const stopStreamEncryption: KinesisOperation<'StopStreamEncryption'> = async (
  input,
  deps,
  context,
) => {
  const stream = requireStream(input, deps, context);
  requireKmsEncryption(input.EncryptionType);
  if (stream.status !== 'ACTIVE') throw streamNotActive(stream, stream.status);
  if (stream.encryption.type === 'NONE') return;
  await countedChange('StopStreamEncryption', stream, deps, () =>
    submit(deps.catalog, { type: 'streams.stop-encryption.v1', id: stream.id }, stream),
  );
};
