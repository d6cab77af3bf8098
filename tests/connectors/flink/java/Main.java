import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Flink's Kinesis connector against our server: all variants in one JVM, each job on a cluster of its own. */
final class Main {
  private record Variant(String name, Laws laws) {}

  private interface Laws {
    void tell(Report report, String prefix);
  }

  private static Variant reader(String name, URI endpoint, SourceLaws.Make make) {
    return new Variant(name, (report, prefix) -> new SourceLaws(endpoint, prefix, make).tell(report));
  }

  private static Map<String, String> options(String[] words) {
    Map<String, String> options = new HashMap<>();
    for (int place = 0; place + 1 < words.length; place += 2) options.put(words[place], words[place + 1]);
    return options;
  }

  /** Flink's threads would keep the program alive. */
  public static void main(String[] words) {
    try {
      System.exit(run(options(words)));
    } catch (Throwable problem) {
      problem.printStackTrace();
      System.exit(2);
    }
  }

  private static int run(Map<String, String> options) {
    URI endpoint = URI.create(options.get("--endpoint"));
    Sources sources = new Sources(endpoint);
    List<Variant> variants =
        List.of(
            reader("KinesisStreamsSource, polling", endpoint, sources::source),
            reader("FlinkKinesisConsumer, polling", endpoint, sources::polling),
            reader("FlinkKinesisConsumer, EFO", endpoint, sources::fanOut),
            new Variant(
                "KinesisStreamsSink", (report, prefix) -> new SinkLaws(endpoint, prefix).tell(report)));
    Report report = new Report();
    for (Variant variant : variants) {
      if (!variant.name().contains(options.getOrDefault("--only", ""))) continue;
      report.variant(variant.name());
      variant.laws().tell(report, options.get("--stream") + "-" + variants.indexOf(variant));
    }
    return report.exitCode();
  }
}
