import java.util.List;
import software.amazon.awssdk.core.waiters.WaiterOverrideConfiguration;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.*;
import software.amazon.awssdk.services.kinesis.waiters.KinesisWaiter;

/** The blocking client. */
record SyncKinesis(KinesisClient client, KinesisWaiter waiter) implements Kinesis {
  SyncKinesis(KinesisClient client, WaiterOverrideConfiguration waiting) {
    this(client, KinesisWaiter.builder().client(client).overrideConfiguration(waiting).build());
  }

  @Override
  public CreateStreamResponse createStream(CreateStreamRequest request) {
    return client.createStream(request);
  }

  @Override
  public void waitUntilExists(DescribeStreamRequest request) {
    waiter.waitUntilStreamExists(request);
  }

  @Override
  public DescribeStreamResponse describeStream(DescribeStreamRequest request) {
    return client.describeStream(request);
  }

  @Override
  public DescribeStreamSummaryResponse describeStreamSummary(DescribeStreamSummaryRequest request) {
    return client.describeStreamSummary(request);
  }

  @Override
  public ListShardsResponse listShards(ListShardsRequest request) {
    return client.listShards(request);
  }

  @Override
  public List<String> listStreamNames(int pageSize) {
    return client.listStreamsPaginator(request -> request.limit(pageSize)).streamNames().stream().toList();
  }

  @Override
  public PutRecordResponse putRecord(PutRecordRequest request) {
    return client.putRecord(request);
  }

  @Override
  public PutRecordsResponse putRecords(PutRecordsRequest request) {
    return client.putRecords(request);
  }

  @Override
  public GetShardIteratorResponse getShardIterator(GetShardIteratorRequest request) {
    return client.getShardIterator(request);
  }

  @Override
  public GetRecordsResponse getRecords(GetRecordsRequest request) {
    return client.getRecords(request);
  }

  @Override
  public AddTagsToStreamResponse addTags(AddTagsToStreamRequest request) {
    return client.addTagsToStream(request);
  }

  @Override
  public RemoveTagsFromStreamResponse removeTags(RemoveTagsFromStreamRequest request) {
    return client.removeTagsFromStream(request);
  }

  @Override
  public ListTagsForStreamResponse listTags(ListTagsForStreamRequest request) {
    return client.listTagsForStream(request);
  }

  @Override
  public DeleteStreamResponse deleteStream(DeleteStreamRequest request) {
    return client.deleteStream(request);
  }

  @Override
  public void waitUntilGone(DescribeStreamRequest request) {
    waiter.waitUntilStreamNotExists(request);
  }

  @Override
  public void close() {
    waiter.close();
    client.close();
  }
}
