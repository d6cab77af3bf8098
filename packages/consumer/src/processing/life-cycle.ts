/**
 * The life of a processor on one lease:
 *
 *   waiting ──► initializing ──► processing ──┬──► stopping ──┐
 *      │              │            ▲    │     ├──► losing ────┤
 *      │              │            └────┘     │      ▲        │
 *      │              │                       └──► ending ────┤
 *      └──────────────┴───────────────────────────────────────┴──► releasing ──► done
 *
 *   waiting       until all parents are read to their ends
 *   initializing  the processor is told where it begins
 *   processing    it is given records
 *   ending        it is told that the shard has ended
 *   stopping      it is asked to come to an end
 *   losing        it is told that another has the shard, or that it failed itself
 *   releasing     the lease is given up, where it is still held
 */
export type State =
  | 'waiting'
  | 'initializing'
  | 'processing'
  | 'ending'
  | 'stopping'
  | 'losing'
  | 'releasing'
  | 'done';

/** What a state's work came to. */
export type Outcome =
  | 'parentsDone'
  | 'initialized'
  | 'delivered'
  | 'shardEnd'
  | 'told'
  | 'leaseLost'
  | 'stopRequested'
  | 'failed';

type Transitions = { readonly [From in State]: { readonly [Event in Outcome]?: State } };

export const TRANSITIONS: Transitions = {
  waiting: {
    parentsDone: 'initializing',
    leaseLost: 'releasing',
    stopRequested: 'releasing',
    failed: 'releasing',
  },
  initializing: {
    initialized: 'processing',
    failed: 'releasing',
  },
  processing: {
    delivered: 'processing',
    shardEnd: 'ending',
    leaseLost: 'losing',
    stopRequested: 'stopping',
    failed: 'losing',
  },
  ending: { told: 'releasing', failed: 'losing' },
  stopping: { told: 'releasing', failed: 'releasing' },
  losing: { told: 'releasing', failed: 'releasing' },
  releasing: { told: 'done', failed: 'done' },
  done: {},
};

export const nextState = (from: State, outcome: Outcome): State => {
  const to = TRANSITIONS[from][outcome];
  if (to === undefined) throw new Error(`${outcome} cannot come of ${from}`);
  return to;
};
