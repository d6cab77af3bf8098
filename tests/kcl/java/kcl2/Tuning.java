import software.amazon.kinesis.coordinator.CoordinatorConfig;
import software.amazon.kinesis.leases.LeaseManagementConfig;

/** KCL 2: what makes it fast enough for a test. */
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
        .failoverTimeMillis(FAILOVER_MS)
        .shardSyncIntervalMillis(SOON_MS)
        .maxCacheMissesBeforeReload(1)
        .listShardsCacheAllowedAgeInSeconds(1)
        .leasesRecoveryAuditorExecutionFrequencyMillis(2 * SOON_MS);
    return CleanupTuning.of(config);
  }
}
