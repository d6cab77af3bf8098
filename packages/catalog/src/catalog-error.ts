/**
 * `unknown-command`, `unknown-snapshot`: written by a newer version. `gap`: commands between the snapshot and
 * the control log are missing. `too-large`: the command does not fit an entry. `overloaded`: too many wait.
 * `timeout`: appended, but not applied in time; its fate shows in the state later. `failed`: applying stopped,
 * only a restart helps. `closed`: the catalog was closed before the command was applied.
 */
export type CatalogErrorCode =
  | 'unknown-command'
  | 'unknown-snapshot'
  | 'gap'
  | 'too-large'
  | 'overloaded'
  | 'timeout'
  | 'failed'
  | 'closed';

export class CatalogError extends Error {
  readonly code: CatalogErrorCode;
  constructor(code: CatalogErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CatalogError';
    this.code = code;
  }
}
