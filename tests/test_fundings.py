"""Agencies that terms name in a reward: terms wait for them, and they may stop later on."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta

import pytest

from models.access import Role
from models.errors import Forbidden, InvalidInput, InvalidTransition, NotFound
from models.operations.fundings import accept_funding, decline_funding, stop_funding
from models.operations.members import end_membership
from models.operations.partnerships import accept_partnership, decline_partnership
from models.operations.terms import ProposeTerms, accept_terms, propose_terms
from models.reads.partnerships import history_by_partnership
from models.rules.flows import local_day
from models.rules.ledger import EntryKind, Unit
from models.rules.lifecycles import OrganizationKind, PartnershipStatus, TermsStatus
from models.rules.partnerships import AlreadyAnswered, PartnershipDeed
from models.rules.rewards import AgencyUnfit, ClauseOffered, RewardEvent
from models.tables.consortium import Organization
from tests.handovers import ZONE, change, run
from tests.partners import (
    TERMS,
    admin,
    joined,
    list_all,
    partners,
    partnership_of,
    proposed,
    terms_of,
    third_company,
)
from tests.test_rewards import clause, fundings, given, kinds, rewarding, whole
from tests.world import World, add_organization

IN_FORCE, PROPOSED = TermsStatus.IN_FORCE, TermsStatus.PROPOSED


async def other_agency(world: World) -> Organization:
    """Another agency of the consortium."""
    async with world.database.transaction() as tx:
        return await add_organization(tx, world.consortium_id, 60, OrganizationKind.AGENCY)


async def unlicensed(world: World) -> None:
    """The agency's licence has run out."""
    yesterday = local_day(world.clock.now, ZONE) - timedelta(days=1)
    await change(
        world, Organization, Organization.id == world.agency.id, licence_expires_on=yesterday
    )


async def deeds(world: World, partnership_id: uuid.UUID) -> list[PartnershipDeed]:
    """What happened to a partnership, the latest first."""

    class Everything:
        limit_rows = 100
        backward = False
        after = None
        before = None

    async with world.database.read() as read:
        rows = await history_by_partnership(
            read, admin(world, None), [partnership_id], Everything()
        )
    return [row.deed for row in rows[partnership_id]]


async def amended(world: World, partnership_id: uuid.UUID, *rewards: ClauseOffered) -> uuid.UUID:
    """The first company proposes terms with these rewards, and the second says yes."""
    terms = TERMS.__class__(TERMS.fields, (), 30, 0, rewards)
    command = ProposeTerms(partnership_id, terms)
    terms_id: uuid.UUID = await run(world, propose_terms, admin(world, world.company), command)
    await run(world, accept_terms, admin(world, world.other_company), terms_id)
    return terms_id


async def test_a_proposal_begins_with_the_last_yes_whoever_gives_it(world: World) -> None:
    partnership_id = await proposed(
        world, world.company, world.other_company, rewards=(clause(world),)
    )
    [funding_id] = await fundings(world)
    await run(world, accept_funding, admin(world, world.agency), funding_id)
    assert await terms_of(world, partnership_id) == [(1, PROPOSED)]
    await run(world, accept_partnership, admin(world, world.other_company), partnership_id)
    assert await terms_of(world, partnership_id) == [(1, IN_FORCE)]
    partnership = await partnership_of(world, partnership_id)
    assert partnership.status is PartnershipStatus.ACTIVE
    assert PartnershipDeed.FUNDING_ACCEPTED in await deeds(world, partnership_id)
    await whole(world)


async def test_terms_wait_for_every_agency_they_name(world: World) -> None:
    second = await other_agency(world)
    theirs = ClauseOffered(RewardEvent.HIRE, Unit.REWARD, 1_000, second.id)
    partnership_id = await partners(
        world, world.company, world.other_company, rewards=(clause(world), theirs)
    )
    mine, other = await fundings(world)
    await run(world, accept_funding, admin(world, world.agency), mine)
    assert await terms_of(world, partnership_id) == [(1, PROPOSED)]
    partnership = await partnership_of(world, partnership_id)
    assert partnership.status is PartnershipStatus.PROPOSED
    await run(world, accept_funding, admin(world, second), other)
    assert await terms_of(world, partnership_id) == [(1, IN_FORCE)]


