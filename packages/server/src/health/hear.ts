import type { CatalogEvent } from '@millrace/catalog';
import type { EngineEvent } from '@millrace/log-embedded';
import type { HealthReport } from './health-report.ts';

/** What the engine's events mean for the health of the server; those that are not here mean nothing. */
type Meanings = {
  readonly [Kind in EngineEvent['kind']]?: (
    health: HealthReport,
    event: Extract<EngineEvent, { kind: Kind }>,
  ) => void;
};

const MEANINGS: Meanings = {
  'write-behind-postponed': (health, { error }) => health.begin('segments-late', error.message),
  'write-behind-resumed': (health) => health.end('segments-late'),
  corrupt: (health, { error }) => health.begin('data-damaged', error.message),
  failed: (health, { error }) => health.begin('store-failed', error.message),
};

export const hearEngine =
  (health: HealthReport) =>
  <Kind extends EngineEvent['kind']>(event: Extract<EngineEvent, { kind: Kind }>): void => {
    const meaning: Meanings[Kind] = MEANINGS[event.kind as Kind];
    meaning?.(health, event);
  };

export const hearCatalog =
  (health: HealthReport) =>
  (event: CatalogEvent): void => {
    if (event.type === 'catalog-failed') health.begin('control-log-failed', String(event.error));
  };

/** Without its reserve the server takes no records, although the journal may have room for commands. */
export const hearReserve =
  (health: HealthReport) =>
  (isHeld: boolean): void => {
    if (isHeld) health.end('disk-full');
    else health.begin('disk-full', 'no space is left on the file system of the data directory');
  };
