"""Writing the ledger: the only code that changes an account, and only by adding entries."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from models.base import ordered_id, random_id
from models.operations.programs import InForce
from models.outbox import Event, EventType
from models.rules.ledger import (
    LINKED,
    Book,
    EntryKind,
    Holding,
    Posting,
    Unit,
    post_count,
    post_reversal,
)
from models.rules.lifecycles import FreeHireStatus
from models.session import WriteSession
from models.tables.consortium import ProgramVersion
from models.tables.ledger import Account, Entry, FreeHire
from models.upsert import insert_for, plain_insert

AccountKey = tuple[Unit, Book]
COMPANY_ACCOUNTS: tuple[AccountKey, ...] = (
    (Unit.COUNT, Book.BALANCE),
    (Unit.COUNT, Book.DEBT),
    (Unit.FREE_HIRE, Book.BALANCE),
)


@dataclass(slots=True)
class Books:
    """One company's accounts under one program, locked until the transaction ends."""

    consortium_id: uuid.UUID
    company_id: uuid.UUID
    program: InForce
    accounts: dict[AccountKey, Account]

    @property
    def holding(self) -> Holding:
        """What the company holds now."""
        return Holding(
            counts=self.accounts[Unit.COUNT, Book.BALANCE].balance,
            debt=self.accounts[Unit.COUNT, Book.DEBT].balance,
        )


async def lock_books(
    tx: WriteSession, *, consortium_id: uuid.UUID, company_id: uuid.UUID, program: InForce
) -> Books:
    """Lock the company's accounts, in key order, making them at the first use."""
    accounts = await _lock_accounts(tx, company_id, program.program_id)
    if len(accounts) < len(COMPANY_ACCOUNTS):
        rows = [
            {
                "id": ordered_id(),
                "consortium_id": consortium_id,
                "program_id": program.program_id,
                "company_id": company_id,
                "unit": unit,
                "book": book,
                "balance": 0,
                "entries": 0,
            }
            for unit, book in COMPANY_ACCOUNTS
        ]
        await tx.execute(insert_for(tx, Account).on_conflict_do_nothing(), rows)
        accounts = await _lock_accounts(tx, company_id, program.program_id)
    return Books(consortium_id, company_id, program, accounts)


async def _lock_accounts(
    tx: WriteSession, company_id: uuid.UUID, program_id: uuid.UUID
) -> dict[AccountKey, Account]:
    rows = await tx.scalars(
        select(Account)
        .where(
            Account.company_id == company_id,
            Account.program_id == program_id,
            Account.unit != Unit.REWARD,
        )
        .order_by(Account.unit, Account.book)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {(account.unit, account.book): account for account in rows}


@dataclass(frozen=True, slots=True)
class About:
    """What the entries of one posting are about."""

    registration_id: uuid.UUID | None = None
    free_hire_id: uuid.UUID | None = None
    reverses_id: uuid.UUID | None = None


async def post(
    tx: WriteSession, books: Books, postings: list[Posting], about: About
) -> list[uuid.UUID]:
    """Write entries and bring the cached balances along. Answers the entries' ids, in order."""
    posting_id = random_id()
    rows: list[dict[str, Any]] = []
    for posting in postings:
        account = books.accounts[posting.unit, posting.book]
        account.balance += posting.amount
        account.entries += 1
        rows.append(
            {
                "id": random_id(),
                "account_id": account.id,
                "number": account.entries,
                "amount": posting.amount,
                "kind": posting.kind,
                "posting_id": posting_id,
                "posted_at": tx.now,
                "posted_on": books.program.day(tx.now),
                "program_version_id": books.program.version.id,
                "registration_id": about.registration_id,
                "free_hire_id": about.free_hire_id if posting.unit is Unit.FREE_HIRE else None,
                "reverses_id": about.reverses_id if posting.kind in LINKED else None,
            }
        )
    await tx.flush()
    await tx.execute(plain_insert(Entry), rows)
    return [row["id"] for row in rows]


async def post_counted(tx: WriteSession, books: Books, registration_id: uuid.UUID) -> list[Event]:
    """Count one registration; the count that reaches the threshold earns free hires too."""
    threshold = books.program.version.counts_per_free_hire
    postings = post_count(books.holding, threshold)
    split = [p for p in postings if p.kind is not EntryKind.EARNED]
    await post(tx, books, split, About(registration_id=registration_id))
    return [
        await _earn(tx, books, posting, registration_id)
        for posting in postings
        if posting.kind is EntryKind.EARNED
    ]


async def _earn(
    tx: WriteSession, books: Books, posting: Posting, registration_id: uuid.UUID
) -> Event:
    free_hire_id = random_id()
    await tx.execute(
        plain_insert(FreeHire),
        {
            "id": free_hire_id,
            "consortium_id": books.consortium_id,
            "program_id": books.program.program_id,
            "company_id": books.company_id,
            "program_version_id": books.program.version.id,
            "status": FreeHireStatus.AVAILABLE,
            "earned_at": tx.now,
            "earned_on": books.program.day(tx.now),
            "expires_at": books.program.free_hire_expiry(tx.now),
        },
    )
    await post(
        tx, books, [posting], About(registration_id=registration_id, free_hire_id=free_hire_id)
    )
    return Event(
        EventType.FREE_HIRE_EARNED,
        books.consortium_id,
        {"free_hire": free_hire_id.hex, "company": books.company_id.hex},
    )


async def post_reversed(tx: WriteSession, books: Books, *, entry: Entry) -> list[uuid.UUID]:
    """Take back the count that ``entry`` made, from wherever it can be taken."""
    available = await available_free_hire(tx, books)
    cost = None
    if available is not None:
        cost = await tx.scalar(
            select(ProgramVersion.counts_per_free_hire).where(
                ProgramVersion.id == available.program_version_id
            )
        )
    postings = post_reversal(books.holding, cost)
    taken = available if any(p.kind is EntryKind.TAKEN_BACK for p in postings) else None
    if taken is not None:
        await tx.execute(
            update(FreeHire).where(FreeHire.id == taken.id).values(status=FreeHireStatus.TAKEN_BACK)
        )
    about = About(
        registration_id=entry.registration_id,
        free_hire_id=taken.id if taken else None,
        reverses_id=entry.id,
    )
    return await post(tx, books, postings, about)


async def available_free_hire(tx: WriteSession, books: Books) -> FreeHire | None:
    """The company's free hire that expires first among those that can be used now."""
    return await tx.scalar(
        select(FreeHire)
        .where(
            FreeHire.company_id == books.company_id,
            FreeHire.program_id == books.program.program_id,
            FreeHire.status == FreeHireStatus.AVAILABLE,
            FreeHire.expires_at > tx.now,
        )
        .order_by(FreeHire.expires_at, FreeHire.id)
        .limit(1)
        .execution_options(populate_existing=True)
    )
