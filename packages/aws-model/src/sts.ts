import { asServiceModel } from './as-service-model.ts';
import json from './generated/sts.json' with { type: 'json' };

export type * from './generated/sts.ts';
export const stsModel = asServiceModel(json);
