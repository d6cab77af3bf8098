import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** Counts the records of each key in Flink's state, and tells the count so far to the laws in the same JVM. */
final class Counting extends KeyedProcessFunction<String, String, Void> implements CheckpointListener {
  private static final long serialVersionUID = 1;

  /** A record with this key breaks the job, once. */
  static final String CRASH = "crash";

  private static final Map<String, Map<String, Integer>> COUNTS = new ConcurrentHashMap<>();
  private static final Set<String> CRASHED = ConcurrentHashMap.newKeySet();
  private static final AtomicInteger CHECKPOINTS = new AtomicInteger();

  private final String jobName;
  private transient ValueState<Integer> state;

  Counting(String jobName) {
    this.jobName = jobName;
  }

  /** The count of each key when its last record came. */
  static Map<String, Integer> counts(String jobName) {
    return COUNTS.computeIfAbsent(jobName, name -> new ConcurrentHashMap<>());
  }

  static boolean crashed(String jobName) {
    return CRASHED.contains(jobName);
  }

  /** How many checkpoints all jobs have finished. */
  static int checkpoints() {
    return CHECKPOINTS.get();
  }

  @Override
  public void open(Configuration configuration) {
    state = getRuntimeContext().getState(new ValueStateDescriptor<>("count", Integer.class));
  }

  @Override
  public void processElement(String text, Context context, Collector<Void> out) throws Exception {
    String key = context.getCurrentKey();
    if (key.equals(CRASH) && CRASHED.add(jobName)) throw new IllegalStateException("the crash that was asked for");
    int count = state.value() == null ? 1 : state.value() + 1;
    state.update(count);
    counts(jobName).put(key, count);
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) {
    CHECKPOINTS.incrementAndGet();
  }
}
