export const DIMENSIONS = ['Operation', 'ShardId', 'StreamId', 'WorkerIdentifier'] as const;

/** Of a list in one text, as in the KCL's properties. */
export const dimensionNames = (text: string): readonly string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
