"""What waits for whom, and how much of it for too long."""

from __future__ import annotations

from models.access import Actor, Role
from models.operations.agreements import WithdrawFrom, withdraw_from
from models.operations.partnerships import accept_partnership
from models.operations.requests import SendRequest, send_request
from models.operations.terms import ProposeTerms, accept_terms, propose_terms
from models.reads.waiting import Waiting, WaitingKind, waiting
from models.rules.ledger import Unit
from models.rules.requests import RequestKind
from models.rules.rewards import ClauseOffered, RewardEvent
from tests.handovers import delivered, run
from tests.partners import TERMS, admin, agreed, asked, partners, person, proposed, shared
from tests.world import World

K = WaitingKind


async def told(world: World, actor: Actor) -> dict[WaitingKind, tuple[int, int]]:
    async with world.database.read() as read:
        found = await waiting(read, actor)
    assert all(isinstance(one, Waiting) for one in found)
    return {one.kind: (one.count, one.overdue) for one in found}


async def test_a_proposal_waits_for_who_may_answer_it(world: World) -> None:
    partnership_id = await proposed(world, world.company, world.other_company)
    assert await told(world, admin(world, world.other_company)) == {K.PROPOSALS: (1, 0)}
    assert await told(world, admin(world, world.company)) == {}
    assert await told(world, world.actor(world.other_company, Role.RECRUITER)) == {}
    assert await told(world, admin(world, None)) == {}
    world.clock.forward(days=15)
    assert await told(world, admin(world, world.other_company)) == {K.PROPOSALS: (1, 1)}
    assert await told(world, admin(world, None)) == {K.ANSWERS: (1, 1)}
    await run(world, accept_partnership, admin(world, world.other_company), partnership_id)
    assert await told(world, admin(world, world.other_company)) == {}
    assert await told(world, admin(world, None)) == {}


async def test_other_terms_wait_for_the_company_and_for_the_agency_they_name(world: World) -> None:
    partnership_id = await partners(world, world.company, world.other_company)
    reward = ClauseOffered(RewardEvent.HIRE, Unit.COUNT, 1, world.agency.id)
    terms = TERMS.__class__(TERMS.fields, (), 30, 0, (reward,))
    command = ProposeTerms(partnership_id, terms)
    terms_id = await run(world, propose_terms, admin(world, world.company), command)
    assert await told(world, admin(world, world.company)) == {}
    assert await told(world, admin(world, world.other_company)) == {K.TERMS: (1, 0)}
    assert await told(world, admin(world, world.agency)) == {K.FUNDINGS: (1, 0)}
    await run(world, accept_terms, admin(world, world.other_company), terms_id)
    assert await told(world, admin(world, world.other_company)) == {}
    assert await told(world, admin(world, world.agency)) == {K.FUNDINGS: (1, 0)}


async def test_an_introduction_waits_once_it_is_delivered(world: World) -> None:
    await partners(world, world.company, world.other_company)
    someone = await shared(world)
    referral_id = await asked(world, world.other_company, someone)
    recruiter = world.actor(world.other_company, Role.RECRUITER)
    assert await told(world, recruiter) == {}
    await agreed(world, someone, referral_id)
    assert await told(world, recruiter) == {K.INTRODUCTIONS: (1, 0)}
    assert await told(world, world.actor(world.company, Role.RECRUITER)) == {}


async def test_deletions_and_requests_wait_until_their_day_and_beyond(world: World) -> None:
    gone = (await world.register()).candidate_id
    await run(world, withdraw_from, person(world, gone), WithdrawFrom(await delivered(world, gone)))
    ask = SendRequest(RequestKind.SHOWING, "Who saw me?")
    await run(world, send_request, person(world, gone), ask)
    recruiter = world.actor(world.other_company, Role.RECRUITER)
    assert await told(world, recruiter) == {K.DELETIONS: (1, 0)}
    assert await told(world, admin(world, None)) == {K.DELETIONS: (1, 0), K.REQUESTS: (1, 0)}
    assert await told(world, world.actor(None, Role.ANALYST)) == {}
    world.clock.forward(days=60)
    assert await told(world, recruiter) == {K.DELETIONS: (1, 1)}
    assert await told(world, admin(world, None)) == {K.DELETIONS: (1, 1), K.REQUESTS: (1, 1)}
