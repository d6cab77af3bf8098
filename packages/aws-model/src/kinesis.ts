import { asServiceModel } from './as-service-model.ts';
import json from './generated/kinesis.json' with { type: 'json' };

export type * from './generated/kinesis.ts';
export const kinesisModel = asServiceModel(json);
