"""The flow network's edges, from the daily aggregate: the only statements of this package."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

import networkx as nx
import numpy as np
from sqlalchemy import ColumnElement, and_, extract, func, not_, or_, select

from models.reads.members import smallest_count_of
from models.rules.lifecycles import Channel, ReferralStatus
from models.session import ReadSession
from models.tables.flows import FlowDay
from network.rounding import draw_for, told, told_parts
from network.table import CHANNELS, EVENTS, FlowTable, month_number

WINDOW_MAX_DAYS = 3_660

AFTER_DELIVERY = (
    ReferralStatus.DELIVERED,
    ReferralStatus.ACCEPTED,
    ReferralStatus.INTERVIEWING,
    ReferralStatus.OFFERED,
    ReferralStatus.HIRED,
)
"""The events that only what a receiver has been handed comes to."""


@dataclass(frozen=True, slots=True)
class Window:
    """The days from ``first`` to ``last``, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if not timedelta(0) <= self.last - self.first <= timedelta(days=WINDOW_MAX_DAYS):
            raise ValueError(f"a window has 1 to {WINDOW_MAX_DAYS} days, in order")


@dataclass(frozen=True, slots=True)
class Edge:
    """How many referrals of a channel came to a state between two organizations."""

    from_id: uuid.UUID
    to_id: uuid.UUID
    channel: Channel
    event: ReferralStatus
    referrals: int


def _conditions(
    consortium_id: uuid.UUID,
    window: Window,
    channels: Collection[Channel] | None,
    events: Collection[ReferralStatus] | None,
) -> list[ColumnElement[bool]]:
    conditions = [
        FlowDay.consortium_id == consortium_id,
        FlowDay.day >= window.first,
        FlowDay.day <= window.last,
    ]
    if channels is not None:
        conditions.append(FlowDay.channel.in_(sorted(channels)))
    if events is not None:
        conditions.append(FlowDay.event.in_(sorted(events)))
    return conditions


async def edges(
    read: ReadSession,
    consortium_id: uuid.UUID,
    window: Window,
    *,
    channels: Collection[Channel] | None = None,
    events: Collection[ReferralStatus] | None = None,
) -> list[Edge]:
    """The exact edges of a window, for the consortium's own computations; by ids."""
    return await _summed(read, _conditions(consortium_id, window, channels, events))


async def _summed(read: ReadSession, conditions: list[ColumnElement[bool]]) -> list[Edge]:
    grain = (FlowDay.from_id, FlowDay.to_id, FlowDay.channel, FlowDay.event)
    rows = await read.execute(
        select(*grain, func.sum(FlowDay.referrals)).where(*conditions).group_by(*grain)
    )
    found = [Edge(row[0], row[1], row[2], row[3], int(row[4])) for row in rows]
    return sorted(found, key=lambda edge: (edge.from_id, edge.to_id, edge.channel, edge.event))


async def told_edges(
    read: ReadSession,
    consortium_id: uuid.UUID,
    window: Window,
    *,
    today: date,
    own_id: uuid.UUID | None = None,
    channels: Collection[Channel] | None = None,
    events: Collection[ReferralStatus] | None = None,
) -> list[Edge]:
    """The edges of a window as an organization is told them; by ids.

    Those that ``own_id`` gave or was handed are exact, to the day. Of all others only whole months
    within the window that were over by ``today`` are told, each month's cell as a multiple of the
    smallest count.
    """
    smallest_count = await smallest_count_of(read, consortium_id)
    summed: Counter[tuple[uuid.UUID, uuid.UUID, Channel, ReferralStatus]] = Counter()
    if own_id is not None:
        exact = _conditions(consortium_id, window, channels, events)
        for edge in await _summed(read, [*exact, _is_own(own_id)]):
            summed[edge.from_id, edge.to_id, edge.channel, edge.event] += edge.referrals
    months = whole_months(window, today)
    if months is not None:
        conditions = _conditions(consortium_id, months, channels, events)
        if own_id is not None:
            conditions.append(not_(_is_own(own_id)))
        draw = draw_for(read.vault.blind, consortium_id)
        for row in await _monthly(read, conditions):
            key = (row.from_id, row.to_id, row.channel, row.event)
            cell = _cell(*key, int(row.year), int(row.month))
            summed[key] += told(
                int(row.referrals), smallest_count=smallest_count, cell=cell, draw=draw
            )
    return [Edge(*key, number) for key, number in sorted(summed.items()) if number]


async def told_table(
    read: ReadSession,
    consortium_id: uuid.UUID,
    window: Window,
    *,
    today: date,
    own_id: uuid.UUID | None = None,
) -> FlowTable:
    """The cells of a window as an organization is told them, with how long each step took.

    Exact and rounded as `told_edges` says; the waiting times of a cell add up to what is told of
    it, by its one draw.
    """
    conditions = _conditions(consortium_id, window, None, None)
    exact = [] if own_id is None else await _cells(read, [*conditions, _is_own(own_id)])
    months = whole_months(window, today)
    others: list[_Cell] = []
    if months is not None:
        conditions = _conditions(consortium_id, months, None, None)
        if own_id is not None:
            conditions.append(not_(_is_own(own_id)))
        others = await _cells(read, conditions)
    smallest_count = await smallest_count_of(read, consortium_id)
    draw = draw_for(read.vault.blind, consortium_id)
    for cell in others:
        cell.referrals = told_parts(
            cell.referrals, smallest_count=smallest_count, cell=_cell(*cell.key), draw=draw
        )
    return _table([*exact, *others])


