import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.connector.kinesis.sink.KinesisStreamsSink;
import org.apache.flink.kinesis.shaded.software.amazon.awssdk.services.kinesis.model.Record;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** What the connector's sink must do. */
record SinkLaws(URI endpoint, String prefix) {
  private static final int PARALLELISM = 2;
  private static final int KEY_COUNT = 200;
  private static final String[] ROUNDS = {"0", "1", "2", "3", "4"};

  void tell(Report report) {
    report.law(
        "writes every record once, under its partition key, over all shards", new RootCause(this::writeAll));
  }

  private KinesisStreamsSink<String> sink(Stream stream) {
    Properties properties = new Properties();
    properties.putAll(new Sources(endpoint).connection());
    return KinesisStreamsSink.<String>builder()
        .setKinesisClientProperties(properties)
        .setSerializationSchema(new SimpleStringSchema())
        .setPartitionKeyGenerator(Stream::keyOf)
        .setStreamArn(stream.arn())
        .setFailOnError(false)
        .build();
  }

  private void writeAll() throws Exception {
    List<String> texts = Stream.texts(KEY_COUNT, ROUNDS);
    try (Stream stream = new Stream(endpoint, prefix + "-sink", 4)) {
      var environment = StreamExecutionEnvironment.createLocalEnvironment(PARALLELISM, Job.configuration());
      environment.fromData(texts).rebalance().sinkTo(sink(stream));
      environment.execute("sink");
      List<Record> records = stream.readAll();
      Report.expect("records", records.size(), texts.size());
      Map<String, String> keys =
          records.stream().collect(Collectors.toMap(each -> each.data().asUtf8String(), Record::partitionKey));
      Report.expect("texts", new TreeSet<>(keys.keySet()), new TreeSet<>(texts));
      keys.forEach((text, key) -> Report.expect("key of " + text, key, Stream.keyOf(text)));
    }
  }
}
