"""Rewards agree with what happened, with the terms they are pinned to, and with the ledger."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, and_, case, exists, func, not_, or_, select
from sqlalchemy.orm import aliased

from models.checks.statements import Check, Statement
from models.reads.rewards import happened, promised
from models.rules.ledger import REWARDING, EntryKind, Unit
from models.rules.lifecycles import FreeHireStatus, OrganizationKind, PartnershipStatus, TermsStatus
from models.tables.consortium import Organization
from models.tables.ledger import Account, Entry, FreeHire
from models.tables.partnerships import Partnership, Terms
from models.tables.referrals import Referral
from models.tables.rewards import Funding, Reward, RewardClause


def _rewards(consortium_id: UUID) -> Select[UUID]:
    return (
        select(Reward.id.label("subject_id"))
        .join(RewardClause, RewardClause.id == Reward.clause_id)
        .join(Funding, Funding.id == RewardClause.funding_id)
        .join(Referral, Referral.id == Reward.referral_id)
        .where(Referral.consortium_id == consortium_id)
    )


def unfounded(consortium_id: UUID) -> Statement:
    """Rewards that their referral's terms do not promise, or that stand on what is not so."""
    return _rewards(consortium_id).where(
        or_(not_(promised()), and_(Reward.reversed_at.is_(None), not_(happened())))
    )


def unrewarded(consortium_id: UUID) -> Statement:
    """Referrals of which something happened that their terms reward, without a reward."""
    standing = exists(
        select(Reward.id).where(
            Reward.clause_id == RewardClause.id,
            Reward.referral_id == Referral.id,
            Reward.reversed_at.is_(None),
        )
    )
    return (
        select(Referral.id.label("subject_id"))
        .join(RewardClause, RewardClause.terms_id == Referral.terms_id)
        .join(Funding, Funding.id == RewardClause.funding_id)
        .where(Referral.consortium_id == consortium_id, promised(), happened(), not_(standing))
    )


def misposted(consortium_id: UUID) -> Statement:
    """Rewards whose entries are not what their clause says, each in the account it belongs in."""

    def posted(organization_id: object, unit: Unit, kind: EntryKind) -> object:
        return (
            select(func.coalesce(func.sum(Entry.amount), 0))
            .join(Account, Account.id == Entry.account_id)
            .where(
                Entry.reward_id == Reward.id,
                Entry.kind == kind,
                Account.unit == unit,
                Account.company_id == organization_id,
            )
            .correlate(Reward, Referral, Funding)
            .scalar_subquery()
        )

    number = (
        select(func.count())
        .select_from(Entry)
        .where(Entry.reward_id == Reward.id, Entry.kind.in_(REWARDING))
        .correlate(Reward)
        .scalar_subquery()
    )
    amount = RewardClause.amount
    paid = posted(Referral.to_id, Unit.REWARD, EntryKind.REWARDED) != -amount
    received = posted(Funding.agency_id, Unit.REWARD, EntryKind.REWARDED) != amount
    wrong = case(
        (
            RewardClause.unit == Unit.COUNT,
            or_(posted(Referral.from_id, Unit.COUNT, EntryKind.BONUS) != amount, number != amount),
        ),
        (
            RewardClause.unit == Unit.FREE_HIRE,
            or_(
                posted(Referral.from_id, Unit.FREE_HIRE, EntryKind.GRANTED) != amount,
                number != amount,
            ),
        ),
        else_=or_(paid, received, number != 2),
    )
    return _rewards(consortium_id).where(
        case((Reward.withheld.is_not(None), number != 0), else_=wrong)
    )


def half_taken_back(consortium_id: UUID) -> Statement:
    """Entries of rewards that were taken back though they stand, or stand though taken back."""
    back = aliased(Entry)
    is_back = exists(select(back.id).where(back.reverses_id == Entry.id))
    return (
        select(Entry.id.label("subject_id"))
        .join(Account, Account.id == Entry.account_id)
        .join(Reward, Reward.id == Entry.reward_id)
        .where(
            Account.consortium_id == consortium_id,
            Entry.kind.in_(REWARDING),
            is_back != Reward.reversed_at.is_not(None),
        )
    )


def unpaired_yen(consortium_id: UUID) -> Statement:
    """Postings of yen that do not sum to zero."""
    return (
        select(Entry.posting_id.label("subject_id"))
        .join(Account, Account.id == Entry.account_id)
        .where(Account.consortium_id == consortium_id, Account.unit == Unit.REWARD)
        .group_by(Entry.posting_id)
        .having(func.sum(Entry.amount) != 0)
    )


def wrong_side(consortium_id: UUID) -> Statement:
    """Accounts by which a company got yen, or an agency paid any."""
    is_company = Organization.kind == OrganizationKind.COMPANY
    return (
        select(Account.id.label("subject_id"))
        .join(Organization, Organization.id == Account.company_id)
        .where(
            Account.consortium_id == consortium_id,
            Account.unit == Unit.REWARD,
            or_(
                and_(is_company, Account.balance > 0),
                and_(not_(is_company), Account.balance < 0),
            ),
        )
    )


def unfunded(consortium_id: UUID) -> Statement:
    """Parts in terms of what is no agency, or that are in force without its yes."""
    return (
        select(Funding.id.label("subject_id"))
        .join(Terms, Terms.id == Funding.terms_id)
        .join(Partnership, Partnership.id == Terms.partnership_id)
        .join(Organization, Organization.id == Funding.agency_id)
        .where(
            Partnership.consortium_id == consortium_id,
            or_(
                Organization.kind != OrganizationKind.AGENCY,
                and_(
                    Partnership.status != PartnershipStatus.PROPOSED,
                    Terms.status.in_((TermsStatus.IN_FORCE, TermsStatus.SUPERSEDED)),
                    Funding.accepted_at.is_(None),
                ),
            ),
        )
    )


def spent_on_own_bonus(consortium_id: UUID) -> Statement:
    """Free hires spent on a person for whom the company had got a bonus."""
    given = aliased(Referral)
    return (
        select(FreeHire.id.label("subject_id"))
        .join(Referral, Referral.id == FreeHire.referral_id)
        .join(
            given,
            and_(given.candidate_id == Referral.candidate_id, given.from_id == FreeHire.company_id),
        )
        .join(Reward, Reward.referral_id == given.id)
        .join(RewardClause, RewardClause.id == Reward.clause_id)
        .where(
            FreeHire.consortium_id == consortium_id,
            FreeHire.status == FreeHireStatus.SPENT,
            RewardClause.unit != Unit.REWARD,
            Reward.withheld.is_(None),
            Reward.posted_at <= FreeHire.spent_at,
        )
    )


REWARD_CHECKS = (
    Check("REWARD_HAS_ITS_EVENT_AND_TERMS", "reward", unfounded),
    Check("EVENT_HAS_ITS_REWARD", "referral", unrewarded),
    Check("REWARD_IS_ITS_ENTRIES", "reward", misposted),
    Check("REWARD_IS_TAKEN_BACK_WHOLE", "entry", half_taken_back),
    Check("YEN_SUM_TO_ZERO", "posting", unpaired_yen),
    Check("YEN_GO_TO_AGENCIES", "account", wrong_side),
    Check("REWARD_TERMS_ARE_FUNDED", "funding", unfunded),
    Check("FREE_HIRE_NOT_ON_OWN_BONUS", "free_hire", spent_on_own_bonus),
)
