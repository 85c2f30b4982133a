"""Partners pass candidates on: offered or asked for, answered, and on to a hire without a fee."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from models.access import Actor, Role
from models.errors import AlreadyExists, InvalidInput, InvalidTransition, NotFound
from models.operations.agreements import DeclineIntroduction, decline_introduction
from models.operations.candidate_pages import leave_agency
from models.operations.partner_referrals import (
    AskForCandidate,
    OfferCandidate,
    ask_for_candidate,
    offer_candidate,
)
from models.operations.referrals import (
    DeclineReferral,
    RecordHire,
    accept_referral,
    decline_referral,
    make_offer,
    record_hire,
    start_interviews,
    withdraw_proposal,
)
from models.operations.timers import expire_introductions
from models.outbox import EventType
from models.reads.hires import hires_by_id
from models.reads.referrals import candidates_of, referrals_by_id
from models.rules.agreements import IntroductionClosed
from models.rules.flows import local_day
from models.rules.handovers import ANSWER_DAYS, NotReceiver
from models.rules.lifecycles import Channel
from models.rules.partnerships import AskedLately, NotBetween, NotCovered
from models.rules.sharing import (
    CandidateField,
    Purpose,
)
from models.tables.flows import FlowDay
from models.tables.records import OutboxEvent
from models.tables.referrals import DeclineReason, Referral
from tests.handovers import ZONE, proposed, run, status_of
from tests.partners import (
    NAMED,
    SHARING,
    TERMS,
    agreed,
    asked,
    fields_seen,
    link_of,
    offered,
    partners,
    person,
    pool,
    seen,
    shared,
    third_company,
)
from tests.test_sharing import withdraw
from tests.world import World

DAY_SHARED = TERMS.shared_days


async def test_only_who_gave_their_name_can_be_offered_on(world: World) -> None:
    await partners(world, world.company, world.other_company)
    unnamed = await shared(world, purposes=SHARING)
    foreign = await shared(world, await link_of(world, world.other_company))
    for someone in (unnamed, foreign):
        with pytest.raises(NotFound):
            await offered(world, world.company, someone, world.other_company)
    named = await shared(world, purposes=NAMED - {Purpose.PARTNER_SHARING})
    referral_id = await offered(world, world.company, named, world.other_company)
    assert await status_of(world, referral_id) == "PROPOSED"
    assert await seen(world, world.other_company, named) is None


async def test_an_offer_needs_a_partnership_that_covers_the_category(world: World) -> None:
    """Each refusal says where it lies, and nobody is asked."""
    someone = await shared(world)
    with pytest.raises(NotBetween) as refused:
        await offered(world, world.company, someone, world.other_company)
    assert refused.value.path == ("companyId",)
    await partners(world, world.company, world.other_company, categories=("IT_INFRASTRUCTURE",))
    with pytest.raises(NotCovered) as uncovered:
        await offered(world, world.company, someone, world.other_company)
    assert (uncovered.value.code, uncovered.value.path) == ("NO_PARTNERSHIP", ("category",))
    with pytest.raises(InvalidInput) as unknown:
        await run(
            world,
            offer_candidate,
            world.actor(world.company, Role.RECRUITER),
            OfferCandidate(someone, world.other_company.id, "NO_SUCH"),
        )
    assert unknown.value.path == ("category",)
    async with world.database.read() as read:
        shares = select(func.count()).where(Referral.channel == Channel.PARTNER_SHARE)
        assert await read.scalar(shares) == 0


async def test_nobody_is_asked_twice_at_once_or_soon_again(world: World) -> None:
    await partners(world, world.company, world.other_company)
    someone = await shared(world)
    referral_id = await asked(world, world.other_company, someone)
    with pytest.raises(AskedLately):
        await asked(world, world.other_company, someone)
    asker = world.actor(world.other_company, Role.RECRUITER)
    await run(world, withdraw_proposal, asker, referral_id)
    with pytest.raises(AskedLately):
        await asked(world, world.other_company, someone)
    world.clock.forward(days=91)
    await asked(world, world.other_company, someone)


async def test_the_giver_of_an_unnamed_person_learns_the_day_and_the_state_alone(
    world: World,
) -> None:
    await partners(world, world.company, world.other_company)
    unnamed = await shared(world, purposes=SHARING)
    referral_id = await asked(world, world.other_company, unnamed)
    giver = world.actor(world.company, Role.RECRUITER)
    async with world.database.read() as read:
        told = (await referrals_by_id(read, giver, [referral_id]))[referral_id]
        [who] = await candidates_of(read, giver, [told])
    assert who is None
    assert told.status is not None
    assert told.status.value == "REQUESTED"
    assert (told.created_at, told.changed_at, told.respond_by) == (None, None, None)


async def test_an_offer_is_not_repeated_after_a_no(world: World) -> None:
    await partners(world, world.company, world.other_company)
    someone = await shared(world)
    referral_id = await offered(world, world.company, someone, world.other_company)
    no = DeclineIntroduction(referral_id)
    await run(world, decline_introduction, person(world, someone), no)
    with pytest.raises(AskedLately):
        await offered(world, world.company, someone, world.other_company)


async def test_what_others_do_is_not_told_by_a_refusal(world: World) -> None:
    """Nor by anything else: whoever asks in vain is told what those are whom nobody answers."""
    await partners(world, world.company, world.other_company)
    of_partner, of_agency, free = await shared(world), await shared(world), await shared(world)
    await offered(world, world.company, of_partner, world.other_company)
    await proposed(world, of_agency)
    mails = await number_of_questions(world)
    referrals = [
        await asked(world, world.other_company, one) for one in (of_partner, of_agency, free)
    ]
    assert await number_of_questions(world) == mails + 1
    asker = world.actor(world.other_company, Role.RECRUITER)
    assert len({repr(one) for one in await told(world, asker, referrals)}) == 1
    for someone, referral_id in ((of_partner, referrals[0]), (of_agency, referrals[1])):
        with pytest.raises(IntroductionClosed):
            await agreed(world, someone, referral_id)
    world.clock.forward(days=ANSWER_DAYS)
    async with world.database.transaction() as tx:
        await expire_introductions(tx)
    assert {await status_of(world, one) for one in referrals} == {"EXPIRED"}


async def number_of_questions(world: World) -> int:
    """How many mails asked a candidate."""
    async with world.database.read() as read:
        return (
            await read.scalar(
                select(func.count()).where(OutboxEvent.type == EventType.AGREEMENT_ASKED.value)
            )
        ) or 0


async def told(world: World, actor: Actor, ids: list[uuid.UUID]) -> list[object]:
    """Referrals as someone sees them, but for who and which they are."""
    async with world.database.read() as read:
        found = await referrals_by_id(read, actor, ids)
    nobody = uuid.UUID(int=0)
    return [replace(found[one], id=nobody, candidate_id=nobody, previous_id=None) for one in ids]


async def test_an_offer_in_vain_reads_as_one_that_nobody_answers(world: World) -> None:
    await partners(world, world.company, world.other_company)
    free, of_agency, left = await shared(world), await shared(world), await shared(world)
    await proposed(world, of_agency)
    async with world.database.transaction() as tx:
        await leave_agency(tx, person(world, left))
    with pytest.raises(NotFound):
        # With the support every consent ended, the one to be named too.
        await offered(world, world.company, left, world.other_company)
    offers = [
        await offered(world, world.company, one, world.other_company) for one in (free, of_agency)
    ]
    giver = world.actor(world.company, Role.RECRUITER)
    assert len({repr(one) for one in await told(world, giver, offers)}) == 1
    assert await number_of_questions(world) == 2  # the agency's, and the first offer's
    for one in offers:
        await run(world, withdraw_proposal, giver, one)
        assert await status_of(world, one) == "WITHDRAWN"


async def test_a_question_in_vain_stands_in_nobodys_way(world: World) -> None:
    """The agency introduces them all the same; what the company knows of is refused by name."""
    await partners(world, world.company, world.other_company)
    someone = await shared(world)
    of_agency = await proposed(world, someone)
    await asked(world, world.other_company, someone)
    with pytest.raises(AlreadyExists):
        await offered(world, world.company, someone, world.other_company)
    await agreed(world, someone, of_agency)
    assert await status_of(world, of_agency) == "DELIVERED"


async def test_two_who_ask_at_once_come_out_as_one(world: World) -> None:
    await partners(world, world.company, world.other_company)
    someone = await shared(world)
    answers = await asyncio.gather(
        asked(world, world.other_company, someone),
        offered(world, world.company, someone, world.other_company),
        return_exceptions=True,
    )
    # Either came first: what the giver sees is refused to it, what it does not see to nobody.
    assert all(isinstance(one, (uuid.UUID, AlreadyExists)) for one in answers)
    assert await number_of_questions(world) == 1


async def test_who_asked_cannot_turn_down_before_the_answer(world: World) -> None:
    await partners(world, world.company, world.other_company)
    referral_id = await asked(world, world.other_company, await shared(world))
    asker = world.actor(world.other_company, Role.RECRUITER)
    command = DeclineReferral(referral_id, DeclineReason.OTHER)
    with pytest.raises(InvalidTransition):
        await run(world, decline_referral, asker, command)
    assert await status_of(world, referral_id) == "REQUESTED"


async def test_a_hire_between_partners_has_no_fee_and_ends_the_listing(world: World) -> None:
    third = await third_company(world)
    await partners(world, world.company, world.other_company, third)
    someone = await shared(world)
    referral_id = await offered(world, world.company, someone, world.other_company)
    await agreed(world, someone, referral_id)
    receiver = world.actor(world.other_company, Role.RECRUITER)
    giver = world.actor(world.company, Role.RECRUITER)
    await run(world, accept_referral, receiver, referral_id)
    for step in (start_interviews, make_offer):
        with pytest.raises(NotReceiver):
            await run(world, step, giver, referral_id)
        await run(world, step, receiver, referral_id)
    today = local_day(world.clock.now, ZONE)
    with pytest.raises(NotReceiver):
        await run(world, record_hire, giver, RecordHire(referral_id, today))
    assert await pool(world, third) == [someone]
    hire_id = await run(world, record_hire, receiver, RecordHire(referral_id, today))
    assert await status_of(world, referral_id) == "HIRED"
    async with world.database.read() as read:
        assert set(await hires_by_id(read, receiver, [hire_id])) == {hire_id}
        assert await hires_by_id(read, giver, [hire_id]) == {}
    # That they were hired is not the giver's to learn from what it offers to others.
    mails = await number_of_questions(world)
    assert await status_of(world, await offered(world, world.company, someone, third)) == "PROPOSED"
    assert await number_of_questions(world) == mails
    assert await pool(world, third) == []
    world.clock.forward(days=DAY_SHARED + 1)
    assert CandidateField.NAME in await fields_seen(world, world.other_company, someone)


async def test_the_candidate_recalls_by_withdrawing_what_they_agreed_to(world: World) -> None:
    await partners(world, world.company, world.other_company)
    someone = await shared(world)
    referral_id = await offered(world, world.company, someone, world.other_company)
    await agreed(world, someone, referral_id)
    await withdraw(world, someone, Purpose.INTRODUCTION)
    assert await status_of(world, referral_id) == "RECALLED"
    assert await fields_seen(world, world.other_company, someone) == frozenset()
    receiver = world.actor(world.other_company, Role.RECRUITER)
    with pytest.raises(InvalidTransition):
        await run(world, accept_referral, receiver, referral_id)


async def test_flows_know_of_partner_shares(world: World) -> None:
    await partners(world, world.company, world.other_company)
    someone = await shared(world)
    referral_id = await offered(world, world.company, someone, world.other_company)
    await agreed(world, someone, referral_id)
    async with world.database.read() as read:
        rows = await read.execute(
            select(FlowDay.event, FlowDay.referrals).where(
                FlowDay.from_id == world.company.id, FlowDay.to_id == world.other_company.id
            )
        )
        found = {row.event.value: row.referrals for row in rows}
    assert found == {"PROPOSED": 1, "AGREED": 1, "DELIVERED": 1}


async def test_one_may_ask_for_an_own_opening_only(world: World) -> None:
    await partners(world, world.company, world.other_company)
    someone = await shared(world)
    command = AskForCandidate(someone, uuid.uuid4())
    asker = world.actor(world.other_company, Role.RECRUITER)
    with pytest.raises(NotFound):
        await run(world, ask_for_candidate, asker, command)
