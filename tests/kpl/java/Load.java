import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.MoreExecutors;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.kinesis.producer.KinesisProducer;
import software.amazon.kinesis.producer.UserRecordResult;

/** Puts records for a while, as fast as they go, with a bound on those that are not settled. */
final class Load {
  private static final int KEYS = 10_000;

  private final KinesisProducer producer;
  private final String stream;
  private final byte[] data;
  private final long nanoseconds;
  private final int outstandingMax;
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final FutureCallback<UserRecordResult> count =
      new FutureCallback<>() {
        @Override
        public void onSuccess(UserRecordResult result) {
          acknowledged.incrementAndGet();
        }

        @Override
        public void onFailure(Throwable problem) {
          failed.incrementAndGet();
        }
      };

  Load(KinesisProducer producer, JsonNode input) {
    this.producer = producer;
    stream = input.get("stream").asText();
    data = new byte[input.get("bytes").asInt()];
    nanoseconds = (long) (input.get("seconds").asDouble() * 1e9);
    outstandingMax = input.get("outstandingMax").asInt();
  }

  Map<String, Object> run() throws InterruptedException {
    long started = System.nanoTime();
    for (int key = 0; System.nanoTime() - started < nanoseconds; key = (key + 1) % KEYS) {
      while (producer.getOutstandingRecordsCount() >= outstandingMax) Thread.sleep(1);
      var put = producer.addUserRecord(stream, "customer-" + key, ByteBuffer.wrap(data));
      Futures.addCallback(put, count, MoreExecutors.directExecutor());
    }
    producer.flushSync();
    double seconds = (System.nanoTime() - started) / 1e9;
    return Map.of("acknowledged", acknowledged.get(), "failed", failed.get(), "seconds", seconds);
  }
}
