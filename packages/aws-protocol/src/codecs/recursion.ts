import { TypeMismatch } from './type-mismatch.ts';

/** A shape that contains itself is followed this far down; AWS's models have none today. */
const recursionDepthMax = 64;

type Walk = (value: unknown) => unknown;

export const boundedRecursion = (finished: () => Walk): Walk => {
  let depth = 0;
  return (value) => {
    if (depth >= recursionDepthMax) throw new TypeMismatch('The body is nested too deeply');
    depth += 1;
    try {
      return finished()(value);
    } finally {
      depth -= 1;
    }
  };
};
