"""Who the nodes of the flow network are: what every member knows of every other."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select

from models.session import ReadSession
from models.tables.consortium import Organization


class NetworkNode(NamedTuple):
    """An organization, past or present, and the groups it belongs to."""

    id: uuid.UUID
    name: str
    name_en: str | None
    industry_division: str | None
    prefecture: str | None


async def network_nodes(read: ReadSession, consortium_id: uuid.UUID) -> Sequence[NetworkNode]:
    """All of a consortium's."""
    rows = await read.execute(
        select(
            Organization.id,
            Organization.name,
            Organization.name_en,
            Organization.industry_division,
            Organization.prefecture,
        ).where(Organization.consortium_id == consortium_id)
    )
    return [NetworkNode(*row) for row in rows]
