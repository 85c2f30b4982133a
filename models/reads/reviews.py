"""The queue of held counts: what a reviewer needs to decide, and nothing of the person."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    false,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from models.access import Actor
from models.filters import matches
from models.paging import PageAsked, page_rows
from models.rules.counting import DEVICE_WINDOW, LINK_WINDOW, HoldReason, NotCountedReason
from models.rules.lifecycles import CountStatus
from models.session import ReadSession
from models.tables.consortium import Organization
from models.tables.links import LinkUsage, RelayLink
from models.tables.registrations import Registration
from models.visibility import visible_registrations

KEYS = (Registration.completed_on, Registration.id)


@dataclass(frozen=True, slots=True)
class HeldFilter:
    """Which held counts; each None where nothing is asked."""

    status: object | None = None
    hold_reason: object | None = None


@dataclass(frozen=True, slots=True)
class HeldCount:
    """One registration whose count was held. No time, no name, no address."""

    id: uuid.UUID
    company_id: uuid.UUID
    completed_on: date
    campaign: str
    usage: LinkUsage
    hold_reason: HoldReason
    status: CountStatus
    not_counted_reason: NotCountedReason | None
    decision_note: str | None
    decided_at: datetime | None
    company_mail_domain: str | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What spoke for holding it: numbers of registrations, its own included."""

    through_link: int
    """Through the same link within the ten minutes before it."""
    from_device: int
    """From the same device within the day before it."""
    same_phone: int
    """Through the company's links, with the same telephone number."""


def _conditions(actor: Actor, where: HeldFilter) -> list[ColumnElement[bool]]:
    return [
        visible_registrations(actor),
        Registration.hold_reason.is_not(None),
        *matches(Registration.count_status, where.status, "status"),
        *matches(Registration.hold_reason, where.hold_reason, "holdReason"),
    ]


def _held(conditions: Sequence[ColumnElement[bool]]) -> Any:
    return (
        select(
            Registration.id,
            Registration.company_id,
            Registration.completed_on,
            RelayLink.campaign,
            RelayLink.usage,
            Registration.hold_reason,
            Registration.count_status.label("status"),
            Registration.not_counted_reason,
            Registration.decision_note,
            Registration.decided_at,
            Organization.mail_domain.label("company_mail_domain"),
        )
        .join(RelayLink, RelayLink.id == Registration.link_id)
        .join(Organization, Organization.id == Registration.company_id)
        .where(*conditions)
    )


async def held_page(
    read: ReadSession, actor: Actor, where: HeldFilter, asked: PageAsked, *, descending: bool
) -> list[HeldCount]:
    """One page of the held counts, by day."""
    rows = await page_rows(
        read, _held(_conditions(actor, where)), KEYS, asked, descending=descending
    )
    return [_as_held(row) for row in rows]


async def count_held(read: ReadSession, actor: Actor, where: HeldFilter) -> int:
    """How many there are."""
    statement = select(func.count()).select_from(Registration).where(*_conditions(actor, where))
    return (await read.scalar(statement)) or 0


async def held_by_id(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, HeldCount]:
    """Those of the ids that were ever held and that the actor sees."""
    conditions = [*_conditions(actor, HeldFilter()), Registration.id.in_(ids)]
    return {row.id: _as_held(row) for row in await read.execute(_held(conditions))}


def _as_held(row: Any) -> HeldCount:
    return HeldCount(*row)


async def evidence(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, Evidence]:
    """What spoke for holding each, as numbers."""
    rows = (
        await read.execute(
            select(
                Registration.id,
                Registration.link_id,
                Registration.company_id,
                Registration.device_hash,
                Registration.phone_hash,
                Registration.completed_at,
            ).where(*_conditions(actor, HeldFilter()), Registration.id.in_(ids))
        )
    ).all()
    if not rows:
        return {}
    # Each looks at a time span of its own, which one statement counts for all of them.
    counted = await read.execute(union_all(*(_evidence_of(row) for row in rows)))
    return {one.id: Evidence(one.through_link, one.from_device, one.same_phone) for one in counted}


def _evidence_of(row: Any) -> Select[Any]:
    until: ColumnElement[bool] = Registration.completed_at <= row.completed_at
    return select(
        literal(row.id, Registration.id.type).label("id"),
        _number(
            Registration.link_id == row.link_id,
            Registration.completed_at > row.completed_at - LINK_WINDOW,
            until,
        ).label("through_link"),
        _number(
            _is(Registration.device_hash, row.device_hash),
            Registration.completed_at > row.completed_at - DEVICE_WINDOW,
            until,
        ).label("from_device"),
        _number(
            Registration.company_id == row.company_id,
            _is(Registration.phone_hash, row.phone_hash),
            Registration.completed_at.is_not(None),
        ).label("same_phone"),
    )


def _is(column: InstrumentedAttribute[bytes | None], known: bytes | None) -> ColumnElement[bool]:
    return false() if known is None else column == known


def _number(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).select_from(Registration).where(*conditions).scalar_subquery()
