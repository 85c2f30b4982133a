"""Partnerships, as their companies and the consortium's admins see them.

A company that left sees what it was party to, as it stood when it left, and nothing after.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, literal, or_, select
from sqlalchemy.orm import aliased

from models.access import Actor
from models.filters import matches
from models.paging import Keys, PageAsked, page_rows, page_rows_by_parent
from models.rules.lifecycles import PartnershipStatus, PartyStatus, TermsStatus
from models.rules.partnerships import OVERDUE_DAYS, TermsState, terms_as_of
from models.session import ReadSession
from models.tables.consortium import Organization
from models.tables.partnerships import (
    Partnership,
    PartnershipParty,
    PartnershipStep,
    Terms,
    TermsAcceptance,
)
from models.visibility import visible_partnership_steps, visible_partnerships, visible_terms

BY_AGE: Keys = (Partnership.created_at, Partnership.id)
BY_WAITING: Keys = (Terms.proposed_at, Partnership.id)
"""By when the terms were proposed that wait for answers: what waits for none is not listed."""
STEP_KEYS: Keys = (PartnershipStep.at, PartnershipStep.id)

_Own = aliased(PartnershipParty)
"""The reader's own part in the partnership; none for consortium admins."""
_STATUS: ColumnElement[PartnershipStatus] = case(
    (_Own.left_at.is_not(None), literal(PartnershipStatus.ENDED, Partnership.status.type)),
    else_=Partnership.status,
)
"""To a company that left it is over, whatever the others do."""


@dataclass(frozen=True, slots=True)
class SeenPartnership:
    """A partnership as the actor sees it."""

    row: Partnership
    status: PartnershipStatus
    left_at: datetime | None
    """When the actor's own company left, if it did."""
    waiting_since: datetime | None
    """Since when its companies' answers are waited for."""


@dataclass(frozen=True, slots=True)
class SeenTerms:
    """A version of the terms as the actor sees it."""

    row: Terms
    state: TermsState
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class PartnershipFilter:
    """Which partnerships: any of the conditions, each None where nothing is asked."""

    status: object | None = None
    name: object | None = None
    company_id: uuid.UUID | None = None
    search: str | None = None
    """In the partnership's name, its companies' names and corporate numbers."""
    is_overdue: bool | None = None


@dataclass(frozen=True, slots=True)
class _Contains:
    contains: str


def _seen(actor: Actor) -> Any:
    return (
        select(Partnership, _STATUS.label("status"), _Own.left_at, Terms.proposed_at)
        .outerjoin(
            _Own,
            and_(
                _Own.partnership_id == Partnership.id,
                _Own.company_id == actor.organization_id,
            ),
        )
        .outerjoin(
            Terms,
            and_(
                Terms.partnership_id == Partnership.id,
                Terms.status == TermsStatus.PROPOSED,
                _Own.left_at.is_(None),
            ),
        )
        .where(visible_partnerships(actor))
    )


def _as_seen(row: Any) -> SeenPartnership:
    return SeenPartnership(row[0], row[1], row[2], row[3])


def _conditions(where: PartnershipFilter, now: datetime) -> list[ColumnElement[bool]]:
    conditions = [
        *matches(_STATUS, where.status, "status"),
        *matches(Partnership.name, where.name, "name"),
    ]
    if where.company_id is not None:
        taking_part = select(PartnershipParty.partnership_id).where(
            PartnershipParty.company_id == where.company_id
        )
        conditions.append(Partnership.id.in_(taking_part))
    if where.search is not None:
        conditions.append(_has(_Contains(where.search)))
    if where.is_overdue is not None:
        overdue = and_(
            Terms.id.is_not(None), Terms.proposed_at < now - timedelta(days=OVERDUE_DAYS)
        )
        conditions.append(overdue if where.is_overdue else ~overdue)
    return conditions


def _has(words: _Contains) -> ColumnElement[bool]:
    """Whether the words are in the partnership's name, or in what one of its companies is called.

    Raises `InvalidInput` for too many.
    """
    of_company = (Organization.name, Organization.name_en, Organization.corporate_number)
    companies = (
        select(PartnershipParty.partnership_id)
        .join(Organization, Organization.id == PartnershipParty.company_id)
        .where(or_(*(one for column in of_company for one in matches(column, words, "search"))))
    )
    return or_(*matches(Partnership.name, words, "search"), Partnership.id.in_(companies))


async def partnerships_page(
    read: ReadSession,
    actor: Actor,
    where: PartnershipFilter,
    asked: PageAsked,
    *,
    keys: Keys = BY_AGE,
    descending: bool,
) -> Sequence[SeenPartnership]:
    """One page of the partnerships that the actor sees, by age or by how long they wait."""
    statement = _seen(actor).where(*_conditions(where, read.now), *_only(keys))
    rows = await page_rows(read, statement, keys, asked, descending=descending)
    return [_as_seen(row) for row in rows]


async def count_partnerships(
    read: ReadSession, actor: Actor, where: PartnershipFilter, *, keys: Keys = BY_AGE
) -> int:
    """How many there are."""
    listed = _seen(actor).where(*_conditions(where, read.now), *_only(keys))
    found = await read.scalar(listed.with_only_columns(func.count(), maintain_column_froms=True))
    return found or 0


def _only(keys: Keys) -> list[ColumnElement[bool]]:
    return [Terms.id.is_not(None)] if keys is BY_WAITING else []


