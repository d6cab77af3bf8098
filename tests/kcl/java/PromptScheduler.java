package software.amazon.kinesis.coordinator;

import software.amazon.kinesis.checkpoint.CheckpointConfig;
import software.amazon.kinesis.leases.LeaseManagementConfig;
import software.amazon.kinesis.leases.exceptions.DependencyException;
import software.amazon.kinesis.leases.exceptions.InvalidStateException;
import software.amazon.kinesis.leases.exceptions.ProvisionedThroughputException;
import software.amazon.kinesis.lifecycle.LifecycleConfig;
import software.amazon.kinesis.metrics.MetricsConfig;
import software.amazon.kinesis.processor.ProcessorConfig;
import software.amazon.kinesis.retrieval.RetrievalConfig;

/**
 * The library's scheduler, but for one wait: the first worker of an application waits by chance up to half a minute
 * before it makes the leases, and offers no setting for it. It decides at once here.
 */
public final class PromptScheduler extends Scheduler {
  public PromptScheduler(
      CheckpointConfig checkpoint,
      CoordinatorConfig coordinator,
      LeaseManagementConfig leases,
      LifecycleConfig lifecycle,
      MetricsConfig metrics,
      ProcessorConfig processor,
      RetrievalConfig retrieval) {
    super(checkpoint, coordinator, leases, lifecycle, metrics, processor, retrieval);
  }

  @Override
  boolean shouldInitiateLeaseSync()
      throws DependencyException, ProvisionedThroughputException, InvalidStateException {
    return leaseRefresher().isLeaseTableEmpty();
  }
}
