import type { ServiceModel } from './service-model.ts';

/**
 * A generated JSON module as the `ServiceModel` that it is. Operations and shapes get no prototype, so that
 * looking up a name from the wire (`constructor`, `__proto__`) finds nothing.
 */
export const asServiceModel = (json: object): ServiceModel => {
  const model = json as ServiceModel;
  return {
    ...model,
    operations: Object.assign(Object.create(null), model.operations),
    shapes: Object.assign(Object.create(null), model.shapes),
  };
};
