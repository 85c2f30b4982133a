"""The event loop goes on while ten analyses run. `python -m benchmarks.heartbeat` measures it."""

from __future__ import annotations

from benchmarks.heartbeat import lag_of_ten

BOUND_MS = 250.0
"""What is promised is 50; a machine that does other things too may be late."""


async def test_ten_analyses_do_not_block_the_event_loop() -> None:
    lag = await lag_of_ten(nodes=600, edges=8_000, months=6, processes=1)
    assert lag.own_ms < BOUND_MS
