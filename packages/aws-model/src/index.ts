export type * from './service-model.ts';
