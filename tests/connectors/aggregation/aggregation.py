"""AWS's Python library for aggregated records: reads one JSON document from standard input, answers with another.

All bytes are hexadecimal. {"pack": [record, ...]} gives one carrier, {"unpack": carrier} gives the records.
"""

import base64
import json
import sys

from aws_kinesis_agg.aggregator import RecordAggregator
from aws_kinesis_agg.deaggregator import deaggregate_records


def pack(records):
    aggregator = RecordAggregator()
    for record in records:
        data = bytes.fromhex(record["data"])
        aggregator.add_user_record(record["partitionKey"], data, record.get("explicitHashKey"))
    partition_key, explicit_hash_key, data = aggregator.clear_and_get().get_contents()
    return {"partitionKey": partition_key, "explicitHashKey": explicit_hash_key, "data": data.hex()}


def unpack(carrier):
    """As a Lambda function would be given it."""
    event = {
        "kinesis": {
            "kinesisSchemaVersion": "1.0",
            "partitionKey": carrier["partitionKey"],
            "sequenceNumber": "1",
            "approximateArrivalTimestamp": 0,
            "data": base64.b64encode(bytes.fromhex(carrier["data"])),
        }
    }
    return [user_record(record["kinesis"]) for record in deaggregate_records([event])]


def user_record(record):
    data = base64.b64decode(record["data"]).hex()
    plain = {"partitionKey": record["partitionKey"], "data": data}
    if record["explicitHashKey"] is not None:
        plain["explicitHashKey"] = record["explicitHashKey"]
    return plain


def main():
    ((verb, argument),) = json.load(sys.stdin).items()
    json.dump({"pack": pack, "unpack": unpack}[verb](argument), sys.stdout)


main()
