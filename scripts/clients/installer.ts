/** What every installer is told. */
export interface Installer {
  /** A folder of the user's that outlives clones; see `cacheFolder`. */
  readonly cache: string;
  /** One line to the user, only when something is about to take time. */
  readonly say: (line: string) => void;
}
