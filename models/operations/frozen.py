"""Freezing months: what is told of a month that is over is rounded and written down, once.

Analyses read these rows alone. They are not changed when the consortium's smallest count is, since
a cell rounded twice would be known more exactly. See decision record 0016.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select

from models.access import system
from models.audit import audit
from models.base import Base
from models.outbox import Event, EventType, emit
from models.rules.flows import local_day, month_begins, month_of
from models.rules.lifecycles import Channel, ReferralStatus
from models.rules.rounding import Draw, draw_for, told_parts
from models.session import Database, WriteSession
from models.tables.consortium import Consortium
from models.tables.flows import FlowDay, JourneyDay
from models.tables.frozen import FlowTold, FrozenMonth, JourneyTold
from models.upsert import insert_for, plain_insert

SETTLED_AFTER = timedelta(hours=1)
"""So long after its end a month is frozen: what was begun in its last moment is committed."""
ROWS_PER_STATEMENT = 1_000
EAST_OF_UTC_MAX = timedelta(hours=14)

STATES = tuple(ReferralStatus)

Hop = tuple[str, str, Channel, ReferralStatus]
"""From, to (in hexadecimal), channel and event: with a month, the cell that is rounded."""


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of one month, and how they are rounded."""

    consortium_id: uuid.UUID
    month: int
    smallest_count: int
    draw: Draw

    def name(self, hop: Hop) -> str:
        from_, to, channel, event = hop
        year, month = divmod(self.month, 12)
        return f"{year:04d}-{month + 1:02d}|{from_}|{to}|{channel.value}|{event.value}"

    def told(self, hop: Hop, parts: Sequence[int]) -> tuple[int, ...]:
        return told_parts(
            parts, smallest_count=self.smallest_count, cell=self.name(hop), draw=self.draw
        )


async def freeze_next_month(tx: WriteSession) -> int:
    """Freeze the oldest month that is over and not frozen, of one consortium; 0 if none is."""
    for consortium_id, month in await _due(tx):
        if await _claim(tx, consortium_id, month):
            await _freeze(tx, consortium_id, month)
            return 1
    return 0


async def freeze_past(database: Database) -> int:
    """Freeze every month that is over, each in a transaction; for a history made at once."""
    frozen = 0
    while True:
        async with database.transaction() as tx:
            done = await freeze_next_month(tx)
        if not done:
            return frozen
        frozen += done


async def _due(tx: WriteSession) -> list[tuple[uuid.UUID, int]]:
    """Each consortium's next month, where it is over."""
    last = (
        select(func.max(FrozenMonth.month))
        .where(FrozenMonth.consortium_id == Consortium.id)
        .scalar_subquery()
    )
    first = (
        select(func.min(FlowDay.day))
        .where(FlowDay.consortium_id == Consortium.id)
        .scalar_subquery()
    )
    open_month = month_of((tx.now + EAST_OF_UTC_MAX).date())
    rows = await tx.execute(
        select(Consortium.id, Consortium.time_zone, last.label("last"), first.label("first"))
        .where(first.is_not(None), or_(last.is_(None), last < open_month - 1))
        .order_by(Consortium.id)
    )
    due = []
    for row in rows:
        month = month_of(row.first) if row.last is None else row.last + 1
        if month < month_of(local_day(tx.now - SETTLED_AFTER, row.time_zone)):
            due.append((row.id, month))
    return due


async def _claim(tx: WriteSession, consortium_id: uuid.UUID, month: int) -> bool:
    """Whether this transaction is the one to freeze the month; another waits, and then does not."""
    smallest_count = (
        select(Consortium.smallest_count).where(Consortium.id == consortium_id).scalar_subquery()
    )
    claimed = await tx.scalar(
        insert_for(tx, FrozenMonth)
        .values(
            consortium_id=consortium_id,
            month=month,
            smallest_count=smallest_count,
            frozen_at=tx.now,
        )
        .on_conflict_do_nothing()
        .returning(FrozenMonth.month)
    )
    return claimed is not None


