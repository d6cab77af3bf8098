import { firstWhere } from './search.ts';
import type { Segment } from './segment.ts';

/** The segments of one log, by rising position. */
export class SegmentList {
  #segments: Segment[] = [];

  get last(): Segment | undefined {
    return this.#segments.at(-1);
  }

  get all(): readonly Segment[] {
    return this.#segments;
  }

  add(segment: Segment): void {
    this.#segments.push(segment);
  }

  /** The last segment that begins at or before the position. */
  find(position: number): Segment | undefined {
    return this.#segments[firstWhere(this.#segments.length, (i) => this.#at(i).base > position) - 1];
  }

  /** Takes out the segments that lie wholly before the position. */
  takeBefore(position: number): Segment[] {
    return this.#segments.splice(
      0,
      firstWhere(this.#segments.length, (i) => this.#at(i).end > position),
    );
  }

  #at(index: number): Segment {
    return this.#segments[index] as Segment;
  }
}
