import { asServiceModel } from './as-service-model.ts';
import json from './generated/kinesis-video-archived-media.json' with { type: 'json' };

export type * from './generated/kinesis-video-archived-media.ts';
export const kinesisVideoArchivedMediaModel = asServiceModel(json);
