"""Writing the ledger: the only code that changes an account, and only by adding entries."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select, tuple_, update

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
    post_grant_reversal,
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
YEN_ACCOUNT: tuple[AccountKey, ...] = ((Unit.REWARD, Book.BALANCE),)


@dataclass(slots=True)
class Books:
    """One organization's accounts under one program, locked until the transaction ends."""

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
    tx: WriteSession,
    *,
    consortium_id: uuid.UUID,
    company_id: uuid.UUID,
    program: InForce,
    keys: Sequence[AccountKey] = COMPANY_ACCOUNTS,
) -> Books:
    """Lock the company's accounts, in key order, making them at the first use.

    Who locks the books of several organizations does so in the order of their ids.
    """
    accounts = await _lock_accounts(tx, company_id, program.program_id, keys)
    if len(accounts) < len(keys):
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
            for unit, book in keys
        ]
        await tx.execute(insert_for(tx, Account).on_conflict_do_nothing(), rows)
        accounts = await _lock_accounts(tx, company_id, program.program_id, keys)
    return Books(consortium_id, company_id, program, accounts)


async def _lock_accounts(
    tx: WriteSession, company_id: uuid.UUID, program_id: uuid.UUID, keys: Sequence[AccountKey]
) -> dict[AccountKey, Account]:
    rows = await tx.scalars(
        select(Account)
        .where(
            Account.company_id == company_id,
            Account.program_id == program_id,
            tuple_(Account.unit, Account.book).in_(keys),
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
    reward_id: uuid.UUID | None = None


async def post(
    tx: WriteSession,
    books: Books,
    postings: list[Posting],
    about: About,
    posting_id: uuid.UUID | None = None,
) -> list[uuid.UUID]:
    """Write entries and bring the cached balances along. Answers the entries' ids, in order.

    Those of one ``posting_id``, where one is given, were made together.
    """
    posting_id = posting_id or random_id()
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
                "reward_id": about.reward_id,
            }
        )
    await tx.flush()
    await tx.execute(plain_insert(Entry), rows)
    return [row["id"] for row in rows]


async def post_counted(tx: WriteSession, books: Books, registration_id: uuid.UUID) -> list[Event]:
    """Count one registration; the count that reaches the threshold earns free hires too."""
    return await post_one(tx, books, EntryKind.COUNTED, About(registration_id=registration_id))


async def post_one(tx: WriteSession, books: Books, kind: EntryKind, about: About) -> list[Event]:
    """Post one count of a kind, and the free hires that it earns."""
    threshold = books.program.version.counts_per_free_hire
    postings = post_count(books.holding, threshold, kind)
    split = [p for p in postings if p.kind is not EntryKind.EARNED]
    await post(tx, books, split, about)
    return [
        await give_free_hire(tx, books, EntryKind.EARNED, about)
        for posting in postings
        if posting.kind is EntryKind.EARNED
    ]


async def give_free_hire(tx: WriteSession, books: Books, kind: EntryKind, about: About) -> Event:
    """A free hire that counts earned, or that was granted."""
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
    posting = Posting(Unit.FREE_HIRE, 1, kind)
    await post(tx, books, [posting], replace(about, free_hire_id=free_hire_id))
    return Event(
        EventType.FREE_HIRE_EARNED,
        books.consortium_id,
        {"free_hire": free_hire_id.hex, "company": books.company_id.hex},
    )


async def post_reversed(tx: WriteSession, books: Books, *, entry: Entry) -> list[uuid.UUID]:
    """Take back the count that ``entry`` made, from wherever it can be taken."""
    available = await available_free_hire(tx, books)
    cost = None if available is None else await _cost_of(tx, available)
    postings = post_reversal(books.holding, cost)
    taken = available if any(p.kind is EntryKind.TAKEN_BACK for p in postings) else None
    return await _post_taken(tx, books, postings, entry, taken)


async def post_grant_reversed(tx: WriteSession, books: Books, *, entry: Entry) -> list[uuid.UUID]:
    """Take back the free hire that ``entry`` granted: itself, else another, else as a debt."""
    granted = await tx.get_one(FreeHire, entry.free_hire_id, populate_existing=True)
    is_usable = granted.status is FreeHireStatus.AVAILABLE and granted.expires_at > tx.now
    taken = granted if is_usable else await available_free_hire(tx, books)
    postings = post_grant_reversal(is_available=taken is not None, cost=await _cost_of(tx, granted))
    return await _post_taken(tx, books, postings, entry, taken)


async def _cost_of(tx: WriteSession, free_hire: FreeHire) -> int:
    """How many counts made a free hire when it was earned or granted."""
    rows = await tx.scalars(
        select(ProgramVersion.counts_per_free_hire).where(
            ProgramVersion.id == free_hire.program_version_id
        )
    )
    return rows.one()


async def _post_taken(
    tx: WriteSession,
    books: Books,
    postings: list[Posting],
    entry: Entry,
    taken: FreeHire | None,
) -> list[uuid.UUID]:
    if taken is not None:
        await tx.execute(
            update(FreeHire).where(FreeHire.id == taken.id).values(status=FreeHireStatus.TAKEN_BACK)
        )
    about = About(
        registration_id=entry.registration_id,
        free_hire_id=taken.id if taken else None,
        reverses_id=entry.id,
        reward_id=entry.reward_id,
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
