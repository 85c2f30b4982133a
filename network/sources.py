"""A source of flows that was imported, as the same cells as the consortium's own."""

from __future__ import annotations

import uuid

import numpy as np
from sqlalchemy import and_, or_, select

from models.errors import NotFound
from models.rules.flows import month_of
from models.rules.lifecycles import Channel
from models.session import ReadSession
from models.tables.flow_sources import FlowImported, FlowSource
from network.edges import Window
from network.table import CHANNELS, EVENTS, FlowTable

ROWS_AT_A_TIME = 5_000

CHANNEL = Channel.PARTNER_SHARE
"""A source says from which organization to which, and not by which way: it is told as one."""


async def source_table(
    read: ReadSession, consortium_id: uuid.UUID, source_id: uuid.UUID, window: Window
) -> FlowTable:
    """The cells of a source whose period lies whole in a window; its nodes are names.

    What the file does not date is in every window, in its first month; what it dates by the year
    is in the January of it. Nobody waited, and nothing was left before. Raises `NotFound`.
    """
    mine = and_(FlowSource.id == source_id, FlowSource.consortium_id == consortium_id)
    if await read.scalar(select(FlowSource.id).where(mine)) is None:
        raise NotFound(what="flow source")
    rows = await read.stream(
        select(
            FlowImported.from_node,
            FlowImported.to_node,
            FlowImported.first_day,
            FlowImported.outcome,
            FlowImported.told,
        )
        .where(
            FlowImported.source_id == source_id,
            or_(
                FlowImported.first_day.is_(None),
                and_(FlowImported.first_day >= window.first, FlowImported.last_day <= window.last),
            ),
        )
        .order_by(FlowImported.number)
    )
    places: dict[str, int] = {}
    found: list[tuple[int, int, int, int, int]] = []
    async for some in rows.partitions(ROWS_AT_A_TIME):
        for from_, to, day, outcome, told in some:
            source = places.setdefault(from_, len(places))
            target = places.setdefault(to, len(places))
            month = month_of(day or window.first)
            found.append((source, target, month, EVENTS.index(outcome), told))
    return _table(places, found)


def _table(places: dict[str, int], found: list[tuple[int, int, int, int, int]]) -> FlowTable:
    columns = np.array(found, np.int64).reshape(len(found), 5).T
    event = columns[3].astype(np.int16)
    return FlowTable(
        nodes=tuple(places),
        source=columns[0].astype(np.int32),
        target=columns[1].astype(np.int32),
        month=columns[2].astype(np.int32),
        channel=np.full(len(found), CHANNELS.index(CHANNEL), np.int16),
        event=event,
        before=event.copy(),
        waited=np.zeros(len(found), np.int16),
        referrals=columns[4].copy(),
    )
