import type { LeaseItem } from './lease-item.ts';

/**
 * The row that says who leads the workers, as the lock client of AWS Labs writes it:
 *
 *   leaseKey S "Leader"    entityType S "LEADER"    ownerName S    leaseDuration S, milliseconds
 *   recordVersionNumber S, new with every write     isReleased S "1", or absent
 */
export interface LeaderRow {
  readonly owner: string;
  /** Who has seen the same version for longer may take over. */
  readonly durationMs: number;
  readonly version: string;
  /** Its owner has given it up. */
  readonly isReleased: boolean;
}

export const LEADER_KEY = 'Leader';

const RELEASED = '1';

export const leaderItemOf = ({ owner, durationMs, version, isReleased }: LeaderRow): LeaseItem => ({
  leaseKey: { S: LEADER_KEY },
  entityType: { S: 'LEADER' },
  ownerName: { S: owner },
  leaseDuration: { S: String(durationMs) },
  recordVersionNumber: { S: version },
  ...(isReleased && { isReleased: { S: RELEASED } }),
});

/** Undefined when the row is none that the lock client could have written. */
export const leaderFrom = (item: LeaseItem): LeaderRow | undefined => {
  const { ownerName, leaseDuration, recordVersionNumber, isReleased } = item;
  const durationMs = Number(leaseDuration?.S);
  if (ownerName?.S === undefined || recordVersionNumber?.S === undefined || !(durationMs >= 0)) {
    return undefined;
  }
  const version = recordVersionNumber.S;
  return { owner: ownerName.S, durationMs, version, isReleased: isReleased?.S === RELEASED };
};
