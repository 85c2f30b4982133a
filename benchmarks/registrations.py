"""Registrations that count, against bare transactions of as many statements."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.bare import Bare, listening
from benchmarks.places import Places, durable, open_database
from benchmarks.ratios import Pace, Ratio, pace, together
from models.operations.registrations import complete_registration
from models.rules.lifecycles import CountStatus, OrganizationKind
from models.session import Database
from tests.world import World, add_link, add_organization, build_world

LINKS = 20
ROUNDS = 4
FIRST_NUMBER = 1_000


@dataclass(frozen=True, slots=True)
class Prepared:
    """A world whose registrations wait for their confirmation."""

    world: World
    tokens: list[str]


async def prepare(url: str, registrations: int) -> Prepared:
    """Send so many forms, through the links of several companies."""
    database = open_database(url)
    world = await build_world(database, link_limit=100_000)
    async with database.transaction() as tx:
        links = [
            await add_link(
                tx,
                await add_organization(
                    tx, world.consortium_id, FIRST_NUMBER + place, OrganizationKind.COMPANY
                ),
            )
            for place in range(LINKS)
        ]
    tokens = [
        await world.start(world.form(), links[place % LINKS]) for place in range(registrations)
    ]
    await database.close()
    return Prepared(world, tokens)


def _confirmation(database: Database, world: World, token: str) -> Callable[[], Awaitable[None]]:
    async def confirm() -> None:
        async with database.transaction() as tx:
            completed = await complete_registration(tx, world.visitor, token)
        assert completed.count_status is CountStatus.COUNTED

    return confirm


async def measure(url: str, kind: str, registrations: int, clients: int) -> Ratio:
    """Confirm them all, in rounds between rounds of bare transactions."""
    prepared = await prepare(url, registrations + LINKS)
    database = durable(url)
    database.clock = prepared.world.clock
    jobs = [_confirmation(database, prepared.world, token) for token in prepared.tokens]
    # The first of each link makes the company's accounts: it is not what is measured.
    for job in jobs[: LINKS - 1]:
        await job()
    with listening(database) as heard:
        await jobs[LINKS - 1]()
    bare = Bare(database, heard)
    await bare.prepare()
    ours, other = await _rounds(jobs[LINKS:], bare, clients)
    await database.close()
    print(f"{kind}: a registration that counts sends {heard}")
    for name, one in (("registrations", ours), ("bare transactions", other)):
        print(
            f"{kind}: {one.jobs} {name}, {clients} clients: {one.per_second:.0f}/s, "
            f"p50 {one.percentile_ms(50):.1f} ms, p99 {one.percentile_ms(99):.1f} ms"
        )
    return Ratio(
        f"registrations that count, {kind} (bare transactions; at least 0.5)",
        f"{ours.per_second:.0f}/s",
        f"{other.per_second:.0f}/s",
        ours.per_second / other.per_second,
    )


async def _rounds(jobs: list[Any], bare: Bare, clients: int) -> tuple[Pace, Pace]:
    ours, other = [], []
    for number in range(ROUNDS):
        some = jobs[number::ROUNDS]
        if some:
            ours.append(await pace(some, clients))
            other.append(await pace([bare.job() for _ in some], clients))
    return together(ours), together(other)


def run(places: Places, *, registrations: int, clients: int) -> list[Ratio]:
    """On each database there is."""
    ratios = []
    for kind in places.kinds:
        with places.database(kind) as url:
            ratios.append(asyncio.run(measure(url, kind, registrations, clients)))
    return ratios
