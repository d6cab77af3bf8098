import { asServiceModel } from './as-service-model.ts';
import json from './generated/kinesis-video-signaling.json' with { type: 'json' };

export type * from './generated/kinesis-video-signaling.ts';
export const kinesisVideoSignalingModel = asServiceModel(json);
