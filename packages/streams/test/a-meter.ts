import type { Meter, MetricIdentity } from '@millrace/core';

/** Remembers every sample under `name` or `name/last dimension`. */
export const aMeter = () => {
  const samples = new Map<string, number[]>();
  const identities: MetricIdentity[] = [];
  const meter: Meter = {
    measure(identity) {
      identities.push(identity);
      const [, last] = identity.dimensions.at(-1) ?? [];
      const key = identity.dimensions.length === 1 ? identity.name : `${identity.name}/${last}`;
      const seen = samples.get(key) ?? [];
      samples.set(key, seen);
      return { observe: (value) => void seen.push(value) };
    },
  };
  /** Undefined for what was never reported. */
  const of = (key: string): readonly number[] | undefined => samples.get(key);
  return { meter, identities, of, keys: () => [...samples.keys()] };
};
