"""`make soak`: the ledger's random lives, for 100,000 steps. It takes hours; Ctrl-C stops it."""

from __future__ import annotations

import os
import sys

import pytest

STEPS_A_LIFE = 80
LIVES = 1_250


def main() -> int:
    """Run the state machine of the tests, for longer."""
    os.environ.setdefault("TASUKI_SOAK_EXAMPLES", str(LIVES))
    os.environ.setdefault("TASUKI_SOAK_STEPS", str(STEPS_A_LIFE))
    arguments = ["-q", "-s", "-n0", "-o", "faulthandler_timeout=0", "tests/test_ledger_machine.py"]
    return int(pytest.main(arguments))


if __name__ == "__main__":
    sys.exit(main())
