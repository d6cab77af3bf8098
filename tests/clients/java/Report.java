import java.util.Objects;

/** Prints one line per law, as tests/clients/README.md asks for. */
final class Report {
  private static final int PROBLEM_CHARACTERS_MAX = 500;
  private boolean broken = false;

  /** A law: does nothing, or throws what is wrong. */
  interface Law {
    void check() throws Exception;
  }

  void variant(String name) {
    System.out.println("# " + name);
  }

  /** A law that breaks must not hide the next. */
  void law(String name, Law law) {
    try {
      law.check();
      System.out.println("ok " + name);
    } catch (Exception | AssertionError problem) {
      broken = true;
      String told = problem.toString().replaceAll("\\s+", " ");
      System.out.println("not ok " + name + ": " + told.substring(0, Math.min(told.length(), PROBLEM_CHARACTERS_MAX)));
    }
  }

  int exitCode() {
    return broken ? 1 : 0;
  }

  static void expect(String what, Object actual, Object expected) {
    if (!Objects.equals(actual, expected)) {
      throw new AssertionError(what + ": expected " + expected + ", got " + actual);
    }
  }
}
