"""The clients and checkers of this folder work, and refuse what is wrong."""

import subprocess
from pathlib import Path

HERE = Path(__file__).parent
LIMIT_S = 120


def test_the_clients_pass_their_own_tests() -> None:
    run = subprocess.run(
        ["npm", "test", "--silent"],
        cwd=HERE,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
