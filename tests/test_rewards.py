"""Rewards of partnerships: posted by the terms a referral began under, and taken back."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from models.access import Role
from models.errors import NotFound
from models.operations.free_hires import RedeemFreeHire, redeem_free_hire
from models.operations.milestones import reach_milestones
from models.operations.outcomes import RecordExit, ReverseExit, record_exit, reverse_exit
from models.operations.partnerships import WithReason, end_partnership
from models.operations.rewards import settle_rewards
from models.operations.terms import ProposeTerms, accept_terms, propose_terms
from models.rules.counting import OpenLinks
from models.rules.flows import local_day
from models.rules.free_hires import OwnCount
from models.rules.ledger import Book, EntryKind, Unit
from models.rules.lifecycles import FreeHireStatus, MembershipStatus
from models.rules.rewards import ClauseOffered, RewardEvent, RewardWithheld
from models.tables.consortium import Membership, Organization, ProgramVersion
from models.tables.ledger import Account, Entry
from models.tables.links import LinkUsage, RelayLink
from models.tables.referrals import Referral
from models.tables.rewards import Funding, Reward
from models.upsert import plain_insert
from models.verify import verify_consortium
from tests.handovers import ZONE, accepted, change, free_hires_by_status, hired, run
from tests.handovers import offered as introduced_and_offered
from tests.partners import (
    TERMS,
    admin,
    agreed,
    funded,
    joined,
    link_of,
    offered,
    partners,
    shared,
    taken_up,
    third_company,
)
from tests.world import World

REFERRAL, HIRE, STAYED = RewardEvent.REFERRAL, RewardEvent.HIRE, RewardEvent.STAYED_90


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
    await funded(world)
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


async def spend(world: World) -> None:
    """The first company puts its free hire on someone whom the agency introduced, who joins."""
    someone = (await world.register(await link_of(world, world.other_company))).candidate_id
    introduced = await introduced_and_offered(world, someone, world.company)
    spender = world.actor(world.company, Role.RECRUITER)
    await run(world, redeem_free_hire, spender, RedeemFreeHire(introduced))
    await hired(world, introduced, world.company)


async def withheld(world: World) -> list[RewardWithheld | None]:
    """Why each reward was withheld."""
    async with world.database.read() as read:
        return list(await read.scalars(select(Reward.withheld).order_by(Reward.posted_at)))


async def rewarding_by(world: World, agency_id: uuid.UUID) -> None:
    """Ask for terms that name someone as the agency."""
    promise = ClauseOffered(HIRE, Unit.REWARD, 1_000, agency_id)
    third = await third_company(world)
    await partners(world, world.company, third, rewards=(promise,))


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


async def test_a_bonus_that_reaches_the_threshold_earns_a_free_hire(world: World) -> None:
    await rewarding(world, clause(world, amount=10))
    await joined(world, world.other_company, await given(world))
    # The registration's own count and ten more: ten became a free hire.
    assert await held(world, world.company) == {
        (Unit.COUNT, Book.BALANCE): 1,
        (Unit.FREE_HIRE, Book.BALANCE): 1,
    }
    assert await free_hires_by_status(world, world.company) == {FreeHireStatus.AVAILABLE: 1}
    await whole(world)


async def test_a_bonus_that_was_spent_is_kept_as_a_debt(world: World) -> None:
    await rewarding(world, clause(world, amount=9))
    hire_id = await joined(world, world.other_company, await given(world))
    assert await held(world, world.company) == {(Unit.FREE_HIRE, Book.BALANCE): 1}
    await spend(world)
    await left(world, hire_id)
    assert await held(world, world.company) == {(Unit.COUNT, Book.DEBT): 9}
    await world.register()
    assert await held(world, world.company) == {(Unit.COUNT, Book.DEBT): 8}
    world.clock.forward(minutes=1)
    await not_left(world, hire_id)
    # What comes again fills the debt first.
    assert await held(world, world.company) == {(Unit.COUNT, Book.BALANCE): 1}
    await whole(world)


async def test_free_hires_are_granted_and_taken_back(world: World) -> None:
    await rewarding(world, clause(world, unit=Unit.FREE_HIRE, amount=2))
    hire_id = await joined(world, world.other_company, await given(world))
    assert await kinds(world, world.company) == [(EntryKind.GRANTED, 1)] * 2
    assert await free_hires_by_status(world, world.company) == {FreeHireStatus.AVAILABLE: 2}
    await left(world, hire_id)
    assert await kinds(world, world.company) == [
        *[(EntryKind.GRANTED, 1)] * 2,
        *[(EntryKind.REVERSED, -1)] * 2,
    ]
    assert await free_hires_by_status(world, world.company) == {FreeHireStatus.TAKEN_BACK: 2}
    await whole(world)


async def test_a_granted_free_hire_that_was_spent_is_owed_in_counts(world: World) -> None:
    await rewarding(world, clause(world, unit=Unit.FREE_HIRE, amount=1))
    hire_id = await joined(world, world.other_company, await given(world))
    await spend(world)
    await left(world, hire_id)
    assert await held(world, world.company) == {
        (Unit.COUNT, Book.BALANCE): 1,
        (Unit.COUNT, Book.DEBT): 10,
    }
    assert await free_hires_by_status(world, world.company) == {FreeHireStatus.SPENT: 1}
    await whole(world)


async def test_yen_go_from_the_receiver_to_the_agency_and_sum_to_zero(world: World) -> None:
    await rewarding(world, clause(world, event=STAYED, unit=Unit.REWARD, amount=100_000))
    hire_id = await joined(world, world.other_company, await given(world))
    await stayed(world, 89)
    assert await held(world, world.agency) == {}
    await stayed(world, 1)
    assert await held(world, world.agency) == {(Unit.REWARD, Book.BALANCE): 100_000}
    assert await held(world, world.other_company) == {(Unit.REWARD, Book.BALANCE): -100_000}
    assert await held(world, world.company) == {(Unit.COUNT, Book.BALANCE): 1}
    # They had left after all, before the ninety days were over.
    command = RecordExit(hire_id, local_day(world.clock.now, ZONE) - timedelta(days=20))
    await run(world, record_exit, world.actor(world.other_company, Role.RECRUITER), command)
    assert await held(world, world.agency) == {}
    assert await held(world, world.other_company) == {}
    world.clock.forward(minutes=1)
    await not_left(world, hire_id)
    assert await held(world, world.agency) == {}
    await stayed(world, 0)
    assert await held(world, world.agency) == {(Unit.REWARD, Book.BALANCE): 100_000}
    await whole(world)


async def test_a_referral_is_rewarded_once_it_is_taken_up_and_whatever_follows(
    world: World,
) -> None:
    await rewarding(world, clause(world, event=REFERRAL, amount=1))
    referral_id = await given(world)
    assert await kinds(world, world.company) == [(EntryKind.BONUS, 1)]
    hire_id = await joined(world, world.other_company, referral_id)
    await left(world, hire_id)
    assert await kinds(world, world.company) == [(EntryKind.BONUS, 1)]
    await whole(world)


async def test_leaving_after_the_guarantee_takes_nothing_back(world: World) -> None:
    await rewarding(world, clause(world), clause(world, event=STAYED))
    hire_id = await joined(world, world.other_company, await given(world))
    await stayed(world, 100)
    await left(world, hire_id)
    assert await held(world, world.company) == {(Unit.COUNT, Book.BALANCE): 5}
    await whole(world)


async def test_an_early_exit_takes_back_what_rests_on_the_milestone_too(world: World) -> None:
    await rewarding(
        world,
        clause(world),
        clause(world, unit=Unit.REWARD, amount=5_000),
        clause(world, event=STAYED, unit=Unit.FREE_HIRE, amount=1),
    )
    hire_id = await joined(world, world.other_company, await given(world))
    await stayed(world, 91)
    command = RecordExit(hire_id, local_day(world.clock.now, ZONE) - timedelta(days=10))
    await run(world, record_exit, world.actor(world.other_company, Role.RECRUITER), command)
    assert await held(world, world.company) == {(Unit.COUNT, Book.BALANCE): 1}
    assert await held(world, world.agency) == {}
    await whole(world)


async def test_a_referral_earns_by_the_terms_it_began_under(world: World) -> None:
    partnership_id = await rewarding(world, clause(world, amount=2))
    referral_id = await given(world)
    command = ProposeTerms(partnership_id, TERMS)
    terms_id = await run(world, propose_terms, admin(world, world.company), command)
    await run(world, accept_terms, admin(world, world.other_company), terms_id)
    later = await given(world)
    await joined(world, world.other_company, later)
    assert await kinds(world, world.company) == []
    await joined(world, world.other_company, referral_id)
    assert await kinds(world, world.company) == [(EntryKind.BONUS, 1)] * 2
    await whole(world)


async def test_a_referral_earns_though_the_partnership_has_ended(world: World) -> None:
    partnership_id = await rewarding(world, clause(world, amount=2))
    referral_id = await given(world)
    command = WithReason(partnership_id, "over")
    await run(world, end_partnership, admin(world, None), command)
    await joined(world, world.other_company, referral_id)
    assert await kinds(world, world.company) == [(EntryKind.BONUS, 1)] * 2
    await whole(world)


async def test_nothing_is_posted_once_the_licence_has_lapsed(world: World) -> None:
    await rewarding(world, clause(world), clause(world, unit=Unit.REWARD, amount=5_000))
    referral_id = await given(world)
    yesterday = local_day(world.clock.now, ZONE) - timedelta(days=1)
    await change(
        world,
        Organization,
        Organization.id == world.agency.id,
        licence_expires_on=yesterday,
    )
    hire_id = await joined(world, world.other_company, referral_id)
    assert await withheld(world) == [RewardWithheld.LICENCE_LAPSED] * 2
    assert await kinds(world, world.company) == []
    assert await held(world, world.agency) == {}
    await left(world, hire_id)
    await change(world, Organization, Organization.id == world.agency.id, licence_expires_on=None)
    world.clock.forward(minutes=1)
    # A mistake that is taken back changes nothing of what was so on the day.
    await not_left(world, hire_id)
    assert await withheld(world) == [RewardWithheld.LICENCE_LAPSED] * 4
    assert await kinds(world, world.company) == []
    await whole(world)


async def test_a_reward_posted_under_a_valid_licence_comes_back_as_it_was(world: World) -> None:
    await rewarding(world, clause(world, amount=1))
    hire_id = await joined(world, world.other_company, await given(world))
    await left(world, hire_id)
    yesterday = local_day(world.clock.now, ZONE) - timedelta(days=1)
    await change(
        world, Organization, Organization.id == world.agency.id, licence_expires_on=yesterday
    )
    world.clock.forward(minutes=1)
    await not_left(world, hire_id)
    assert await held(world, world.company) == {(Unit.COUNT, Book.BALANCE): 2}
    await whole(world)


@pytest.mark.parametrize(
    ("who", "reason"),
    [("agency", RewardWithheld.AGENCY_LEFT), ("company", RewardWithheld.COMPANY_LEFT)],
)
async def test_nothing_is_posted_for_or_by_who_has_left(
    world: World, who: str, reason: RewardWithheld
) -> None:
    await rewarding(world, clause(world))
    referral_id = await given(world)
    gone: Organization = getattr(world, who)
    await change(
        world, Membership, Membership.organization_id == gone.id, status=MembershipStatus.LEFT
    )
    await joined(world, world.other_company, referral_id)
    assert await withheld(world) == [reason]
    assert await kinds(world, world.company) == []


async def test_what_is_settled_again_is_posted_once(world: World) -> None:
    await rewarding(world, clause(world, amount=1))
    referral_id = await given(world)
    await joined(world, world.other_company, referral_id)

    async def settle() -> None:
        async with world.database.transaction() as tx:
            await settle_rewards(tx, admin(world, world.company), [referral_id])

    await asyncio.gather(*(settle() for _ in range(4)))
    assert await kinds(world, world.company) == [(EntryKind.BONUS, 1)]


async def test_a_reward_stands_once_whoever_writes_it(world: World) -> None:
    await rewarding(world, clause(world, amount=1))
    await joined(world, world.other_company, await given(world))
    async with world.database.read() as read:
        row = (await read.execute(select(Reward.clause_id, Reward.referral_id))).one()
    with pytest.raises(IntegrityError):
        async with world.database.transaction() as tx:
            tx.add(
                Reward(
                    clause_id=row.clause_id,
                    referral_id=row.referral_id,
                    posted_at=tx.now,
                    posted_on=tx.now.date(),
                )
            )


async def test_timers_that_run_twice_post_a_milestone_once(world: World) -> None:
    await rewarding(world, clause(world, event=STAYED, amount=1))
    referrals = [await given(world) for _ in range(3)]
    for referral_id in referrals:
        await joined(world, world.other_company, referral_id)
    world.clock.forward(days=91)

    async def note() -> None:
        async with world.database.transaction() as tx:
            await reach_milestones(tx)

    await asyncio.gather(note(), note(), note())
    assert await kinds(world, world.company) == [(EntryKind.BONUS, 1)] * 3
    await whole(world)


async def test_invariant_11_no_free_hire_on_a_person_that_brought_a_bonus(world: World) -> None:
    await rewarding(world, clause(world, event=REFERRAL, amount=10))
    # The count of the registration itself does not stand in the way: it was never made.
    link = await link_of(world, world.company)
    await change(world, RelayLink, RelayLink.id == link.id, usage=LinkUsage.PUBLIC)
    await change(
        world,
        ProgramVersion,
        ProgramVersion.program_id == world.program_id,
        open_links=OpenLinks.REJECTION_MAIL_ONLY,
    )
    candidate_id = await shared(world, link)
    referral_id = await offered(world, world.company, candidate_id, world.other_company)
    await agreed(world, candidate_id, referral_id)
    await taken_up(world, world.other_company, referral_id)
    assert await held(world, world.company) == {(Unit.FREE_HIRE, Book.BALANCE): 1}
    introduced = await accepted(world, candidate_id, world.company)
    spender = world.actor(world.company, Role.RECRUITER)
    with pytest.raises(OwnCount):
        await run(world, redeem_free_hire, spender, RedeemFreeHire(introduced))
    assert await free_hires_by_status(world, world.company) == {FreeHireStatus.AVAILABLE: 1}


async def test_invariant_12_no_reward_goes_to_a_candidate(world: World) -> None:
    await rewarding(world, clause(world, unit=Unit.REWARD, amount=1_000))
    referral_id = await given(world)
    await joined(world, world.other_company, referral_id)
    async with world.database.read() as read:
        candidate_id = await read.scalar(
            select(Referral.candidate_id).where(Referral.id == referral_id)
        )
        accounts = list(await read.scalars(select(Account.company_id)))
    assert candidate_id is not None
    assert set(accounts) <= {world.company.id, world.other_company.id, world.agency.id}
    # Nobody but an organization can have an account, or a part in terms.
    account = Account(
        consortium_id=world.consortium_id,
        program_id=world.program_id,
        company_id=candidate_id,
        unit=Unit.REWARD,
    )
    async with world.database.read() as read:
        terms_id = await read.scalar(select(Funding.terms_id))
    assert terms_id is not None
    funding = Funding(terms_id=terms_id, agency_id=candidate_id, proposed_at=world.clock.now)
    for row in (account, funding):
        with pytest.raises(IntegrityError):
            async with world.database.transaction() as tx:
                tx.add(row)
    with pytest.raises(NotFound):
        await rewarding_by(world, candidate_id)


async def test_invariant_12_no_yen_go_to_a_company(world: World) -> None:
    await rewarding(world, clause(world, unit=Unit.REWARD, amount=1_000))
    await joined(world, world.other_company, await given(world))
    async with world.database.read() as read:
        entries = list(
            await read.execute(
                select(Entry, Account.company_id)
                .join(Account, Account.id == Entry.account_id)
                .where(Account.unit == Unit.REWARD)
            )
        )
    assert {row[1]: row[0].amount for row in entries} == {
        world.other_company.id: -1_000,
        world.agency.id: 1_000,
    }
    for entry, _ in entries:
        values = {one.key: getattr(entry, one.key) for one in Entry.__table__.columns}
        values |= {"id": uuid.uuid4(), "number": 2, "amount": -entry.amount}
        with pytest.raises(IntegrityError):
            async with world.database.transaction() as tx:
                await tx.execute(plain_insert(Entry), values)
    with pytest.raises(NotFound):
        await rewarding_by(world, world.other_company.id)
