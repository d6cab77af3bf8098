export { Chance, randomOf } from './chance.ts';
export { capacity, type Fault, type FaultName, fault, within } from './faults.ts';
export { type Scenario, scenarioOf } from './scenario.ts';
export { shrink } from './shrink.ts';
export { SimulatedDisk } from './simulated-disk.ts';
export { type Outcome, simulate } from './simulation.ts';
export { Trace } from './trace.ts';
