import type { Position } from '@millrace/core';
import { CatalogError } from './catalog-error.ts';
import { type SecretsSnapshot, SecretsState } from './secrets/state.ts';
import type { CatalogState } from './state.ts';
import type { StreamSnapshot } from './streams/snapshot.ts';
import { StreamsState } from './streams/state.ts';

const VERSION = 1;

interface SnapshotDocument {
  readonly version: typeof VERSION;
  readonly streams: readonly StreamSnapshot[];
  readonly secrets: SecretsSnapshot;
}

/** The state after every command before `position`. */
export interface Snapshot {
  readonly position: Position;
  readonly bytes: Uint8Array;
}

/** Equal states have equal bytes. */
export const encodeState = (state: CatalogState): Uint8Array => {
  const document: SnapshotDocument = {
    version: VERSION,
    streams: state.streams.toSnapshot(),
    secrets: state.secrets.toSnapshot(),
  };
  return Buffer.from(JSON.stringify(document));
};

export const decodeState = (bytes: Uint8Array): CatalogState => {
  const document = JSON.parse(Buffer.from(bytes).toString()) as SnapshotDocument;
  if (document.version !== VERSION) {
    throw new CatalogError(
      'unknown-snapshot',
      `The newest snapshot of the control log has version ${document.version}; this program reads version ${VERSION}. It was written by a newer one: start that.`,
    );
  }
  return {
    streams: StreamsState.fromSnapshot(document.streams),
    secrets: SecretsState.fromSnapshot(document.secrets),
  };
};
