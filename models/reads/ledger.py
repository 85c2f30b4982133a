"""A company's ledger: what it holds, and the entries.

A company learns days and never times. Everything here is answered for many companies by a fixed
number of statements; a company whose books the actor does not see has no answer.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, case, func, select

from models.access import Actor, Permission
from models.operations.programs import program_in_force
from models.paging import PageAsked, page_rows_by_parent
from models.rules.ledger import Book, EntryKind, Holding, Unit
from models.rules.lifecycles import FreeHireStatus
from models.rules.standing import missing_counts
from models.session import ReadSession
from models.tables.consortium import ProgramVersion
from models.tables.ledger import Account, Entry, FreeHire
from models.visibility import visible_accounts, visible_free_hires

ENTRY_KEYS = (Entry.number, Entry.id)

Ids = Sequence[uuid.UUID]


@dataclass(frozen=True, slots=True)
class CompanyAccount:
    """What a company holds now."""

    company_id: uuid.UUID
    counts: int
    debt: int
    counts_per_free_hire: int
    missing: int
    """How many more counts make the next free hire."""
    free_hires_available: int
    """Those that can be used now: neither reserved nor past their day."""
    free_hires_reserved: int


async def accounts_by_company(
    read: ReadSession, actor: Actor, company_ids: Ids
) -> dict[uuid.UUID, CompanyAccount]:
    """What each company holds whose books the actor sees: three statements."""
    ids = seen_companies(actor, company_ids)
    if not ids:
        return {}
    program = await program_in_force(read, actor.consortium_id)
    threshold = program.version.counts_per_free_hire
    balances = {
        (row.company_id, row.unit, row.book): row.balance
        for row in await read.execute(
            select(Account.company_id, Account.unit, Account.book, Account.balance).where(
                visible_accounts(actor), Account.company_id.in_(ids)
            )
        )
    }
    free_hires = await _free_hires_held(read, actor, ids)
    found = {}
    for company_id in ids:
        holding = Holding(
            counts=balances.get((company_id, Unit.COUNT, Book.BALANCE), 0),
            debt=balances.get((company_id, Unit.COUNT, Book.DEBT), 0),
        )
        available, reserved = free_hires.get(company_id, (0, 0))
        found[company_id] = CompanyAccount(
            company_id=company_id,
            counts=holding.counts,
            debt=holding.debt,
            counts_per_free_hire=threshold,
            missing=missing_counts(holding, threshold),
            free_hires_available=available,
            free_hires_reserved=reserved,
        )
    return found


def seen_companies(actor: Actor, company_ids: Ids) -> list[uuid.UUID]:
    """Those of the companies whose books the actor sees: its own, or all of the consortium's."""
    if not actor.may(Permission.READ_LEDGER):
        return []
    ids = dict.fromkeys(company_ids)
    if actor.organization_id is None:
        return list(ids)
    return [one for one in ids if one == actor.organization_id]


async def _free_hires_held(
    read: ReadSession, actor: Actor, ids: Ids
) -> Mapping[uuid.UUID, tuple[int, int]]:
    usable = and_(FreeHire.status == FreeHireStatus.AVAILABLE, FreeHire.expires_at > read.now)
    reserved = FreeHire.status == FreeHireStatus.RESERVED
    rows = await read.execute(
        select(
            FreeHire.company_id,
            func.sum(case((usable, 1), else_=0)),
            func.sum(case((reserved, 1), else_=0)),
        )
        .where(
            visible_free_hires(actor),
            FreeHire.company_id.in_(ids),
            FreeHire.status.in_((FreeHireStatus.AVAILABLE, FreeHireStatus.RESERVED)),
        )
        .group_by(FreeHire.company_id)
    )
    return {row[0]: (int(row[1]), int(row[2])) for row in rows}


