import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.*;

/** Consumers with enhanced fan-out, which the SDK has in its asynchronous client alone. */
final class FanOutLaws {
  private static final String SHARD = Written.SHARD_IDS.get(0);

  private final KinesisAsyncClient client;
  private final Written written;
  private final String stream;
  private final List<String> arns = new ArrayList<>();
  private Subscription first;
  private String continuation;

  FanOutLaws(KinesisAsyncClient client, Written written, String stream) {
    this.client = client;
    this.written = written;
    this.stream = stream;
  }

  void tell(Report report) {
    report.law("registers consumers and waits until they are active", this::register);
    report.law("SubscribeToShard pushes what is there and what comes later", this::push);
    report.law("another consumer goes on behind the continuation", this::goOn);
    report.law("a second subscription is the ResourceInUseException of the SDK", this::subscribeAgain);
    report.law(
        "deregistering ends a subscription with the ResourceNotFoundException of the SDK", this::deregister);
  }

  private StreamDescriptionSummary summary() {
    return client.describeStreamSummary(request -> request.streamName(stream)).join().streamDescriptionSummary();
  }

  private ConsumerStatus statusOf(String arn) {
    var described = client.describeStreamConsumer(request -> request.consumerARN(arn)).join();
    return described.consumerDescription().consumerStatus();
  }

  private void register() {
    String streamArn = summary().streamARN();
    for (String name : List.of("one", "two")) {
      var registered =
          client.registerStreamConsumer(request -> request.streamARN(streamArn).consumerName(name)).join();
      String arn = registered.consumer().consumerARN();
      while (statusOf(arn) != ConsumerStatus.ACTIVE) Thread.onSpinWait();
      arns.add(arn);
    }
    Report.expect("ConsumerCount", summary().consumerCount(), 2);
  }

  private Subscription subscribe(int consumer, StartingPosition start) {
    var request = SubscribeToShardRequest.builder().consumerARN(arns.get(consumer)).shardId(SHARD);
    return new Subscription(client, request.startingPosition(start).build());
  }

  private static StartingPosition from(ShardIteratorType type) {
    return StartingPosition.builder().type(type).build();
  }

  private List<String> numbersWritten() {
    return written.in(SHARD).stream().map(Written.Placed::sequenceNumber).toList();
  }

  private void push() throws Exception {
    first = subscribe(0, from(ShardIteratorType.TRIM_HORIZON));
    Subscription.Taken before = first.take(numbersWritten().size());
    Report.expect("sequence numbers", before.numbers(), numbersWritten());
    continuation = before.continuation();
    Written.Placed later = written.put(Written.entry(SdkBytes.fromUtf8String("later"), "later", "0"));
    Report.expect("what came later", first.take(1).numbers(), List.of(later.sequenceNumber()));
  }

  private void goOn() throws Exception {
    var start = StartingPosition.builder().type(ShardIteratorType.AFTER_SEQUENCE_NUMBER);
    Subscription second = subscribe(1, start.sequenceNumber(continuation).build());
    List<String> all = numbersWritten();
    Report.expect("sequence numbers", second.take(1).numbers(), all.subList(all.size() - 1, all.size()));
    second.cancel();
  }

  private void subscribeAgain() throws Exception {
    Subscription again = subscribe(1, from(ShardIteratorType.LATEST));
    try {
      again.next();
    } catch (ResourceInUseException expected) {
      return;
    }
    throw new AssertionError("no error came");
  }

  private void deregister() throws Exception {
    for (String arn : arns) client.deregisterStreamConsumer(request -> request.consumerARN(arn)).join();
    try {
      first.next();
    } catch (ResourceNotFoundException expected) {
      return;
    }
    throw new AssertionError("no error came");
  }
}
