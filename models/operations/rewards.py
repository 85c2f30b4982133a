"""Rewards of partnerships: posted when their event is true, taken back when it no longer is."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, exists, not_, select, update

from models.access import Actor
from models.audit import audit
from models.base import random_id
from models.operations.ledger import (
    COMPANY_ACCOUNTS,
    YEN_ACCOUNT,
    About,
    AccountKey,
    Books,
    give_free_hire,
    lock_books,
    post,
    post_grant_reversed,
    post_one,
    post_reversed,
)
from models.operations.programs import InForce, program_in_force
from models.outbox import emit
from models.reads.rewards import happened, promised
from models.rules.ledger import REWARDING, EntryKind, Posting, Unit
from models.rules.rewards import RewardWithheld, Standing, why_withheld
from models.session import WriteSession
from models.tables.consortium import Membership, Organization
from models.tables.ledger import Account, Entry
from models.tables.referrals import Referral
from models.tables.rewards import Funding, Reward, RewardClause
from models.upsert import insert_for

BooksOf = Mapping[uuid.UUID, Books]


async def settle_rewards(
    tx: WriteSession, actor: Actor, referral_ids: Collection[uuid.UUID]
) -> None:
    """Bring what referrals between partners earned in line with what is true of them now.

    What a clause of their pinned terms rewards is posted once it has happened, and taken back by
    entries that name the posted ones once it no longer holds; what holds again is posted anew, as
    it was before. Whoever changes such a fact locks the referral, or its hire, and calls this last:
    the accounts of all organizations concerned are locked in one order.
    """
    due = (await tx.execute(_due(referral_ids))).all()
    undone = (await tx.execute(_undone(referral_ids))).all()
    if not due and not undone:
        return
    program = await program_in_force(tx, actor.consortium_id)
    judged = await _judge(tx, due, program.day(tx.now))
    moving = [row for row, why in judged if why is None]
    moving.extend(row for row in undone if row.withheld is None)
    books = await _lock_all(tx, actor.consortium_id, program, moving)
    for row in undone:
        await _take_back(tx, actor, books, row, program.day(tx.now))
    for row, why in judged:
        await _post(tx, actor, books, row, why, program.day(tx.now))


CLAUSE: tuple[Any, ...] = (
    Referral.id.label("referral_id"),
    Referral.from_id,
    Referral.to_id,
    RewardClause.id.label("clause_id"),
    RewardClause.unit,
    RewardClause.amount,
    Funding.agency_id,
)


def _clauses(referral_ids: Collection[uuid.UUID], *more: Any) -> Select[Any]:
    return (
        select(*CLAUSE, *more)
        .select_from(Referral)
        .join(RewardClause, RewardClause.terms_id == Referral.terms_id)
        .join(Funding, Funding.id == RewardClause.funding_id)
        .where(Referral.id.in_(referral_ids))
        .order_by(Referral.id, RewardClause.number)
    )


def _due(referral_ids: Collection[uuid.UUID]) -> Select[Any]:
    standing = exists(
        select(Reward.id).where(
            Reward.clause_id == RewardClause.id,
            Reward.referral_id == Referral.id,
            Reward.reversed_at.is_(None),
        )
    )
    return _clauses(referral_ids).where(promised(), happened(), not_(standing))


def _undone(referral_ids: Collection[uuid.UUID]) -> Select[Any]:
    return (
        _clauses(referral_ids, Reward.id.label("reward_id"), Reward.withheld)
        .join(Reward, (Reward.clause_id == RewardClause.id) & (Reward.referral_id == Referral.id))
        .where(Reward.reversed_at.is_(None), not_(happened()))
    )


async def _judge(
    tx: WriteSession, due: Sequence[Any], today: date
) -> list[tuple[Any, RewardWithheld | None]]:
    """Whether each is posted, or why it is withheld; one that was taken back is as it was."""
    if not due:
        return []
    rows = await tx.execute(
        select(Organization.id, Membership.status, Organization.licence_expires_on)
        .join(Membership, Membership.organization_id == Organization.id)
        .where(Organization.id.in_({row.agency_id for row in due} | {_company(row) for row in due}))
    )
    standings = {row.id: Standing(row.status, row.licence_expires_on) for row in rows}
    earlier = await tx.execute(
        select(Reward.clause_id, Reward.referral_id, Reward.withheld)
        .where(Reward.referral_id.in_({row.referral_id for row in due}))
        .order_by(Reward.posted_at)
    )
    before = {(row.clause_id, row.referral_id): row.withheld for row in earlier}
    return [
        (
            row,
            before[key]
            if (key := (row.clause_id, row.referral_id)) in before
            else why_withheld(standings[row.agency_id], standings[_company(row)], today),
        )
        for row in due
    ]


def _company(row: Any) -> uuid.UUID:
    """The company whose balance a reward changes: who gave the candidate, or who pays."""
    company_id: uuid.UUID = row.to_id if row.unit is Unit.REWARD else row.from_id
    return company_id


async def _lock_all(
    tx: WriteSession, consortium_id: uuid.UUID, program: InForce, rows: Iterable[Any]
) -> BooksOf:
    """The books that the rewards change, locked in the order of their organizations' ids."""
    needed: dict[uuid.UUID, set[AccountKey]] = {}
    for row in rows:
        is_yen = row.unit is Unit.REWARD
        needed.setdefault(_company(row), set()).update(YEN_ACCOUNT if is_yen else COMPANY_ACCOUNTS)
        if is_yen:
            needed.setdefault(row.agency_id, set()).update(YEN_ACCOUNT)
    return {
        organization_id: await lock_books(
            tx,
            consortium_id=consortium_id,
            company_id=organization_id,
            program=program,
            keys=sorted(needed[organization_id]),
        )
        for organization_id in sorted(needed)
    }


