"""Hires agree with their exits, exits with the ledger, and milestones with both."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, and_, exists, func, not_, or_, select
from sqlalchemy.orm import aliased

from models.checks.statements import Check, Statement
from models.rules.ledger import EntryKind
from models.rules.lifecycles import HireStatus
from models.tables.ledger import Account, Entry
from models.tables.outcomes import HireExit, HireMilestone
from models.tables.referrals import Hire

NEVER_YEN = -1
"""Stands for no refund where two are compared."""


def misstated_hires(consortium_id: UUID) -> Statement:
    """Hires whose state, last day or refund is not that of the exit that stands."""
    agreeing = exists(
        select(HireExit.id).where(
            HireExit.hire_id == Hire.id,
            HireExit.reversed_at.is_(None),
            HireExit.status == Hire.status,
            HireExit.left_on == Hire.left_on,
            func.coalesce(HireExit.refund_yen, NEVER_YEN)
            == func.coalesce(Hire.refund_yen, NEVER_YEN),
        )
    )
    standing = exists(
        select(HireExit.id).where(HireExit.hire_id == Hire.id, HireExit.reversed_at.is_(None))
    )
    has_left = Hire.status != HireStatus.JOINED
    return select(Hire.id.label("subject_id")).where(
        Hire.consortium_id == consortium_id,
        or_(and_(has_left, not_(agreeing)), and_(not_(has_left), standing)),
    )


def unreturned(consortium_id: UUID) -> Statement:
    """Exits whose free hire did not come back, or did where it should not have.

    The return names the spending. It is itself taken back exactly where the exit is.
    """
    returned, spent, undone = aliased(Entry), aliased(Entry), aliased(Entry)
    is_returned = exists(
        select(returned.id)
        .join(spent, spent.id == returned.reverses_id)
        .where(
            returned.id == HireExit.entry_id,
            returned.kind == EntryKind.RETURNED,
            returned.amount == 1,
            returned.free_hire_id == Hire.free_hire_id,
            spent.kind == EntryKind.SPENT,
            spent.free_hire_id == Hire.free_hire_id,
        )
    )
    is_undone = exists(
        select(undone.id).where(
            undone.reverses_id == HireExit.entry_id, undone.kind == EntryKind.SPENT
        )
    )
    is_due = and_(HireExit.status == HireStatus.LEFT_EARLY, Hire.free_hire_id.is_not(None))
    return _exits(consortium_id).where(
        or_(
            is_due != HireExit.entry_id.is_not(None),
            and_(is_due, not_(is_returned)),
            and_(is_due, is_undone != HireExit.reversed_at.is_not(None)),
        )
    )


def returned_for_nothing(consortium_id: UUID) -> Statement:
    """Entries that give a free hire back without an exit."""
    exited = exists(select(HireExit.id).where(HireExit.entry_id == Entry.id))
    return (
        select(Entry.id.label("subject_id"))
        .join(Account, Account.id == Entry.account_id)
        .where(
            Account.consortium_id == consortium_id,
            Entry.kind == EntryKind.RETURNED,
            not_(exited),
        )
    )


def overpaid(consortium_id: UUID) -> Statement:
    """Exits by which more is owed back than the fee was, or less than nothing."""
    return _exits(consortium_id).where(
        or_(HireExit.refund_yen < 0, HireExit.refund_yen > Hire.fee_yen)
    )


def unstayed(consortium_id: UUID) -> Statement:
    """Milestones that hold though the person had left, or had not yet joined."""
    return (
        select(HireMilestone.id.label("subject_id"))
        .join(Hire, Hire.id == HireMilestone.hire_id)
        .where(
            Hire.consortium_id == consortium_id,
            HireMilestone.undone_at.is_(None),
            or_(
                HireMilestone.reached_on > Hire.left_on,
                HireMilestone.reached_on <= Hire.joined_on,
            ),
        )
    )


def _exits(consortium_id: UUID) -> Select[UUID]:
    return (
        select(HireExit.id.label("subject_id"))
        .join(Hire, Hire.id == HireExit.hire_id)
        .where(Hire.consortium_id == consortium_id)
    )


OUTCOME_CHECKS = (
    Check("HIRE_STATE_IS_ITS_EXIT", "hire", misstated_hires),
    Check("EARLY_EXIT_GIVES_FREE_HIRE_BACK", "hire_exit", unreturned),
    Check("RETURN_HAS_ITS_EXIT", "entry", returned_for_nothing),
    Check("REFUND_WITHIN_FEE", "hire_exit", overpaid),
    Check("MILESTONE_WAS_STAYED", "hire_milestone", unstayed),
)
