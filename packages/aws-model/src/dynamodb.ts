import { asServiceModel } from './as-service-model.ts';
import json from './generated/dynamodb.json' with { type: 'json' };

export type * from './generated/dynamodb.ts';
export const dynamoDbModel = asServiceModel(json);
