"""The AWS command line as a newcomer types it, each command a process of its own."""

import base64
import json
import os
import subprocess
import sys
import time

from report import Report, arguments, expect

AWS = os.path.join(os.path.dirname(sys.executable), "aws")
COMMAND_SECONDS_MAX = 60
ACTIVE_SECONDS_MAX = 30


class CommandFailed(Exception):
    pass


class CommandLine:
    def __init__(self, given):
        self.given = given
        self.stream = given.stream
        self.shard = self.number = "known once put-record has answered"

    def run(self, words, *more, tls=False):
        """`words` as in a shell, without what never changes; the answer as JSON."""
        place = ["--endpoint-url", self.given.endpoint]
        if tls:
            place = ["--endpoint-url", self.given.tls_endpoint, "--ca-bundle", self.given.ca]
        command = [AWS, *place, "--output", "json", "kinesis", *words.split(), *more]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=COMMAND_SECONDS_MAX, check=False)
        if ended.returncode != 0:
            raise CommandFailed(f"exit code {ended.returncode}, {ended.stderr.strip()}")
        return json.loads(ended.stdout or "null")

    def tell(self, report):
        report.law("create-stream makes a stream that becomes active", self.create_stream)
        report.law("put-record answers shard and sequence number", self.put_record)
        report.law("put-records takes a batch from a file", self.put_records)
        report.law("get-records gives back what was put", self.get_records)
        report.law("list-shards pages with --max-items", self.list_shards)
        report.law("tags are added and listed", self.tags)
        report.law("list-streams pages with --page-size", self.list_streams)
        report.law("an unknown stream ends the command with ResourceNotFoundException", self.unknown_stream)
        if self.given.tls_endpoint:
            report.law("talks TLS with --ca-bundle", self.tls)
        report.law("delete-stream removes the stream", self.delete_stream)

    def summary(self, **options):
        words = f"describe-stream-summary --stream-name {self.stream}"
        return self.run(words, **options)["StreamDescriptionSummary"]

    def create_stream(self):
        expect(self.run(f"create-stream --stream-name {self.stream} --shard-count 2"), None, "answer")
        # `aws kinesis wait stream-exists` looks only every ten seconds.
        end = time.monotonic() + ACTIVE_SECONDS_MAX
        while self.summary()["StreamStatus"] != "ACTIVE":
            expect(time.monotonic() < end, True, "active in time")
        self.run(f"wait stream-exists --stream-name {self.stream}")

    def put_record(self):
        # Version 1 of the command line takes the data as it stands, version 2 as base64.
        answer = self.run(f"put-record --stream-name {self.stream} --partition-key Zürich-🌊 --data hello")
        expect(answer["ShardId"].startswith("shardId-"), True, answer["ShardId"])
        expect(answer["SequenceNumber"].isdigit(), True, answer["SequenceNumber"])
        self.shard = answer["ShardId"]
        self.number = answer["SequenceNumber"]

    def put_records(self):
        records = [{"Data": f"line {n}", "PartitionKey": f"key-{n}"} for n in range(20)]
        with open("records.json", "w", encoding="utf-8") as file:
            json.dump(records, file)
        answer = self.run(f"put-records --stream-name {self.stream} --records file://records.json")
        expect(answer["FailedRecordCount"], 0, "FailedRecordCount")
        expect({entry["ShardId"] for entry in answer["Records"]}, {"shardId-000000000000", "shardId-000000000001"}, "shards")

    def get_records(self):
        place = f"--shard-id {self.shard} --shard-iterator-type AT_SEQUENCE_NUMBER"
        words = f"get-shard-iterator --stream-name {self.stream} {place}"
        made = self.run(words, "--starting-sequence-number", self.number)
        answer = self.run("get-records --limit 1", "--shard-iterator", made["ShardIterator"])
        [record] = answer["Records"]
        expect(base64.b64decode(record["Data"]), b"hello", "Data")
        expect(record["PartitionKey"], "Zürich-🌊", "PartitionKey")
        expect(record["SequenceNumber"], self.number, "SequenceNumber")

    def list_shards(self):
        words = f"list-shards --stream-name {self.stream} --max-items 1"
        first = self.run(words)
        second = self.run(words, "--starting-token", first["NextToken"])
        shards = [shard["ShardId"] for shard in first["Shards"] + second["Shards"]]
        expect(shards, ["shardId-000000000000", "shardId-000000000001"], "shards")
        expect("NextToken" in second, False, "a token after the last page")

    def tags(self):
        self.run(f"add-tags-to-stream --stream-name {self.stream} --tags team=Flüsse,stage=test")
        listed = self.run(f"list-tags-for-stream --stream-name {self.stream}")["Tags"]
        expect({tag["Key"]: tag["Value"] for tag in listed}, {"team": "Flüsse", "stage": "test"}, "tags")

    def list_streams(self):
        self.run(f"create-stream --stream-name {self.stream}-2 --shard-count 1")
        found = self.run("list-streams --page-size 1")["StreamNames"]
        expect([name for name in found if name.startswith(self.stream)], [self.stream, f"{self.stream}-2"], "streams")

    def unknown_stream(self):
        try:
            self.run("describe-stream --stream-name no-such-stream")
        except CommandFailed as failed:
            wanted = "(ResourceNotFoundException) when calling the DescribeStream operation: Stream no-such-stream"
            expect(wanted in str(failed), True, str(failed))
        else:
            raise AssertionError("the command did not fail")

    def tls(self):
        expect(self.summary(tls=True)["StreamName"], self.stream, "StreamName")

    def delete_stream(self):
        self.run(f"delete-stream --stream-name {self.stream}")
        self.run(f"wait stream-not-exists --stream-name {self.stream}")
        expect(self.stream in self.run("list-streams")["StreamNames"], False, "still listed")


def main():
    given = arguments()
    report = Report(given.only)
    if report.variant("aws kinesis"):
        CommandLine(given).tell(report)
    return report.exit_code()


if __name__ == "__main__":
    sys.exit(main())