async def test_an_amendment_waits_for_the_agency_while_the_old_terms_stay(world: World) -> None:
    partnership_id = await partners(world, world.company, world.other_company)
    await amended(world, partnership_id, clause(world))
    assert await terms_of(world, partnership_id) == [(1, IN_FORCE), (2, PROPOSED)]
    [funding_id] = await fundings(world)
    await run(world, accept_funding, admin(world, world.agency), funding_id)
    assert await terms_of(world, partnership_id) == [(1, TermsStatus.SUPERSEDED), (2, IN_FORCE)]
    await whole(world)


async def test_an_agency_that_says_no_ends_a_proposal(world: World) -> None:
    partnership_id = await proposed(
        world, world.company, world.other_company, rewards=(clause(world),)
    )
    [funding_id] = await fundings(world)
    await run(world, decline_funding, admin(world, world.agency), funding_id)
    partnership = await partnership_of(world, partnership_id)
    assert partnership.status is PartnershipStatus.DECLINED
    assert await terms_of(world, partnership_id) == [(1, TermsStatus.REJECTED)]
    assert (await deeds(world, partnership_id))[0] is PartnershipDeed.FUNDING_DECLINED
    for answer in (accept_funding, decline_funding, stop_funding):
        with pytest.raises(InvalidTransition):
            await run(world, answer, admin(world, world.agency), funding_id)


async def test_an_agency_that_says_no_to_an_amendment_leaves_the_terms_in_force(
    world: World,
) -> None:
    partnership_id = await partners(world, world.company, world.other_company)
    await amended(world, partnership_id, clause(world))
    [funding_id] = await fundings(world)
    await run(world, decline_funding, admin(world, world.agency), funding_id)
    assert await terms_of(world, partnership_id) == [(1, IN_FORCE), (2, TermsStatus.REJECTED)]
    partnership = await partnership_of(world, partnership_id)
    assert partnership.status is PartnershipStatus.ACTIVE


async def test_an_agency_that_leaves_the_consortium_keeps_no_terms_waiting(world: World) -> None:
    leaving = await other_agency(world)
    theirs = ClauseOffered(RewardEvent.HIRE, Unit.COUNT, 1, leaving.id)
    going_on = await partners(world, world.company, world.other_company)
    await amended(world, going_on, theirs)
    third = await third_company(world)
    only_proposed = await proposed(world, world.company, third, rewards=(theirs,))

    await run(world, end_membership, admin(world, None), leaving.id)

    assert await terms_of(world, going_on) == [(1, IN_FORCE), (2, TermsStatus.REJECTED)]
    assert (await partnership_of(world, going_on)).status is PartnershipStatus.ACTIVE
    assert await terms_of(world, only_proposed) == [(1, TermsStatus.REJECTED)]
    assert (await partnership_of(world, only_proposed)).status is PartnershipStatus.DECLINED
    assert (await deeds(world, going_on))[0] is PartnershipDeed.FUNDING_DECLINED
    await whole(world)


async def test_an_agency_answers_once_and_only_for_itself(world: World) -> None:
    await partners(world, world.company, world.other_company, rewards=(clause(world),))
    [funding_id] = await fundings(world)
    second = await other_agency(world)
    with pytest.raises(NotFound):
        await run(world, accept_funding, admin(world, second), funding_id)
    for who in (
        admin(world, world.company),
        admin(world, None),
        world.actor(world.agency, Role.RECRUITER),
    ):
        with pytest.raises(Forbidden):
            await run(world, accept_funding, who, funding_id)
    await run(world, accept_funding, admin(world, world.agency), funding_id)
    with pytest.raises(InvalidTransition):
        await run(world, accept_funding, admin(world, world.agency), funding_id)


