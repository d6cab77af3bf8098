import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.kinesis.shaded.software.amazon.awssdk.core.SdkBytes;
import org.apache.flink.kinesis.shaded.software.amazon.awssdk.services.kinesis.KinesisClient;
import org.apache.flink.kinesis.shaded.software.amazon.awssdk.services.kinesis.model.*;
import org.apache.flink.kinesis.shaded.software.amazon.awssdk.services.kinesis.model.Record;

/** One stream, seen through the AWS SDK that the connector brings along. */
final class Stream implements AutoCloseable {
  private static final Duration ACTIVE_WITHIN = Duration.ofSeconds(20);
  private static final String HASH_KEYS_QUARTER = BigInteger.ONE.shiftLeft(126).toString();

  private final KinesisClient client;
  final String name;

  Stream(URI endpoint, String name, int shardCount) throws Exception {
    client = KinesisClient.builder().endpointOverride(endpoint).build();
    this.name = name;
    client.createStream(request -> request.streamName(name).shardCount(shardCount));
    untilActive();
  }

  private StreamDescriptionSummary summary() {
    return client.describeStreamSummary(request -> request.streamName(name)).streamDescriptionSummary();
  }

  private void untilActive() throws Exception {
    Wait.until("stream is active", ACTIVE_WITHIN, () -> summary().streamStatus() == StreamStatus.ACTIVE);
  }

  String arn() {
    return summary().streamARN();
  }

  /** Each text is a record; what stands before its colon is the partition key. */
  void put(List<String> texts) {
    List<PutRecordsRequestEntry> entries =
        texts.stream()
            .map(text -> PutRecordsRequestEntry.builder().data(SdkBytes.fromUtf8String(text)).partitionKey(keyOf(text)))
            .map(PutRecordsRequestEntry.Builder::build)
            .toList();
    PutRecordsResponse answer = client.putRecords(request -> request.streamName(name).records(entries));
    Report.expect("FailedRecordCount", answer.failedRecordCount(), 0);
  }

  static String keyOf(String text) {
    return text.substring(0, text.indexOf(':'));
  }

  List<String> shardIds() {
    return client.listShards(request -> request.streamName(name)).shards().stream().map(Shard::shardId).toList();
  }

  List<Record> readAll() {
    List<Record> records = new ArrayList<>();
    for (String shardId : shardIds()) records.addAll(read(shardId));
    return records;
  }

  private List<Record> read(String shardId) {
    GetShardIteratorRequest.Builder start =
        GetShardIteratorRequest.builder().streamName(name).shardId(shardId);
    String iterator =
        client.getShardIterator(start.shardIteratorType(ShardIteratorType.TRIM_HORIZON).build()).shardIterator();
    List<Record> records = new ArrayList<>();
    while (iterator != null) {
      String from = iterator;
      GetRecordsResponse page = client.getRecords(request -> request.shardIterator(from));
      records.addAll(page.records());
      iterator = page.millisBehindLatest() == 0 ? null : page.nextShardIterator();
    }
    return records;
  }

  /** A moment behind all that was written and before all that will be. */
  Instant momentBehind() throws Exception {
    Instant last = readAll().stream().map(Record::approximateArrivalTimestamp).max(Instant::compareTo).orElseThrow();
    Instant moment = last.plusMillis(1);
    Wait.until("the clock goes on", Duration.ofSeconds(5), () -> Instant.now().isAfter(moment.plusMillis(1)));
    return moment;
  }

  /** Splits the lower half of a stream of two shards. */
  void split() throws Exception {
    String first = shardIds().get(0);
    client.splitShard(
        request -> request.streamName(name).shardToSplit(first).newStartingHashKey(HASH_KEYS_QUARTER));
    untilActive();
  }

  /** Merges the two children of that split. */
  void merge() throws Exception {
    List<String> ids = shardIds();
    client.mergeShards(
        request -> request.streamName(name).shardToMerge(ids.get(2)).adjacentShardToMerge(ids.get(3)));
    untilActive();
  }

  static List<String> texts(int keyCount, String... rounds) {
    return List.of(rounds).stream()
        .flatMap(round -> IntStream.range(0, keyCount).mapToObj(key -> "key-" + key + ":" + round))
        .toList();
  }

  /** The stream stays: a job that is still ending would fail over one that is gone. */
  @Override
  public void close() {
    client.close();
  }
}
