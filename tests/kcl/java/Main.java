import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Workers of the Kinesis Client Library, as many as wanted in one process, steered by lines on standard input:
 *
 * <pre>
 * start worker=w1 application=a stream=s mode=polling
 * stop w1
 * </pre>
 *
 * What they do comes on standard output, one JSON object a line; what the library logs, on standard error. At the
 * end of the input all workers stop in good order, then the process ends.
 */
final class Main {
  private final Clients clients;
  private final Map<String, Worker> workers = new ConcurrentHashMap<>();

  private Main(URI endpoint) {
    clients = new Clients(endpoint);
  }

  private static Map<String, String> options(String words) {
    Map<String, String> options = new HashMap<>();
    for (String word : words.split(" ")) {
      int equals = word.indexOf('=');
      options.put(word.substring(0, equals), word.substring(equals + 1));
    }
    return options;
  }

  private void obey(String line) {
    String[] words = line.split(" ", 2);
    switch (words[0]) {
      case "start" -> {
        Options options = new Options(options(words[1]));
        workers.put(options.worker(), new Worker(options, clients));
      }
      case "stop" -> workers.remove(words[1]).stop();
      default -> throw new IllegalArgumentException(line);
    }
  }

  public static void main(String[] words) throws Exception {
    Main main = new Main(URI.create(words[0]));
    BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = input.readLine(); line != null; line = input.readLine()) main.obey(line);
    for (Worker worker : main.workers.values()) worker.stop();
    for (Worker worker : main.workers.values()) worker.join();
    System.exit(0);
  }
}
