#!/usr/bin/env python3
"""Posts a batch of 10,000 filings and checks that the server's memory stays constant while it receives them."""

import argparse
import json
import time

from support.checks import check, check_equal
from support.client import NDJSON
from support.program import valid_fixture
from support.server import temporary_server

SEED = json.loads(valid_fixture("bazhong-2021-38").read_text())


def lines(count, sizes):
    """Yields the lines of the batch and records their sizes."""
    for serial in range(1, count + 1):
        SEED["document"]["document_number"]["serial"] = serial
        line = json.dumps(SEED, ensure_ascii=False).encode() + b"\n"
        sizes.append(len(line))
        yield line


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=10_000)
    parser.add_argument("--most", type=int, default=32, help="MiB by which the memory may grow")
    return parser.parse_args()


def main():
    options, sizes = arguments(), []
    with temporary_server(log="error") as server:
        before, start = server.memory(), time.monotonic()
        # A body of unknown length is sent in chunks.
        response = server.request("POST", "/v1/batches", lines(options.lines, sizes), NDJSON, timeout=600)
        took, peak = time.monotonic() - start, server.memory("VmHWM")
        check(response.status == 202, response.text)
        cancelled = server.request("DELETE", response.headers["Location"])
        check_equal(cancelled.json()["state"], "cancelled", "the batch is cancelled")
        server.stop()
    print(
        f"{len(sizes)} lines, {sum(sizes) / 2**20:.0f} MiB in {took:.0f} s: "
        f"memory {before:.0f} MiB before, {peak:.0f} MiB at its peak"
    )
    check(peak - before <= options.most, f"memory grew by more than {options.most} MiB")


if __name__ == "__main__":
    main()
