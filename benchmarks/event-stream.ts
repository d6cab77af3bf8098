const EMPTY = Buffer.alloc(0);
const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;

/** Takes the bytes of an event stream as they come and hands on the JSON of each event; other frames are passed over. */
export const eventsIn = (onEvent: (event: unknown) => void): ((chunk: Buffer) => void) => {
  let buffered: Buffer = EMPTY;
  return (chunk) => {
    buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk]);
    while (buffered.length >= PRELUDE_BYTES && buffered.length >= buffered.readUInt32BE(0)) {
      const total = buffered.readUInt32BE(0);
      const start = PRELUDE_BYTES + buffered.readUInt32BE(4);
      const isEvent = buffered.toString('latin1', PRELUDE_BYTES, start).includes('SubscribeToShardEvent');
      if (isEvent) onEvent(JSON.parse(buffered.toString('utf8', start, total - CHECKSUM_BYTES)));
      buffered = buffered.subarray(total);
    }
  };
};
