import { TypeMismatch } from './type-mismatch.ts';

/** A shape that contains itself is followed this far down; AWS's models have none today. */
const recursionDepthMax = 64;

export const boundedRecursion = <Given extends readonly unknown[], Result>(
  finished: () => (...given: Given) => Result,
): ((...given: Given) => Result) => {
  let depth = 0;
  return (...given) => {
    if (depth >= recursionDepthMax) throw new TypeMismatch('The body is nested too deeply');
    depth += 1;
    try {
      return finished()(...given);
    } finally {
      depth -= 1;
    }
  };
};
