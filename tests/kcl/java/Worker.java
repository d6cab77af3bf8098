import software.amazon.kinesis.common.ConfigsBuilder;
import software.amazon.kinesis.common.InitialPositionInStream;
import software.amazon.kinesis.common.InitialPositionInStreamExtended;
import software.amazon.kinesis.coordinator.PromptScheduler;
import software.amazon.kinesis.coordinator.Scheduler;
import software.amazon.kinesis.lifecycle.LifecycleConfig;
import software.amazon.kinesis.metrics.MetricsConfig;
import software.amazon.kinesis.processor.SingleStreamTracker;
import software.amazon.kinesis.retrieval.RetrievalConfig;
import software.amazon.kinesis.retrieval.RetrievalSpecificConfig;
import software.amazon.kinesis.retrieval.fanout.FanOutConfig;
import software.amazon.kinesis.retrieval.polling.PollingConfig;

/** One scheduler of the library in a thread of its own. */
final class Worker {
  private static final InitialPositionInStreamExtended BEGINNING =
      InitialPositionInStreamExtended.newInitialPosition(InitialPositionInStream.TRIM_HORIZON);
  private static final long IDLE_MS = 200;
  private static final long METRICS_MS = 1_000;

  private final Events events;
  private final Scheduler scheduler;
  private final Thread thread;

  Worker(Options options, Clients clients) {
    events = new Events(options.worker());
    scheduler = scheduler(options, clients);
    thread = new Thread(this::run, options.worker());
    thread.start();
  }

  private void run() {
    scheduler.run();
    events.tell("ended");
  }

  private Scheduler scheduler(Options options, Clients clients) {
    ConfigsBuilder configs =
        new ConfigsBuilder(
            new SingleStreamTracker(options.stream(), BEGINNING),
            options.application(),
            clients.kinesis,
            clients.dynamo,
            clients.cloudWatch,
            options.worker(),
            () -> new Processor(events, options.lastText()));
    return new PromptScheduler(
        configs.checkpointConfig(),
        Tuning.of(configs.coordinatorConfig())
            .workerStateChangeListener((state) -> events.tell("state", "state", state)),
        Tuning.of(configs.leaseManagementConfig()),
        new LifecycleConfig().taskBackoffTimeMillis(IDLE_MS),
        metrics(configs.metricsConfig()),
        configs.processorConfig(),
        retrieval(configs.retrievalConfig(), options, clients));
  }

  private static MetricsConfig metrics(MetricsConfig config) {
    return config.metricsBufferTimeMillis(METRICS_MS);
  }

  private static RetrievalConfig retrieval(RetrievalConfig config, Options options, Clients clients) {
    RetrievalSpecificConfig specific =
        options.fanOut()
            ? new FanOutConfig(clients.kinesis)
                .streamName(options.stream())
                .applicationName(options.application())
            : new PollingConfig(options.stream(), clients.kinesis).idleTimeBetweenReadsInMillis(IDLE_MS);
    return config.retrievalSpecificConfig(specific);
  }

  /** In good order, in the background; `stopped` is told when it is done. */
  void stop() {
    scheduler
        .startGracefulShutdown()
        .whenComplete(
            (inOrder, error) -> {
              // Version 2 waits in vain for a shard that has just ended, and then leaves its scheduler running.
              if (error != null || !inOrder) scheduler.shutdown();
              events.tell("stopped");
            });
  }

  void join() throws InterruptedException {
    thread.join();
  }
}
