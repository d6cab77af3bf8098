import { type Catalog, type Stream, streamIdOf } from '@millrace/catalog';
import {
  type DataKeyId,
  dataKeyIdOf,
  KeyError,
  type KeyPurpose,
  type KeyService,
  type Random,
} from '@millrace/core';
import type { DataKeys } from '@millrace/log';

const STREAM_ID_DIGITS = 16;
const OWN_BYTES = 8;

/** The stream's id and eight random bytes: the stream is found by it, and no two are the same. */
export const newDataKeyId = (stream: Stream, random: Random): DataKeyId =>
  dataKeyIdOf(stream.id + Buffer.from(random.bytes(OWN_BYTES)).toString('hex'));

/** A data key opens for its own stream only: another of the same name is another stream. */
export const dataKeyPurpose = ({ arn }: Stream, id: DataKeyId): KeyPurpose => ({
  'aws:kinesis:arn': arn,
  'millrace:data-key': id,
});

/** The data keys of all streams, for the engine's cipher. */
export const streamDataKeys = (catalog: Catalog, keys: KeyService): DataKeys => ({
  get(id) {
    const stream = catalog.state.streams.get(streamIdOf(id.slice(0, STREAM_ID_DIGITS)));
    const dataKey = stream?.dataKeys?.find((each) => each.id === id);
    if (stream === undefined || dataKey === undefined) {
      throw new KeyError('unreadable', `no stream has the data key ${id}`);
    }
    return keys.openDataKey(dataKey, dataKeyPurpose(stream, id));
  },
});

const PLAIN = {};

/** How the engine is to store what is put into the stream now. */
export const storageOf = ({ encryption }: Stream): { readonly encryptWith?: DataKeyId } =>
  encryption.type === 'NONE' ? PLAIN : { encryptWith: encryption.dataKey };

/** In answers to puts, and of records: absent when there is none (recorded). */
export const encryptionTypeOf = ({ encryption }: Stream): 'KMS' | undefined =>
  encryption.type === 'NONE' ? undefined : encryption.type;
