"""Prints one line per law, as tests/clients/README.md asks for."""

import argparse


class Report:
    def __init__(self, only):
        self.broken = 0
        self.only = only
        self.skipping = False

    def variant(self, name):
        self.skipping = self.only is not None and self.only not in name
        if not self.skipping:
            print(f"# {name}", flush=True)
        return not self.skipping

    def law(self, name, check):
        try:
            check()
        except Exception as problem:  # a law that breaks must not hide the next
            self.broken += 1
            told = " ".join(f"{type(problem).__name__}: {problem}".split())
            print(f"not ok {name}: {told[:500]}", flush=True)
        else:
            print(f"ok {name}", flush=True)

    def exit_code(self):
        return 1 if self.broken else 0


def expect(actual, expected, what):
    if actual != expected:
        raise AssertionError(f"{what}: expected {expected!r}, got {actual!r}")


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--tls-endpoint")
    parser.add_argument("--ca")
    parser.add_argument("--stream", required=True)
    parser.add_argument("--only", help="variants whose name contains this")
    return parser.parse_args()
