import type { Brand } from './brand.ts';

/** Where a record stands in its log: 0 for the first, counted up by one, never used twice. */
export type Position = Brand<number, 'Position'>;

export const positionOf = (value: number): Position => value as Position;
