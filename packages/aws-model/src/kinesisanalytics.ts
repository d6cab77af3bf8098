import { asServiceModel } from './as-service-model.ts';
import json from './generated/kinesisanalytics.json' with { type: 'json' };

export type * from './generated/kinesisanalytics.ts';
export const kinesisAnalyticsModel = asServiceModel(json);
