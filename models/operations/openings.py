"""Openings: made, changed and closed by the company, or by an agency that keeps one for it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from models.access import Actor, Permission, require
from models.audit import audit
from models.errors import InvalidInput, NotFound
from models.operations.flows import record_needs
from models.operations.handovers import time_zone_of
from models.rules.bounds import require_line
from models.rules.flows import local_day
from models.rules.lifecycles import (
    MembershipStatus,
    OpeningStatus,
    OrganizationKind,
    require_step,
)
from models.rules.openings import (
    OPENING,
    TITLE_CHARS_MAX,
    NotKeeper,
    check_size,
    check_vocabulary,
)
from models.session import WriteSession
from models.tables.consortium import Membership, Organization
from models.tables.openings import Opening
from models.visibility import visible_openings, visible_organizations


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningTerms:
    """What an opening says. Category, skills and prefecture are codes of our vocabularies."""

    title: str
    category: str
    prefecture: str | None = None
    skills: tuple[str, ...] = ()
    experience_years_min: int | None = None
    headcount: int = 1
    open_until: date | None = None


@dataclass(frozen=True, slots=True)
class CreateOpening:
    """A new opening; an agency says of which company."""

    terms: OpeningTerms
    company_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class UpdateOpening:
    """An opening as it shall read from now on."""

    opening_id: uuid.UUID
    terms: OpeningTerms


async def create_opening(tx: WriteSession, actor: Actor, command: CreateOpening) -> uuid.UUID:
    """List a position. Raises `InvalidInput`, and `NotFound` for a company that is no member."""
    require(actor, Permission.MANAGE_OPENINGS)
    assert actor.organization_id is not None
    company_id = await _company(tx, actor, command.company_id)
    today = await _today(tx, actor)
    title = _check(command.terms, today)
    terms = command.terms
    opening = Opening(
        consortium_id=actor.consortium_id,
        company_id=company_id,
        keeper_id=actor.organization_id,
        title=title,
        category=terms.category,
        prefecture=terms.prefecture,
        skills=list(dict.fromkeys(terms.skills)),
        experience_years_min=terms.experience_years_min,
        headcount=terms.headcount,
        open_until=terms.open_until,
        created_at=tx.now,
        changed_at=tx.now,
    )
    tx.add(opening)
    await tx.flush()
    await _need(tx, opening, today, terms.headcount)
    audit(tx, actor, "opening.created", "opening", opening.id)
    return opening.id


async def update_opening(tx: WriteSession, actor: Actor, command: UpdateOpening) -> uuid.UUID:
    """Change what an open opening says. More people, or another category, are sought anew.

    Raises `NotFound`, `NotKeeper`, `InvalidTransition` and `InvalidInput`.
    """
    opening = await _locked(tx, actor, command.opening_id)
    require_step("opening", OPENING, opening.status, OpeningStatus.CLOSED)
    today = await _today(tx, actor)
    terms = command.terms
    title = _check(terms, today)
    is_same = terms.category == opening.category
    more = terms.headcount - opening.headcount if is_same else terms.headcount
    opening.title, opening.category = title, terms.category
    opening.prefecture, opening.skills = terms.prefecture, list(dict.fromkeys(terms.skills))
    opening.experience_years_min = terms.experience_years_min
    opening.headcount, opening.open_until = terms.headcount, terms.open_until
    opening.changed_at = tx.now
    await tx.flush()
    if more > 0:
        await _need(tx, opening, today, more)
    audit(tx, actor, "opening.updated", "opening", opening.id)
    return opening.id


async def close_opening(tx: WriteSession, actor: Actor, opening_id: uuid.UUID) -> uuid.UUID:
    """The position is filled or given up. Introductions to it go on.

    Raises `NotFound`, `NotKeeper` and `InvalidTransition`.
    """
    opening = await _locked(tx, actor, opening_id)
    require_step("opening", OPENING, opening.status, OpeningStatus.CLOSED)
    opening.status, opening.changed_at = OpeningStatus.CLOSED, tx.now
    audit(tx, actor, "opening.closed", "opening", opening.id)
    return opening.id


async def active_company(tx: WriteSession, actor: Actor, company_id: uuid.UUID) -> Organization:
    """A company that is a member now. Raises `NotFound`."""
    company = await tx.scalar(
        select(Organization)
        .join(Membership, Membership.organization_id == Organization.id)
        .where(
            visible_organizations(actor),
            Organization.id == company_id,
            Organization.kind == OrganizationKind.COMPANY,
            Membership.status == MembershipStatus.ACTIVE,
        )
    )
    if company is None:
        raise NotFound("companyId", what="company")
    return company


async def _company(tx: WriteSession, actor: Actor, asked: uuid.UUID | None) -> uuid.UUID:
    if actor.organization_kind is OrganizationKind.COMPANY and asked is None:
        asked = actor.organization_id
    if asked is None:
        raise NotFound("companyId", what="company")
    company = await active_company(tx, actor, asked)
    if actor.organization_kind is OrganizationKind.COMPANY and company.id != actor.organization_id:
        raise NotKeeper("companyId")
    return company.id


async def _today(tx: WriteSession, actor: Actor) -> date:
    return local_day(tx.now, await time_zone_of(tx, actor.consortium_id))


def _check(terms: OpeningTerms, today: date) -> str:
    try:
        check_vocabulary(terms.category, terms.skills, terms.prefecture)
        check_size(terms.headcount, terms.experience_years_min, terms.open_until, today)
        return require_line("title", terms.title, TITLE_CHARS_MAX)
    except InvalidInput as wrong:
        raise InvalidInput("terms", *wrong.path, **wrong.details) from None


async def _need(tx: WriteSession, opening: Opening, day: date, sought: int) -> None:
    await record_needs(
        tx,
        consortium_id=opening.consortium_id,
        day=day,
        company_id=opening.company_id,
        category=opening.category,
        sought=sought,
    )


async def _locked(tx: WriteSession, actor: Actor, opening_id: uuid.UUID) -> Opening:
    require(actor, Permission.MANAGE_OPENINGS)
    opening = await tx.scalar(
        select(Opening)
        .where(visible_openings(actor), Opening.id == opening_id)
        .with_for_update(key_share=True)
    )
    if opening is None:
        raise NotFound("id", what="opening")
    if opening.keeper_id != actor.organization_id:
        raise NotKeeper
    return opening
