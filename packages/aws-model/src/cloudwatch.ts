import { asServiceModel } from './as-service-model.ts';
import json from './generated/cloudwatch.json' with { type: 'json' };

export type * from './generated/cloudwatch.ts';
export const cloudWatchModel = asServiceModel(json);
