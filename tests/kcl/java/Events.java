import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** One JSON object a line on standard output, there before the call returns. */
final class Events {
  private static final PrintStream OUT =
      new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

  private final String worker;

  Events(String worker) {
    this.worker = worker;
  }

  private static String text(Object value) {
    StringBuilder quoted = new StringBuilder("\"");
    String.valueOf(value)
        .chars()
        .forEach(
            (character) -> {
              if (character < ' ' || character == '"' || character == '\\')
                quoted.append(String.format("\\u%04x", character));
              else quoted.append((char) character);
            });
    return quoted.append('"').toString();
  }

  /** By the clock that all processes of a machine share. */
  private static long nowUs() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  /** Names and values in turn. */
  private static String line(String worker, String kind, Object... fields) {
    StringBuilder line = new StringBuilder("{\"atUs\":" + nowUs());
    line.append(",\"worker\":").append(text(worker)).append(",\"kind\":").append(text(kind));
    for (int place = 0; place < fields.length; place += 2) {
      Object value = fields[place + 1];
      String written = value instanceof Number ? value.toString() : text(value);
      line.append(',').append(text(fields[place])).append(':').append(written);
    }
    return line.append("}\n").toString();
  }

  void tell(String kind, Object... fields) {
    String line = line(worker, kind, fields);
    synchronized (OUT) {
      OUT.print(line);
      OUT.flush();
    }
  }
}
