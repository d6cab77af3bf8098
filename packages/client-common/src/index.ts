export { Backoff } from './backoff.ts';
export type { Clock, Random, Timer } from './clock.ts';
export { inParallel } from './in-parallel.ts';
export { type MetricSample, metricData } from './metric-data.ts';
export {
  type Dimension,
  type MetricDataInput,
  type MetricDatum,
  type MetricSink,
  type MetricUnit,
  MetricUpload,
} from './metric-upload.ts';
export { definedOnly, keepAliveHandler, nodeClock, nodeRandom, SILENT_LOGGER } from './node.ts';
export { type HistogramLike, histogramsOf, type MeterLike } from './open-telemetry.ts';
export { pause } from './pause.ts';
export { repeat } from './repeat.ts';
export {
  checkSettings,
  type Setting,
  type SettingsOf,
  type SettingsRule,
  type SettingUnit,
  setting,
} from './settings.ts';
export { Statistics } from './statistics.ts';
export { REQUEST_TIMEOUT, timed } from './timed.ts';
