"""An analyst's whole question, from the database to the answer, as the referrals grow.

The pairs stay the same, and so do the months: what grows is only how many people each cell tells
of. The frozen table is filled by the code that freezes months; the daily aggregate, which it reads,
is made directly. Cold is the first answer over new connections; warm the middle of those after.
"""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from benchmarks.places import Places, durable, open_database
from benchmarks.ratios import Ratio, median_ms
from models.audit import FIRST_LINK
from models.operations.frozen import freeze_past
from models.rules.flows import month_begins, month_of
from models.rules.lifecycles import Channel, OrganizationKind, ReferralStatus
from models.session import Database, WriteSession
from models.tables.consortium import Consortium, Organization
from models.tables.flows import FlowDay
from models.tables.records import AuditHead
from models.upsert import plain_insert
from network.edges import Window, told_table
from network.metrics.strength import strength

FIRST_MONTH = month_of(date(2025, 1, 1))
AGENCIES_SHARE = 10
"""One organization in so many is an agency."""
ROWS_PER_STATEMENT = 1_000
SEED = 1


@dataclass(frozen=True, slots=True)
class Size:
    """How much a consortium has lived through."""

    referrals: int
    pairs: int
    months: int

    @property
    def window(self) -> Window:
        """All of it."""
        after = month_begins(FIRST_MONTH + self.months)
        return Window(month_begins(FIRST_MONTH), after - timedelta(days=1))


def _pairs(size: Size, ids: list[uuid.UUID]) -> list[tuple[uuid.UUID, uuid.UUID]]:
    agencies = len(ids) // AGENCIES_SHARE
    every = ((company, agency) for company in ids[agencies:] for agency in ids[:agencies])
    return list(islice(every, size.pairs))


def _organizations(size: Size) -> int:
    """So few that companies and agencies make enough pairs."""
    many = AGENCIES_SHARE
    while (many - many // AGENCIES_SHARE) * (many // AGENCIES_SHARE) < size.pairs:
        many += AGENCIES_SHARE
    return many


async def _found(tx: WriteSession, size: Size) -> tuple[uuid.UUID, list[uuid.UUID]]:
    consortium = Consortium(slug="analyst", name="Analyst", created_at=tx.now)
    tx.add(consortium)
    await tx.flush()
    tx.add(AuditHead(consortium_id=consortium.id, number=0, hash=FIRST_LINK))
    many = _organizations(size)
    rows = [
        {
            "id": uuid.uuid4(),
            "consortium_id": consortium.id,
            "kind": OrganizationKind.AGENCY
            if number < many // AGENCIES_SHARE
            else OrganizationKind.COMPANY,
            "corporate_number": f"{number:013d}",
            "name": f"Organization {number}",
            "name_key": f"organization{number}",
            "created_at": tx.now,
        }
        for number in range(many)
    ]
    await tx.execute(plain_insert(Organization), rows)
    return consortium.id, [row["id"] for row in rows]  # type: ignore[misc]


def _days(
    size: Size, consortium_id: uuid.UUID, ids: list[uuid.UUID]
) -> Iterator[dict[str, object]]:
    """The daily aggregate: as many referrals in each cell as in each other, on any of its days."""
    dice = random.Random(SEED)
    cells = size.pairs * size.months
    for place, (from_id, to_id) in enumerate(_pairs(size, ids)):
        for month in range(size.months):
            number = size.referrals // cells + (
                place * size.months + month < size.referrals % cells
            )
            first = month_begins(FIRST_MONTH + month)
            days = Counter(dice.choices(range(28), k=min(number, 28)))
            for day, share in days.items():
                many = share + (number - 28) * share // 28 if number > 28 else share
                yield {
                    "consortium_id": consortium_id,
                    "day": first + timedelta(days=day),
                    "from_id": from_id,
                    "to_id": to_id,
                    "channel": Channel.RELAY_LINK,
                    "event": ReferralStatus.ACCEPTED,
                    "before": ReferralStatus.ACCEPTED,
                    "waited": 0,
                    "referrals": many,
                }


async def _fill(url: str, size: Size) -> uuid.UUID:
    database = open_database(url)
    now = datetime(2026, 6, 1, tzinfo=UTC)
    database.clock = lambda: now
    begun = time.perf_counter()
    async with database.transaction() as tx:
        consortium_id, ids = await _found(tx, size)
        rows = _days(size, consortium_id, ids)
        while some := list(islice(rows, ROWS_PER_STATEMENT)):
            await tx.execute(plain_insert(FlowDay), some)
    filled = time.perf_counter()
    months = await freeze_past(database)
    took_s = time.perf_counter() - filled
    print(
        f"{database.dialect}, {size.referrals:,} referrals: filled in {filled - begun:.1f} s, "
        f"{months} months frozen in {took_s:.1f} s",
        flush=True,
    )
    await database.close()
    return consortium_id


async def _ask(database: Database, consortium_id: uuid.UUID, window: Window) -> int:
    """From the frozen rows to who gives and who takes. Answers how many edges there are."""
    async with database.read() as read:
        told = await told_table(read, consortium_id, window, today=date(2026, 6, 1))
    flow = told.graph()
    strength(flow)
    return int(flow.columns.weight.size)


@dataclass(frozen=True, slots=True)
class Asked:
    """How long one question takes."""

    cold_ms: float
    warm_ms: float
    edges: int

    def __str__(self) -> str:
        return f"{self.cold_ms:.1f} ms cold, {self.warm_ms:.1f} warm"


async def _measured(url: str, size: Size, repeats: int) -> Asked:
    consortium_id = await _fill(url, size)
    database = durable(url)
    begun = time.perf_counter()
    edges = await _ask(database, consortium_id, size.window)
    cold_ms = 1000 * (time.perf_counter() - begun)
    warm_ms = await median_ms(lambda: _ask(database, consortium_id, size.window), repeats)
    await database.close()
    return Asked(cold_ms, warm_ms, edges)


def run(
    places: Places, *, pairs: int, months: int, referrals: list[int], repeats: int
) -> list[Ratio]:
    """The question at each number of referrals, beside the first of them."""
    ratios = []
    for kind in places.kinds:
        least: Asked | None = None
        for many in referrals:
            with places.database(kind) as url:
                found = asyncio.run(_measured(url, Size(many, pairs, months), repeats))
            first = least = least or found
            ratios.append(
                Ratio(
                    f"analyst's question, {many:,} referrals, {found.edges:,} edges, {kind}",
                    str(found),
                    str(first),
                    found.warm_ms / first.warm_ms,
                )
            )
    return ratios
