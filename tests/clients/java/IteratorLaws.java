import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/** Where each type of iterator starts, on the first shard, which the laws before have filled. */
record IteratorLaws(Written written) {
  private static final String SHARD = Written.SHARD_IDS.get(0);

  void tell(Report report) {
    report.law("TRIM_HORIZON starts at the oldest record", this::trimHorizon);
    report.law(
        "AT_SEQUENCE_NUMBER starts at that record", () -> byNumber(ShardIteratorType.AT_SEQUENCE_NUMBER, 0));
    report.law(
        "AFTER_SEQUENCE_NUMBER starts behind that record",
        () -> byNumber(ShardIteratorType.AFTER_SEQUENCE_NUMBER, 1));
    report.law("AT_TIMESTAMP starts at the first record of that time", this::atTimestamp);
    report.law("LATEST gives only what comes after", this::latest);
  }

  private List<String> numbersWritten() {
    return written.in(SHARD).stream().map(Written.Placed::sequenceNumber).toList();
  }

  private List<String> numbersRead(Consumer<GetShardIteratorRequest.Builder> start) {
    return written.readFrom(SHARD, start).stream().map(record -> record.sequenceNumber()).toList();
  }

  private void trimHorizon() {
    Report.expect("there is something to read", numbersWritten().size() > 3, true);
    List<String> numbers = numbersRead(start -> start.shardIteratorType(ShardIteratorType.TRIM_HORIZON));
    Report.expect("sequence numbers", numbers, numbersWritten());
  }

  /** Starts in the middle; so many records from there on are not to come. */
  private void byNumber(ShardIteratorType type, int skipped) {
    List<String> all = numbersWritten();
    int middle = all.size() / 2;
    List<String> numbers =
        numbersRead(start -> start.shardIteratorType(type).startingSequenceNumber(all.get(middle)));
    Report.expect("sequence numbers", numbers, all.subList(middle + skipped, all.size()));
  }

  private void atTimestamp() {
    var all = written.readFrom(SHARD, start -> start.shardIteratorType(ShardIteratorType.TRIM_HORIZON));
    Instant time = all.get(all.size() - 1).approximateArrivalTimestamp();
    List<String> expected =
        all.stream()
            .dropWhile(record -> record.approximateArrivalTimestamp().isBefore(time))
            .map(record -> record.sequenceNumber())
            .toList();
    List<String> numbers =
        numbersRead(start -> start.shardIteratorType(ShardIteratorType.AT_TIMESTAMP).timestamp(time));
    Report.expect("sequence numbers", numbers, expected);
  }

  private void latest() {
    String iterator = written.iterator(SHARD, start -> start.shardIteratorType(ShardIteratorType.LATEST));
    Written.Placed where = written.put(Written.entry(SdkBytes.fromUtf8String("later"), "later", "0"));
    List<String> numbers =
        written.read(iterator, 10_000).stream().map(record -> record.sequenceNumber()).toList();
    Report.expect("sequence numbers", numbers, List.of(where.sequenceNumber()));
  }
}
