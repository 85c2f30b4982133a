"""What the figures of a meeting are made of: numbers by pair, and hand-overs by days alone."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from models.reads.possible_partners import TAKING_PART, Possible
from models.rules.flows import day_begins, local_day
from models.rules.ledger import Unit
from models.rules.lifecycles import (
    LASTING,
    Channel,
    MembershipStatus,
    OrganizationKind,
    ReferralStatus,
)
from models.rules.meeting_figures import Days, HandOver
from models.rules.meeting_packs import EVENTS, Counts, Stay
from models.rules.outcomes import MILESTONE_DAYS
from models.session import ReadSession
from models.tables.consortium import Membership, Organization
from models.tables.flows import FlowDay
from models.tables.partnerships import Partnership, PartnershipParty
from models.tables.referrals import Hire, Referral, ReferralStep
from models.tables.rewards import Reward, RewardClause
from models.vocabulary.text import Text

Pairs = tuple[uuid.UUID, uuid.UUID]


async def names_of(read: ReadSession, ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Text]:
    """What organizations are called, in both languages where they said so."""
    rows = await read.execute(
        select(Organization.id, Organization.name, Organization.name_en)
        .where(Organization.id.in_(ids))
        .order_by(Organization.id)
    )
    return {row.id: Text(row.name, row.name_en or row.name) for row in rows}


async def counts_between(
    read: ReadSession, consortium_id: uuid.UUID, parties: Collection[uuid.UUID], days: Days
) -> Mapping[Pairs, Counts]:
    """How many hand-overs between partners came to each state, exactly."""
    rows = await read.execute(
        select(FlowDay.from_id, FlowDay.to_id, FlowDay.event, func.sum(FlowDay.referrals))
        .where(
            FlowDay.consortium_id == consortium_id,
            FlowDay.day.between(days.first, days.last),
            FlowDay.channel == Channel.PARTNER_SHARE,
            FlowDay.event.in_(EVENTS),
            FlowDay.from_id.in_(parties),
            FlowDay.to_id.in_(parties),
        )
        .group_by(FlowDay.from_id, FlowDay.to_id, FlowDay.event)
    )
    found: dict[Pairs, dict[ReferralStatus, int]] = {}
    for giver, receiver, event, number in rows:
        found.setdefault((giver, receiver), {})[event] = int(number)
    return found


async def handovers_between(
    read: ReadSession,
    consortium_id: uuid.UUID,
    parties: Collection[uuid.UUID],
    days: Days,
    time_zone: str,
) -> list[HandOver]:
    """The hand-overs between partners of some days, and older ones that ended in a hire then."""
    accepted, declined, hired = (aliased(ReferralStep) for _ in range(3))
    begin = day_begins(days.first, time_zone)
    end = day_begins(days.last + timedelta(days=1), time_zone)
    statement = select(
        Referral.from_id, Referral.to_id, Referral.delivered_at, accepted.at, declined.at, hired.at
    )
    for step, status in (
        (accepted, ReferralStatus.ACCEPTED),
        (declined, ReferralStatus.DECLINED),
        (hired, ReferralStatus.HIRED),
    ):
        statement = statement.outerjoin(
            step, and_(step.referral_id == Referral.id, step.status == status)
        )
    rows = await read.execute(
        statement.where(
            Referral.consortium_id == consortium_id,
            Referral.channel == Channel.PARTNER_SHARE,
            Referral.from_id.in_(parties),
            Referral.to_id.in_(parties),
            Referral.delivered_at < end,
            or_(Referral.delivered_at >= begin, and_(hired.at >= begin, hired.at < end)),
        )
    )

    found = []
    for giver, receiver, *instants in rows:
        delivered, *steps = (one and local_day(one, time_zone) for one in instants)
        assert delivered is not None
        found.append(HandOver(giver, receiver, delivered, *steps))
    return found


async def stays_between(
    read: ReadSession, consortium_id: uuid.UUID, parties: Collection[uuid.UUID], days: Days
) -> list[Stay]:
    """Of those hired from a partner whose 30th, 90th or 180th day came in some days: who stayed."""
    rows = await read.execute(
        select(Hire.introducer_id, Hire.company_id, Hire.joined_on, Hire.left_on).where(
            Hire.consortium_id == consortium_id,
            Hire.introducer_id.in_(parties),
            Hire.company_id.in_(parties),
            Hire.joined_on.between(
                days.first - timedelta(days=max(MILESTONE_DAYS)),
                days.last - timedelta(days=min(MILESTONE_DAYS)),
            ),
        )
    )
    found: dict[tuple[uuid.UUID, uuid.UUID, int], list[bool]] = {}
    for giver, receiver, joined_on, left_on in rows:
        for number in MILESTONE_DAYS:
            due_on = joined_on + timedelta(days=number)
            if due_on in days:
                stayed = left_on is None or left_on >= due_on
                found.setdefault((giver, receiver, number), []).append(stayed)
    return [Stay(*key, len(rows), sum(rows)) for key, rows in sorted(found.items())]


async def rewards_between(
    read: ReadSession, consortium_id: uuid.UUID, parties: Collection[uuid.UUID], days: Days
) -> Mapping[Pairs, Mapping[Unit, int]]:
    """What hand-overs between partners earned in some days, and was not taken back since."""
    rows = await read.execute(
        select(Referral.from_id, Referral.to_id, RewardClause.unit, func.sum(RewardClause.amount))
        .select_from(Reward)
        .join(RewardClause, RewardClause.id == Reward.clause_id)
        .join(Referral, Referral.id == Reward.referral_id)
        .where(
            Referral.consortium_id == consortium_id,
            Referral.from_id.in_(parties),
            Referral.to_id.in_(parties),
            Reward.posted_on.between(days.first, days.last),
            Reward.withheld.is_(None),
            Reward.reversed_at.is_(None),
        )
        .group_by(Referral.from_id, Referral.to_id, RewardClause.unit)
    )
    found: dict[Pairs, dict[Unit, int]] = {}
    for giver, receiver, unit, amount in rows:
        found.setdefault((giver, receiver), {})[unit] = int(amount)
    return found


async def companies_to_consider(
    read: ReadSession, consortium_id: uuid.UUID
) -> tuple[Mapping[Possible, Text], set[frozenset[uuid.UUID]]]:
    """The companies that are members, what they are called, and which two are partners already."""
    rows = await read.execute(
        select(
            Organization.id,
            Organization.industry_division,
            Organization.prefecture,
            Organization.name,
            Organization.name_en,
        )
        .join(Membership, Membership.organization_id == Organization.id)
        .where(
            Organization.consortium_id == consortium_id,
            Organization.kind == OrganizationKind.COMPANY,
            Membership.status == MembershipStatus.ACTIVE,
        )
        .order_by(Organization.id)
    )
    companies = {Possible(*row[:3]): Text(row.name, row.name_en or row.name) for row in rows}
    one, other = aliased(PartnershipParty), aliased(PartnershipParty)
    together = await read.execute(
        select(one.company_id, other.company_id)
        .join(other, _is_with(one, other))
        .join(Partnership, Partnership.id == one.partnership_id)
        .where(
            Partnership.consortium_id == consortium_id,
            Partnership.status.in_(LASTING),
            one.status.in_(TAKING_PART),
            other.status.in_(TAKING_PART),
        )
        .distinct()
    )
    return companies, {frozenset(row) for row in together}


def _is_with(one: type[PartnershipParty], other: type[PartnershipParty]) -> ColumnElement[bool]:
    return and_(one.partnership_id == other.partnership_id, one.company_id < other.company_id)


def parties_in(names: Mapping[uuid.UUID, Text]) -> Sequence[Pairs]:
    """Every giver and receiver among the parties."""
    return [(giver, receiver) for giver in names for receiver in names if giver != receiver]
