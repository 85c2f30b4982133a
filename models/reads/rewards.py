"""Rewards: what is promised, who answers for it, and what referrals earned."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from models.access import Actor
from models.filters import matches
from models.paging import PageAsked, page_rows
from models.rules.ledger import Unit
from models.rules.lifecycles import HireStatus, PartyStatus, ReferralStatus, TermsStatus
from models.rules.partnerships import TermsOffered
from models.rules.rewards import STAYED_DAYS, ClauseOffered, RewardEvent, RewardWithheld
from models.rules.sharing import CandidateField
from models.session import ReadSession
from models.tables.outcomes import HireMilestone
from models.tables.partnerships import Partnership, PartnershipParty, Terms
from models.tables.referrals import Hire, Referral, ReferralStep
from models.tables.rewards import Funding, Reward, RewardClause
from models.visibility import visible_fundings, visible_rewards

Ids = Sequence[uuid.UUID]
FUNDING_KEYS = (Funding.proposed_at, Funding.id)
NAMING, WITHIN = aliased(Terms), aliased(Partnership)
"""The terms that name an agency, and their partnership, apart from those that say what is seen."""


def promised() -> ColumnElement[bool]:
    """Whether a clause is one of those that a referral began under.

    They are those of the version of terms that it is pinned to, but for what an agency had stopped
    to fund by then.
    """
    return and_(
        RewardClause.terms_id == Referral.terms_id,
        RewardClause.funding_id == Funding.id,
        Funding.accepted_at.is_not(None),
        or_(Funding.stopped_at.is_(None), Referral.created_at < Funding.stopped_at),
    )


def happened() -> ColumnElement[bool]:
    """Whether what a clause rewards is true of a referral now.

    An exit inside the guarantee makes a hire as if it had not been; the milestone is the hire's.
    """
    taken_up = exists(
        select(ReferralStep.referral_id).where(
            ReferralStep.referral_id == Referral.id,
            ReferralStep.status == ReferralStatus.ACCEPTED,
        )
    )
    hired = exists(
        select(Hire.id).where(Hire.referral_id == Referral.id, Hire.status != HireStatus.LEFT_EARLY)
    )
    stayed = exists(
        select(HireMilestone.id)
        .join(Hire, Hire.id == HireMilestone.hire_id)
        .where(
            Hire.referral_id == Referral.id,
            HireMilestone.days == STAYED_DAYS,
            HireMilestone.undone_at.is_(None),
        )
    )
    return or_(
        and_(RewardClause.event == RewardEvent.REFERRAL, taken_up),
        and_(RewardClause.event == RewardEvent.HIRE, hired),
        and_(RewardClause.event == RewardEvent.STAYED_90, stayed),
    )


async def clauses_by_terms(
    read: ReadSession, ids: Ids
) -> Mapping[uuid.UUID, Sequence[ClauseOffered]]:
    """What versions of terms that are seen promise."""
    return await _clauses(read, RewardClause.terms_id, ids)


async def said_by_terms(
    read: ReadSession, rows: Sequence[Terms]
) -> Mapping[uuid.UUID, TermsOffered]:
    """What versions of terms say, as the rules take it."""
    promised = await clauses_by_terms(read, [row.id for row in rows])
    return {
        row.id: TermsOffered(
            tuple(CandidateField(name) for name in row.fields),
            tuple(row.categories),
            row.shared_days,
            row.notice_days,
            tuple(promised[row.id]),
        )
        for row in rows
    }


async def clauses_by_funding(
    read: ReadSession, ids: Ids
) -> Mapping[uuid.UUID, Sequence[ClauseOffered]]:
    """What is promised of which agencies that are seen have part in it."""
    return await _clauses(read, RewardClause.funding_id, ids)


async def _clauses(
    read: ReadSession, key: Any, ids: Ids
) -> Mapping[uuid.UUID, Sequence[ClauseOffered]]:
    found: dict[uuid.UUID, list[ClauseOffered]] = {one: [] for one in ids}
    rows = await read.execute(
        select(key, RewardClause.event, RewardClause.unit, RewardClause.amount, Funding.agency_id)
        .join(Funding, Funding.id == RewardClause.funding_id)
        .where(key.in_(list(found)))
        .order_by(RewardClause.terms_id, RewardClause.number)
    )
    for row in rows:
        found[row[0]].append(ClauseOffered(row.event, row.unit, row.amount, row.agency_id))
    return found


@dataclass(frozen=True, slots=True)
class ShownFunding:
    """An agency's part in one version of terms, with what it needs to answer."""

    id: uuid.UUID
    agency_id: uuid.UUID
    partnership_id: uuid.UUID
    partnership_name: str
    terms_number: int
    status: TermsStatus
    proposed_at: datetime
    accepted_at: datetime | None
    stopped_at: datetime | None


