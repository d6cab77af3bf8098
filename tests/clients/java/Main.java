import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The scenario of tests/clients/README.md, told with the AWS SDK for Java v2: all variants in one JVM. */
final class Main {
  private static final String CBOR = "application/x-amz-cbor-1.1";
  private static final String EVENT_STREAM = "application/vnd.amazon.eventstream";
  private static final String JSON = "application/x-amz-json-1.1";

  /** Makes a client for an endpoint. */
  private interface Connect {
    Kinesis to(URI endpoint);
  }

  private record Variant(String name, Connect connect, boolean tls, String contentType) {
    /** Whatever else it speaks, the SDK subscribes to shards in JSON, in its asynchronous client. */
    Set<String> contentTypes() {
      return name.startsWith("async") ? Set.of(contentType, JSON, EVENT_STREAM) : Set.of(contentType);
    }
  }

  private static Map<String, String> options(String[] words) {
    Map<String, String> options = new HashMap<>();
    for (int place = 0; place + 1 < words.length; place += 2) options.put(words[place], words[place + 1]);
    return options;
  }

  private static void tell(Variant variant, URI endpoint, String stream, Clients clients, Report report) {
    report.variant(variant.name());
    System.setProperty("aws.cborEnabled", String.valueOf(variant.contentType().equals(CBOR)));
    clients.contentTypes.clear();
    try (Kinesis kinesis = variant.connect().to(endpoint)) {
      StreamLaws streams = new StreamLaws(kinesis, stream);
      Written written = new Written(kinesis, stream);
      streams.tellStart(report);
      new RecordLaws(written).tell(report);
      new IteratorLaws(written).tell(report);
      if (kinesis instanceof AsyncKinesis async) new FanOutLaws(async.client(), written, stream).tell(report);
      streams.tellEnd(report);
    }
    report.law(
        "speaks the expected content type",
        () -> Report.expect("of requests and answers", clients.contentTypes, variant.contentTypes()));
  }

  public static void main(String[] words) throws Exception {
    System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
    Map<String, String> options = options(words);
    Clients clients = new Clients(options.get("--ca"));
    List<Variant> variants =
        List.of(
            new Variant("sync, HTTP/1.1, CBOR", clients::sync, false, CBOR),
            new Variant("async, h2c, CBOR", clients::async, false, CBOR),
            new Variant("sync, HTTP/1.1, JSON", clients::sync, false, JSON),
            new Variant("sync, HTTP/1.1 over TLS, CBOR", clients::sync, true, CBOR),
            new Variant("async, h2 over TLS, CBOR", clients::async, true, CBOR));
    Report report = new Report();
    for (Variant variant : variants) {
      String endpoint = options.get(variant.tls() ? "--tls-endpoint" : "--endpoint");
      if (endpoint == null || !variant.name().contains(options.getOrDefault("--only", ""))) continue;
      String stream = options.get("--stream") + "-" + variants.indexOf(variant);
      tell(variant, URI.create(endpoint), stream, clients, report);
    }
    System.exit(report.exitCode());
  }
}
