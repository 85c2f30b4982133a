"""The flow network's edges: exact where one's own, and as they were frozen where others'.

What is told of others was rounded when its month was over (`models.operations.frozen`): here it
is only read, and added up. The exact rows are the daily aggregate's.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeAlias

import networkx as nx
import numpy as np
from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    case,
    cast,
    extract,
    func,
    not_,
    or_,
    select,
    union_all,
)

from models.rules.flows import month_begins, month_of
from models.rules.lifecycles import Channel, OrganizationKind, ReferralStatus
from models.session import ReadSession
from models.tables.consortium import Organization
from models.tables.flow_sources import FlowSource
from models.tables.flows import FlowDay, JourneyDay
from models.tables.frozen import FlowTold, FrozenMonth, JourneyTold
from network.fetch import Numbers, fetch_columns
from network.flow import Node
from network.journeys import JourneyTable
from network.table import CHANNELS, EVENTS, FlowTable

WINDOW_MAX_DAYS = 3_660

AFTER_DELIVERY = (
    ReferralStatus.DELIVERED,
    ReferralStatus.ACCEPTED,
    ReferralStatus.INTERVIEWING,
    ReferralStatus.OFFERED,
    ReferralStatus.HIRED,
)
"""The events that only what a receiver has been handed comes to."""

Flows: TypeAlias = type[FlowDay] | type[FlowTold]


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


@dataclass(frozen=True, slots=True)
class Asked:
    """Which cells of a consortium a question is about; None of channels or events is all."""

    consortium_id: uuid.UUID
    window: Window
    channels: Collection[Channel] | None = None
    events: Collection[ReferralStatus] | None = None
    from_id: uuid.UUID | None = None
    """Only what this organization gave."""

    def within(self, flows: Flows) -> ColumnElement[bool]:
        """The condition that its channels and events set."""
        conditions = [flows.consortium_id == self.consortium_id]
        if self.channels is not None:
            conditions.append(flows.channel.in_(sorted(self.channels)))
        if self.events is not None:
            conditions.append(flows.event.in_(sorted(self.events)))
        if self.from_id is not None:
            conditions.append(flows.from_id == self.from_id)
        return and_(*conditions)

    def daily(self) -> ColumnElement[bool]:
        """The rows of the daily aggregate."""
        first, last = self.window.first, self.window.last
        return and_(self.within(FlowDay), FlowDay.day >= first, FlowDay.day <= last)

    def frozen(self, today: date, own_id: uuid.UUID | None) -> ColumnElement[bool]:
        """The frozen rows: of whole months alone, and without those that are ``own_id``'s."""
        months = whole_months(self.window, today)
        if months is None:
            return and_(self.within(FlowTold), FlowTold.month < 0)
        first, last = month_of(months.first), month_of(months.last)
        conditions = [self.within(FlowTold), FlowTold.month >= first, FlowTold.month <= last]
        if own_id is not None:
            conditions.append(not_(or_(*own_sides(FlowTold, own_id))))
        return and_(*conditions)


