import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.waiters.WaiterOverrideConfiguration;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.*;
import software.amazon.awssdk.services.kinesis.waiters.KinesisAsyncWaiter;

/** The asynchronous client, each call waited for. */
record AsyncKinesis(KinesisAsyncClient client, KinesisAsyncWaiter waiter) implements Kinesis {
  private static final int CALL_SECONDS_MAX = 20;

  AsyncKinesis(KinesisAsyncClient client, WaiterOverrideConfiguration waiting) {
    this(client, KinesisAsyncWaiter.builder().client(client).overrideConfiguration(waiting).build());
  }

  /** The answer, or the SDK's exception without the wrapping of futures. */
  private static <Answer> Answer await(CompletableFuture<Answer> future) {
    try {
      return future.orTimeout(CALL_SECONDS_MAX, TimeUnit.SECONDS).join();
    } catch (CompletionException problem) {
      if (problem.getCause() instanceof RuntimeException cause) throw cause;
      throw problem;
    }
  }

  @Override
  public CreateStreamResponse createStream(CreateStreamRequest request) {
    return await(client.createStream(request));
  }

  @Override
  public void waitUntilExists(DescribeStreamRequest request) {
    await(waiter.waitUntilStreamExists(request));
  }

  @Override
  public DescribeStreamResponse describeStream(DescribeStreamRequest request) {
    return await(client.describeStream(request));
  }

  @Override
  public DescribeStreamSummaryResponse describeStreamSummary(DescribeStreamSummaryRequest request) {
    return await(client.describeStreamSummary(request));
  }

  @Override
  public ListShardsResponse listShards(ListShardsRequest request) {
    return await(client.listShards(request));
  }

  @Override
  public List<String> listStreamNames(int pageSize) {
    List<String> names = Collections.synchronizedList(new ArrayList<>());
    await(client.listStreamsPaginator(request -> request.limit(pageSize)).streamNames().subscribe(names::add));
    return names;
  }

  @Override
  public PutRecordResponse putRecord(PutRecordRequest request) {
    return await(client.putRecord(request));
  }

  @Override
  public PutRecordsResponse putRecords(PutRecordsRequest request) {
    return await(client.putRecords(request));
  }

  @Override
  public GetShardIteratorResponse getShardIterator(GetShardIteratorRequest request) {
    return await(client.getShardIterator(request));
  }

  @Override
  public GetRecordsResponse getRecords(GetRecordsRequest request) {
    return await(client.getRecords(request));
  }

  @Override
  public AddTagsToStreamResponse addTags(AddTagsToStreamRequest request) {
    return await(client.addTagsToStream(request));
  }

  @Override
  public RemoveTagsFromStreamResponse removeTags(RemoveTagsFromStreamRequest request) {
    return await(client.removeTagsFromStream(request));
  }

  @Override
  public ListTagsForStreamResponse listTags(ListTagsForStreamRequest request) {
    return await(client.listTagsForStream(request));
  }

  @Override
  public DeleteStreamResponse deleteStream(DeleteStreamRequest request) {
    return await(client.deleteStream(request));
  }

  @Override
  public void waitUntilGone(DescribeStreamRequest request) {
    await(waiter.waitUntilStreamNotExists(request));
  }

  @Override
  public void close() {
    waiter.close();
    client.close();
  }
}