async def partnerships_by_id(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, SeenPartnership]:
    """Those of the ids that the actor sees."""
    rows = await read.execute(_seen(actor).where(Partnership.id.in_(list(dict.fromkeys(ids)))))
    return {row[0].id: _as_seen(row) for row in rows}


def _seen_terms(actor: Actor) -> Any:
    return (
        select(Terms, _Own.left_at)
        .outerjoin(
            _Own,
            and_(
                _Own.partnership_id == Terms.partnership_id,
                _Own.company_id == actor.organization_id,
            ),
        )
        .where(visible_terms(actor))
    )


def _terms_as_seen(row: Any) -> SeenTerms:
    terms: Terms = row[0]
    state = TermsState(terms.status, terms.in_force_at, terms.ended_at)
    return SeenTerms(terms, terms_as_of(state, row[1]), row[1])


async def terms_by_id(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, SeenTerms]:
    """Those of the ids that the actor sees."""
    rows = await read.execute(_seen_terms(actor).where(Terms.id.in_(list(dict.fromkeys(ids)))))
    return {row[0].id: _terms_as_seen(row) for row in rows}


async def terms_by_partnership(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID], status: TermsStatus
) -> Mapping[uuid.UUID, SeenTerms]:
    """The one version in a state that stands in each partnership that is seen, or stood at last."""
    standing = Terms.status == status
    if status is TermsStatus.IN_FORCE:
        at_last = and_(
            Terms.in_force_at < _Own.left_at,
            or_(Terms.ended_at.is_(None), Terms.ended_at >= _Own.left_at),
        )
        standing = or_(and_(_Own.left_at.is_(None), standing), at_last)
    else:
        standing = and_(_Own.left_at.is_(None), standing)
    rows = await read.execute(_seen_terms(actor).where(Terms.partnership_id.in_(ids), standing))
    return {row[0].partnership_id: _terms_as_seen(row) for row in rows}


async def parties_by_partnership(
    read: ReadSession, seen: Mapping[uuid.UUID, datetime | None]
) -> Mapping[uuid.UUID, Sequence[PartnershipParty]]:
    """The companies of partnerships that are seen, by when the reader left: they see each other.

    Who leaves, or says so, after the reader left takes part still, to the reader.
    """
    rows = await read.scalars(
        select(PartnershipParty)
        .where(PartnershipParty.partnership_id.in_(seen))
        .order_by(PartnershipParty.partnership_id, PartnershipParty.company_id)
    )
    found: dict[uuid.UUID, list[PartnershipParty]] = {}
    for row in rows:
        found.setdefault(row.partnership_id, []).append(_as_of(row, seen[row.partnership_id]))
    return found


def _as_of(party: PartnershipParty, left_at: datetime | None) -> PartnershipParty:
    if left_at is None or (party.left_at is not None and party.left_at <= left_at):
        return party
    status = PartyStatus.JOINED if party.left_at is not None else party.status
    return PartnershipParty(
        partnership_id=party.partnership_id,
        company_id=party.company_id,
        status=status,
        answered_at=party.answered_at,
    )


async def acceptances_by_terms(
    read: ReadSession, seen: Mapping[uuid.UUID, datetime | None]
) -> Mapping[uuid.UUID, Sequence[uuid.UUID]]:
    """The companies that said yes to versions of terms, the earliest first; until the reader left.

    ``seen`` are the versions that are seen, with when the reader's company left.
    """
    found: dict[uuid.UUID, list[uuid.UUID]] = {one: [] for one in seen}
    rows = await read.execute(
        select(TermsAcceptance.terms_id, TermsAcceptance.company_id, TermsAcceptance.accepted_at)
        .where(TermsAcceptance.terms_id.in_(seen))
        .order_by(TermsAcceptance.accepted_at, TermsAcceptance.company_id)
    )
    for terms_id, company_id, accepted_at in rows:
        left_at = seen[terms_id]
        if left_at is None or accepted_at <= left_at:
            found[terms_id].append(company_id)
    return found


async def history_by_partnership(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID], asked: PageAsked
) -> Mapping[uuid.UUID, Sequence[Row[Any]]]:
    """The same page of what happened to many partnerships, the newest first."""
    columns: tuple[Any, ...] = (
        PartnershipStep.id,
        PartnershipStep.partnership_id,
        PartnershipStep.deed,
        PartnershipStep.company_id,
        PartnershipStep.terms_number,
        PartnershipStep.reason,
        PartnershipStep.at,
    )
    return await page_rows_by_parent(
        read,
        select(*columns).where(visible_partnership_steps(actor)),
        STEP_KEYS,
        asked,
        parents=ids,
        parent=PartnershipStep.partnership_id,
        descending=True,
    )


async def steps_by_id(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, PartnershipStep]:
    """Those of the ids that happened to a partnership while the actor was to see it."""
    rows = await read.scalars(
        select(PartnershipStep).where(
            visible_partnership_steps(actor), PartnershipStep.id.in_(list(dict.fromkeys(ids)))
        )
    )
    return {row.id: row for row in rows}


async def count_history(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, int]:
    """How much happened to each."""
    rows = await read.execute(
        select(PartnershipStep.partnership_id, func.count())
        .where(PartnershipStep.partnership_id.in_(ids), visible_partnership_steps(actor))
        .group_by(PartnershipStep.partnership_id)
    )
    return dict.fromkeys(ids, 0) | {row[0]: row[1] for row in rows}