def own_sides(flows: Flows, own_id: uuid.UUID) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The rows that an organization gave, and those it was handed, which it is told exactly.

    Of what a receiver has not been handed, it is told no more than of any other; and so is a
    company of what became of those who registered through its links.
    """
    given = or_(flows.channel != Channel.RELAY_LINK, flows.event == ReferralStatus.ACCEPTED)
    handed = or_(flows.channel == Channel.RELAY_LINK, flows.event.in_(AFTER_DELIVERY))
    return (
        and_(flows.from_id == own_id, given),
        and_(flows.to_id == own_id, handed, flows.from_id != own_id),
    )


async def edges(
    read: ReadSession,
    consortium_id: uuid.UUID,
    window: Window,
    *,
    channels: Collection[Channel] | None = None,
    events: Collection[ReferralStatus] | None = None,
) -> list[Edge]:
    """The exact edges of a window, for the consortium's own computations; by ids."""
    asked = Asked(consortium_id, window, channels, events)
    return _sorted(await _summed(read, FlowDay.referrals, asked.daily()))


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
    within the window that were over by ``today`` and are frozen are told, each month's cell as a
    multiple of the smallest count.
    """
    asked = Asked(consortium_id, window, channels, events)
    summed = await _summed(read, FlowTold.told, asked.frozen(today, own_id))
    if own_id is not None:
        for side in own_sides(FlowDay, own_id):
            summed += await _summed(read, FlowDay.referrals, and_(asked.daily(), side))
    return _sorted(summed)


_Key: TypeAlias = tuple[uuid.UUID, uuid.UUID, Channel, ReferralStatus]


async def _summed(read: ReadSession, number: Any, condition: ColumnElement[bool]) -> Counter[_Key]:
    flows: Flows = number.class_
    grain = (flows.from_id, flows.to_id, flows.channel, flows.event)
    rows = await read.execute(select(*grain, func.sum(number)).where(condition).group_by(*grain))
    return Counter({(row[0], row[1], row[2], row[3]): int(row[4]) for row in rows})


def _sorted(summed: Mapping[_Key, int]) -> list[Edge]:
    return [Edge(*key, number) for key, number in sorted(summed.items())]


async def told_table(
    read: ReadSession,
    consortium_id: uuid.UUID,
    window: Window,
    *,
    today: date,
    own_id: uuid.UUID | None = None,
    channels: Collection[Channel] | None = None,
    events: Collection[ReferralStatus] | None = None,
    from_id: uuid.UUID | None = None,
) -> FlowTable:
    """The cells of a window as an organization is told them: those of `told_edges`, as columns.

    ``own_id``'s rows are in the month of their day, also of one that is not whole in the window.
    With ``from_id`` they are only of what that organization gave.
    """
    asked = Asked(consortium_id, window, channels, events, from_id)
    ids = select(Organization.id).where(Organization.consortium_id == consortium_id)
    organizations = (await read.scalars(ids.order_by(Organization.id))).all()
    places = _places(consortium_id)
    statement: Any = _cells(places, FlowTold.month, FlowTold.told, asked.frozen(today, own_id))
    if own_id is not None:
        month = extract("year", FlowDay.day) * 12 + extract("month", FlowDay.day) - 1
        own = [
            _cells(places, month, FlowDay.referrals, and_(asked.daily(), side))
            for side in own_sides(FlowDay, own_id)
        ]
        statement = union_all(statement, *own)
    found = await fetch_columns(read, statement)
    return _table(organizations, found)


def _places(consortium_id: uuid.UUID) -> tuple[Any, Any]:
    """The organizations by id, each with its place among them: as those from, and as those to."""
    place = cast(func.row_number().over(order_by=Organization.id) - 1, Integer)
    numbered = (
        select(Organization.id, place.label("place"))
        .where(Organization.consortium_id == consortium_id)
        .cte("numbered")
    )
    return numbered.alias("from_organization"), numbered.alias("to_organization")


def _cells(
    places: tuple[Any, Any], month: Any, number: Any, condition: ColumnElement[bool]
) -> Select[tuple[int, ...]]:
    """A row for each cell: as whole numbers alone, its organizations by their place."""
    flows: Flows = number.class_
    from_, to = places
    grain = (
        from_.c.place.label("source"),
        to.c.place.label("target"),
        cast(month, Integer).label("month"),
        _code(flows.channel, CHANNELS),
        _code(flows.event, EVENTS),
        _code(flows.before, EVENTS),
        flows.waited,
    )
    selected = select(*grain, cast(number, Integer).label("number"))
    if flows is FlowDay:
        selected = select(*grain, cast(func.sum(number), Integer).label("number"))
        selected = selected.group_by(*grain)
    return (
        selected.join(from_, from_.c.id == flows.from_id)
        .join(to, to.c.id == flows.to_id)
        .where(condition)
    )


def _code(column: Any, codes: Collection[Any]) -> ColumnElement[int]:
    places = [(column == code, place) for place, code in enumerate(codes)]
    return cast(case(*places), Integer).label(column.key)


def _table(organizations: Sequence[uuid.UUID], found: Sequence[Numbers]) -> FlowTable:
    source, target, month, channel, event, before, waited, number = found
    seen = np.zeros(len(organizations), bool)
    seen[source] = seen[target] = True
    place = (np.cumsum(seen) - 1).astype(np.int32)
    return FlowTable(
        nodes=tuple(one for one, is_seen in zip(organizations, seen, strict=True) if is_seen),
        source=place[source],
        target=place[target],
        month=month,
        channel=channel.astype(np.int16),
        event=event.astype(np.int16),
        before=before.astype(np.int16),
        waited=waited.astype(np.int16),
        referrals=number.astype(np.int64),
    )


async def told_journeys(
    read: ReadSession,
    consortium_id: uuid.UUID,
    window: Window,
    *,
    today: date,
    own_id: uuid.UUID | None = None,
) -> JourneyTable:
    """The journeys that ended in a window, as an organization is told them.

    Of those that ended by a hop of its own an agency is told the whole chain exactly: it looked
    after these people. A company is told its hop exactly, and not where they had come from before:
    that says of a person it knows who turned them down. All others are as they were frozen.
    """
    told: Counter[tuple[str, int, ReferralStatus]] = Counter()
    months = whole_months(window, today)
    if months is not None:
        rows = await read.execute(
            select(
                JourneyTold.chain,
                JourneyTold.month,
                JourneyTold.channel,
                JourneyTold.outcome,
                JourneyTold.told,
            ).where(
                JourneyTold.consortium_id == consortium_id,
                JourneyTold.month.between(month_of(months.first), month_of(months.last)),
            )
        )
        for chain, month, channel, outcome, number in rows:
            if own_id is None or not _is_own_hop(chain, channel, own_id.hex):
                told[chain, month, outcome] += number
    if own_id is not None:
        told += await _own_journeys(read, consortium_id, window, own_id)
    return _journey_table(told)


def _is_own_hop(chain: str, channel: Channel, own: str) -> bool:
    """Whether the journey ended by a hop that an organization is told exactly (`own_sides`)."""
    from_, to = chain.split(">")[-2:]
    return to == own or (from_ == own and channel is not Channel.RELAY_LINK)


async def _own_journeys(
    read: ReadSession, consortium_id: uuid.UUID, window: Window, own_id: uuid.UUID
) -> Counter[tuple[str, int, ReferralStatus]]:
    kind = await read.scalar(select(Organization.kind).where(Organization.id == own_id))
    ended_by_another = and_(
        JourneyDay.channel == Channel.RELAY_LINK, JourneyDay.outcome == ReferralStatus.HIRED
    )
    grain = (JourneyDay.chain, JourneyDay.day, JourneyDay.channel, JourneyDay.outcome)
    rows = await read.execute(
        select(*grain, JourneyDay.journeys).where(
            JourneyDay.consortium_id == consortium_id,
            JourneyDay.day.between(window.first, window.last),
            JourneyDay.chain.contains(own_id.hex),
            not_(ended_by_another),
        )
    )
    own: Counter[tuple[str, int, ReferralStatus]] = Counter()
    for chain, day, channel, outcome, number in rows:
        if _is_own_hop(chain, channel, own_id.hex):
            seen = chain
            if kind is OrganizationKind.COMPANY:
                seen = ">".join(chain.split(">")[-2:])
            own[seen, month_of(day), outcome] += number
    return own


def _journey_table(told: Mapping[tuple[str, int, ReferralStatus], int]) -> JourneyTable:
    rows = sorted(told.items())
    texts = list(dict.fromkeys(chain for (chain, _, _), _ in rows))
    place = {chain: number for number, chain in enumerate(texts)}
    chains: tuple[tuple[Node, ...], ...] = tuple(
        tuple(uuid.UUID(one) for one in chain.split(">")) for chain in texts
    )
    return JourneyTable(
        chains=chains,
        chain=np.array([place[chain] for (chain, _, _), _ in rows], np.int32),
        month=np.array([month for (_, month, _), _ in rows], np.int32),
        outcome=np.array([EVENTS.index(outcome) for (_, _, outcome), _ in rows], np.int16),
        journeys=np.array([number for _, number in rows], np.int64),
    )


async def data_version(
    read: ReadSession,
    consortium_id: uuid.UUID,
    own_id: uuid.UUID | None = None,
    source: uuid.UUID | None = None,
) -> str:
    """What an answer was computed from: another one exactly where answers may differ.

    Of the consortium's own flows it is the last month that is frozen; for an organization also how
    many rows of its own were counted since, which only grows: nothing is recorded into a month
    that is frozen. Of a source it is its id and how often it was replaced.
    """
    if source is not None:
        version = await read.scalar(
            select(FlowSource.version).where(
                FlowSource.id == source, FlowSource.consortium_id == consortium_id
            )
        )
        return f"{source.hex}.{version or 0}"
    frozen = await read.scalar(
        select(func.max(FrozenMonth.month)).where(FrozenMonth.consortium_id == consortium_id)
    )
    text = f"{month_begins(frozen):%Y-%m}" if frozen is not None else "none"
    if own_id is None:
        return text
    since = month_begins(frozen + 1) if frozen is not None else date.min
    own = 0
    for side in own_sides(FlowDay, own_id):
        counted = select(func.coalesce(func.sum(FlowDay.referrals), 0)).where(
            FlowDay.consortium_id == consortium_id, FlowDay.day >= since, side
        )
        own += int(await read.scalar(counted) or 0)
    return f"{text}+{own}"


def whole_months(window: Window, today: date) -> Window | None:
    """The calendar months that lie whole in a window and are over; None where there is none.

    >>> whole_months(Window(date(2026, 1, 2), date(2026, 4, 30)), date(2026, 4, 20))
    Window(first=datetime.date(2026, 2, 1), last=datetime.date(2026, 3, 31))
    >>> whole_months(Window(date.min, date.min), date(2026, 4, 20))
    """
    after = window.last + timedelta(days=1) if window.last < today else today
    ends = after.replace(day=1)
    if window.first >= ends:
        return None
    first = window.first if window.first.day == 1 else _next_month(window.first)
    return Window(first, ends - timedelta(days=1)) if first < ends else None


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
