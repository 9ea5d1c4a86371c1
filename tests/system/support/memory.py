"""Runs a program and measures its memory."""

import subprocess
import sys

# A process counts the memory of the one that it was forked from as its own, so a small one starts the program.
_MEASURE = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:])
_, status, usage = os.wait4(process.pid, 0)
process.returncode = os.waitstatus_to_exitcode(status)
print(usage.ru_maxrss, file=sys.stderr)
sys.exit(process.returncode)
"""


def run_measured(*command):
    """Runs a program. Returns the exit code, its output, and its greatest memory in MiB."""
    command = [sys.executable, "-c", _MEASURE, *command]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, int(done.stderr.splitlines()[-1]) / 1024
