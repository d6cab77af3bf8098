export * from './log-engine.ts';
