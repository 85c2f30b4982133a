"""The ledger agrees with itself, and free hires with the ledger."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, distinct, exists, func, not_, or_, select

from models.checks.statements import Check, Statement
from models.rules.ledger import REVERSING, Book, EntryKind, Unit
from models.rules.lifecycles import (
    Channel,
    CountStatus,
    FreeHireStatus,
    HireStatus,
    ReferralStatus,
)
from models.tables.consortium import ProgramVersion
from models.tables.ledger import Account, Entry, FreeHire
from models.tables.referrals import Hire, Referral
from models.tables.registrations import CountedPerson, Registration

UNSETTLING = (*REVERSING, EntryKind.TAKEN_BACK, EntryKind.LAPSED)
"""After one of these, free hires are no longer the counts divided by the threshold."""


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _kinds(kinds: Collection[EntryKind]) -> ColumnElement[int]:
    return _number(Entry.kind.in_(kinds))


def unbalanced(consortium_id: UUID) -> Statement:
    """Accounts whose cached balance or number of entries is not that of their entries."""
    return (
        select(Account.id.label("subject_id"))
        .outerjoin(Entry, Entry.account_id == Account.id)
        .where(Account.consortium_id == consortium_id)
        .group_by(Account.id, Account.balance, Account.entries)
        .having(
            or_(
                func.coalesce(func.sum(Entry.amount), 0) != Account.balance,
                func.count(Entry.id) != Account.entries,
            )
        )
    )


def misnumbered(consortium_id: UUID) -> Statement:
    """Accounts whose entries are not numbered 1, 2, 3 … without a gap."""
    return (
        select(Account.id.label("subject_id"))
        .join(Entry, Entry.account_id == Account.id)
        .where(Account.consortium_id == consortium_id)
        .group_by(Account.id)
        .having(
            or_(
                func.min(Entry.number) != 1,
                func.max(Entry.number) != func.count(distinct(Entry.number)),
                func.count() != func.count(distinct(Entry.number)),
            )
        )
    )


def overdrawn(consortium_id: UUID) -> Statement:
    """Accounts of counts or free hires that were below zero, now or after any of their entries.

    Entries of one posting are one step.
    """
    posted = (
        select(
            Entry.account_id,
            func.max(Entry.number).label("number"),
            func.sum(Entry.amount).label("amount"),
        )
        .join(Account, Account.id == Entry.account_id)
        .where(Account.consortium_id == consortium_id, Account.unit != Unit.REWARD)
        .group_by(Entry.account_id, Entry.posting_id)
        .subquery()
    )
    running = select(
        posted.c.account_id.label("subject_id"),
        func.sum(posted.c.amount)
        .over(partition_by=posted.c.account_id, order_by=posted.c.number)
        .label("held"),
    ).subquery()
    return select(running.c.subject_id).distinct().where(running.c.held < 0)


def unearned(consortium_id: UUID) -> Statement:
    """Free hires that were not earned, or granted, by exactly one entry of their company's."""
    earned = (
        select(func.count())
        .select_from(Entry)
        .join(Account, Account.id == Entry.account_id)
        .where(
            Entry.free_hire_id == FreeHire.id,
            Entry.kind.in_((EntryKind.EARNED, EntryKind.GRANTED)),
            Entry.amount == 1,
            Account.unit == Unit.FREE_HIRE,
            Account.company_id == FreeHire.company_id,
        )
        .scalar_subquery()
    )
    return select(FreeHire.id.label("subject_id")).where(
        FreeHire.consortium_id == consortium_id, earned != 1
    )


def without_free_hire(consortium_id: UUID) -> Statement:
    """Entries of free hires that name none."""
    return (
        select(Entry.id.label("subject_id"))
        .join(Account, Account.id == Entry.account_id)
        .where(
            Account.consortium_id == consortium_id,
            Account.unit == Unit.FREE_HIRE,
            Entry.free_hire_id.is_(None),
        )
    )


def miscounted(consortium_id: UUID) -> Statement:
    """Companies whose free hires are not their counts divided by the threshold.

    Bonuses are counts like any other; free hires that terms granted are told apart. Where every
    count was judged by one version, and nothing was taken back or lapsed. The subject is the
    company.
    """
    counts = (EntryKind.COUNTED, EntryKind.BONUS)
    counted, earned = _kinds(counts), _kinds([EntryKind.EARNED])
    return (
        select(Account.company_id.label("subject_id"))
        .join(Entry, Entry.account_id == Account.id)
        .join(ProgramVersion, ProgramVersion.id == Entry.program_version_id)
        .where(
            Account.consortium_id == consortium_id,
            Entry.kind.in_([*counts, EntryKind.EARNED, *UNSETTLING]),
        )
        .group_by(Account.company_id, Account.program_id)
        .having(
            and_(
                _kinds(UNSETTLING) == 0,
                func.count(distinct(ProgramVersion.id)) == 1,
                earned != counted // func.max(ProgramVersion.counts_per_free_hire),
            )
        )
    )


