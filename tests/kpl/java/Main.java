import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Does what it is told by lines of JSON, and answers each with a line that has its number: see ../driver.ts. */
final class Main {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final PrintStream OUT = new PrintStream(System.out, false, StandardCharsets.UTF_8);

  /** Whatever it answers is written as JSON. */
  private interface Command {
    CompletionStage<?> run(JsonNode input) throws Exception;
  }

  private static Map<String, Command> commands(Producers producers) {
    return Map.of(
        "open", producers::open,
        "put", producers::put,
        "load", producers::load,
        "close", producers::close,
        "unpack", Unpack::run);
  }

  private static CompletionStage<?> run(Map<String, Command> commands, JsonNode input) {
    try {
      return commands.get(input.get("do").asText()).run(input);
    } catch (Exception problem) {
      return CompletableFuture.failedFuture(problem);
    }
  }

  private static void answer(JsonNode input, Object output, Throwable problem) {
    Map<String, Object> line = new HashMap<>();
    line.put("id", input.get("id").asInt());
    line.put(problem == null ? "output" : "error", problem == null ? output : problem.toString());
    String text = JSON.valueToTree(line).toString();
    synchronized (OUT) {
      OUT.print(text + "\n");
      OUT.flush();
    }
  }

  public static void main(String[] words) throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    Map<String, Command> commands = commands(new Producers());
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode input = JSON.readTree(line);
        threads.execute(
            () -> run(commands, input).whenComplete((output, problem) -> answer(input, output, problem)));
      }
    }
    // The end of the input is the end: what is left of the native processes goes with this one.
    System.exit(0);
  }
}
