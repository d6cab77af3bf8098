"""The scenario of tests/clients/README.md, told with boto3."""

import sys

import boto3
from report import Report, arguments
from scenario import Scenario


def main():
    given = arguments()
    report = Report(given.only)
    plain = lambda: boto3.client("kinesis", endpoint_url=given.endpoint)
    over_tls = lambda: boto3.client("kinesis", endpoint_url=given.tls_endpoint, verify=given.ca)
    variants = [("HTTP/1.1", plain)] + ([("HTTP/1.1 over TLS", over_tls)] if given.tls_endpoint else [])
    for number, (name, connect) in enumerate(variants):
        if report.variant(name):
            Scenario(connect(), f"{given.stream}-{number}").tell(report)
    return report.exit_code()


if __name__ == "__main__":
    sys.exit(main())
