"""Rewards of partnerships: promised, agreed to, posted by the pinned terms, taken back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from models.access import Role
from models.errors import DomainError
from models.operations.fundings import accept_funding
from models.operations.milestones import reach_milestones
from models.operations.outcomes import RecordExit, ReverseExit, record_exit, reverse_exit
from models.rules.flows import local_day
from models.rules.ledger import Book, EntryKind, Unit
from models.rules.lifecycles import TermsStatus
from models.rules.rewards import ClauseOffered, RewardEvent
from models.tables.consortium import Organization
from models.tables.ledger import Account, Entry
from models.tables.rewards import Funding, Reward
from models.verify import verify_consortium
from tests.handovers import ZONE, run
from tests.partners import (
    admin,
    agreed,
    joined,
    list_all,
    offered,
    partners,
    shared,
    taken_up,
    terms_of,
)
from tests.world import World

REFERRAL, HIRE, STAYED = RewardEvent.REFERRAL, RewardEvent.HIRE, RewardEvent.STAYED_90
BALANCE = {(Unit.COUNT, Book.BALANCE): 0}


def clause(
    world: World, event: RewardEvent = HIRE, unit: Unit = Unit.COUNT, amount: int = 2
) -> ClauseOffered:
    """A promise that the agency has part in."""
    return ClauseOffered(event, unit, amount, world.agency.id)


async def fundings(world: World) -> Sequence[uuid.UUID]:
    """The agencies' parts in terms, the first first."""
    async with world.database.read() as read:
        return list(await read.scalars(select(Funding.id).order_by(Funding.id)))


async def rewarding(world: World, *clauses: ClauseOffered) -> uuid.UUID:
    """The two companies are partners under terms with these rewards, which the agency accepted."""
    partnership_id = await partners(world, world.company, world.other_company, rewards=clauses)
    [funding_id] = await fundings(world)
    await run(world, accept_funding, admin(world, world.agency), funding_id)
    await list_all(world)
    return partnership_id


async def given(world: World, **changes: Any) -> uuid.UUID:
    """Someone whom the first company gave on to the second, which has taken them up."""
    candidate_id = await shared(world, **changes)
    referral_id = await offered(world, world.company, candidate_id, world.other_company)
    await agreed(world, candidate_id, referral_id)
    await taken_up(world, world.other_company, referral_id)
    return referral_id


async def left(world: World, hire_id: uuid.UUID) -> None:
    """The person leaves today, as the receiver says."""
    command = RecordExit(hire_id, local_day(world.clock.now, ZONE))
    await run(world, record_exit, world.actor(world.other_company, Role.RECRUITER), command)


async def not_left(world: World, hire_id: uuid.UUID) -> None:
    """That was a mistake."""
    command = ReverseExit(hire_id)
    await run(world, reverse_exit, world.actor(world.other_company, Role.RECRUITER), command)


async def stayed(world: World, days: int) -> None:
    """So many days go by, and the timers note it."""
    world.clock.forward(days=days)
    async with world.database.transaction() as tx:
        await reach_milestones(tx)


async def held(world: World, organization: Organization) -> dict[tuple[Unit, Book], int]:
    """What an organization holds, of what it holds anything."""
    async with world.database.read() as read:
        rows = await read.execute(
            select(Account.unit, Account.book, Account.balance).where(
                Account.company_id == organization.id, Account.balance != 0
            )
        )
        return {(row[0], row[1]): row[2] for row in rows}


async def kinds(world: World, organization: Organization) -> list[tuple[EntryKind, int]]:
    """An organization's entries that are about rewards, in order."""
    async with world.database.read() as read:
        rows = await read.execute(
            select(Entry.kind, Entry.amount)
            .join(Account, Account.id == Entry.account_id)
            .where(Account.company_id == organization.id, Entry.reward_id.is_not(None))
            .order_by(Entry.posted_at, Account.unit, Entry.number)
        )
        return [(row[0], row[1]) for row in rows]


async def whole(world: World) -> None:
    """Nothing stored is against an invariant."""
    async with world.database.read() as read:
        assert await verify_consortium(read, world.consortium_id) == []


async def test_bonus_counts_come_with_a_hire_and_go_with_an_early_exit(world: World) -> None:
    await rewarding(world, clause(world, amount=2))
    referral_id = await given(world)
    # One count is the registration's own.
    assert await held(world, world.company) == {(Unit.COUNT, Book.BALANCE): 1}
    hire_id = await joined(world, world.other_company, referral_id)
    assert await held(world, world.company) == {(Unit.COUNT, Book.BALANCE): 3}
    await left(world, hire_id)
    assert await held(world, world.company) == {(Unit.COUNT, Book.BALANCE): 1}
    world.clock.forward(minutes=1)
    await not_left(world, hire_id)
    assert await held(world, world.company) == {(Unit.COUNT, Book.BALANCE): 3}
    assert await kinds(world, world.company) == [
        *[(EntryKind.BONUS, 1)] * 2,
        *[(EntryKind.REVERSED, -1)] * 2,
        *[(EntryKind.BONUS, 1)] * 2,
    ]
    await whole(world)


async def test_terms_with_rewards_wait_for_the_agencies_they_name(world: World) -> None:
    partnership_id = await partners(
        world, world.company, world.other_company, rewards=(clause(world),)
    )
    assert await terms_of(world, partnership_id) == [(1, TermsStatus.PROPOSED)]
    [funding_id] = await fundings(world)
    await run(world, accept_funding, admin(world, world.agency), funding_id)
    assert await terms_of(world, partnership_id) == [(1, TermsStatus.IN_FORCE)]
