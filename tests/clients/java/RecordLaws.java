import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.model.*;

/** What the scenario asks of puts: where records go, and that they come back as they were. */
record RecordLaws(Written written) {
  private static final int MEBIBYTE = 1024 * 1024;
  private static final int BATCH_LIMIT = 60;
  private static final List<String> KEYS_BEYOND_ASCII =
      List.of("Zürich", "东京", "Нева", "e\u0301", "🌊", "𝒦𝒾𝓃𝑒𝓈𝒾𝓈", "🏳️‍🌈 Köln 東京", "\uDBFF\uDFFF");

  void tell(Report report) {
    report.law("puts one record and reads it back", this::putsOne);
    report.law("puts a batch of 500 and reads every record back", this::putsBatch);
    report.law("an explicit hash key chooses the shard", this::explicitHashKey);
    report.law("records of 1 MiB come back whole", this::largeRecords);
    report.law("a partition key beyond ASCII is routed by its UTF-8 bytes", this::keysBeyondAscii);
  }

  private void putsOne() {
    SdkBytes data = SdkBytes.fromByteArray(new byte[] {0, 'o', 'n', 'e', (byte) 255});
    Written.Placed where = written.put(Written.entry(data, "first", null));
    var records = written.readAt(where);
    Report.expect("records", records.size(), 1);
    Report.expect("data", records.get(0).data(), data);
    Report.expect("partitionKey", records.get(0).partitionKey(), "first");
    Report.expect("sequenceNumber", records.get(0).sequenceNumber(), where.sequenceNumber());
    StreamLaws.expectJustNow("arrival", records.get(0).approximateArrivalTimestamp());
  }

  private void putsBatch() {
    written.putAll(
        IntStream.range(0, 500)
            .mapToObj(n -> Written.entry(SdkBytes.fromUtf8String("record " + n), "key-" + n, null))
            .toList());
    for (String shardId : Written.SHARD_IDS) {
      String iterator =
          written.iterator(shardId, start -> start.shardIteratorType(ShardIteratorType.TRIM_HORIZON));
      List<Written.Placed> told =
          written.read(iterator, BATCH_LIMIT).stream()
              .map(r -> new Written.Placed(shardId, r.sequenceNumber(), r.partitionKey(), r.data()))
              .toList();
      Report.expect("records of " + shardId, told, written.in(shardId));
    }
  }

  private void explicitHashKey() {
    List<Shard> shards = written.shards();
    List<String> expected = shards.stream().flatMap(s -> Stream.of(s.shardId(), s.shardId())).toList();
    List<PutRecordsRequestEntry> batch =
        shards.stream()
            .map(Shard::hashKeyRange)
            .flatMap(range -> Stream.of(range.startingHashKey(), range.endingHashKey()))
            .map(edge -> Written.entry(SdkBytes.fromUtf8String("edge"), "same", edge))
            .toList();
    Report.expect("single", batch.stream().map(written::put).map(Written.Placed::shardId).toList(), expected);
    Report.expect("batch", written.putAll(batch).stream().map(Written.Placed::shardId).toList(), expected);
  }

  /** Data in which no byte is like its neighbours. */
  private static SdkBytes pattern(int length, int seed) {
    byte[] data = new byte[length];
    for (int place = 0; place < length; place++) data[place] = (byte) (seed + 31 * place);
    return SdkBytes.fromByteArrayUnsafe(data);
  }

  private static byte[] digest(String algorithm, byte[] data) {
    try {
      return MessageDigest.getInstance(algorithm).digest(data);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Names contents without regard to their order. */
  private static List<String> digests(Stream<SdkBytes> contents) {
    return contents
        .map(data -> HexFormat.of().formatHex(digest("SHA-256", data.asByteArrayUnsafe())))
        .sorted()
        .toList();
  }

  private void largeRecords() {
    String key = "large";
    List<PutRecordsRequestEntry> entries =
        IntStream.range(0, 9)
            .mapToObj(seed -> pattern(MEBIBYTE - key.length(), seed))
            .map(data -> Written.entry(data, key, Written.HASH_KEY_MAX.toString()))
            .toList();
    Written.Placed first = written.put(entries.get(0));
    written.putAll(entries.subList(1, entries.size()));
    List<String> got = digests(written.readAt(first).stream().map(record -> record.data()));
    Report.expect("contents", got, digests(entries.stream().map(PutRecordsRequestEntry::data)));
  }

  private static String shardOf(String key, List<Shard> shards) {
    BigInteger hash = new BigInteger(1, digest("MD5", key.getBytes(StandardCharsets.UTF_8)));
    return shards.stream()
        .filter(shard -> hash.compareTo(new BigInteger(shard.hashKeyRange().endingHashKey())) <= 0)
        .findFirst()
        .orElseThrow()
        .shardId();
  }

  private void keysBeyondAscii() {
    List<Shard> shards = written.shards();
    for (String key : KEYS_BEYOND_ASCII) {
      Written.Placed where = written.put(Written.entry(SdkBytes.fromUtf8String(key), key, null));
      Report.expect("shard of " + key, where.shardId(), shardOf(key, shards));
      Report.expect("partitionKey", written.readAt(where).get(0).partitionKey(), key);
    }
  }
}
