export { Chance } from './chance.ts';
export { FakeClock, settle, settlePromises } from './fake-clock.ts';
