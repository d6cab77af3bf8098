import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextState, type Outcome, type State, TRANSITIONS } from './life-cycle.ts';

const states = Object.keys(TRANSITIONS) as State[];

test('from every state the end can be reached, by failures too', () => {
  for (const from of states) {
    let state = from;
    for (let steps = 0; state !== 'done'; steps++) {
      assert(steps < states.length, `${from} does not end`);
      state = nextState(state, 'failed');
    }
  }
});

test('records come to nobody who was not told where they begin', () => {
  const before = states.filter((state) => Object.values(TRANSITIONS[state]).includes('processing'));
  assert.deepEqual(before, ['initializing', 'processing']);
});

test('what cannot come of a state is a fault', () => {
  const impossible: [State, Outcome][] = [
    ['waiting', 'delivered'],
    ['done', 'told'],
    ['losing', 'stopRequested'],
  ];
  for (const [state, outcome] of impossible) assert.throws(() => nextState(state, outcome), /cannot come of/);
});
