"""The memory of one process that answers, after many requests against after a few."""

from __future__ import annotations

import asyncio

from benchmarks.hostile import HOSTILE, application, ask
from benchmarks.places import Places, open_database, resident_mb
from benchmarks.ratios import Ratio
from tests.world import build_world

QUERIES = (
    b'{"query": "{ consortium { name members(first: 20) { nodes { id name } } } }"}',
    b'{"query": "{ referrals(first: 20) { nodes { id createdOn receiver { name } } } }"}',
)
ROUND = 50


async def measure(url: str, requests: int) -> Ratio:
    """Registrations, queries and refusals in turn, in rounds of `ROUND`."""
    world = await build_world(open_database(url), link_limit=100_000)
    app = application(world)

    async def rounds(number: int) -> None:
        for _ in range(number):
            await world.register()
            for body in (*QUERIES * (ROUND // 2), *HOSTILE.values()):
                status, _ = await ask(app, body)
                assert status < 500

    await rounds(3)
    before_mb = resident_mb()
    await rounds(max(1, requests // ROUND))
    after_mb = resident_mb()
    await world.database.close()
    return Ratio(
        f"memory after {requests:,} requests more (before; at most 1.5)",
        f"{after_mb:.0f} MB",
        f"{before_mb:.0f} MB",
        after_mb / before_mb,
    )


def run(places: Places, *, requests: int) -> list[Ratio]:
    """One process, on SQLite."""
    with places.database("sqlite") as url:
        return [asyncio.run(measure(url, requests))]
