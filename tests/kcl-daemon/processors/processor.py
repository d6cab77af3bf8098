"""A record processor for Amazon's library for Python; says what happens to it in JSON on standard error."""
import json
import os
import sys

from amazon_kclpy import kcl
from amazon_kclpy.v3 import processor


def tell(event, **details):
    sys.stderr.write(json.dumps(dict(details, event=event)) + "\n")
    sys.stderr.flush()


class Processor(processor.RecordProcessorBase):
    def __init__(self):
        self.has_stopped = False

    def initialize(self, beginning):
        tell("initialize", sequenceNumber=beginning.sequence_number, sub=beginning.sub_sequence_number)

    def process_records(self, batch):
        for record in batch.records:
            data = record.binary_data.decode()
            if data == "crash" and "CRASH" in os.environ:
                os._exit(3)
            tell("record", key=record.partition_key, data=data, sub=record.sub_sequence_number)
            if data.startswith("stop"):
                self.has_stopped = True
                batch.checkpointer.checkpoint(record.sequence_number, record.sub_sequence_number)
        self.checkpoint(batch.checkpointer)
        print("this line is no message")

    def lease_lost(self, _):
        tell("leaseLost")

    def shard_ended(self, ended):
        ended.checkpointer.checkpoint()
        tell("shardEnded")

    def shutdown_requested(self, requested):
        self.checkpoint(requested.checkpointer)
        tell("shutdownRequested")

    def checkpoint(self, checkpointer):
        if self.has_stopped:
            return
        try:
            checkpointer.checkpoint()
        except kcl.CheckpointError as error:
            tell("checkpointFailed", error=error.value)


kcl.KCLProcess(Processor()).run()
