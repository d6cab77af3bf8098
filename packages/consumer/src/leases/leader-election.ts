import { type Clock, pause, type Random } from '@millrace/client-common';
import type { Report } from '../event.ts';
import type { Settings } from '../settings.ts';
import type { FleetStore } from './fleet-store.ts';
import type { LeaderDecider } from './leader.ts';
import type { LeaderRow } from './leader-row.ts';
import { randomVersion } from './random-version.ts';

/** A leader ends so much of its time before others may begin: clocks differ in speed. */
const SAFETY_SHARE = 0.1;
export interface ElectionParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly fleet: Pick<FleetStore, 'leader' | 'replaceLeader'>;
  readonly workerId: string;
  readonly settings: Pick<Settings, 'failoverMs' | 'leaderLeaseMs' | 'leaderHeartbeatMs'>;
  readonly report: Report;
  /** This worker leads from now on. */
  readonly began?: () => void;
}

interface Write {
  readonly row: LeaderRow;
  readonly sentMs: number;
}

/**
 * One of the workers leads at a time: the one that keeps writing a new version into the leader's row. Whoever has
 * seen the same version for as long as the row says, by its own clock, takes over. The leader counts from when it
 * sent the write, and so ends before; only the speed of clocks can make two of them.
 */
export class LeaderElection implements LeaderDecider {
  readonly #parts: ElectionParts;
  /** When this worker's time as leader ends. */
  #leadsUntilMs = Number.NEGATIVE_INFINITY;
  #isKnownToLead = false;
  /** Of its own: the one that was last known to be written, and one whose answer may have been lost. */
  #writes: readonly Write[] = [];
  /** Another's row, and when it was first seen so. */
  #sight: { readonly version: string; readonly seenMs: number } | undefined;

  constructor(parts: ElectionParts) {
    this.#parts = parts;
  }

  isLeader(): boolean {
    return this.#parts.clock.monotonic() < this.#leadsUntilMs;
  }

  /** Until the signal comes, when it gives up what it has. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, report } = this.#parts;
    while (!signal.aborted) {
      await pause(clock, this.#pauseMs(), signal);
      if (!signal.aborted) await this.tryToLead();
    }
    await this.release().catch((error: unknown) =>
      report({ kind: 'error', during: 'choose a leader', error }),
    );
  }

  /** Begins to lead, or goes on, if that is its turn. */
  async tryToLead(): Promise<void> {
    const { clock, fleet, report } = this.#parts;
    try {
      const askedMs = clock.monotonic();
      const row = await fleet.leader();
      const own = this.#writes.find((write) => write.row.version === row?.version);
      if (own !== undefined && !own.row.isReleased) this.#lead(own);
      else this.#leadsUntilMs = Number.NEGATIVE_INFINITY;
      if (this.#isFree(row, askedMs)) await this.#write(row, false);
    } catch (error) {
      report({ kind: 'error', during: 'choose a leader', error });
    }
    this.#tell();
  }

  /** Lets another lead. */
  async release(): Promise<void> {
    const { fleet, workerId } = this.#parts;
    this.#leadsUntilMs = Number.NEGATIVE_INFINITY;
    this.#tell();
    if (this.#writes.length === 0) return;
    const row = await fleet.leader();
    if (row?.owner === workerId && !row.isReleased) await this.#write(row, true);
    this.#writes = [];
  }

  /** Others look as often as the KCL's do, so that a leader that leaves is missed for no longer. */
  #pauseMs(): number {
    const { failoverMs, leaderHeartbeatMs } = this.#parts.settings;
    return this.isLeader() ? leaderHeartbeatMs : Math.min(leaderHeartbeatMs, 2 * failoverMs);
  }

  /** A row with this worker's name is its own, of an earlier life maybe. */
  #isFree(row: LeaderRow | undefined, askedMs: number): boolean {
    if (row === undefined || row.isReleased || row.owner === this.#parts.workerId) return true;
    if (row.version !== this.#sight?.version) {
      this.#sight = { version: row.version, seenMs: this.#parts.clock.monotonic() };
    }
    return askedMs - this.#sight.seenMs > row.durationMs;
  }

  async #write(seen: LeaderRow | undefined, isReleased: boolean): Promise<void> {
    const { clock, random, fleet, workerId, settings } = this.#parts;
    const version = randomVersion(random);
    const row = { owner: workerId, durationMs: settings.leaderLeaseMs, version, isReleased };
    const write: Write = { row, sentMs: clock.monotonic() };
    this.#writes = [...this.#writes.slice(0, 1), write];
    const isWritten = await fleet.replaceLeader(seen, row);
    if (isWritten && !isReleased) this.#lead(write);
    else this.#leadsUntilMs = Number.NEGATIVE_INFINITY;
  }

  #tell(): void {
    const leads = this.isLeader();
    if (leads === this.#isKnownToLead) return;
    this.#isKnownToLead = leads;
    this.#parts.report({ kind: leads ? 'leaderBegan' : 'leaderEnded' });
    if (leads) this.#parts.began?.();
  }

  #lead(write: Write): void {
    const { row, sentMs } = write;
    this.#writes = [write];
    this.#leadsUntilMs = sentMs + row.durationMs * (1 - SAFETY_SHARE);
  }
}
