"""Rewards: what is promised, who answers for it, and what referrals earned."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, or_, select

from models.rules.lifecycles import HireStatus, ReferralStatus
from models.rules.rewards import STAYED_DAYS, RewardEvent
from models.tables.outcomes import HireMilestone
from models.tables.referrals import Hire, Referral, ReferralStep
from models.tables.rewards import Funding, RewardClause


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
