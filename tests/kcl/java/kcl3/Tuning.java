import software.amazon.kinesis.coordinator.CoordinatorConfig;
import software.amazon.kinesis.leases.LeaseManagementConfig;
import software.amazon.kinesis.leases.LeaseManagementConfig.GracefulLeaseHandoffConfig;

/** KCL 3: what makes it fast enough for a test. */
final class Tuning {
  private static final long SOON_MS = 500;
  private static final long FAILOVER_MS = 2_000;

  private Tuning() {}

  static CoordinatorConfig of(CoordinatorConfig config) {
    return config
        .parentShardPollIntervalMillis(SOON_MS)
        .shardConsumerDispatchPollIntervalMillis(SOON_MS / 2)
        .schedulerInitializationBackoffTimeMillis(SOON_MS);
  }

  static LeaseManagementConfig of(LeaseManagementConfig config) {
    config
        .workerUtilizationAwareAssignmentConfig()
        .inMemoryWorkerMetricsCaptureFrequencyMillis(SOON_MS)
        .workerMetricsReporterFreqInMillis(2 * SOON_MS)
        .varianceBalancingFrequency(1);
    config
        .failoverTimeMillis(FAILOVER_MS)
        .leaseAssignmentIntervalMillis(2 * SOON_MS)
        .shardSyncIntervalMillis(SOON_MS)
        .maxCacheMissesBeforeReload(1)
        .listShardsCacheAllowedAgeInSeconds(1)
        .leasesRecoveryAuditorExecutionFrequencyMillis(2 * SOON_MS)
        .dynamoDbLockBasedLeaderLeaseDurationInMillis(FAILOVER_MS * 2)
        .dynamoDbLockBasedLeaderHeartbeatPeriodInMillis(FAILOVER_MS / 2)
        .gracefulLeaseHandoffConfig(
            GracefulLeaseHandoffConfig.builder()
                .isGracefulLeaseHandoffEnabled(true)
                .gracefulLeaseHandoffTimeoutMillis(5 * FAILOVER_MS)
                .build());
    return CleanupTuning.of(config);
  }
}
