"""Every law of the scenario; `kinesis` is a boto3 client and nothing else."""

import hashlib
from datetime import datetime, timedelta, timezone

from fan_out import FanOut
from report import expect

SHARDS = 5
HASH_KEY_MAX = 2**128 - 1
MEBIBYTE = 1024 * 1024
CALLS_MAX = 200
WAITER = {"Delay": 0.05, "MaxAttempts": 600}
KEYS_BEYOND_ASCII = ["Zürich", "东京", "Нева", "e\u0301", "🌊", "𝒦𝒾𝓃𝑒𝓈𝒾𝓈", "🏳️‍🌈 Köln 東京", "\U0010ffff"]


def pattern(length, seed):
    return (bytes((seed + 31 * i) % 256 for i in range(256)) * (length // 256 + 1))[:length]


def id_of(shard):
    return f"shardId-{shard:012d}"


class Scenario:
    def __init__(self, kinesis, stream):
        self.kinesis = kinesis
        self.stream = stream
        self.written = {id_of(shard): [] for shard in range(SHARDS)}

    def tell(self, report):
        report.law("creates a stream and waits until it is active", self.creates)
        report.law("describes the stream", self.describes)
        report.law("puts one record and reads it back", self.puts_one)
        report.law("puts a batch of 500 and reads every record back", self.puts_batch)
        report.law("an explicit hash key chooses the shard", self.explicit_hash_key)
        report.law("records of 1 MiB come back whole", self.large_records)
        report.law("a partition key beyond ASCII is routed by its UTF-8 bytes", self.keys_beyond_ascii)
        report.law("TRIM_HORIZON starts at the oldest record", self.trim_horizon)
        report.law("AT_SEQUENCE_NUMBER starts at that record", self.at_sequence_number)
        report.law("AFTER_SEQUENCE_NUMBER starts behind that record", self.after_sequence_number)
        report.law("AT_TIMESTAMP starts at the first record of that time", self.at_timestamp)
        report.law("LATEST gives only what comes after", self.latest)
        FanOut(self).tell(report)
        report.law("pages ListShards", self.pages_shards)
        report.law("adds, lists and removes tags", self.tags)
        report.law("an unknown stream is the ResourceNotFoundException of the SDK", self.unknown_stream)
        report.law("a name taken is the ResourceInUseException of the SDK", self.name_taken)
        report.law("pages ListStreams", self.pages_streams)
        report.law("deletes the stream", self.deletes)

    # Stream and shards

    def make(self, name, shards):
        self.kinesis.create_stream(StreamName=name, ShardCount=shards)
        self.kinesis.get_waiter("stream_exists").wait(StreamName=name, WaiterConfig=WAITER)

    def creates(self):
        self.make(self.stream, SHARDS)

    def describes(self):
        described = self.kinesis.describe_stream(StreamName=self.stream)["StreamDescription"]
        expect(described["StreamName"], self.stream, "StreamName")
        expect(described["StreamStatus"], "ACTIVE", "StreamStatus")
        expect(described["RetentionPeriodHours"], 24, "RetentionPeriodHours")
        expect(described["HasMoreShards"], False, "HasMoreShards")
        age = datetime.now(timezone.utc) - described["StreamCreationTimestamp"]
        expect(abs(age) < timedelta(minutes=5), True, f"created just now, not {age} ago")
        self.check_shards(described["Shards"])
        summary = self.kinesis.describe_stream_summary(StreamARN=described["StreamARN"])
        expect(summary["StreamDescriptionSummary"]["StreamName"], self.stream, "StreamName by ARN")
        expect(summary["StreamDescriptionSummary"]["OpenShardCount"], SHARDS, "OpenShardCount")

    def check_shards(self, shards):
        expect([shard["ShardId"] for shard in shards], [id_of(shard) for shard in range(SHARDS)], "shard ids")
        start = 0
        for shard in shards:
            expect(int(shard["HashKeyRange"]["StartingHashKey"]), start, f"start of {shard['ShardId']}")
            start = int(shard["HashKeyRange"]["EndingHashKey"]) + 1
        expect(start - 1, HASH_KEY_MAX, "end of the last shard")

    def pages_shards(self):
        found, page = [], self.kinesis.list_shards(StreamName=self.stream, MaxResults=2)
        sizes = [len(page["Shards"])]
        found += page["Shards"]
        while "NextToken" in page and len(sizes) < CALLS_MAX:
            page = self.kinesis.list_shards(NextToken=page["NextToken"], MaxResults=2)
            sizes.append(len(page["Shards"]))
            found += page["Shards"]
        expect(sizes, [2, 2, 1], "shards per page")
        self.check_shards(found)

    def pages_streams(self):
        names = [self.stream, f"{self.stream}-second", f"{self.stream}-third"]
        for name in names[1:]:
            self.make(name, 1)
        pages = self.kinesis.get_paginator("list_streams").paginate(PaginationConfig={"PageSize": 1})
        found = [name for page in pages for name in page["StreamNames"]]
        expect([name for name in found if name in names], names, "streams")
        for name in names[1:]:
            self.remove(name)

    def tags(self):
        name = {"StreamName": self.stream}
        tags = {"team": "Flüsse", "stage": "test", "empty": ""}
        self.kinesis.add_tags_to_stream(**name, Tags=tags)
        listed = self.kinesis.list_tags_for_stream(**name)
        expect({tag["Key"]: tag["Value"] for tag in listed["Tags"]}, tags, "tags")
        self.kinesis.remove_tags_from_stream(**name, TagKeys=["team", "empty"])
        expect(self.kinesis.list_tags_for_stream(**name)["Tags"], [{"Key": "stage", "Value": "test"}], "tags left")

    def unknown_stream(self):
        try:
            self.kinesis.describe_stream_summary(StreamName=f"{self.stream}-unknown")
        except self.kinesis.exceptions.ResourceNotFoundException as error:
            expect(error.response["ResponseMetadata"]["HTTPStatusCode"], 400, "status")
            expect(f"{self.stream}-unknown" in error.response["Error"]["Message"], True, "the message names the stream")
        else:
            raise AssertionError("no error came")

    def name_taken(self):
        try:
            self.kinesis.create_stream(StreamName=self.stream, ShardCount=1)
        except self.kinesis.exceptions.ResourceInUseException:
            return
        raise AssertionError("no error came")

    def remove(self, name):
        self.kinesis.delete_stream(StreamName=name)
        self.kinesis.get_waiter("stream_not_exists").wait(StreamName=name, WaiterConfig=WAITER)

    def deletes(self):
        self.remove(self.stream)
        pages = self.kinesis.get_paginator("list_streams").paginate()
        expect(self.stream in [name for page in pages for name in page["StreamNames"]], False, "still listed")

    # Records

    def wrote(self, answer, record):
        self.written[answer["ShardId"]].append((answer["SequenceNumber"], record["PartitionKey"], record["Data"]))

    def put(self, **record):
        answer = self.kinesis.put_record(StreamName=self.stream, **record)
        self.wrote(answer, record)
        return answer

    def put_all(self, records):
        answer = self.kinesis.put_records(StreamName=self.stream, Records=records)
        expect(answer["FailedRecordCount"], 0, "FailedRecordCount")
        expect(len(answer["Records"]), len(records), "entries answered")
        for entry, record in zip(answer["Records"], records):
            self.wrote(entry, record)
        return answer["Records"]

    def expected(self, shard):
        return sorted(self.written[shard], key=lambda entry: int(entry[0]))

    def iterator(self, shard, kind, **start):
        made = self.kinesis.get_shard_iterator(
            StreamName=self.stream, ShardId=shard, ShardIteratorType=kind, **start
        )
        return made["ShardIterator"]

    def read(self, iterator, limit=10000):
        """Reads until nothing is behind."""
        records = []
        for _ in range(CALLS_MAX):
            page = self.kinesis.get_records(ShardIterator=iterator, Limit=limit)
            expect(len(page["Records"]) <= limit, True, "no more records than asked for")
            records += page["Records"]
            if page["MillisBehindLatest"] == 0:
                return records
            iterator = page["NextShardIterator"]
        raise AssertionError(f"still behind after {CALLS_MAX} calls")

    def read_from(self, shard, kind, **start):
        return self.read(self.iterator(shard, kind, **start))

    def shard_of(self, hash_key):
        for shard in self.kinesis.list_shards(StreamName=self.stream)["Shards"]:
            if hash_key <= int(shard["HashKeyRange"]["EndingHashKey"]):
                return shard["ShardId"]
        raise AssertionError(f"no shard holds {hash_key}")

    def puts_one(self):
        answer = self.put(Data=b"\x00one\xff", PartitionKey="first")
        place = {"StartingSequenceNumber": answer["SequenceNumber"]}
        [record] = self.read_from(answer["ShardId"], "AT_SEQUENCE_NUMBER", **place)
        expect(record["Data"], b"\x00one\xff", "Data")
        expect(record["PartitionKey"], "first", "PartitionKey")
        expect(record["SequenceNumber"], answer["SequenceNumber"], "SequenceNumber")
        age = datetime.now(timezone.utc) - record["ApproximateArrivalTimestamp"]
        expect(abs(age) < timedelta(minutes=5), True, f"arrived just now, not {age} ago")

    def puts_batch(self):
        self.put_all([{"Data": b"record %d" % n, "PartitionKey": f"key-{n}"} for n in range(500)])
        for shard in self.written:
            records = self.read(self.iterator(shard, "TRIM_HORIZON"), limit=60)
            told = [(record["SequenceNumber"], record["PartitionKey"], record["Data"]) for record in records]
            expect(told, self.expected(shard), f"records of {shard}")

    def explicit_hash_key(self):
        shards = self.kinesis.list_shards(StreamName=self.stream)["Shards"]
        edges = [(shard["ShardId"], edge) for shard in shards for edge in shard["HashKeyRange"].values()]
        for shard, edge in edges:
            expect(self.put(Data=b"edge", PartitionKey="same", ExplicitHashKey=edge)["ShardId"], shard, edge)
        batch = [{"Data": b"edge", "PartitionKey": "same", "ExplicitHashKey": edge} for _, edge in edges]
        expect([entry["ShardId"] for entry in self.put_all(batch)], [shard for shard, _ in edges], "shards")

    def large_records(self):
        shard = id_of(SHARDS - 1)
        last = {"PartitionKey": "large", "ExplicitHashKey": str(HASH_KEY_MAX)}
        size = MEBIBYTE - len("large")
        first = self.put(Data=pattern(size, 0), **last)
        self.put_all([{"Data": pattern(size, seed), **last} for seed in range(1, 9)])
        records = self.read_from(shard, "AT_SEQUENCE_NUMBER", StartingSequenceNumber=first["SequenceNumber"])
        expect(len(records), 9, "records")
        expect({len(record["Data"]) for record in records}, {size}, "bytes of each")
        got = sorted(hashlib.sha256(record["Data"]).hexdigest() for record in records)
        expect(got, sorted(hashlib.sha256(pattern(size, seed)).hexdigest() for seed in range(9)), "contents")

    def keys_beyond_ascii(self):
        for key in KEYS_BEYOND_ASCII:
            answer = self.put(Data=key.encode(), PartitionKey=key)
            hash_key = int(hashlib.md5(key.encode()).hexdigest(), 16)
            expect(answer["ShardId"], self.shard_of(hash_key), f"shard of {key}")
            place = {"StartingSequenceNumber": answer["SequenceNumber"]}
            expect(self.read_from(answer["ShardId"], "AT_SEQUENCE_NUMBER", **place)[0]["PartitionKey"], key, "key")

    # Iterators: the first shard holds what the laws before have put there

    def numbers(self, kind, **start):
        return [record["SequenceNumber"] for record in self.read_from(id_of(0), kind, **start)]

    def all_numbers(self):
        return [number for number, _, _ in self.expected(id_of(0))]

    def trim_horizon(self):
        expect(len(self.all_numbers()) > 3, True, "there is something to read")
        expect(self.numbers("TRIM_HORIZON"), self.all_numbers(), "sequence numbers")

    def at_sequence_number(self):
        middle = len(self.all_numbers()) // 2
        start = {"StartingSequenceNumber": self.all_numbers()[middle]}
        expect(self.numbers("AT_SEQUENCE_NUMBER", **start), self.all_numbers()[middle:], "sequence numbers")

    def after_sequence_number(self):
        middle = len(self.all_numbers()) // 2
        start = {"StartingSequenceNumber": self.all_numbers()[middle]}
        expect(self.numbers("AFTER_SEQUENCE_NUMBER", **start), self.all_numbers()[middle + 1 :], "sequence numbers")

    def at_timestamp(self):
        records = self.read_from(id_of(0), "TRIM_HORIZON")
        time = records[-1]["ApproximateArrivalTimestamp"]
        first = next(place for place, record in enumerate(records) if record["ApproximateArrivalTimestamp"] >= time)
        expected = [record["SequenceNumber"] for record in records[first:]]
        expect(self.numbers("AT_TIMESTAMP", Timestamp=time), expected, "sequence numbers")

    def latest(self):
        iterator = self.iterator(id_of(0), "LATEST")
        answer = self.put(Data=b"later", PartitionKey="later", ExplicitHashKey="0")
        told = [record["SequenceNumber"] for record in self.read(iterator)]
        expect(told, [answer["SequenceNumber"]], "sequence numbers")
