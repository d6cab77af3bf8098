import java.util.List;
import java.util.Objects;
import software.amazon.kinesis.producer.UserRecordResult;

/** What the library tells of a record. */
record Outcome(boolean successful, String shardId, String sequenceNumber, List<Attempt> attempts) {
  record Attempt(boolean successful, int delayMs, int durationMs, String errorCode, String errorMessage) {}

  static Outcome of(UserRecordResult result) {
    return new Outcome(
        result.isSuccessful(),
        Objects.requireNonNullElse(result.getShardId(), ""),
        Objects.requireNonNullElse(result.getSequenceNumber(), ""),
        result.getAttempts().stream().map(Outcome::attempt).toList());
  }

  private static Attempt attempt(software.amazon.kinesis.producer.Attempt given) {
    return new Attempt(
        given.isSuccessful(),
        given.getDelay(),
        given.getDuration(),
        Objects.requireNonNullElse(given.getErrorCode(), ""),
        Objects.requireNonNullElse(given.getErrorMessage(), ""));
  }
}
