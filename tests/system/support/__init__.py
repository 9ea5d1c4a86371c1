"""What the system tests share: the program, its server, HTTP, checks and the installation of tools."""

import signal
import sys

# Lets `with` blocks stop servers and remove folders when a test is terminated.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
