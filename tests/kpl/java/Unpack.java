import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import software.amazon.kinesis.retrieval.AggregatorUtil;
import software.amazon.kinesis.retrieval.KinesisClientRecord;

/** What the Java consumer library makes of records that were read from a shard of that range. */
final class Unpack {
  private record Unpacked(
      String partitionKey, String explicitHashKey, long subSequenceNumber, boolean aggregated, String data) {}

  private Unpack() {}

  static CompletionStage<?> run(JsonNode input) throws IOException {
    List<KinesisClientRecord> records = new ArrayList<>();
    for (JsonNode record : input.get("records")) records.add(read(record));
    String start = input.get("startingHashKey").asText();
    String end = input.get("endingHashKey").asText();
    List<Unpacked> unpacked =
        new AggregatorUtil().deaggregate(records, start, end).stream().map(Unpack::told).toList();
    return CompletableFuture.completedFuture(unpacked);
  }

  private static KinesisClientRecord read(JsonNode record) throws IOException {
    return KinesisClientRecord.builder()
        .partitionKey(record.get("partitionKey").asText())
        .data(ByteBuffer.wrap(record.get("data").binaryValue()))
        .build();
  }

  private static Unpacked told(KinesisClientRecord record) {
    byte[] data = new byte[record.data().remaining()];
    record.data().get(data);
    return new Unpacked(
        record.partitionKey(),
        record.explicitHashKey(),
        record.subSequenceNumber(),
        record.aggregated(),
        Base64.getEncoder().encodeToString(data));
  }
}
