import { ProducerError } from './errors.ts';
import { Queue } from './queue.ts';
import type { Settings } from './settings.ts';

interface Waiting {
  readonly bytes: number;
  readonly admitted: () => void;
}

/** The buffer's bounds: who finds it full waits in a line, which is bounded too. First come, first served. */
export class Admission {
  readonly #settings: Settings;
  readonly #line = new Queue<Waiting>();
  #records = 0;
  #bytes = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** User records that are admitted and not settled. */
  get records(): number {
    return this.#records;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Takes a place if there is one and nobody waits for it. */
  tryEnter(bytes: number): boolean {
    if (this.#line.length > 0 || !this.#hasRoom(bytes)) return false;
    this.#take(bytes);
    return true;
  }

  /** Calls `admitted` when a place has been taken. Throws when the line is full as well. */
  enter(bytes: number, admitted: () => void): void {
    if (this.#line.length >= this.#settings.waitingPutsMax) {
      const unsettled = `${this.#records} records of ${this.#bytes} bytes are not settled`;
      throw new ProducerError('BufferFull', `${unsettled}, and ${this.#line.length} puts wait for room`);
    }
    this.#line.push({ bytes, admitted });
  }

  leave(bytes: number): void {
    this.#records--;
    this.#bytes -= bytes;
    for (let first = this.#line.first; first !== undefined; first = this.#line.first) {
      if (!this.#hasRoom(first.bytes)) return;
      this.#line.shift();
      this.#take(first.bytes);
      first.admitted();
    }
  }

  #hasRoom(bytes: number): boolean {
    const { bufferRecordsMax, bufferBytesMax } = this.#settings;
    return this.#records < bufferRecordsMax && this.#bytes + bytes <= bufferBytesMax;
  }

  #take(bytes: number): void {
    this.#records++;
    this.#bytes += bytes;
  }
}
