/** What an operator should hear of; nobody waits for it. */
export interface TablesEvent {
  readonly type: 'life-cycle-failed' | 'compaction-failed' | 'expiry-failed';
  readonly error: unknown;
}
