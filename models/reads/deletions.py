"""Requests to delete, as those who were asked and the consortium's admins see them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, func, select

from models.access import Actor
from models.filters import matches
from models.paging import PageAsked, page_rows
from models.session import ReadSession
from models.tables.deletions import DeletionRequest
from models.visibility import visible_deletion_requests

KEYS = (DeletionRequest.due_at, DeletionRequest.id)


async def deletions_page(
    read: ReadSession, actor: Actor, status: object | None, asked: PageAsked, *, descending: bool
) -> Sequence[DeletionRequest]:
    """One page of the requests that the actor sees, by the day they are due."""
    statement = select(DeletionRequest).where(*_conditions(actor, status))
    rows = await page_rows(read, statement, KEYS, asked, descending=descending)
    return [row[0] for row in rows]


async def count_deletions(read: ReadSession, actor: Actor, status: object | None) -> int:
    """How many there are."""
    statement = select(func.count()).select_from(DeletionRequest)
    return (await read.scalar(statement.where(*_conditions(actor, status)))) or 0


def _conditions(actor: Actor, status: object | None) -> list[ColumnElement[bool]]:
    return [visible_deletion_requests(actor), *matches(DeletionRequest.status, status, "status")]


async def deletions_by_id(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, DeletionRequest]:
    """Those of the ids that the actor sees."""
    rows = await read.scalars(
        select(DeletionRequest).where(
            visible_deletion_requests(actor), DeletionRequest.id.in_(list(dict.fromkeys(ids)))
        )
    )
    return {row.id: row for row in rows}
