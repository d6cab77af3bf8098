import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What must be seen by each of the connector's sources, every law on a stream of its own. */
record SourceLaws(URI endpoint, String prefix, Make make) {
  private static final int KEY_COUNT = 20;
  private static final int SHARD_COUNT = 2;

  interface Make {
    Source from(Stream stream, Instant moment);
  }

  void tell(Report report) {
    report.law("reads every record of all shards, a closed one too, from TRIM_HORIZON", new RootCause(this::readAll));
    report.law("follows a split and a merge while the job runs", new RootCause(this::reshard));
    report.law("goes on from a checkpoint after a crash, each record counted once", new RootCause(this::crash));
    report.law("goes on from a savepoint in another job, each record counted once", new RootCause(this::savepoint));
    report.law("AT_TIMESTAMP starts with the records of that time", new RootCause(this::atTimestamp));
  }

  private Stream stream(String law) throws Exception {
    return new Stream(endpoint, prefix + "-" + law, SHARD_COUNT);
  }

  private Job start(Stream stream, Instant moment, String savepoint) throws Exception {
    return new Job(stream.name, make.from(stream, moment), savepoint);
  }

  /** Writes one more record of each key. */
  private static void put(Stream stream, List<String> written, String round) {
    List<String> texts = Stream.texts(KEY_COUNT, round);
    stream.put(texts);
    written.addAll(texts);
  }

  private void readAll() throws Exception {
    List<String> written = new ArrayList<>();
    try (Stream stream = stream("all")) {
      for (int round = 0; round < 5; round += 1) put(stream, written, "before-" + round);
      stream.split();
      for (int round = 5; round < 10; round += 1) put(stream, written, "before-" + round);
      try (Job job = start(stream, null, null)) {
        job.untilCounted(written);
        put(stream, written, "while it runs");
        job.untilCounted(written);
      }
    }
  }

  private void reshard() throws Exception {
    List<String> written = new ArrayList<>();
    try (Stream stream = stream("reshard")) {
      put(stream, written, "before");
      try (Job job = start(stream, null, null)) {
        job.untilCounted(written);
        stream.split();
        put(stream, written, "split");
        job.untilCounted(written);
        stream.merge();
        put(stream, written, "merged");
        job.untilCounted(written);
      }
    }
  }

  private void crash() throws Exception {
    List<String> written = new ArrayList<>();
    try (Stream stream = stream("crash")) {
      put(stream, written, "before the checkpoint");
      try (Job job = start(stream, null, null)) {
        job.untilCounted(written);
        job.untilCheckpoint();
        put(stream, written, "behind the checkpoint");
        stream.put(List.of(Counting.CRASH + ":"));
        written.add(Counting.CRASH + ":");
        job.untilCrashed();
        put(stream, written, "after the crash");
        job.untilCounted(written);
      }
    }
  }

  private void savepoint() throws Exception {
    List<String> written = new ArrayList<>();
    Path folder = Files.createTempDirectory(Path.of("").toAbsolutePath(), "savepoint-");
    try (Stream stream = stream("savepoint")) {
      put(stream, written, "before");
      String savepoint;
      try (Job job = start(stream, null, null)) {
        job.untilCounted(written);
        savepoint = job.stopIn(folder);
      }
      put(stream, written, "meanwhile");
      try (Job job = start(stream, null, savepoint)) {
        put(stream, written, "after");
        job.untilCounted(written);
      }
    }
  }

  private void atTimestamp() throws Exception {
    List<String> written = new ArrayList<>();
    try (Stream stream = stream("timestamp")) {
      stream.put(List.of("old:1", "older:2"));
      Instant moment = stream.momentBehind();
      put(stream, written, "at that time");
      try (Job job = start(stream, moment, null)) {
        put(stream, written, "later");
        job.untilCounted(written);
      }
    }
  }
}