@dataclass(slots=True)
class _Cell:
    """A pair's referrals of a channel that came to an event in a month, by waiting time."""

    key: tuple[uuid.UUID, uuid.UUID, Channel, ReferralStatus, int, int]
    waited: list[int]
    referrals: list[int]


async def _cells(read: ReadSession, conditions: list[ColumnElement[bool]]) -> list[_Cell]:
    year, month = extract("year", FlowDay.day), extract("month", FlowDay.day)
    key = (FlowDay.from_id, FlowDay.to_id, FlowDay.channel, FlowDay.event, year, month)
    rows = await read.execute(
        select(*key, FlowDay.waited, func.sum(FlowDay.referrals))
        .where(*conditions)
        .group_by(*key, FlowDay.waited)
        .order_by(*key, FlowDay.waited)
    )
    return [
        _Cell(
            (found[0], found[1], found[2], found[3], int(found[4]), int(found[5])),
            [row[6] for row in same],
            [int(row[7]) for row in same],
        )
        for found, same in ((key, list(rows)) for key, rows in groupby(rows, lambda row: row[:6]))
    ]


def _table(cells: Sequence[_Cell]) -> FlowTable:
    ids = sorted({one for cell in cells for one in cell.key[:2]})
    place = {one: number for number, one in enumerate(ids)}
    rows = [
        (
            place[cell.key[0]],
            place[cell.key[1]],
            month_number(cell.key[4], cell.key[5]),
            CHANNELS.index(cell.key[2]),
            EVENTS.index(cell.key[3]),
            waited,
            number,
        )
        for cell in cells
        for waited, number in zip(cell.waited, cell.referrals, strict=True)
        if number
    ]
    columns = np.array(rows, np.int64).reshape(-1, 7).T
    source, target, month, channel, event, waited, referrals = columns
    return FlowTable(
        nodes=tuple(ids),
        source=source.astype(np.int32),
        target=target.astype(np.int32),
        month=month.astype(np.int32),
        channel=channel.astype(np.int16),
        event=event.astype(np.int16),
        before=event.astype(np.int16),
        waited=waited.astype(np.int16),
        referrals=referrals,
    )


def _is_own(own_id: uuid.UUID) -> ColumnElement[bool]:
    # Of what a receiver has not been handed, it is told no more than of any other; and so is a
    # company of what became of those who registered through its links.
    given = or_(FlowDay.channel != Channel.RELAY_LINK, FlowDay.event == ReferralStatus.ACCEPTED)
    handed = or_(FlowDay.channel == Channel.RELAY_LINK, FlowDay.event.in_(AFTER_DELIVERY))
    return or_(and_(FlowDay.from_id == own_id, given), and_(FlowDay.to_id == own_id, handed))


async def _monthly(read: ReadSession, conditions: list[ColumnElement[bool]]) -> Any:
    year, month = extract("year", FlowDay.day), extract("month", FlowDay.day)
    grain = (FlowDay.from_id, FlowDay.to_id, FlowDay.channel, FlowDay.event)
    return await read.execute(
        select(
            *grain,
            year.label("year"),
            month.label("month"),
            func.sum(FlowDay.referrals).label("referrals"),
        )
        .where(*conditions)
        .group_by(*grain, year, month)
    )


def _cell(
    from_id: uuid.UUID,
    to_id: uuid.UUID,
    channel: Channel,
    event: ReferralStatus,
    year: int,
    month: int,
) -> str:
    return f"{year:04d}-{month:02d}|{from_id.hex}|{to_id.hex}|{channel.value}|{event.value}"


def whole_months(window: Window, today: date) -> Window | None:
    """The calendar months that lie whole in a window and are over; None where there is none.

    >>> whole_months(Window(date(2026, 1, 2), date(2026, 4, 30)), date(2026, 4, 20))
    Window(first=datetime.date(2026, 2, 1), last=datetime.date(2026, 3, 31))
    """
    first = window.first
    if first.day > 1:
        first = _next_month(first)
    after = window.last + timedelta(days=1)
    last = min(after, today).replace(day=1) - timedelta(days=1)
    return Window(first, last) if first <= last else None


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def graph(found: Iterable[Edge], names: Mapping[uuid.UUID, str]) -> nx.DiGraph[uuid.UUID]:
    """The edges as a directed graph with ``name`` on nodes and ``weight`` in referrals on edges.

    Channels and events are added up: choose them before.
    """
    made: nx.DiGraph[uuid.UUID] = nx.DiGraph()
    for edge in found:
        for node in (edge.from_id, edge.to_id):
            if node not in made:
                made.add_node(node, name=names.get(node, ""))
        if made.has_edge(edge.from_id, edge.to_id):
            made.edges[edge.from_id, edge.to_id]["weight"] += edge.referrals
        else:
            made.add_edge(edge.from_id, edge.to_id, weight=edge.referrals)
    return made
