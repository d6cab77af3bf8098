import { createHash } from 'node:crypto';

/** Bytes that are the same in every run, and that no compression or zeroed page could pass for. */
const NOISE = Buffer.concat(
  Array.from({ length: 1024 }, (_, index) => createHash('sha512').update(`noise ${index}`).digest()),
);

/** The data of a record says what it is: `writer/request/place/bytes:` and then noise that follows from that. */
export const dataOf = (id: string): Buffer => {
  const bytes = Number(id.slice(id.lastIndexOf('/') + 1));
  const from = createHash('md5').update(id).digest().readUInt32LE() % (NOISE.length - bytes);
  return Buffer.concat([Buffer.from(`${id}:`), NOISE.subarray(from, from + bytes)]);
};

/** The id in the data; undefined unless the data is exactly that of the id. */
export const idIn = (data: Buffer): string | undefined => {
  const id = data.toString('latin1', 0, Math.max(0, data.indexOf(':')));
  return /^[\w ]+\/\d+\/\d+\/\d+$/.test(id) && dataOf(id).equals(data) ? id : undefined;
};

/** The number of the request among its writer's, and the writer. */
export const requestOf = (id: string): { readonly writer: string; readonly request: number } => {
  const [writer = '', request] = id.split('/');
  return { writer, request: Number(request) };
};