async def test_an_agency_answers_a_waiting_version_once(world: World) -> None:
    await proposed(world, world.company, world.other_company, rewards=(clause(world),))
    [funding_id] = await fundings(world)
    await run(world, accept_funding, admin(world, world.agency), funding_id)
    with pytest.raises(AlreadyAnswered):
        await run(world, accept_funding, admin(world, world.agency), funding_id)


async def test_only_licensed_agencies_are_named_and_say_yes(world: World) -> None:
    await proposed(world, world.company, world.other_company, rewards=(clause(world),))
    [funding_id] = await fundings(world)
    await unlicensed(world)
    with pytest.raises(AgencyUnfit):
        await run(world, accept_funding, admin(world, world.agency), funding_id)
    third = await third_company(world)
    with pytest.raises(AgencyUnfit):
        await proposed(world, world.company, third, rewards=(clause(world),))


@pytest.mark.parametrize(
    ("unit", "amount"),
    [
        (Unit.COUNT, 0),
        (Unit.COUNT, 11),
        (Unit.FREE_HIRE, 4),
        (Unit.REWARD, 10_000_001),
        (Unit.REWARD, -1),
    ],
)
async def test_no_promise_is_beyond_its_bounds(world: World, unit: Unit, amount: int) -> None:
    with pytest.raises(InvalidInput) as refusal:
        await proposed(
            world,
            world.company,
            world.other_company,
            rewards=(clause(world, unit=unit, amount=amount),),
        )
    assert refusal.value.path == ("terms", "rewards")
    assert await fundings(world) == []


async def test_terms_hold_few_promises_and_none_twice(world: World) -> None:
    for rewards in ((clause(world),) * 2, tuple(clause(world, amount=n) for n in range(1, 12))):
        with pytest.raises(InvalidInput):
            await proposed(world, world.company, world.other_company, rewards=rewards)
    assert await fundings(world) == []


async def test_who_stops_pays_for_what_has_begun_and_for_nothing_later(world: World) -> None:
    partnership_id = await rewarding(world, clause(world, amount=2))
    [funding_id] = await fundings(world)
    begun = await given(world)
    world.clock.forward(minutes=1)
    await run(world, stop_funding, admin(world, world.agency), funding_id)
    with pytest.raises(AlreadyAnswered):
        await run(world, stop_funding, admin(world, world.agency), funding_id)
    assert await terms_of(world, partnership_id) == [(1, IN_FORCE)]
    world.clock.forward(minutes=1)
    later = await given(world)
    await joined(world, world.other_company, later)
    assert await kinds(world, world.company) == []
    await joined(world, world.other_company, begun)
    assert await kinds(world, world.company) == [(EntryKind.BONUS, 1)] * 2
    assert (await deeds(world, partnership_id))[0] is PartnershipDeed.FUNDING_STOPPED
    await whole(world)


async def test_the_last_two_answers_at_once_begin_a_partnership_once(world: World) -> None:
    partnership_id = await proposed(
        world, world.company, world.other_company, rewards=(clause(world),)
    )
    [funding_id] = await fundings(world)
    await asyncio.gather(
        run(world, accept_funding, admin(world, world.agency), funding_id),
        run(world, accept_partnership, admin(world, world.other_company), partnership_id),
    )
    assert await terms_of(world, partnership_id) == [(1, IN_FORCE)]
    assert (await deeds(world, partnership_id)).count(PartnershipDeed.BEGAN) == 1
    await list_all(world)
    await whole(world)


async def test_a_yes_and_a_no_at_once_come_out_one_way(world: World) -> None:
    partnership_id = await proposed(
        world, world.company, world.other_company, rewards=(clause(world),)
    )
    [funding_id] = await fundings(world)
    answers = await asyncio.gather(
        run(world, accept_funding, admin(world, world.agency), funding_id),
        run(world, decline_partnership, admin(world, world.other_company), partnership_id),
        return_exceptions=True,
    )
    assert answers[1] == partnership_id
    assert answers[0] == funding_id or isinstance(answers[0], InvalidTransition)
    partnership = await partnership_of(world, partnership_id)
    assert partnership.status is PartnershipStatus.DECLINED
    assert await terms_of(world, partnership_id) == [(1, TermsStatus.REJECTED)]
