export type { CloudWatchDeps } from './cloudwatch/deps.ts';
export { cloudWatchTable } from './cloudwatch/service.ts';
export { openTelemetry, type Telemetry, type TelemetryOptions } from './open-telemetry.ts';
export { PROMETHEUS_TYPE, type ProcessSample } from './prometheus/text.ts';
