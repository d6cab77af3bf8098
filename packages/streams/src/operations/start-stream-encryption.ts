import type { KinesisOperation } from '../deps.ts';
import { countedChange } from '../limits/change-limits.ts';
import { dataKeyPurpose, newDataKeyId } from '../model/data-keys.ts';
import { requireKmsEncryption, streamNotActive } from '../model/errors.ts';
import { requireStream } from '../model/find-stream.ts';
import { throwKeyRefusal } from '../model/key-refusal.ts';
import { submit } from '../model/refusals.ts';

/**
 * Answers once the stream is on record as UPDATING; the life cycle makes it ACTIVE. What is put after the answer is
 * stored encrypted, under a data key of its own, whether or not the stream was encrypted before.
 */
export const startStreamEncryption: KinesisOperation<'StartStreamEncryption'> = async (
  input,
  deps,
  context,
) => {
  const { KeyId: keyId } = input;
  const { account, region } = context;
  const { catalog, keys, random } = deps;
  const stream = requireStream(input, deps, context);
  requireKmsEncryption(input.EncryptionType);
  if (stream.status !== 'ACTIVE') throw streamNotActive(stream, stream.status);
  await countedChange('StartStreamEncryption', stream, deps, async () => {
    const id = newDataKeyId(stream, random);
    const purpose = dataKeyPurpose(stream, id);
    const wrapped = await keys.generateDataKey({ account, region, keyId, purpose }).catch(throwKeyRefusal);
    const dataKey = { id, ...wrapped };
    await submit(catalog, { type: 'streams.start-encryption.v1', id: stream.id, keyId, dataKey }, stream);
  });
};
