"""A company's mailings, how far they are, and whom they write to."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select

from models.access import Actor, Permission
from models.filters import matches
from models.paging import PageAsked, page_rows, page_rows_by_parent
from models.rules.lifecycles import MailStatus
from models.session import ReadSession
from models.tables.mailings import Mailing, Rejection
from models.vault import PersonKey
from models.visibility import visible_mailings

KEYS = (Mailing.created_at, Mailing.id)
REJECTION_KEYS = (Rejection.line, Rejection.id)


@dataclass(frozen=True, slots=True)
class MailingFilter:
    """Which mailings: any of the conditions, each None where nothing is asked."""

    status: object | None = None


def _conditions(actor: Actor, where: MailingFilter) -> list[ColumnElement[bool]]:
    return [visible_mailings(actor), *matches(Mailing.status, where.status, "status")]


async def mailings_page(
    read: ReadSession, actor: Actor, where: MailingFilter, asked: PageAsked, *, descending: bool
) -> Sequence[Mailing]:
    """One page of the actor's mailings, by age."""
    statement = select(Mailing).where(*_conditions(actor, where))
    rows = await page_rows(read, statement, KEYS, asked, descending=descending)
    return [row[0] for row in rows]


async def count_mailings(read: ReadSession, actor: Actor, where: MailingFilter) -> int:
    """How many there are."""
    statement = select(func.count()).select_from(Mailing).where(*_conditions(actor, where))
    return (await read.scalar(statement)) or 0


async def mailings_by_id(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, Mailing]:
    """Those of the ids that the actor sees."""
    rows = await read.scalars(select(Mailing).where(visible_mailings(actor), Mailing.id.in_(ids)))
    return {row.id: row for row in rows}


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of a mailing's mails stand where."""

    queued: int = 0
    sent: int = 0
    bounced: int = 0
    failed: int = 0
    cancelled: int = 0


async def progress_by_mailing(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, Progress]:
    """How far each of the mailings is."""
    rows = await read.execute(
        select(Rejection.mailing_id, Rejection.status, func.count())
        .join(Mailing, Mailing.id == Rejection.mailing_id)
        .where(visible_mailings(actor), Mailing.id.in_(ids))
        .group_by(Rejection.mailing_id, Rejection.status)
    )
    counts: dict[uuid.UUID, dict[str, int]] = {one: {} for one in ids}
    for mailing_id, status, mails in rows:
        counts[mailing_id][status.value.lower()] = mails
    return {one: Progress(**found) for one, found in counts.items()}


@dataclass(frozen=True, slots=True)
class Person:
    """One person of a mailing. Name, address and opening are None once they are purged.

    Name and address are None also to a role that does not work with mailings.
    """

    id: uuid.UUID
    mailing_id: uuid.UUID
    line: int
    name: str | None
    email: str | None
    opening: str | None
    locale: str
    category: str | None
    stage: str | None
    rejected_on: date | None
    status: MailStatus
    failure: str | None
    ended_at: datetime | None


_COLUMNS: tuple[Any, ...] = (
    Rejection.id,
    Rejection.mailing_id,
    Rejection.line,
    Rejection.sealed,
    Rejection.locale,
    Rejection.category,
    Rejection.stage,
    Rejection.rejected_on,
    Rejection.status,
    Rejection.failure,
    Rejection.ended_at,
)


async def people_by_mailing(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID], asked: PageAsked
) -> Mapping[uuid.UUID, Sequence[Person]]:
    """The same page of each mailing's people, in the order of their lines."""
    mailings = await mailings_by_id(read, actor, ids)
    pages = await page_rows_by_parent(
        read,
        select(*_COLUMNS),
        REJECTION_KEYS,
        asked,
        parents=list(mailings),
        parent=Rejection.mailing_id,
    )
    keys = await _keys(read, mailings.values())
    return {
        one: [_person(actor, row, keys.get(one)) for row in rows] for one, rows in pages.items()
    }


async def count_people(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, int]:
    """How many people each mailing has."""
    return {one: row.total for one, row in (await mailings_by_id(read, actor, ids)).items()}


async def people_by_id(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, Person]:
    """Those of the ids that the actor sees."""
    rows = (
        await read.execute(
            select(*_COLUMNS)
            .join(Mailing, Mailing.id == Rejection.mailing_id)
            .where(visible_mailings(actor), Rejection.id.in_(ids))
        )
    ).all()
    mailings = await mailings_by_id(read, actor, list({row.mailing_id for row in rows}))
    keys = await _keys(read, mailings.values())
    return {row.id: _person(actor, row, keys.get(row.mailing_id)) for row in rows}


async def _keys(read: ReadSession, mailings: Iterable[Mailing]) -> Mapping[uuid.UUID, PersonKey]:
    """Each mailing's key, for as long as it is not destroyed."""
    by_mailing = {row.id: row.key_id for row in mailings}
    keys = await read.vault.keys(by_mailing.values())
    return {one: keys[key_id] for one, key_id in by_mailing.items() if key_id in keys}


def _person(actor: Actor, row: Row[Any], key: PersonKey | None) -> Person:
    known = key.unseal(row.sealed) if key is not None and row.sealed is not None else {}
    named = known if actor.may(Permission.MANAGE_MAILINGS) else {}
    return Person(
        id=row.id,
        mailing_id=row.mailing_id,
        line=row.line,
        name=named.get("name"),
        email=named.get("email"),
        opening=known.get("opening"),
        locale=row.locale,
        category=row.category,
        stage=row.stage,
        rejected_on=row.rejected_on,
        status=row.status,
        failure=row.failure,
        ended_at=row.ended_at,
    )
