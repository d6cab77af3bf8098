import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.kinesis.model.*;

/** What the scenario asks of streams, shards and tags. */
record StreamLaws(Kinesis kinesis, String stream) {
  private static final Duration JUST_NOW = Duration.ofMinutes(5);
  private static final Map<String, String> TAGS = Map.of("team", "Flüsse", "stage", "test", "empty", "");

  void tellStart(Report report) {
    report.law("creates a stream and waits until it is active", () -> make(stream, Written.SHARD_IDS.size()));
    report.law("describes the stream", this::describes);
    report.law("pages ListShards", this::pagesShards);
    report.law("adds, lists and removes tags", this::tags);
    report.law("an unknown stream is the ResourceNotFoundException of the SDK", this::unknownStream);
    report.law("a name taken is the ResourceInUseException of the SDK", this::nameTaken);
  }

  void tellEnd(Report report) {
    report.law("pages ListStreams", this::pagesStreams);
    report.law("deletes the stream", this::deletes);
  }

  private static DescribeStreamRequest named(String name) {
    return DescribeStreamRequest.builder().streamName(name).build();
  }

  private void make(String name, int shards) {
    kinesis.createStream(CreateStreamRequest.builder().streamName(name).shardCount(shards).build());
    kinesis.waitUntilExists(named(name));
  }

  private void remove(String name) {
    kinesis.deleteStream(DeleteStreamRequest.builder().streamName(name).build());
    kinesis.waitUntilGone(named(name));
  }

  static void expectJustNow(String what, Instant time) {
    Duration age = Duration.between(time, Instant.now()).abs();
    Report.expect(what + " is just now, not " + time, age.compareTo(JUST_NOW) < 0, true);
  }

  private void describes() {
    StreamDescription described = kinesis.describeStream(named(stream)).streamDescription();
    Report.expect("streamName", described.streamName(), stream);
    Report.expect("streamStatus", described.streamStatus(), StreamStatus.ACTIVE);
    Report.expect("retentionPeriodHours", described.retentionPeriodHours(), 24);
    Report.expect("hasMoreShards", described.hasMoreShards(), false);
    expectJustNow("streamCreationTimestamp", described.streamCreationTimestamp());
    checkShards(described.shards());
    DescribeStreamSummaryRequest byArn =
        DescribeStreamSummaryRequest.builder().streamARN(described.streamARN()).build();
    StreamDescriptionSummary summary = kinesis.describeStreamSummary(byArn).streamDescriptionSummary();
    Report.expect("streamName by ARN", summary.streamName(), stream);
    Report.expect("openShardCount", summary.openShardCount(), Written.SHARD_IDS.size());
  }

  /** The shards are all there, in order, and their ranges follow each other without a gap. */
  private static void checkShards(List<Shard> shards) {
    Report.expect("shard ids", shards.stream().map(Shard::shardId).toList(), Written.SHARD_IDS);
    BigInteger start = BigInteger.ZERO;
    for (Shard shard : shards) {
      Report.expect("start of " + shard.shardId(), shard.hashKeyRange().startingHashKey(), start.toString());
      start = new BigInteger(shard.hashKeyRange().endingHashKey()).add(BigInteger.ONE);
    }
    Report.expect("end of the last shard", start.subtract(BigInteger.ONE), Written.HASH_KEY_MAX);
  }

  private void pagesShards() {
    List<Integer> sizes = new ArrayList<>();
    List<Shard> found = new ArrayList<>();
    ListShardsRequest request = ListShardsRequest.builder().streamName(stream).maxResults(2).build();
    while (request != null && sizes.size() < Written.SHARD_IDS.size()) {
      ListShardsResponse page = kinesis.listShards(request);
      sizes.add(page.shards().size());
      found.addAll(page.shards());
      String token = page.nextToken();
      request = token == null ? null : ListShardsRequest.builder().nextToken(token).maxResults(2).build();
    }
    Report.expect("shards per page", sizes, List.of(2, 2, 1));
    checkShards(found);
  }

  private Map<String, String> listedTags() {
    return kinesis.listTags(ListTagsForStreamRequest.builder().streamName(stream).build()).tags().stream()
        .collect(Collectors.toMap(Tag::key, Tag::value));
  }

  private void tags() {
    kinesis.addTags(AddTagsToStreamRequest.builder().streamName(stream).tags(TAGS).build());
    Report.expect("tags", listedTags(), TAGS);
    kinesis.removeTags(RemoveTagsFromStreamRequest.builder().streamName(stream).tagKeys("team", "empty").build());
    Report.expect("tags left", listedTags(), Map.of("stage", "test"));
  }

  private void unknownStream() {
    String name = stream + "-unknown";
    try {
      kinesis.describeStreamSummary(DescribeStreamSummaryRequest.builder().streamName(name).build());
    } catch (ResourceNotFoundException expected) {
      Report.expect("status", expected.statusCode(), 400);
      Report.expect("the message names the stream", expected.getMessage().contains(name), true);
      Report.expect("error code", expected.awsErrorDetails().errorCode(), "ResourceNotFoundException");
      return;
    }
    throw new AssertionError("no error came");
  }

  private void nameTaken() {
    try {
      make(stream, 1);
    } catch (ResourceInUseException expected) {
      return;
    }
    throw new AssertionError("no error came");
  }

  private void pagesStreams() {
    List<String> names = List.of(stream, stream + "-second", stream + "-third");
    names.stream().skip(1).forEach(name -> make(name, 1));
    List<String> found = kinesis.listStreamNames(1);
    Report.expect("streams", found.stream().filter(name -> name.startsWith(stream)).toList(), names);
    names.stream().skip(1).forEach(this::remove);
  }

  private void deletes() {
    remove(stream);
    Report.expect("still listed", kinesis.listStreamNames(100).contains(stream), false);
  }
}
