import { crc32 } from 'node:zlib';

const text = (value: string): Buffer => {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** A message of AWS's event-stream encoding, straight from its description. */
export const eventFrame = (headers: Readonly<Record<string, string>>, payload: string): Buffer => {
  const head = Buffer.concat(
    Object.entries(headers).flatMap(([name, value]) => [
      Buffer.from([name.length]),
      Buffer.from(name),
      Buffer.from([7]),
      text(value),
    ]),
  );
  const body = Buffer.from(payload);
  const sizes = Buffer.concat([u32(16 + head.length + body.length), u32(head.length)]);
  const all = Buffer.concat([sizes, u32(crc32(sizes)), head, body]);
  return Buffer.concat([all, u32(crc32(all))]);
};

export const event = (name: string, payload: object): Buffer =>
  eventFrame(
    { ':message-type': 'event', ':event-type': name, ':content-type': 'application/json' },
    JSON.stringify(payload),
  );
