"""Checks that fail a test with a message."""

import time


class CheckFailed(Exception):
    """A check of a test failed."""


def check(condition, message):
    if not condition:
        raise CheckFailed(message)


def check_equal(found, expected, what):
    """Compares two values and prints what was checked."""
    check(found == expected, f"{what}: {found!r} instead of {expected!r}")
    print(f"ok  {what}", flush=True)


def wait_until(condition, what, seconds=30, pause=0.05):
    """Polls a condition until it returns something true, and returns that."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        check(time.monotonic() < deadline, f"not within {seconds} s: {what}")
        time.sleep(pause)
    return found
