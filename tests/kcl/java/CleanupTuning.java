import java.lang.reflect.Field;
import software.amazon.kinesis.common.LeaseCleanupConfig;
import software.amazon.kinesis.leases.LeaseManagementConfig;

/** The library cleans up its leases every five minutes, and offers no setting for it; a test cannot wait. */
final class CleanupTuning {
  private static final long SOON_MS = 1_000;

  private CleanupTuning() {}

  static LeaseManagementConfig of(LeaseManagementConfig config) {
    LeaseCleanupConfig soon =
        LeaseCleanupConfig.builder()
            .leaseCleanupIntervalMillis(SOON_MS)
            .completedLeaseCleanupIntervalMillis(SOON_MS)
            .garbageLeaseCleanupIntervalMillis(SOON_MS)
            .build();
    try {
      Field field = LeaseManagementConfig.class.getDeclaredField("leaseCleanupConfig");
      field.setAccessible(true);
      field.set(config, soon);
    } catch (ReflectiveOperationException error) {
      throw new IllegalStateException(error);
    }
    return config;
  }
}
