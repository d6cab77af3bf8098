const NEWLINE = 10;

export class LineTooLong extends Error {
  constructor(number: number, bytesMax: number) {
    super(`Line ${number} is longer than ${bytesMax} bytes, the most that one record can hold.`);
    this.name = 'LineTooLong';
  }
}

/** Splits bytes into lines without their newline; a last line needs none. Lines are bytes: no encoding is assumed. */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
  bytesMax: number,
): AsyncGenerator<Uint8Array[]> {
  let pieces: Uint8Array[] = [];
  let pending = 0;
  let count = 0;
  for await (const chunk of chunks) {
    const lines: Uint8Array[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      const rest = chunk.subarray(start, end);
      lines.push(pieces.length === 0 ? rest : Buffer.concat([...pieces, rest]));
      if (pending + rest.length > bytesMax) throw new LineTooLong(count + lines.length, bytesMax);
      pieces = [];
      pending = 0;
      start = end + 1;
    }
    if (start < chunk.length) pieces.push(chunk.subarray(start));
    pending += chunk.length - start;
    count += lines.length;
    if (pending > bytesMax) throw new LineTooLong(count + 1, bytesMax);
    yield lines;
  }
  if (pieces.length > 0) yield [Buffer.concat(pieces)];
}
