import type { Catalog, Command, Stream } from '@millrace/catalog';
import { streamNotFound } from './errors.ts';
import type { FoundStream } from './find-stream.ts';
import { submit } from './refusals.ts';

type Reshard = Extract<
  Command,
  { readonly type: 'streams.split-shard.v1' | 'streams.merge-shards.v1' | 'streams.scale-shards.v1' }
>;
type OmitEach<Union, Key extends PropertyKey> = Union extends unknown ? Omit<Union, Key> : never;

/** What a caller may do to the shards of a stream: only a provisioned one is theirs to divide. */
export const reshard = async (
  found: FoundStream,
  { catalog }: { readonly catalog: Catalog },
  command: OmitEach<Reshard, 'id' | 'mode'>,
): Promise<Stream> => {
  const { stream } = found;
  if (stream === undefined) throw streamNotFound(found);
  await submit(catalog, { ...command, id: stream.id, mode: 'PROVISIONED' }, stream);
  return stream;
};
