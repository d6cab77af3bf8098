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

/** Looks at each record's data, and checkpoints batch by batch. */
final class CountingProcessor implements ShardRecordProcessor {
  private final Count count;

  CountingProcessor(Count count) {
    this.count = count;
  }

  @Override
  public void initialize(InitializationInput input) {
    count.initialized(input.shardId());
  }

  @Override
  public void processRecords(ProcessRecordsInput input) {
    long bytes = 0;
    for (KinesisClientRecord record : input.records()) bytes += record.data().remaining();
    count.add(input.records().size(), bytes);
    if (!input.records().isEmpty()) checkpoint(input.checkpointer());
  }

  @Override
  public void leaseLost(LeaseLostInput input) {}

  @Override
  public void shardEnded(ShardEndedInput input) {
    checkpoint(input.checkpointer());
  }

  @Override
  public void shutdownRequested(ShutdownRequestedInput input) {
    checkpoint(input.checkpointer());
  }

  private static void checkpoint(RecordProcessorCheckpointer checkpointer) {
    try {
      checkpointer.checkpoint();
    } catch (ShutdownException lost) {
      // Another worker has the shard.
    } catch (InvalidStateException | ThrottlingException error) {
      throw new IllegalStateException(error);
    }
  }
}
