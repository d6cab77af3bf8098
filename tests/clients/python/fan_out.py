"""The laws of consumers with enhanced fan-out; botocore reads their events over chunked HTTP/1.1."""

from report import expect

SHARD = "shardId-000000000000"
EVENTS_MAX = 100


class FanOut:
    """Of a scenario whose stream is there and has records."""

    def __init__(self, scenario):
        self.scenario = scenario
        self.kinesis = scenario.kinesis
        self.arns = []

    def tell(self, report):
        report.law("registers consumers and waits until they are active", self.register)
        report.law("SubscribeToShard pushes what is there and what comes later", self.push)
        report.law("another consumer goes on behind the continuation", self.go_on)
        report.law("a second subscription is the ResourceInUseException of the SDK", self.subscribe_again)
        report.law(
            "deregistering ends a subscription with the ResourceNotFoundException of the SDK", self.deregister
        )

    def summary(self):
        return self.kinesis.describe_stream_summary(StreamName=self.scenario.stream)["StreamDescriptionSummary"]

    def register(self):
        stream = self.summary()["StreamARN"]
        for name in ["one", "two"]:
            arn = self.kinesis.register_stream_consumer(StreamARN=stream, ConsumerName=name)["Consumer"]["ConsumerARN"]
            while self.kinesis.describe_stream_consumer(ConsumerARN=arn)["ConsumerDescription"]["ConsumerStatus"] != "ACTIVE":
                pass
            self.arns.append(arn)
        expect(self.summary()["ConsumerCount"], 2, "ConsumerCount")

    def subscribe(self, consumer, **start):
        answer = self.kinesis.subscribe_to_shard(
            ConsumerARN=self.arns[consumer], ShardId=SHARD, StartingPosition=start
        )
        return iter(answer["EventStream"])

    def take(self, events, count):
        """Sequence numbers of the records that come, and where to go on behind them."""
        numbers = []
        for _ in range(EVENTS_MAX):
            event = next(events)["SubscribeToShardEvent"]
            numbers += [record["SequenceNumber"] for record in event["Records"]]
            if len(numbers) >= count:
                return numbers, event["ContinuationSequenceNumber"]
        raise AssertionError(f"{len(numbers)} of {count} records after {EVENTS_MAX} events")

    def expected(self):
        return [number for number, _, _ in self.scenario.expected(SHARD)]

    def push(self):
        self.first = self.subscribe(0, Type="TRIM_HORIZON")
        numbers, self.continuation = self.take(self.first, len(self.expected()))
        expect(numbers, self.expected(), "sequence numbers")
        later = self.scenario.put(Data=b"later", PartitionKey="later", ExplicitHashKey="0")
        expect(self.take(self.first, 1)[0], [later["SequenceNumber"]], "what came later")

    def go_on(self):
        second = self.subscribe(1, Type="AFTER_SEQUENCE_NUMBER", SequenceNumber=self.continuation)
        expect(self.take(second, 1)[0], self.expected()[-1:], "sequence numbers")

    def subscribe_again(self):
        try:
            self.subscribe(1, Type="LATEST")
        except self.kinesis.exceptions.ResourceInUseException:
            return
        raise AssertionError("no error came")

    def deregister(self):
        for arn in self.arns:
            self.kinesis.deregister_stream_consumer(ConsumerARN=arn)
        try:
            next(self.first)
        except Exception as error:  # botocore has one EventStreamError for all
            expect("ResourceNotFoundException" in str(error), True, str(error))
            return
        raise AssertionError("no error came")
