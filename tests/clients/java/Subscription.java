import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.*;

/** What the SDK hands on of one subscription, event after event. */
final class Subscription {
  private static final int EVENT_SECONDS_MAX = 20;
  private static final int EVENTS_MAX = 100;

  /** Records so far, and where to go on behind them. */
  record Taken(List<String> numbers, String continuation) {}

  /** Events, and the exception that ends them. */
  private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();

  private final CompletableFuture<Void> running;

  Subscription(KinesisAsyncClient client, SubscribeToShardRequest request) {
    SubscribeToShardResponseHandler handler =
        SubscribeToShardResponseHandler.builder().onError(heard::add).subscriber(heard::add).build();
    running = client.subscribeToShard(request, handler);
  }

  /** The next event; throws the SDK's exception when that is what comes. */
  SubscribeToShardEvent next() throws Exception {
    Object next = heard.poll(EVENT_SECONDS_MAX, TimeUnit.SECONDS);
    if (next instanceof CompletionException wrapped) next = wrapped.getCause();
    if (next instanceof Exception problem) throw problem;
    if (next instanceof SubscribeToShardEvent event) return event;
    throw new AssertionError("no event came but " + next);
  }

  Taken take(int count) throws Exception {
    List<String> numbers = new ArrayList<>();
    for (int events = 0; events < EVENTS_MAX; events++) {
      SubscribeToShardEvent event = next();
      event.records().forEach(record -> numbers.add(record.sequenceNumber()));
      if (numbers.size() >= count) return new Taken(numbers, event.continuationSequenceNumber());
    }
    throw new AssertionError(numbers.size() + " of " + count + " records after " + EVENTS_MAX + " events");
  }

  void cancel() {
    running.cancel(true);
  }
}
