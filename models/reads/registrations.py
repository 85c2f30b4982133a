"""A company's registrations, without the persons: what counts, what does not, and when."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, false, func, select

from models.access import Actor
from models.errors import InvalidInput
from models.filters import matches
from models.paging import PageAsked, page_rows_by_parent
from models.reads.ledger import Ids, seen_companies, version_numbers
from models.rules.counting import NotCountedReason
from models.rules.lifecycles import CountStatus
from models.session import ReadSession
from models.tables.registrations import Registration
from models.visibility import visible_registrations

DAYS_MAX = 366

KEYS: tuple[Any, ...] = (Registration.completed_on, Registration.id)


@dataclass(frozen=True, slots=True)
class ShownRegistration:
    """One registration through a company's links, as the company sees it: no person, no time,
    and not which link.
    """

    id: uuid.UUID
    completed_on: date
    count_status: CountStatus
    not_counted_reason: NotCountedReason | None
    program_version: int


COLUMNS: tuple[Any, ...] = (
    Registration.id,
    Registration.company_id,
    Registration.completed_on,
    Registration.count_status,
    Registration.not_counted_reason,
    Registration.program_version_id,
)


@dataclass(frozen=True, slots=True)
class RegistrationFilter:
    """Which registrations: any of the conditions, each None where nothing is asked."""

    count_status: object | None = None
    completed_on: object | None = None


def _registrations_asked(actor: Actor, where: RegistrationFilter) -> list[ColumnElement[bool]]:
    if actor.organization_id is None:
        # Reviewers have a queue of their own, which tells them other things.
        return [false()]
    return [
        visible_registrations(actor),
        *matches(Registration.count_status, where.count_status, "countStatus"),
        *matches(Registration.completed_on, where.completed_on, "completedOn"),
    ]


async def registrations_by_company(
    read: ReadSession,
    actor: Actor,
    company_ids: Ids,
    where: RegistrationFilter,
    asked: PageAsked,
) -> dict[uuid.UUID, list[ShownRegistration]]:
    """The same page of each company's registrations, the newest first: two statements."""
    pages = await page_rows_by_parent(
        read,
        select(*COLUMNS).where(*_registrations_asked(actor, where)),
        KEYS,
        asked,
        parents=seen_companies(actor, company_ids),
        parent=Registration.company_id,
        descending=True,
    )
    numbers = await version_numbers(read, [row for rows in pages.values() for row in rows])
    return {key: [_registration(row, numbers) for row in rows] for key, rows in pages.items()}


async def count_registrations(
    read: ReadSession, actor: Actor, company_ids: Ids, where: RegistrationFilter
) -> Mapping[uuid.UUID, int]:
    """How many registrations each company has."""
    rows = await read.execute(
        select(Registration.company_id, func.count())
        .where(*_registrations_asked(actor, where), Registration.company_id.in_(list(company_ids)))
        .group_by(Registration.company_id)
    )
    return {row[0]: row[1] for row in rows}


async def registrations_by_id(
    read: ReadSession, actor: Actor, ids: Ids
) -> Mapping[uuid.UUID, ShownRegistration]:
    """Those of the ids that the actor sees."""
    rows = (
        await read.execute(
            select(*COLUMNS).where(
                *_registrations_asked(actor, RegistrationFilter()), Registration.id.in_(list(ids))
            )
        )
    ).all()
    numbers = await version_numbers(read, rows)
    return {row.id: _registration(row, numbers) for row in rows}


def _registration(row: Any, numbers: Mapping[uuid.UUID, int]) -> ShownRegistration:
    return ShownRegistration(
        id=row.id,
        completed_on=row.completed_on,
        count_status=row.count_status,
        not_counted_reason=row.not_counted_reason,
        program_version=numbers[row.program_version_id],
    )


@dataclass(frozen=True, slots=True)
class RegistrationDay:
    """The registrations of one company on one day, and how many of them count."""

    day: date
    registered: int
    counted: int


async def registration_days(
    read: ReadSession, actor: Actor, company_ids: Ids, from_: date, to: date
) -> dict[uuid.UUID, list[RegistrationDay]]:
    """Each company's registrations by day, days without any left out.

    Raises `InvalidInput` for more than a year at once.
    """
    if not timedelta(0) <= to - from_ < timedelta(days=DAYS_MAX):
        raise InvalidInput(
            "to",
            ja=f"期間は{DAYS_MAX}日以内で指定してください。",
            en=f"Ask for at most {DAYS_MAX} days, the first one first.",
        )
    counted = case((Registration.count_status == CountStatus.COUNTED, 1), else_=0)
    ids = seen_companies(actor, company_ids)
    rows = await read.execute(
        select(Registration.company_id, Registration.completed_on, func.count(), func.sum(counted))
        .where(
            *_registrations_asked(actor, RegistrationFilter()),
            Registration.company_id.in_(ids),
            Registration.completed_on.between(from_, to),
        )
        .group_by(Registration.company_id, Registration.completed_on)
        .order_by(Registration.completed_on)
    )
    found: dict[uuid.UUID, list[RegistrationDay]] = {one: [] for one in ids}
    for company_id, day, registered, number in rows:
        if day is not None:
            found[company_id].append(RegistrationDay(day, registered, int(number)))
    return found