def _fundings(*conditions: ColumnElement[bool]) -> Select[Any]:
    columns: tuple[Any, ...] = (
        Funding.id,
        Funding.terms_id,
        Funding.agency_id,
        NAMING.partnership_id,
        WITHIN.name.label("partnership_name"),
        NAMING.number.label("terms_number"),
        NAMING.status,
        Funding.proposed_at,
        Funding.accepted_at,
        Funding.stopped_at,
    )
    return (
        select(*columns)
        .join(NAMING, NAMING.id == Funding.terms_id)
        .join(WITHIN, WITHIN.id == NAMING.partnership_id)
        .where(*conditions)
    )


def _funding(row: Row[Any]) -> ShownFunding:
    told = row._asdict()
    del told["terms_id"]
    return ShownFunding(**told)


async def fundings_page(
    read: ReadSession, actor: Actor, status: object | None, asked: PageAsked
) -> Sequence[ShownFunding]:
    """One page of the parts in terms that the actor sees, the newest first."""
    statement = _fundings(visible_fundings(actor), *matches(NAMING.status, status, "status"))
    rows = await page_rows(read, statement, FUNDING_KEYS, asked, descending=True)
    return [_funding(row) for row in rows]


async def count_fundings(read: ReadSession, actor: Actor, status: object | None) -> int:
    """How many there are."""
    statement = (
        select(func.count())
        .select_from(Funding)
        .join(NAMING, NAMING.id == Funding.terms_id)
        .where(visible_fundings(actor), *matches(NAMING.status, status, "status"))
    )
    return (await read.scalar(statement)) or 0


async def fundings_by_id(
    read: ReadSession, actor: Actor, ids: Ids
) -> Mapping[uuid.UUID, ShownFunding]:
    """Those of the ids that the actor sees."""
    rows = await read.execute(_fundings(visible_fundings(actor), Funding.id.in_(list(ids))))
    return {row.id: _funding(row) for row in rows}


async def fundings_by_terms(
    read: ReadSession, ids: Ids
) -> Mapping[uuid.UUID, Sequence[ShownFunding]]:
    """The agencies' parts in versions of terms that are seen."""
    found: dict[uuid.UUID, list[ShownFunding]] = {one: [] for one in ids}
    rows = await read.execute(
        _fundings(Funding.terms_id.in_(list(found))).order_by(Funding.terms_id, Funding.agency_id)
    )
    for row in rows:
        found[row.terms_id].append(_funding(row))
    return found


async def companies_by_partnership(
    read: ReadSession, ids: Ids
) -> Mapping[uuid.UUID, Sequence[uuid.UUID]]:
    """The companies that are asked, or take part, in partnerships of which something is seen."""
    found: dict[uuid.UUID, list[uuid.UUID]] = {one: [] for one in ids}
    rows = await read.execute(
        select(PartnershipParty.partnership_id, PartnershipParty.company_id)
        .where(
            PartnershipParty.partnership_id.in_(list(found)),
            PartnershipParty.status.in_((PartyStatus.INVITED, PartyStatus.JOINED)),
        )
        .order_by(PartnershipParty.partnership_id, PartnershipParty.company_id)
    )
    for partnership_id, company_id in rows:
        found[partnership_id].append(company_id)
    return found


@dataclass(frozen=True, slots=True)
class ShownReward:
    """What a referral earned by one promise, or why that was withheld. Days, never times."""

    id: uuid.UUID
    referral_id: uuid.UUID
    clause_id: uuid.UUID
    agency_id: uuid.UUID
    event: RewardEvent
    unit: Unit
    amount: int
    withheld: RewardWithheld | None
    posted_on: date
    reversed_on: date | None


async def rewards_by_referral(
    read: ReadSession, actor: Actor, ids: Ids
) -> Mapping[uuid.UUID, Sequence[ShownReward]]:
    """What referrals earned that the actor sees: of each promise, how it stands now."""
    found: dict[uuid.UUID, dict[uuid.UUID, ShownReward]] = {one: {} for one in ids}
    for one in await _rewards(read, visible_rewards(actor), Reward.referral_id.in_(list(found))):
        # What was posted again comes after what had been taken back.
        found[one.referral_id][one.clause_id] = one
    return {key: list(of.values()) for key, of in found.items()}


async def rewards_by_id(
    read: ReadSession, actor: Actor, ids: Ids
) -> Mapping[uuid.UUID, ShownReward]:
    """Those of the ids that the actor sees."""
    rows = await _rewards(read, visible_rewards(actor), Reward.id.in_(list(ids)))
    return {one.id: one for one in rows}


async def _rewards(read: ReadSession, *conditions: ColumnElement[bool]) -> Iterable[ShownReward]:
    rows = await read.execute(
        select(
            Reward.id,
            Reward.referral_id,
            Reward.clause_id,
            Funding.agency_id,
            RewardClause.event,
            RewardClause.unit,
            RewardClause.amount,
            Reward.withheld,
            Reward.posted_on,
            Reward.reversed_on,
        )
        .join(RewardClause, RewardClause.id == Reward.clause_id)
        .join(Funding, Funding.id == RewardClause.funding_id)
        .where(*conditions)
        .order_by(Reward.posted_at, Reward.reversed_at.is_(None), RewardClause.number)
    )
    return [ShownReward(**row._asdict()) for row in rows]
