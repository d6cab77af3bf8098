/** How much is asked of the machine: the whole question, or just enough to see that it can be asked. */
export interface Size {
  readonly small: boolean;
}

/** One row of the table: a goal, and what this machine made of it. */
export interface Row {
  readonly question: string;
  readonly toReach: string;
  readonly measure: (size: Size) => Promise<string>;
}

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

export const megabytesPerSecond = (bytes: number, ms: number): string =>
  `${(bytes / 1e3 / ms).toFixed(0)} MB/s`;

export const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(0)} %`;
