"""All tenants: for the operator of the installation only."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from models.session import ReadSession
from models.tables.consortium import Consortium


async def every_consortium(read: ReadSession) -> Sequence[Consortium]:
    """Every consortium of the installation, by slug."""
    return (await read.scalars(select(Consortium).order_by(Consortium.slug))).all()
