import type { Dimension } from '@millrace/aws-model/cloudwatch';
import type { Dimensions } from '../store/metric.ts';

export const dimensionsFrom = (dimensions: readonly Dimension[] = []): Dimensions =>
  dimensions.map(({ Name, Value }) => [Name, Value] as const);

export const dimensionAnswers = (dimensions: Dimensions): Dimension[] =>
  dimensions.map(([Name, Value]) => ({ Name, Value }));
