"""The sources of flows that a consortium imported, as its members see them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from models.access import Actor
from models.errors import NotFound
from models.paging import PageAsked, page_rows
from models.session import ReadSession
from models.tables.flow_sources import FlowSource
from models.visibility import visible_flow_sources

SOURCE_KEYS = (FlowSource.label, FlowSource.id)


async def flow_sources_page(
    read: ReadSession, actor: Actor, asked: PageAsked
) -> Sequence[FlowSource]:
    """One page of them, by label."""
    statement = select(FlowSource).where(visible_flow_sources(actor))
    rows = await page_rows(read, statement, SOURCE_KEYS, asked, descending=False)
    return [row[0] for row in rows]


async def count_flow_sources(read: ReadSession, actor: Actor) -> int:
    """How many there are."""
    statement = select(func.count()).select_from(FlowSource).where(visible_flow_sources(actor))
    return (await read.scalar(statement)) or 0


async def flow_sources_by_id(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, FlowSource]:
    """Those of the ids that the actor sees."""
    rows = await read.scalars(
        select(FlowSource).where(visible_flow_sources(actor), FlowSource.id.in_(ids))
    )
    return {row.id: row for row in rows}


async def flow_source_labelled(read: ReadSession, actor: Actor, label: str) -> FlowSource:
    """The one with a label. Raises `NotFound`."""
    rows = await read.scalars(
        select(FlowSource).where(visible_flow_sources(actor), FlowSource.label == label)
    )
    found = rows.one_or_none()
    if found is None:
        raise NotFound("source", what="flow source")
    return found