async def yen_by_organization(read: ReadSession, actor: Actor, ids: Ids) -> Mapping[uuid.UUID, int]:
    """The yen that rewards moved, of each organization whose account of it the actor sees."""
    wanted = list(dict.fromkeys(ids))
    if not actor.may(Permission.READ_REWARDS):
        return {}
    if actor.organization_id is not None:
        wanted = [one for one in wanted if one == actor.organization_id]
    rows = await read.execute(
        select(Account.company_id, Account.balance).where(
            visible_accounts(actor),
            Account.company_id.in_(wanted),
            Account.unit == Unit.REWARD,
            Account.book == Book.BALANCE,
        )
    )
    return dict.fromkeys(wanted, 0) | {row[0]: row[1] for row in rows}


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """One entry as its company reads it: the day, never the time."""

    id: uuid.UUID
    number: int
    unit: Unit
    book: Book
    kind: EntryKind
    amount: int
    posted_on: date
    program_version: int
    registration_id: uuid.UUID | None
    free_hire_id: uuid.UUID | None
    reverses_id: uuid.UUID | None
    reward_id: uuid.UUID | None


ENTRY_COLUMNS: tuple[Any, ...] = (
    Entry.id,
    Entry.account_id,
    Entry.number,
    Entry.kind,
    Entry.amount,
    Entry.posted_on,
    Entry.program_version_id,
    Entry.registration_id,
    Entry.free_hire_id,
    Entry.reverses_id,
    Entry.reward_id,
)


async def entries_by_company(
    read: ReadSession,
    actor: Actor,
    company_ids: Ids,
    unit: Unit,
    book: Book,
    asked: PageAsked,
) -> dict[uuid.UUID, list[ShownEntry]]:
    """The same page of one account of each company, the newest first: three statements."""
    accounts = await _accounts(read, actor, company_ids, unit, book)
    pages = await page_rows_by_parent(
        read,
        select(*ENTRY_COLUMNS),
        ENTRY_KEYS,
        asked,
        parents=list(accounts.values()),
        parent=Entry.account_id,
        descending=True,
    )
    numbers = await version_numbers(read, [row for rows in pages.values() for row in rows])
    return {
        company_id: [_entry(row, unit, book, numbers) for row in pages[account_id]]
        for company_id, account_id in accounts.items()
    }


async def count_entries(
    read: ReadSession, actor: Actor, company_ids: Ids, unit: Unit, book: Book
) -> Mapping[uuid.UUID, int]:
    """How many entries one account of each company has."""
    rows = await read.execute(
        select(Account.company_id, Account.entries).where(
            visible_accounts(actor),
            Account.company_id.in_(list(company_ids)),
            Account.unit == unit,
            Account.book == book,
        )
    )
    return {row[0]: row[1] for row in rows}


async def entries_by_id(
    read: ReadSession, actor: Actor, ids: Ids
) -> Mapping[uuid.UUID, ShownEntry]:
    """Those of the ids that the actor sees."""
    rows = (
        await read.execute(
            select(*ENTRY_COLUMNS, Account.unit, Account.book)
            .join(Account, Account.id == Entry.account_id)
            .where(visible_accounts(actor), Entry.id.in_(list(ids)))
        )
    ).all()
    numbers = await version_numbers(read, rows)
    return {row.id: _entry(row, row.unit, row.book, numbers) for row in rows}


async def _accounts(
    read: ReadSession, actor: Actor, company_ids: Ids, unit: Unit, book: Book
) -> dict[uuid.UUID, uuid.UUID]:
    rows = await read.execute(
        select(Account.company_id, Account.id).where(
            visible_accounts(actor),
            Account.company_id.in_(list(company_ids)),
            Account.unit == unit,
            Account.book == book,
        )
    )
    return {row[0]: row[1] for row in rows}


async def version_numbers(read: ReadSession, rows: Iterable[Any]) -> Mapping[uuid.UUID, int]:
    """The numbers of the program versions that judged the rows."""
    ids = {row.program_version_id for row in rows} - {None}
    found = await read.execute(
        select(ProgramVersion.id, ProgramVersion.number).where(ProgramVersion.id.in_(ids))
    )
    return {row[0]: row[1] for row in found}


def _entry(row: Any, unit: Unit, book: Book, numbers: Mapping[uuid.UUID, int]) -> ShownEntry:
    return ShownEntry(
        id=row.id,
        number=row.number,
        unit=unit,
        book=book,
        kind=row.kind,
        amount=row.amount,
        posted_on=row.posted_on,
        program_version=numbers[row.program_version_id],
        registration_id=row.registration_id,
        free_hire_id=row.free_hire_id,
        reverses_id=row.reverses_id,
        reward_id=row.reward_id,
    )
