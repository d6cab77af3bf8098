/** Rules of the control plane, which forgets shards by them; every read here follows them too. */
export { trimHorizonMs } from '@millrace/catalog';

/** Bounds of a retention period (API model). */
export const RETENTION_HOURS_MIN = 24;
export const RETENTION_HOURS_MAX = 8_760;
