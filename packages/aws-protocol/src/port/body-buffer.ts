import type { ByteBudget } from './byte-budget.ts';
import { roomBytesFor, type SpareRooms } from './spare-rooms.ts';

const FIRST_BYTES = 64 * 1024;
/** How much more than what has come may be set aside. */
const GROWTH = 4;
const NONE = new Uint8Array(0);

export type Append = 'taken' | 'too-long' | 'no-room';

/**
 * A request's body as it arrives. One that comes in one piece is not copied; else the room grows with what
 * has really come, never with what was announced alone, so a liar costs no memory, and neither does one who
 * sends byte by byte. All copying together stays under twice the length.
 */
export class BodyBuffer {
  readonly #declaredBytes: number | undefined;
  readonly #bytesMax: number;
  readonly #budget: ByteBudget;
  readonly #rooms: SpareRooms;
  #room: Uint8Array = NONE;
  /** The room once more if it is to be given back. */
  #own: Buffer | undefined;
  #length = 0;
  #held = 0;

  constructor(declaredBytes: number | undefined, bytesMax: number, budget: ByteBudget, rooms: SpareRooms) {
    this.#declaredBytes = declaredBytes;
    this.#bytesMax = bytesMax;
    this.#budget = budget;
    this.#rooms = rooms;
  }

  append(chunk: Uint8Array): Append {
    const length = this.#length + chunk.length;
    if (length > this.#bytesMax) return 'too-long';
    if (this.#length === 0 && chunk.length === this.#declaredBytes) return this.#adopt(chunk);
    if (length > this.#room.length && !this.#grow(length)) return 'no-room';
    this.#room.set(chunk, this.#length);
    this.#length = length;
    return 'taken';
  }

  bytes(): Uint8Array {
    return this.#room.subarray(0, this.#length);
  }

  /** Gives back what was taken. Nobody may look at the bytes afterwards: they become another body's. */
  release(): void {
    this.#budget.give(this.#held);
    this.#held = 0;
    this.#settle(NONE, undefined);
  }

  #adopt(chunk: Uint8Array): Append {
    if (!this.#take(chunk.length)) return 'no-room';
    this.#room = chunk;
    this.#length = chunk.length;
    return 'taken';
  }

  #grow(needed: number): boolean {
    const wished = Math.max(needed * GROWTH, FIRST_BYTES);
    const size = roomBytesFor(Math.max(needed, Math.min(wished, this.#declaredBytes ?? this.#bytesMax)));
    if (!this.#take(size - this.#held)) return false;
    const room = this.#rooms.take(size);
    room.set(this.bytes());
    this.#settle(room, room);
    return true;
  }

  #settle(room: Uint8Array, own: Buffer | undefined): void {
    if (this.#own !== undefined) this.#rooms.give(this.#own);
    this.#room = room;
    this.#own = own;
  }

  #take(bytes: number): boolean {
    const taken = this.#budget.take(bytes);
    if (taken) this.#held += bytes;
    return taken;
  }
}
