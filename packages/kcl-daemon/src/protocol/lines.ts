/** A longer line comes in pieces: no message of a child is as long, and what else it prints must not fill memory. */
const LINE_BYTES_MAX = 65_536;
const NEWLINE = 10;

const decoded = (pieces: readonly Uint8Array[]): string =>
  Buffer.concat(pieces).toString().replace(/\r$/, '');

/** The lines of a stream of bytes, without their ends. Blank ones are left out. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let pieces: Uint8Array[] = [];
  let held = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      const line = decoded([...pieces, chunk.subarray(start, end)]);
      [pieces, held, start] = [[], 0, end + 1];
      if (line !== '') yield line;
    }
    pieces.push(chunk.subarray(start));
    held += chunk.length - start;
    if (held < LINE_BYTES_MAX) continue;
    yield decoded(pieces);
    [pieces, held] = [[], 0];
  }
  const last = decoded(pieces);
  if (last !== '') yield last;
}
