import { asServiceModel } from './as-service-model.ts';
import json from './generated/kinesisanalyticsv2.json' with { type: 'json' };

export type * from './generated/kinesisanalyticsv2.ts';
export const kinesisAnalyticsV2Model = asServiceModel(json);