async def _freeze(tx: WriteSession, consortium_id: uuid.UUID, month: int) -> None:
    smallest_count = await tx.scalar(
        select(FrozenMonth.smallest_count).where(
            FrozenMonth.consortium_id == consortium_id, FrozenMonth.month == month
        )
    )
    assert smallest_count is not None
    draw = draw_for(tx.vault.blind, consortium_id)
    cells = _Cells(consortium_id, month, smallest_count, draw)
    flows = await _write(tx, FlowTold, _told_flows(cells, await _flows(tx, cells)))
    journeys = await _write(tx, JourneyTold, _told_journeys(cells, await _journeys(tx, cells)))
    told_month = f"{month_begins(month):%Y-%m}"
    refs = {"month": told_month}
    await emit(tx, Event(EventType.NETWORK_CHANGED, consortium_id, refs))
    audit(
        tx,
        system(consortium_id),
        "flows.frozen",
        "consortium",
        consortium_id,
        month=told_month,
        flows=flows,
        journeys=journeys,
    )


def _in_month(table: type[FlowDay | JourneyDay], cells: _Cells) -> ColumnElement[bool]:
    first, after = month_begins(cells.month), month_begins(cells.month + 1)
    return and_(table.consortium_id == cells.consortium_id, table.day >= first, table.day < after)


Part = tuple[ReferralStatus, int, int]
"""The state that was left, the waiting time, and how many."""


async def _flows(tx: WriteSession, cells: _Cells) -> Mapping[Hop, list[Part]]:
    hop = (FlowDay.from_id, FlowDay.to_id, FlowDay.channel, FlowDay.event)
    part = (FlowDay.before, FlowDay.waited)
    found: dict[Hop, list[Part]] = defaultdict(list)
    rows = await tx.stream(
        select(*hop, *part, func.sum(FlowDay.referrals))
        .where(_in_month(FlowDay, cells))
        .group_by(*hop, *part)
    )
    async for some in rows.partitions(ROWS_PER_STATEMENT):
        for from_id, to_id, channel, event, before, waited, many in some:
            found[from_id.hex, to_id.hex, channel, event].append((before, waited, int(many)))
    return found


def _told_flows(cells: _Cells, found: Mapping[Hop, list[Part]]) -> Iterator[dict[str, Any]]:
    for hop, parts in found.items():
        parts.sort(key=lambda part: (STATES.index(part[0]), part[1]))
        told = cells.told(hop, [many for _, _, many in parts])
        for (before, waited, _), number in zip(parts, told, strict=True):
            if number:
                yield {
                    "consortium_id": cells.consortium_id,
                    "month": cells.month,
                    "from_id": uuid.UUID(hop[0]),
                    "to_id": uuid.UUID(hop[1]),
                    "channel": hop[2],
                    "event": hop[3],
                    "before": before,
                    "waited": waited,
                    "told": number,
                }


async def _journeys(tx: WriteSession, cells: _Cells) -> Mapping[Hop, list[tuple[str, int]]]:
    """The journeys by the hop that ended them: as many as the cell of that hop has.

    A registration with another company that ended because of the same hire ended by no hop of its
    own, and is not told: it would say of the hires of a cell more than the cell does.
    """
    journey = (JourneyDay.chain, JourneyDay.channel, JourneyDay.outcome)
    ended_by_another = and_(
        JourneyDay.channel == Channel.RELAY_LINK, JourneyDay.outcome == ReferralStatus.HIRED
    )
    found: dict[Hop, list[tuple[str, int]]] = defaultdict(list)
    rows = await tx.stream(
        select(*journey, func.sum(JourneyDay.journeys))
        .where(_in_month(JourneyDay, cells), not_(ended_by_another))
        .group_by(*journey)
    )
    async for some in rows.partitions(ROWS_PER_STATEMENT):
        for chain, channel, outcome, many in some:
            from_, to = chain.split(">")[-2:]
            found[from_, to, channel, outcome].append((chain, int(many)))
    return found


def _told_journeys(
    cells: _Cells, found: Mapping[Hop, list[tuple[str, int]]]
) -> Iterator[dict[str, Any]]:
    for hop, parts in found.items():
        # Which chain is the first of a cell nobody can know: the sums between are not to be told
        # apart by where a chain stands.
        parts.sort(key=lambda part: cells.draw(f"{cells.name(hop)}|{part[0]}"))
        told = cells.told(hop, [many for _, many in parts])
        for (chain, _), number in zip(parts, told, strict=True):
            if number:
                yield {
                    "consortium_id": cells.consortium_id,
                    "month": cells.month,
                    "chain": chain,
                    "channel": hop[2],
                    "outcome": hop[3],
                    "told": number,
                }


async def _write(tx: WriteSession, table: type[Base], rows: Iterable[Mapping[str, Any]]) -> int:
    written, left = 0, iter(rows)
    while some := list(islice(left, ROWS_PER_STATEMENT)):
        await tx.execute(plain_insert(table), some)
        written += len(some)
    return written
