import type { Position } from '@millrace/core';

/** Marks are set this far apart, so that there are few of them however long the log. */
const MARK_EVERY_BYTES = 64 * 1024;

interface Mark {
  readonly position: Position;
  /** Bytes that were in the log before this position, ever. */
  readonly bytesBefore: number;
}

/** How many bytes of writes the log holds, about: it is cut at marks. */
export class LogExtent {
  readonly #marks: Mark[] = [];
  #bytesEver = 0;

  get bytes(): number {
    return this.#bytesEver - (this.#marks[0]?.bytesBefore ?? this.#bytesEver);
  }

  add(position: Position, bytes: number): void {
    const last = this.#marks.at(-1);
    if (last === undefined || this.#bytesEver - last.bytesBefore >= MARK_EVERY_BYTES) {
      this.#marks.push({ position, bytesBefore: this.#bytesEver });
    }
    this.#bytesEver += bytes;
  }

  cutBefore(position: Position): void {
    const keep = this.#marks.findLastIndex((mark) => mark.position <= position);
    if (keep > 0) this.#marks.splice(0, keep);
  }
}
