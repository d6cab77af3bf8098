import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import software.amazon.kinesis.producer.KinesisProducer;
import software.amazon.kinesis.producer.KinesisProducerConfiguration;
import software.amazon.kinesis.producer.UserRecordFailedException;
import software.amazon.kinesis.producer.UserRecordResult;

/** Producers of the library as it is published, by the names that they were opened under. */
final class Producers {
  private final Map<String, KinesisProducer> open = new ConcurrentHashMap<>();

  /** `settings` are those of a properties file. */
  CompletionStage<?> open(JsonNode input) {
    Properties settings = new Properties();
    input.get("settings").properties().forEach(entry -> settings.put(entry.getKey(), entry.getValue().asText()));
    KinesisProducerConfiguration configuration = KinesisProducerConfiguration.fromProperties(settings);
    open.put(input.get("producer").asText(), new KinesisProducer(configuration));
    return done();
  }

  /** Answers when every record is settled, in the order of the records. */
  CompletionStage<?> put(JsonNode input) throws IOException {
    KinesisProducer producer = named(input);
    String stream = input.get("stream").asText();
    List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
    for (JsonNode record : input.get("records")) outcomes.add(outcome(add(producer, stream, record)));
    return CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new))
        .thenApply(nothing -> outcomes.stream().map(CompletableFuture::join).collect(Collectors.toList()));
  }

  CompletionStage<?> load(JsonNode input) throws Exception {
    return CompletableFuture.completedFuture(new Load(named(input), input).run());
  }

  /** Waits until everything is settled, then ends the native process. */
  CompletionStage<?> close(JsonNode input) {
    KinesisProducer producer = named(input);
    producer.flushSync();
    producer.destroy();
    open.remove(input.get("producer").asText());
    return done();
  }

  private static CompletionStage<?> done() {
    return CompletableFuture.completedFuture("done");
  }

  private KinesisProducer named(JsonNode input) {
    return open.get(input.get("producer").asText());
  }

  private static ListenableFuture<UserRecordResult> add(KinesisProducer producer, String stream, JsonNode record)
      throws IOException {
    String explicitHashKey = record.hasNonNull("explicitHashKey") ? record.get("explicitHashKey").asText() : null;
    ByteBuffer data = ByteBuffer.wrap(record.get("data").binaryValue());
    return producer.addUserRecord(stream, record.get("partitionKey").asText(), explicitHashKey, data);
  }

  private static CompletableFuture<Outcome> outcome(ListenableFuture<UserRecordResult> put) {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    FutureCallback<UserRecordResult> callback =
        new FutureCallback<>() {
          @Override
          public void onSuccess(UserRecordResult result) {
            outcome.complete(Outcome.of(result));
          }

          @Override
          public void onFailure(Throwable problem) {
            if (problem instanceof UserRecordFailedException failed) outcome.complete(Outcome.of(failed.getResult()));
            else outcome.completeExceptionally(problem);
          }
        };
    Futures.addCallback(put, callback, MoreExecutors.directExecutor());
    return outcome;
  }
}
