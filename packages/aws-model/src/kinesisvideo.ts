import { asServiceModel } from './as-service-model.ts';
import json from './generated/kinesisvideo.json' with { type: 'json' };

export type * from './generated/kinesisvideo.ts';
export const kinesisVideoModel = asServiceModel(json);
