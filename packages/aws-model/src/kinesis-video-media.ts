import { asServiceModel } from './as-service-model.ts';
import json from './generated/kinesis-video-media.json' with { type: 'json' };

export type * from './generated/kinesis-video-media.ts';
export const kinesisVideoMediaModel = asServiceModel(json);
