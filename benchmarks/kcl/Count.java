import com.sun.management.OperatingSystemMXBean;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What all processors of this process have had, told on standard output in the lines of consumer-client.ts. Seconds and
 * CPU seconds count from the record after `warmRecords`, so that they are those of a client that runs.
 */
final class Count {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final PrintStream OUT = System.out;

  private final long warmRecords;
  private final long totalRecords;
  private long records;
  private long bytes;
  private long startedNs;
  private long startedCpuNs;
  private boolean warm;

  Count(long warmRecords, long totalRecords) {
    this.warmRecords = warmRecords;
    this.totalRecords = totalRecords;
    ScheduledExecutorService everySecond =
        Executors.newSingleThreadScheduledExecutor(
            (task) -> {
              Thread thread = new Thread(task, "count");
              thread.setDaemon(true);
              return thread;
            });
    everySecond.scheduleAtFixedRate(this::tellRecords, 1, 1, TimeUnit.SECONDS);
  }

  synchronized void initialized(String shard) {
    OUT.println("initialized " + shard);
  }

  synchronized void add(long moreRecords, long moreBytes) {
    boolean wasDone = records >= totalRecords;
    records += moreRecords;
    bytes += moreBytes;
    if (!warm && records >= warmRecords) begin();
    if (!wasDone && records >= totalRecords) tellDone();
  }

  private void begin() {
    warm = true;
    startedNs = System.nanoTime();
    startedCpuNs = SYSTEM.getProcessCpuTime();
    OUT.println("warm " + records);
  }

  private void tellDone() {
    double seconds = (System.nanoTime() - startedNs) / 1e9;
    double cpuSeconds = (SYSTEM.getProcessCpuTime() - startedCpuNs) / 1e9;
    OUT.println("done " + records + " " + bytes + " " + seconds + " " + cpuSeconds);
  }

  private synchronized void tellRecords() {
    OUT.println("records " + records);
  }
}
