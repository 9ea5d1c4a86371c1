"""A `hongtou serve` process on a free port."""

import contextlib
import os
import re
import secrets
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

from support.checks import CheckFailed, check, wait_until
from support.client import request
from support.program import HONGTOU

STOP_DEADLINE = 90

# The token of all servers of a test, which they accept as long as they have no keys.
LOCAL_TOKEN = "ht_local_" + secrets.token_hex(22)[:43]
AUTHORIZATION = {"Authorization": f"Bearer {LOCAL_TOKEN}"}


class Server:
    """A server with files of its own: its data, its output and its log.

    As a context manager it starts the server and stops it. After an error it shows the end of the log.
    """

    def __init__(self, folder, *options, name="server", listen="127.0.0.1:0", log="warn", environment=None, program=HONGTOU):
        self.data = Path(folder) / "data"
        self.output_path = Path(folder) / f"{name}.out"
        self.log_path = Path(folder) / f"{name}.log"
        # Storing the program takes memory and time that the tests measure.
        own = {"HONGTOU_LOCAL_TOKEN": LOCAL_TOKEN, "HONGTOU_WITHOUT_PROGRAM": "true"}
        self.environment = own | (environment or {})
        self.process = None
        self.address = None
        serve = ["serve", "--listen", listen, "--data", self.data, "--log", log]
        self.command = [program, *serve, *map(str, options)]

    def start(self):
        """Starts the process and waits until it is ready. A server that was stopped starts again."""
        with self.output_path.open("wb") as output, self.log_path.open("ab") as log:
            environment = os.environ | self.environment
            self.process = subprocess.Popen(self.command, stdout=output, stderr=log, env=environment)
        self.address = wait_until(self._printed_address, "the server prints its address")
        wait_until(self._is_ready, "the server is ready")

    def _printed_address(self):
        output = self.output_path.read_text()
        if self.process.poll() is not None:
            raise CheckFailed(f"the server did not start: {output}{self.log_text()}")
        found = re.search(r"http://([0-9.]+:\d+)", output)
        return found and found[1]

    def _is_ready(self):
        return self.request("GET", "/readyz").status == 200

    def request(self, method, path, body=None, headers=None, timeout=120):
        """Sends a request with the local token, unless the headers have a key."""
        return request(self.address, method, path, body, AUTHORIZATION | (headers or {}), timeout)

    def add_key(self, name, role, agency=None):
        """Adds an API key to the server's data and returns its secret."""
        command = [HONGTOU, "keys", "add", "--data", self.data, "--name", name, "--role", role]
        command += ["--agency", agency] if agency else []
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return output.splitlines()[-1]

    def n_programs(self):
        """How many programs the archive keeps, with SQLite."""
        with contextlib.closing(sqlite3.connect(self.data / "hongtou.sqlite")) as database:
            return database.execute("SELECT COUNT(*) FROM renderer_files").fetchone()[0]

    def memory(self, field="VmRSS"):
        """Memory in MiB: `VmRSS` is the resident memory now, `VmHWM` its peak."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{field}:\s+(\d+)", status)[1]) / 1024

    def restart_peak(self):
        """Lets the peak memory begin again with what is resident now. Returns that in MiB."""
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")
        return self.memory()

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def stop(self):
        """Terminates the process, which must still run and must exit with 0."""
        code = self.process.poll()
        check(code is None, f"the server exited by itself with {code}")
        self.process.terminate()
        code = self.process.wait(STOP_DEADLINE)
        check(code == 0, f"the terminated server exited with {code}")
        self.process = None

    def log_text(self):
        return self.log_path.read_text(errors="replace")

    def check_log(self):
        """A server may refuse a request, but must neither fail nor panic."""
        faults = [line for line in self.log_text().splitlines() if "ERROR" in line or "panicked" in line]
        check(not faults, "the log has errors:\n" + "\n".join(faults[:20]))

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, kind, error, traceback):
        try:
            if error is not None:
                print(f"{self.log_path.name}:\n{self.log_text()[-4000:]}", file=sys.stderr)
            elif self.process is not None:
                self.stop()
        finally:
            self.kill()


@contextlib.contextmanager
def temporary_server(*options, **settings):
    """A running server whose files are removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="hongtou-") as folder:
        with Server(folder, *options, **settings) as server:
            yield server
