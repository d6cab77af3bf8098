import java.nio.charset.StandardCharsets;
import software.amazon.kinesis.exceptions.InvalidStateException;
import software.amazon.kinesis.exceptions.ShutdownException;
import software.amazon.kinesis.exceptions.ThrottlingException;
import software.amazon.kinesis.lifecycle.events.InitializationInput;
import software.amazon.kinesis.lifecycle.events.LeaseLostInput;
import software.amazon.kinesis.lifecycle.events.ProcessRecordsInput;
import software.amazon.kinesis.lifecycle.events.ShardEndedInput;
import software.amazon.kinesis.lifecycle.events.ShutdownRequestedInput;
import software.amazon.kinesis.processor.RecordProcessorCheckpointer;
import software.amazon.kinesis.processor.ShardRecordProcessor;
import software.amazon.kinesis.retrieval.KinesisClientRecord;

/** Tells of everything that happens to it, and checkpoints what it has told, batch by batch. */
final class Processor implements ShardRecordProcessor {
  private interface Checkpoint {
    void write() throws InvalidStateException, ShutdownException, ThrottlingException;
  }

  private final Events events;
  private final String lastText;
  private String shard;
  private boolean done;

  Processor(Events events, String lastText) {
    this.events = events;
    this.lastText = lastText;
  }

  @Override
  public void initialize(InitializationInput input) {
    shard = input.shardId();
    var position = input.extendedSequenceNumber();
    events.tell(
        "initialized",
        "shard",
        shard,
        "sequenceNumber",
        position.sequenceNumber(),
        "subSequenceNumber",
        position.subSequenceNumber());
  }

  private void tell(KinesisClientRecord record) {
    events.tell(
        "record",
        "shard",
        shard,
        "sequenceNumber",
        record.sequenceNumber(),
        "subSequenceNumber",
        record.subSequenceNumber(),
        "key",
        record.partitionKey(),
        "data",
        StandardCharsets.UTF_8.decode(record.data().duplicate()));
  }

  /** Who lost the shard meanwhile checkpoints nothing, and that is no mistake. */
  private void checkpoint(Checkpoint checkpoint) {
    if (done) return;
    try {
      checkpoint.write();
    } catch (ShutdownException lost) {
      events.tell("checkpointRefused", "shard", shard);
    } catch (InvalidStateException | ThrottlingException error) {
      throw new IllegalStateException(error);
    }
  }

  private void stopBehind(KinesisClientRecord record, RecordProcessorCheckpointer checkpointer) {
    checkpoint(() -> checkpointer.checkpoint(record.sequenceNumber(), record.subSequenceNumber()));
    done = true;
    events.tell("checkpointed", "shard", shard);
  }

  @Override
  public void processRecords(ProcessRecordsInput input) {
    for (KinesisClientRecord record : input.records()) {
      if (done) return;
      tell(record);
      if (StandardCharsets.UTF_8.decode(record.data().duplicate()).toString().equals(lastText))
        stopBehind(record, input.checkpointer());
    }
    if (!input.records().isEmpty()) checkpoint(() -> input.checkpointer().checkpoint());
  }

  @Override
  public void leaseLost(LeaseLostInput input) {
    events.tell("leaseLost", "shard", shard);
  }

  @Override
  public void shardEnded(ShardEndedInput input) {
    events.tell("shardEnded", "shard", shard);
    checkpoint(() -> input.checkpointer().checkpoint());
  }

  @Override
  public void shutdownRequested(ShutdownRequestedInput input) {
    events.tell("shutdownRequested", "shard", shard);
    checkpoint(() -> input.checkpointer().checkpoint());
  }
}
