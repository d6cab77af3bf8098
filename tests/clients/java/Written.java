import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.model.*;

/** One stream: puts and reads, and remembers what was acknowledged. */
final class Written {
  static final BigInteger HASH_KEY_MAX = BigInteger.TWO.pow(128).subtract(BigInteger.ONE);
  static final List<String> SHARD_IDS =
      List.of(0, 1, 2, 3, 4).stream().map(number -> String.format("shardId-%012d", number)).toList();
  private static final int CALLS_MAX = 200;

  /** Where a record went, and what it was. */
  record Placed(String shardId, String sequenceNumber, String partitionKey, SdkBytes data) {
    BigInteger number() {
      return new BigInteger(sequenceNumber);
    }
  }

  final Kinesis kinesis;
  final String stream;
  private final List<Placed> placed = new ArrayList<>();

  Written(Kinesis kinesis, String stream) {
    this.kinesis = kinesis;
    this.stream = stream;
  }

  static PutRecordsRequestEntry entry(SdkBytes data, String partitionKey, String explicitHashKey) {
    return PutRecordsRequestEntry.builder()
        .data(data)
        .partitionKey(partitionKey)
        .explicitHashKey(explicitHashKey)
        .build();
  }

  private Placed place(String shardId, String sequenceNumber, PutRecordsRequestEntry entry) {
    Placed where = new Placed(shardId, sequenceNumber, entry.partitionKey(), entry.data());
    placed.add(where);
    return where;
  }

  Placed put(PutRecordsRequestEntry entry) {
    PutRecordResponse answer =
        kinesis.putRecord(
            PutRecordRequest.builder()
                .streamName(stream)
                .data(entry.data())
                .partitionKey(entry.partitionKey())
                .explicitHashKey(entry.explicitHashKey())
                .build());
    return place(answer.shardId(), answer.sequenceNumber(), entry);
  }

  List<Placed> putAll(List<PutRecordsRequestEntry> entries) {
    PutRecordsResponse answer =
        kinesis.putRecords(PutRecordsRequest.builder().streamName(stream).records(entries).build());
    Report.expect("failedRecordCount", answer.failedRecordCount(), 0);
    Report.expect("entries answered", answer.records().size(), entries.size());
    List<Placed> all = new ArrayList<>();
    for (int number = 0; number < entries.size(); number++) {
      PutRecordsResultEntry result = answer.records().get(number);
      all.add(place(result.shardId(), result.sequenceNumber(), entries.get(number)));
    }
    return all;
  }

  /** What a shard holds, oldest first. */
  List<Placed> in(String shardId) {
    return placed.stream()
        .filter(where -> where.shardId().equals(shardId))
        .sorted(Comparator.comparing(Placed::number))
        .toList();
  }

  String iterator(String shardId, Consumer<GetShardIteratorRequest.Builder> start) {
    GetShardIteratorRequest.Builder request =
        GetShardIteratorRequest.builder().streamName(stream).shardId(shardId);
    start.accept(request);
    return kinesis.getShardIterator(request.build()).shardIterator();
  }

  /** Reads until nothing is behind. */
  List<software.amazon.awssdk.services.kinesis.model.Record> read(String iterator, int limit) {
    List<software.amazon.awssdk.services.kinesis.model.Record> records = new ArrayList<>();
    String place = iterator;
    for (int call = 0; call < CALLS_MAX; call++) {
      GetRecordsResponse page =
          kinesis.getRecords(GetRecordsRequest.builder().shardIterator(place).limit(limit).build());
      Report.expect("no more records than asked for", page.records().size() <= limit, true);
      records.addAll(page.records());
      if (page.millisBehindLatest() == 0) return records;
      place = page.nextShardIterator();
    }
    throw new AssertionError("still behind after " + CALLS_MAX + " calls");
  }

  List<software.amazon.awssdk.services.kinesis.model.Record> readFrom(
      String shardId, Consumer<GetShardIteratorRequest.Builder> start) {
    return read(iterator(shardId, start), 10_000);
  }

  List<software.amazon.awssdk.services.kinesis.model.Record> readAt(Placed where) {
    return readFrom(
        where.shardId(),
        start ->
            start
                .shardIteratorType(ShardIteratorType.AT_SEQUENCE_NUMBER)
                .startingSequenceNumber(where.sequenceNumber()));
  }

  List<Shard> shards() {
    return kinesis.listShards(ListShardsRequest.builder().streamName(stream).build()).shards();
  }
}