async def _post(
    tx: WriteSession,
    actor: Actor,
    books: BooksOf,
    row: Any,
    withheld: RewardWithheld | None,
    today: date,
) -> None:
    """Post one reward; the unique key has the last word on whether it stands already."""
    reward_id = await tx.scalar(
        insert_for(tx, Reward)
        .values(
            id=random_id(),
            clause_id=row.clause_id,
            referral_id=row.referral_id,
            withheld=withheld,
            posted_at=tx.now,
            posted_on=today,
        )
        .on_conflict_do_nothing()
        .returning(Reward.id)
    )
    if reward_id is None:
        return
    if withheld is None:
        await _write(tx, books, row, About(reward_id=reward_id))
    action = "reward.withheld" if withheld else "reward.posted"
    audit(tx, actor, action, "reward", reward_id, referral=row.referral_id.hex)


async def _write(tx: WriteSession, books: BooksOf, row: Any, about: About) -> None:
    own = books[_company(row)]
    if row.unit is Unit.REWARD:
        posting_id = random_id()
        paid = Posting(Unit.REWARD, -row.amount, EntryKind.REWARDED)
        received = Posting(Unit.REWARD, row.amount, EntryKind.REWARDED)
        await post(tx, own, [paid], about, posting_id)
        await post(tx, books[row.agency_id], [received], about, posting_id)
        return
    # Each count is an entry of its own, as each can be taken back from somewhere else.
    for _ in range(row.amount):
        if row.unit is Unit.COUNT:
            await emit(tx, *await post_one(tx, own, EntryKind.BONUS, about))
        else:
            await emit(tx, await give_free_hire(tx, own, EntryKind.GRANTED, about))


async def _take_back(tx: WriteSession, actor: Actor, books: BooksOf, row: Any, today: date) -> None:
    """Take one reward back: each entry by one that names it."""
    await tx.execute(
        update(Reward)
        .where(Reward.id == row.reward_id)
        .values(reversed_at=tx.now, reversed_on=today)
        .execution_options(synchronize_session=False)
    )
    entries = await tx.execute(
        select(Entry, Account.company_id)
        .join(Account, Account.id == Entry.account_id)
        .where(Entry.reward_id == row.reward_id, Entry.kind.in_(REWARDING))
        .order_by(Account.company_id, Entry.number)
    )
    posting_id = random_id()
    for entry, organization_id in entries.all():
        own = books[organization_id]
        if entry.kind is EntryKind.BONUS:
            await post_reversed(tx, own, entry=entry)
        elif entry.kind is EntryKind.GRANTED:
            await post_grant_reversed(tx, own, entry=entry)
        else:
            back = Posting(Unit.REWARD, -entry.amount, EntryKind.REVERSED)
            about = About(reverses_id=entry.id, reward_id=row.reward_id)
            await post(tx, own, [back], about, posting_id)
    audit(tx, actor, "reward.reversed", "reward", row.reward_id, referral=row.referral_id.hex)
