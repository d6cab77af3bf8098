export const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
export const region = 'us-east-1';

/** Short, so that a test does not wait long for what takes many of them. */
export const QUICK = {
  failoverMs: 600,
  idleMs: 50,
  readPauseMs: 10,
  parentPollMs: 100,
  checkpointMs: 100,
  auditMs: 200,
  cleanupMs: 200,
  backoffMsMax: 200,
  leaderLeaseMs: 1_500,
  leaderHeartbeatMs: 300,
  workerReportMs: 1_000,
};
