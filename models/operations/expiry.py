"""Free hires that run out, and balances of companies that left. The timers call these."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import and_, exists, or_, select, update

from models.access import system
from models.audit import audit
from models.operations.ledger import About, Books, lock_books, post
from models.operations.programs import program_in_force
from models.rules.ledger import Book, EntryKind, Posting, Unit
from models.rules.lifecycles import FreeHireStatus, MembershipStatus
from models.session import WriteSession
from models.tables.consortium import Membership
from models.tables.ledger import Account, FreeHire

FREE_HIRES_PER_BATCH = 200
COMPANIES_PER_BATCH = 50


async def expire_free_hires(tx: WriteSession, batch: int = FREE_HIRES_PER_BATCH) -> int:
    """Let unused free hires run out whose time has come; those reserved are left alone.

    Answers how many were looked at: fewer than ``batch`` means that none is left.
    """
    due = (
        await tx.execute(
            select(FreeHire.id, FreeHire.company_id, FreeHire.consortium_id)
            .where(FreeHire.status == FreeHireStatus.AVAILABLE, FreeHire.expires_at <= tx.now)
            .order_by(FreeHire.expires_at, FreeHire.id)
            .limit(batch)
        )
    ).all()
    for (consortium_id, company_id), rows in _by_company(due):
        books = await _books(tx, consortium_id, company_id)
        ids = [row.id for row in rows]
        await _expire(tx, books, ids, EntryKind.EXPIRED)
    return len(due)


def _by_company(rows: Sequence[Any]) -> Iterable[tuple[tuple[uuid.UUID, uuid.UUID], Iterable[Any]]]:
    # In one order for everyone, so that two workers never wait for each other.
    def company(row: Any) -> tuple[uuid.UUID, uuid.UUID]:
        return row.consortium_id, row.company_id

    return groupby(sorted(rows, key=company), key=company)


async def _books(tx: WriteSession, consortium_id: uuid.UUID, company_id: uuid.UUID) -> Books:
    program = await program_in_force(tx, consortium_id)
    return await lock_books(tx, consortium_id=consortium_id, company_id=company_id, program=program)


async def _expire(
    tx: WriteSession, books: Books, ids: Sequence[uuid.UUID], kind: EntryKind
) -> None:
    # Only those still available now that the accounts are locked: a reservation came first.
    expired = await tx.scalars(
        update(FreeHire)
        .where(FreeHire.id.in_(ids), FreeHire.status == FreeHireStatus.AVAILABLE)
        .values(status=FreeHireStatus.EXPIRED)
        .returning(FreeHire.id)
        .execution_options(synchronize_session=False)
    )
    actor = system(books.consortium_id)
    for free_hire_id in sorted(expired):
        posting = Posting(Unit.FREE_HIRE, -1, kind)
        await post(tx, books, [posting], About(free_hire_id=free_hire_id))
        audit(tx, actor, "free_hire.expired", "free_hire", free_hire_id)


async def lapse_balances(tx: WriteSession, batch: int = COMPANIES_PER_BATCH) -> int:
    """Let the balances of companies lapse that left and whose grace period is over.

    Counts and available free hires go; a reserved free hire stays for its introduction. Answers
    how many companies were looked at: fewer than ``batch`` means that none is left.
    """
    has_counts = and_(Account.unit == Unit.COUNT, Account.balance > 0)
    has_free_hires = and_(
        Account.unit == Unit.FREE_HIRE,
        exists(
            select(FreeHire.id).where(
                FreeHire.company_id == Account.company_id,
                FreeHire.status == FreeHireStatus.AVAILABLE,
            )
        ),
    )
    due = (
        await tx.execute(
            select(Account.company_id, Account.consortium_id)
            .join(Membership, Membership.organization_id == Account.company_id)
            .where(
                Membership.status == MembershipStatus.LEFT,
                Membership.grace_ends_at <= tx.now,
                Account.book == Book.BALANCE,
                or_(has_counts, has_free_hires),
            )
            .distinct()
            .order_by(Account.company_id)
            .limit(batch)
        )
    ).all()
    for (consortium_id, company_id), _ in _by_company(due):
        await _lapse(tx, await _books(tx, consortium_id, company_id))
    return len(due)


async def _lapse(tx: WriteSession, books: Books) -> None:
    counts = books.holding.counts
    if counts:
        await post(tx, books, [Posting(Unit.COUNT, -counts, EntryKind.LAPSED)], About())
    available = await tx.scalars(
        select(FreeHire.id).where(
            FreeHire.company_id == books.company_id,
            FreeHire.status == FreeHireStatus.AVAILABLE,
        )
    )
    await _expire(tx, books, available.all(), EntryKind.LAPSED)
    audit(
        tx,
        system(books.consortium_id),
        "balance.lapsed",
        "organization",
        books.company_id,
        counts=counts,
    )
