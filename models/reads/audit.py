"""The audit chain, as consortium admins read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from models.access import Actor, Permission, require
from models.filters import matches
from models.paging import PageAsked, page_rows
from models.session import ReadSession
from models.tables.records import AuditEntry, AuditHead
from models.visibility import visible_audit_entries

KEYS = (AuditEntry.number,)


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which records; each None where nothing is asked."""

    action: object | None = None
    subject: object | None = None


def _conditions(actor: Actor, where: AuditFilter) -> list[ColumnElement[bool]]:
    return [
        visible_audit_entries(actor),
        *matches(AuditEntry.action, where.action, "action"),
        *matches(AuditEntry.subject, where.subject, "subject"),
    ]


async def audit_page(
    read: ReadSession, actor: Actor, where: AuditFilter, asked: PageAsked, *, descending: bool
) -> Sequence[AuditEntry]:
    """One page of the records, by number."""
    statement = select(AuditEntry).where(*_conditions(actor, where))
    rows = await page_rows(read, statement, KEYS, asked, descending=descending)
    return [row[0] for row in rows]


async def count_audit_entries(read: ReadSession, actor: Actor, where: AuditFilter) -> int:
    """How many there are."""
    statement = select(func.count()).select_from(AuditEntry).where(*_conditions(actor, where))
    return (await read.scalar(statement)) or 0


async def audit_head(read: ReadSession, actor: Actor) -> AuditHead:
    """The last link of the actor's chain. Raises `Forbidden`."""
    require(actor, Permission.READ_AUDIT)
    heads = await read.scalars(
        select(AuditHead).where(AuditHead.consortium_id == actor.consortium_id)
    )
    return heads.one()


async def audit_entries_by_number(
    read: ReadSession, actor: Actor, numbers: Sequence[int]
) -> Mapping[int, AuditEntry]:
    """Those of the numbers that the actor sees."""
    rows = await read.scalars(
        select(AuditEntry).where(visible_audit_entries(actor), AuditEntry.number.in_(numbers))
    )
    return {row.number: row for row in rows}
