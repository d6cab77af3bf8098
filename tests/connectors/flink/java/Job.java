import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** A job on Flink's own cluster in this JVM that counts the records of each key. */
final class Job implements AutoCloseable {
  private static final int PARALLELISM = 2;
  private static final Duration COUNTED_WITHIN = Duration.ofSeconds(40);
  private static final int STOPPED_WITHIN_SECONDS = 20;

  private static final Map<String, String> SETTINGS =
      Map.of(
          "execution.checkpointing.interval", "200 ms",
          "restart-strategy.type", "fixed-delay",
          "restart-strategy.fixed-delay.attempts", "1",
          "restart-strategy.fixed-delay.delay", "0 s",
          "taskmanager.memory.managed.size", "8 mb",
          "taskmanager.memory.network.min", "16 mb",
          "taskmanager.memory.network.max", "16 mb",
          "rest.bind-address", "127.0.0.1",
          "rest.bind-port", "0");

  private final String name;
  private final JobClient client;

  /** A small cluster on the loopback interface, checkpoints often. */
  static Configuration configuration() {
    return Configuration.fromMap(SETTINGS);
  }

  /** Starts anew, or from a savepoint of a job of this name. */
  Job(String name, Source source, String savepoint) throws Exception {
    this.name = name;
    Configuration configuration = configuration();
    if (savepoint != null) configuration.setString("execution.savepoint.path", savepoint);
    var environment = StreamExecutionEnvironment.createLocalEnvironment(PARALLELISM, configuration);
    var counted = source.in(environment).uid("source").keyBy(Stream::keyOf).process(new Counting(name)).uid("counts");
    counted.sinkTo(new DiscardingSink<>());
    client = environment.executeAsync(name);
  }

  /** Waits until the counts are those of these records, neither more nor less. */
  void untilCounted(List<String> texts) throws Exception {
    Map<String, Integer> expected = new HashMap<>();
    for (String text : texts) expected.merge(Stream.keyOf(text), 1, Integer::sum);
    Map<String, Integer> counts = Counting.counts(name);
    Wait.until(
        () -> "counts " + expected + ", got " + counts,
        COUNTED_WITHIN,
        () -> !hasEnded() && counts.equals(expected));
  }

  /** The cluster ends with its job, and then answers no more. */
  private boolean isOver() throws InterruptedException {
    try {
      return client.getJobStatus().get().isGloballyTerminalState();
    } catch (IllegalStateException | ExecutionException gone) {
      return true;
    }
  }

  /** A job that failed tells why. */
  private boolean hasEnded() throws Exception {
    boolean ended = isOver();
    if (ended) client.getJobExecutionResult().get(STOPPED_WITHIN_SECONDS, TimeUnit.SECONDS);
    return ended;
  }

  /** Waits for a checkpoint that began after this call: the second to finish from now. */
  void untilCheckpoint() throws Exception {
    int enough = Counting.checkpoints() + 2 * PARALLELISM;
    Wait.until("checkpoints", COUNTED_WITHIN, () -> Counting.checkpoints() >= enough);
  }

  void untilCrashed() throws Exception {
    Wait.until("the crash", COUNTED_WITHIN, () -> Counting.crashed(name));
  }

  /** Ends the job; answers the savepoint. */
  String stopIn(Path folder) throws Exception {
    return client
        .stopWithSavepoint(false, folder.toUri().toString(), SavepointFormatType.CANONICAL)
        .get(STOPPED_WITHIN_SECONDS, TimeUnit.SECONDS);
  }

  /** Cancels the job if it runs, and does not wait: a fan-out takes seconds to let go of its connections. */
  @Override
  public void close() throws Exception {
    if (!isOver()) client.cancel().get(STOPPED_WITHIN_SECONDS, TimeUnit.SECONDS);
  }
}
