import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.kinesis.source.KinesisStreamsSource;
import org.apache.flink.streaming.connectors.kinesis.FlinkKinesisConsumer;

/** The connector's sources with the settings that lead to our server: README.md repeats them. */
final class Sources {
  private final Map<String, String> connection;

  Sources(URI endpoint) {
    connection =
        Map.of(
            "aws.endpoint", endpoint.toString(),
            "aws.region", "us-east-1",
            "aws.credentials.provider", "BASIC",
            "aws.credentials.provider.basic.accesskeyid", "test",
            "aws.credentials.provider.basic.secretkey", "test");
  }

  Map<String, String> connection() {
    return connection;
  }

  /** Where to start: at the oldest record, or at a moment. */
  private static Map<String, String> startAt(Instant moment) {
    return moment == null
        ? Map.of("flink.stream.initpos", "TRIM_HORIZON")
        : Map.of("flink.stream.initpos", "AT_TIMESTAMP", "flink.stream.initpos.timestamp", format(moment));
  }

  private static String format(Instant moment) {
    return moment.toString().replaceFirst("Z$", "+00:00");
  }

  Source source(Stream stream, Instant moment) {
    Configuration configuration = Configuration.fromMap(connection);
    configuration.addAll(Configuration.fromMap(startAt(moment)));
    configuration.setString("flink.shard.discovery.intervalmillis", "200");
    KinesisStreamsSource<String> source =
        KinesisStreamsSource.<String>builder()
            .setStreamArn(stream.arn())
            .setSourceConfig(configuration)
            .setDeserializationSchema(new SimpleStringSchema())
            .build();
    return environment -> environment.fromSource(source, WatermarkStrategy.noWatermarks(), "kinesis", Types.STRING);
  }

  private Source consumer(Stream stream, Instant moment, Map<String, String> more) {
    Properties properties = new Properties();
    properties.putAll(connection);
    properties.putAll(startAt(moment));
    properties.put("flink.shard.discovery.intervalmillis", "200");
    properties.putAll(more);
    return environment ->
        environment.addSource(new FlinkKinesisConsumer<>(stream.name, new SimpleStringSchema(), properties));
  }

  Source polling(Stream stream, Instant moment) {
    return consumer(stream, moment, Map.of("flink.shard.getrecords.intervalmillis", "50"));
  }

  /** EAGER: registered before the job starts and left there when it ends, see README.md. */
  Source fanOut(Stream stream, Instant moment) {
    Map<String, String> fanOut =
        Map.of(
            "flink.stream.recordpublisher", "EFO",
            "flink.stream.efo.registration", "EAGER",
            "flink.stream.efo.consumername", "flink");
    return consumer(stream, moment, fanOut);
  }
}
