"""A company's ledger."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import strawberry

from gql.batch import relation
from gql.connection import Connection, PageArguments
from gql.context import Context
from gql.enums import described
from gql.filters import Filter
from gql.free_hires import FreeHire, free_hire, load_free_hires
from gql.lists import After, Before, First, Last, connect_each, counting_each
from gql.node import Node, encode_id, register_node
from gql.registrations import Registration, load_registrations
from gql.rewards import Reward, load_rewards
from gql.scalars import Yen
from models.reads import free_hires
from models.reads import ledger as reads
from models.rules.ledger import Book, EntryKind, Unit
from models.rules.lifecycles import FreeHireStatus

described(
    Book,
    "What a company has, or owes.",
    BALANCE="What it has.",
    DEBT="Counts taken back that were spent already; later counts fill them first.",
)
described(
    EntryKind,
    "Why an entry was made.",
    COUNTED="A person was counted.",
    CONVERTED="Counts became a free hire.",
    EARNED="A free hire was earned.",
    SPENT="The person joined.",
    EXPIRED="A free hire ran out.",
    RETURNED="The person left within the guarantee.",
    REVERSED="A count was taken back.",
    TAKEN_BACK="A free hire was taken back.",
    OWED="A count was taken back that was spent already.",
    DEBT_FILLED="A count filled a debt.",
    LAPSED="The company left, and its time was over.",
    BONUS="A bonus count, promised by a partnership's terms.",
    GRANTED="A free hire, promised by a partnership's terms.",
    REWARDED="Yen, promised by a partnership's terms.",
)


@strawberry.type(description="One entry of the ledger. It is never changed.")
class Entry(Node):
    """One entry, as its company reads it."""

    row: strawberry.Private[reads.ShownEntry]
    number: int = strawberry.field(description="1, 2, 3 … within its account.")
    unit: Unit = strawberry.field(description="What the amount is in.")
    book: Book = strawberry.field(description="Of what the company has, or owes.")
    kind: EntryKind = strawberry.field(description="Why it was made.")
    amount: int = strawberry.field(description="How much, below zero where it was taken.")
    posted_on: dt.date = strawberry.field(description="The day it was made.")
    program_version: int = strawberry.field(
        description="The number of the program version that was in force."
    )

    @relation(description="The registration it is about.")
    @staticmethod
    async def registration(parents: list[Entry], ctx: Context) -> list[Registration | None]:
        keys = [p.row.registration_id for p in parents if p.row.registration_id]
        found = await load_registrations(ctx, keys) if keys else {}
        return [found.get(k) if (k := p.row.registration_id) else None for p in parents]

    @relation(description="The free hire it is about.")
    @staticmethod
    async def free_hire(parents: list[Entry], ctx: Context) -> list[FreeHire | None]:
        keys = [p.row.free_hire_id for p in parents if p.row.free_hire_id]
        found = await load_free_hires(ctx, keys) if keys else {}
        return [found.get(k) if (k := p.row.free_hire_id) else None for p in parents]

    @relation(description="The reward of a partnership's terms that it is about.")
    @staticmethod
    async def reward(parents: list[Entry], ctx: Context) -> list[Reward | None]:
        keys = [p.row.reward_id for p in parents if p.row.reward_id]
        found = await load_rewards(ctx, keys) if keys else {}
        return [found.get(k) if (k := p.row.reward_id) else None for p in parents]

    @relation(description="The entry that it takes back.")
    @staticmethod
    async def reverses(parents: list[Entry], ctx: Context) -> list[Entry | None]:
        keys = [p.row.reverses_id for p in parents if p.row.reverses_id]
        found = await _load(ctx, keys) if keys else {}
        return [found.get(k) if (k := p.row.reverses_id) else None for p in parents]


def entry(row: reads.ShownEntry) -> Entry:
    """An entry as its company reads it."""
    return Entry(
        id=encode_id("Entry", row.id),
        row=row,
        number=row.number,
        unit=row.unit,
        book=row.book,
        kind=row.kind,
        amount=row.amount,
        posted_on=row.posted_on,
        program_version=row.program_version,
    )


async def _load(ctx: Context, keys: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Entry]:
    async with ctx.database.read() as read:
        rows = await reads.entries_by_id(read, ctx.signed_in(), keys)
    return {key: entry(row) for key, row in rows.items()}


register_node("Entry", _load)


@strawberry.type(description="What a company holds now, and how it came to it.")
class Account:
    """A company's counts and free hires."""

    company_key: strawberry.Private[uuid.UUID]
    counts: int = strawberry.field(description="Counts towards the next free hire.")
    counts_per_free_hire: int = strawberry.field(description="So many earn one, at present.")
    missing: int = strawberry.field(
        description="How many more counts make the next free hire, debts included."
    )
    debt: int = strawberry.field(
        description="Counts taken back that were spent already; later counts fill them first."
    )
    free_hires_available: int = strawberry.field(
        description="Free hires that can be put on an introduction now."
    )
    free_hires_reserved: int = strawberry.field(description="Free hires on introductions.")

    @relation(description="The entries of one unit and book, the newest first.")
    @staticmethod
    async def entries(
        parents: list[Account],
        ctx: Context,
        unit: Annotated[
            Unit, strawberry.argument(description="Counts or free hires.")
        ] = Unit.COUNT,
        book: Annotated[
            Book, strawberry.argument(description="What it has, or owes.")
        ] = Book.BALANCE,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Connection[Entry]]:
        keys = [parent.company_key for parent in parents]
        asked = PageArguments.of(
            first=first, after=after, last=last, before=before, kinds=(int, uuid.UUID)
        )
        return await _entries(ctx, keys, unit, book, asked)


