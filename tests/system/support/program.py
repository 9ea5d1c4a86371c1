"""Where the checkout, its fixtures and the built program are."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target").resolve()
HONGTOU = TARGET / "release/hongtou"


def valid_fixture(name):
    """The path of an accepted filing."""
    return ROOT / f"fixtures/valid/{name}.json"
