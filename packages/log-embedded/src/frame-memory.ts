import type { EmbeddedLimits } from './limits.ts';
import { Slabs } from './slab.ts';

interface Held {
  readonly bytes: Uint8Array;
  /** The plain payload of an encrypted one. */
  readonly plain?: Uint8Array | undefined;
}

/** Where the frames of appends are, from encoding to eviction. Plain payloads stand apart: they are not written. */
export class FrameMemory {
  readonly frames: Slabs;
  readonly plainFrames: Slabs;

  constructor({ slabBytes, spareSlabsMax }: EmbeddedLimits) {
    this.frames = new Slabs(slabBytes, spareSlabsMax);
    this.plainFrames = new Slabs(slabBytes, spareSlabsMax);
  }

  retain({ bytes, plain }: Held): void {
    this.frames.retain(bytes);
    if (plain !== undefined) this.plainFrames.retain(plain);
  }

  release({ bytes, plain }: Held): void {
    this.frames.release(bytes);
    if (plain !== undefined) this.plainFrames.release(plain);
  }
}