async def _entries(
    ctx: Context, keys: Sequence[uuid.UUID], unit: Unit, book: Book, asked: PageArguments
) -> list[Connection[Entry]]:
    actor = ctx.signed_in()
    async with ctx.database.read() as read:
        pages = await reads.entries_by_company(read, actor, keys, unit, book, asked)
    return connect_each(
        keys,
        pages,
        asked,
        node=entry,
        position=lambda row: (row.number, row.id),
        count=counting_each(
            ctx, lambda read, some: reads.count_entries(read, actor, some, unit, book)
        ),
    )


def account(row: reads.CompanyAccount | None) -> Account | None:
    """What a company holds; none where the actor does not see its books."""
    if row is None:
        return None
    return Account(
        company_key=row.company_id,
        counts=row.counts,
        counts_per_free_hire=row.counts_per_free_hire,
        missing=row.missing,
        debt=row.debt,
        free_hires_available=row.free_hires_available,
        free_hires_reserved=row.free_hires_reserved,
    )


@strawberry.type(description="Yen of an organization by rewards of partnerships.")
class RewardAccount:
    """What was paid, or received."""

    organization_key: strawberry.Private[uuid.UUID]
    received_yen: Yen = strawberry.field(description="What an agency received, in all.")
    paid_yen: Yen = strawberry.field(description="What a company paid, in all.")

    @relation(description="The entries, the newest first.")
    @staticmethod
    async def entries(
        parents: list[RewardAccount],
        ctx: Context,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Connection[Entry]]:
        keys = [parent.organization_key for parent in parents]
        asked = PageArguments.of(
            first=first, after=after, last=last, before=before, kinds=(int, uuid.UUID)
        )
        return await _entries(ctx, keys, Unit.REWARD, Book.BALANCE, asked)


@strawberry.type
class OrganizationRewards:
    """What companies and agencies have of rewards: `gql.consortium` takes it in."""

    @relation(
        description="Its yen by rewards of partnerships; told to itself and to consortium admins, "
        "null to others."
    )
    @staticmethod
    async def reward_account(parents: list[Any], ctx: Context) -> list[RewardAccount | None]:
        keys = [parent.key for parent in parents]
        async with ctx.database.read() as read:
            found = await reads.yen_by_organization(read, ctx.signed_in(), keys)
        return [_reward_account(key, found[key]) if key in found else None for key in keys]


def _reward_account(key: uuid.UUID, balance_yen: int) -> RewardAccount:
    # A company's balance is below zero: it pays and never receives, and an agency the other way.
    return RewardAccount(
        organization_key=key,
        received_yen=Yen(max(balance_yen, 0)),
        paid_yen=Yen(max(-balance_yen, 0)),
    )


@strawberry.type
class CompanyLedger:
    """What a company has of the ledger: `gql.consortium` takes it in."""

    @relation(
        description="What it holds; told to the company itself and to consortium admins, null to "
        "others."
    )
    @staticmethod
    async def account(parents: list[Any], ctx: Context) -> list[Account | None]:
        keys = [parent.key for parent in parents]
        async with ctx.database.read() as read:
            found = await reads.accounts_by_company(read, ctx.signed_in(), keys)
        return [account(found.get(key)) for key in keys]

    @relation(
        description="Its free hires, the newest first; told to the company itself and to "
        "consortium admins."
    )
    @staticmethod
    async def free_hires(
        parents: list[Any],
        ctx: Context,
        status: Annotated[
            Filter[FreeHireStatus] | None, strawberry.argument(description="By where they stand.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Connection[FreeHire]]:
        actor = ctx.signed_in()
        asked = PageArguments.of(
            first=first, after=after, last=last, before=before, kinds=(dt.date, uuid.UUID)
        )
        keys = [parent.key for parent in parents]
        async with ctx.database.read() as read:
            pages = await free_hires.free_hires_by_company(read, actor, keys, status, asked)
        return connect_each(
            keys,
            pages,
            asked,
            node=free_hire,
            position=lambda row: (row.earned_on, row.id),
            count=counting_each(
                ctx, lambda read, some: free_hires.count_free_hires(read, actor, some, status)
            ),
        )