def misstated(consortium_id: UUID) -> Statement:
    """Free hires whose state is not what their entries say: one is held, or none is."""
    is_held = FreeHire.status.in_([FreeHireStatus.AVAILABLE, FreeHireStatus.RESERVED])
    return (
        select(FreeHire.id.label("subject_id"))
        .outerjoin(Entry, Entry.free_hire_id == FreeHire.id)
        .where(FreeHire.consortium_id == consortium_id)
        .group_by(FreeHire.id, FreeHire.status)
        .having(func.coalesce(func.sum(Entry.amount), 0) != case((is_held, 1), else_=0))
    )


def misspent(consortium_id: UUID) -> Statement:
    """Free hires reserved or spent on anything but an introduction to their company.

    A spent one has the hire of that introduction, and that hire has no other.
    """
    introduced = exists(
        select(Referral.id).where(
            Referral.id == FreeHire.referral_id,
            Referral.to_id == FreeHire.company_id,
            Referral.channel == Channel.AGENCY_INTRODUCTION,
        )
    )
    joined = exists(
        select(Hire.id).where(
            Hire.referral_id == FreeHire.referral_id,
            Hire.free_hire_id == FreeHire.id,
            Hire.status != HireStatus.LEFT_EARLY,
        )
    )
    in_use = FreeHire.status.in_([FreeHireStatus.RESERVED, FreeHireStatus.SPENT])
    return select(FreeHire.id.label("subject_id")).where(
        FreeHire.consortium_id == consortium_id,
        or_(
            in_use != FreeHire.referral_id.is_not(None),
            and_(in_use, not_(introduced)),
            and_(FreeHire.status == FreeHireStatus.SPENT, not_(joined)),
        ),
    )


def spent_on_own_count(consortium_id: UUID) -> Statement:
    """Free hires spent on a person the company had got a count for."""
    return (
        select(FreeHire.id.label("subject_id"))
        .join(Referral, Referral.id == FreeHire.referral_id)
        .join(
            Registration,
            and_(
                Registration.candidate_id == Referral.candidate_id,
                Registration.company_id == FreeHire.company_id,
            ),
        )
        .join(CountedPerson, CountedPerson.registration_id == Registration.id)
        .where(
            FreeHire.consortium_id == consortium_id,
            FreeHire.status == FreeHireStatus.SPENT,
            Registration.count_status.in_([CountStatus.COUNTED, CountStatus.REVERSED]),
            CountedPerson.counted_at <= FreeHire.spent_at,
        )
    )


def unfounded_hires(consortium_id: UUID) -> Statement:
    """Hires that are not the end of a referral between their two organizations."""
    founded = exists(
        select(Referral.id).where(
            Referral.id == Hire.referral_id,
            Referral.status == ReferralStatus.HIRED,
            Referral.to_id == Hire.company_id,
            Referral.from_id == Hire.introducer_id,
        )
    )
    return select(Hire.id.label("subject_id")).where(
        Hire.consortium_id == consortium_id, not_(founded)
    )


def misbooked(consortium_id: UUID) -> Statement:
    """Entries in an account they do not belong in: counts as 1 in the counts of a company."""
    counts = and_(Account.unit == Unit.COUNT, Account.book == Book.BALANCE, Entry.amount == 1)
    free_hires = and_(Account.unit == Unit.FREE_HIRE, Entry.amount == 1)
    return (
        select(Entry.id.label("subject_id"))
        .join(Account, Account.id == Entry.account_id)
        .where(
            Account.consortium_id == consortium_id,
            or_(
                and_(Entry.kind.in_((EntryKind.COUNTED, EntryKind.BONUS)), not_(counts)),
                and_(Entry.kind.in_((EntryKind.EARNED, EntryKind.GRANTED)), not_(free_hires)),
                and_(Entry.kind == EntryKind.REWARDED, Account.unit != Unit.REWARD),
                and_(
                    Account.unit == Unit.REWARD,
                    Entry.kind.not_in((EntryKind.REWARDED, EntryKind.REVERSED)),
                ),
            ),
        )
    )


LEDGER_CHECKS = (
    Check("BALANCE_IS_SUM_OF_ENTRIES", "account", unbalanced),
    Check("ENTRIES_ARE_NUMBERED", "account", misnumbered),
    Check("BALANCE_NOT_BELOW_ZERO", "account", overdrawn),
    Check("ENTRY_IN_ITS_ACCOUNT", "entry", misbooked),
    Check("FREE_HIRE_IS_EARNED_ONCE", "free_hire", unearned),
    Check("FREE_HIRE_ENTRY_NAMES_IT", "entry", without_free_hire),
    Check("FREE_HIRES_ARE_COUNTS_OVER_THRESHOLD", "organization", miscounted),
    Check("FREE_HIRE_STATE_IS_ITS_ENTRIES", "free_hire", misstated),
    Check("FREE_HIRE_ON_ITS_INTRODUCTION", "free_hire", misspent),
    Check("FREE_HIRE_NOT_ON_OWN_COUNT", "free_hire", spent_on_own_count),
    Check("HIRE_ENDS_ITS_REFERRAL", "hire", unfounded_hires),
)
