/** A failed job wraps what went wrong many times over; a law tells the innermost. */
record RootCause(Report.Law law) implements Report.Law {
  @Override
  public void check() throws Exception {
    try {
      law.check();
    } catch (Exception problem) {
      throw of(problem) instanceof Exception cause ? cause : new Exception(of(problem));
    }
  }

  private static Throwable of(Throwable problem) {
    return problem.getCause() == null ? problem : of(problem.getCause());
  }
}
