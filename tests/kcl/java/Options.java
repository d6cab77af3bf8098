import java.util.Map;

/** What a worker is started with: `worker`, `application` and `stream` must be there, the rest have defaults. */
record Options(Map<String, String> given) {
  private String required(String name) {
    String value = given.get(name);
    if (value == null) throw new IllegalArgumentException(name + " is missing in " + given);
    return value;
  }

  String worker() {
    return required("worker");
  }

  String application() {
    return required("application");
  }

  String stream() {
    return required("stream");
  }

  boolean fanOut() {
    return given.getOrDefault("mode", "polling").equals("fan-out");
  }

  /** A checkpoint is written behind the record with this text, and nothing that follows is told or checkpointed. */
  String lastText() {
    return given.get("lastText");
  }
}
