import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.kinesis.common.ConfigsBuilder;
import software.amazon.kinesis.common.InitialPositionInStream;
import software.amazon.kinesis.common.InitialPositionInStreamExtended;
import software.amazon.kinesis.common.KinesisClientUtil;
import software.amazon.kinesis.coordinator.Scheduler;
import software.amazon.kinesis.leases.LeaseManagementConfig;
import software.amazon.kinesis.metrics.MetricsLevel;
import software.amazon.kinesis.processor.SingleStreamTracker;
import software.amazon.kinesis.retrieval.RetrievalSpecificConfig;
import software.amazon.kinesis.retrieval.fanout.FanOutConfig;
import software.amazon.kinesis.retrieval.polling.PollingConfig;

/**
 * One worker of the Kinesis Client Library that counts what it reads. Arguments are words as `stream=bench`; whatever
 * has none is as the library has it, but for metrics, which are off, and the first look at the shards, which is soon: a
 * leader that counts workers before there are leases never assigns any (seen with 3.5.1: its mean of nothing is NaN).
 */
final class KclClient {
  private static final long SOON_MS = 300;

  private final Map<String, String> given = new HashMap<>();
  private final KinesisAsyncClient kinesis;

  private KclClient(String[] words) {
    for (String word : words) {
      int equals = word.indexOf('=');
      given.put(word.substring(0, equals), word.substring(equals + 1));
    }
    kinesis = KinesisClientUtil.createKinesisAsyncClient(addressed(KinesisAsyncClient.builder()));
  }

  private <B extends AwsClientBuilder<B, ?>> B addressed(B builder) {
    return builder
        .endpointOverride(URI.create(given.get("endpoint")))
        .region(Region.US_EAST_1)
        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")));
  }

  private long number(String name) {
    return Long.parseLong(given.get(name));
  }

  private ConfigsBuilder configs(Count count) {
    var oldest = InitialPositionInStreamExtended.newInitialPosition(InitialPositionInStream.TRIM_HORIZON);
    return new ConfigsBuilder(
        new SingleStreamTracker(given.get("stream"), oldest),
        given.get("application"),
        kinesis,
        addressed(DynamoDbAsyncClient.builder()).build(),
        addressed(CloudWatchAsyncClient.builder()).build(),
        given.get("worker"),
        () -> new CountingProcessor(count));
  }

  private LeaseManagementConfig leases(LeaseManagementConfig config) {
    config.failoverTimeMillis(number("failoverMs")).shardSyncIntervalMillis(SOON_MS);
    if (given.containsKey("leaderLeaseMs"))
      config
          .dynamoDbLockBasedLeaderLeaseDurationInMillis(number("leaderLeaseMs"))
          .dynamoDbLockBasedLeaderHeartbeatPeriodInMillis(number("leaderLeaseMs") / 4);
    return config;
  }

  private RetrievalSpecificConfig retrieval() {
    String stream = given.get("stream");
    return given.get("retrieval").equals("fanOut")
        ? new FanOutConfig(kinesis).streamName(stream).applicationName(given.get("application"))
        : new PollingConfig(stream, kinesis).idleTimeBetweenReadsInMillis(number("idleMs"));
  }

  private Scheduler scheduler() {
    ConfigsBuilder configs = configs(new Count(number("warmRecords"), number("totalRecords")));
    return new Scheduler(
        configs.checkpointConfig(),
        configs.coordinatorConfig().schedulerInitializationBackoffTimeMillis(SOON_MS),
        leases(configs.leaseManagementConfig()),
        configs.lifecycleConfig(),
        configs.metricsConfig().metricsLevel(MetricsLevel.NONE),
        configs.processorConfig(),
        configs.retrievalConfig().retrievalSpecificConfig(retrieval()));
  }

  public static void main(String[] words) {
    new KclClient(words).scheduler().run();
  }
}
