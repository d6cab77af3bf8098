import { asServiceModel } from './as-service-model.ts';
import json from './generated/firehose.json' with { type: 'json' };

export type * from './generated/firehose.ts';
export const firehoseModel = asServiceModel(json);
