#!/usr/bin/env python3
"""Posts a batch of 10,000 filings and looks that the server's memory stays level while it takes them in."""

import argparse
import http.client
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SEED = json.loads((ROOT / "fixtures/valid/bazhong-2021-38.json").read_text())


def lines(count, sent):
    for serial in range(1, count + 1):
        SEED["document"]["document_number"]["serial"] = serial
        line = json.dumps(SEED, ensure_ascii=False).encode() + b"\n"
        sent.append(len(line))
        yield line


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("binary")
    arguments.add_argument("--lines", type=int, default=10_000)
    arguments.add_argument("--most", type=int, default=32, help="MiB that the memory may grow by")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="hongtou-stream-") as data:
        server = subprocess.Popen(
            [options.binary, "serve", "--listen", "127.0.0.1:0", "--data", data, "--log", "error"],
            stdout=subprocess.PIPE)
        address = re.search(rb"http://([0-9.:]+)", server.stdout.readline())[1].decode()

        def resident(peak):
            status = pathlib.Path(f"/proc/{server.pid}/status").read_text()
            return int(re.search(rf"{peak}:\s+(\d+)", status)[1]) / 1024

        before, started, sent = resident("VmRSS"), time.monotonic(), []
        connection = http.client.HTTPConnection(address, timeout=600)
        connection.request("POST", "/v1/batches", lines(options.lines, sent),
                           {"content-type": "application/x-ndjson"}, encode_chunked=True)
        answer = connection.getresponse()
        body, seconds, peak = answer.read(), time.monotonic() - started, resident("VmHWM")
        assert answer.status == 202, body
        connection.request("DELETE", answer.headers["location"])
        answer = connection.getresponse()
        assert json.loads(answer.read())["state"] == "cancelled"
        server.terminate()
        assert server.wait(90) == 0
        print(f"{len(sent)} lines, {sum(sent) / 2**20:.0f} MiB in {seconds:.0f} s: "
              f"memory {before:.0f} MiB before, {peak:.0f} MiB at its peak")
        if peak - before > options.most:
            sys.exit(f"more than {options.most} MiB")


if __name__ == "__main__":
    main()
