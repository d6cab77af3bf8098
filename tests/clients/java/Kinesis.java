import java.util.List;
import software.amazon.awssdk.services.kinesis.model.*;

/** The calls of the scenario, so that it is told once for the blocking and the asynchronous client. */
interface Kinesis extends AutoCloseable {
  CreateStreamResponse createStream(CreateStreamRequest request);

  void waitUntilExists(DescribeStreamRequest request);

  DescribeStreamResponse describeStream(DescribeStreamRequest request);

  DescribeStreamSummaryResponse describeStreamSummary(DescribeStreamSummaryRequest request);

  ListShardsResponse listShards(ListShardsRequest request);

  /** Through the SDK's paginator. */
  List<String> listStreamNames(int pageSize);

  PutRecordResponse putRecord(PutRecordRequest request);

  PutRecordsResponse putRecords(PutRecordsRequest request);

  GetShardIteratorResponse getShardIterator(GetShardIteratorRequest request);

  GetRecordsResponse getRecords(GetRecordsRequest request);

  AddTagsToStreamResponse addTags(AddTagsToStreamRequest request);

  RemoveTagsFromStreamResponse removeTags(RemoveTagsFromStreamRequest request);

  ListTagsForStreamResponse listTags(ListTagsForStreamRequest request);

  DeleteStreamResponse deleteStream(DeleteStreamRequest request);

  void waitUntilGone(DescribeStreamRequest request);

  @Override
  void close();
}
