import java.time.Duration;
import java.util.function.Supplier;

/** Asks again and again until something holds, with a deadline. */
final class Wait {
  private static final long PAUSE_MS = 10;

  interface Condition {
    boolean holds() throws Exception;
  }

  static void until(String what, Duration within, Condition condition) throws Exception {
    until(() -> what, within, condition);
  }

  /** What is told when the deadline comes is made up then. */
  static void until(Supplier<String> what, Duration within, Condition condition) throws Exception {
    long deadline = System.nanoTime() + within.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) throw new AssertionError("not within " + within + ": " + what.get());
      Thread.sleep(PAUSE_MS);
    }
  }
}
