"""Partnerships: proposed, answered by each, amended, paused, left; one change at a time."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from models.access import Actor, Role
from models.errors import AlreadyExists, Forbidden, InvalidInput, InvalidTransition, NotFound
from models.operations.members import end_membership
from models.operations.partnerships import (
    ProposePartnership,
    WithReason,
    accept_partnership,
    decline_partnership,
    end_notices,
    end_partnership,
    leave_partnership,
    propose_partnership,
    resume_partnership,
    suspend_partnership,
    withdraw_partnership,
)
from models.operations.terms import ProposeTerms, accept_terms, propose_terms, reject_terms
from models.rules.lifecycles import OrganizationKind, PartnershipStatus, PartyStatus, TermsStatus
from models.rules.partnerships import (
    AlreadyAnswered,
    AmendmentPending,
    NotParty,
    NotProposer,
    NotSuspender,
    PartnershipDeed,
    TermsOffered,
)
from models.rules.sharing import CandidateField
from models.tables.consortium import Organization
from models.tables.partnerships import PartnershipParty, PartnershipStep
from models.verify import verify_consortium
from tests.handovers import run, status_of
from tests.partners import (
    TERMS,
    admin,
    agreed,
    offered,
    partners,
    partnership_of,
    proposed,
    shared,
    terms_of,
    third_company,
)
from tests.world import World, add_organization, build_world

P = PartnershipStatus


async def status(world: World, partnership_id: uuid.UUID) -> PartnershipStatus:
    return (await partnership_of(world, partnership_id)).status


async def party_states(world: World, partnership_id: uuid.UUID) -> dict[uuid.UUID, PartyStatus]:
    async with world.database.read() as read:
        rows = await read.scalars(
            select(PartnershipParty).where(PartnershipParty.partnership_id == partnership_id)
        )
        return {row.company_id: row.status for row in rows}


async def deeds(world: World, partnership_id: uuid.UUID) -> list[PartnershipDeed]:
    async with world.database.read() as read:
        rows = await read.scalars(
            select(PartnershipStep)
            .where(PartnershipStep.partnership_id == partnership_id)
            .order_by(PartnershipStep.at, PartnershipStep.id)
        )
        return [row.deed for row in rows]


async def test_a_partnership_begins_with_the_last_yes(world: World) -> None:
    third = await third_company(world)
    partnership_id = await proposed(world, world.company, world.other_company, third)
    await run(world, accept_partnership, admin(world, third), partnership_id)
    assert await status(world, partnership_id) is P.PROPOSED
    assert await terms_of(world, partnership_id) == [(1, TermsStatus.PROPOSED)]
    with pytest.raises(AlreadyAnswered):
        await run(world, accept_partnership, admin(world, third), partnership_id)
    await run(world, accept_partnership, admin(world, world.other_company), partnership_id)
    assert await status(world, partnership_id) is P.ACTIVE
    assert await terms_of(world, partnership_id) == [(1, TermsStatus.IN_FORCE)]
    assert await deeds(world, partnership_id) == [
        PartnershipDeed.PROPOSED,
        PartnershipDeed.ACCEPTED,
        PartnershipDeed.ACCEPTED,
        PartnershipDeed.BEGAN,
        PartnershipDeed.TERMS_IN_FORCE,
    ]


async def test_an_admin_proposes_on_their_behalf_and_answers_for_none(world: World) -> None:
    command = ProposePartnership("Spring", (world.company.id, world.other_company.id), TERMS)
    partnership_id = await run(world, propose_partnership, admin(world, None), command)
    assert set((await party_states(world, partnership_id)).values()) == {PartyStatus.INVITED}
    with pytest.raises(NotParty):
        await run(world, accept_partnership, admin(world, None), partnership_id)
    for company in (world.company, world.other_company):
        await run(world, accept_partnership, admin(world, company), partnership_id)
    assert await status(world, partnership_id) is P.ACTIVE


async def test_one_no_ends_a_proposal(world: World) -> None:
    third = await third_company(world)
    partnership_id = await proposed(world, world.company, world.other_company, third)
    await run(world, decline_partnership, admin(world, third), partnership_id)
    assert await status(world, partnership_id) is P.DECLINED
    assert await terms_of(world, partnership_id) == [(1, TermsStatus.REJECTED)]
    with pytest.raises(InvalidTransition) as refused:
        await run(world, accept_partnership, admin(world, world.other_company), partnership_id)
    assert refused.value.details["state"] == "DECLINED"


async def test_only_who_proposed_takes_it_back(world: World) -> None:
    partnership_id = await proposed(world, world.company, world.other_company)
    for other in (admin(world, world.other_company), admin(world, None)):
        with pytest.raises(NotProposer):
            await run(world, withdraw_partnership, other, partnership_id)
    await run(world, withdraw_partnership, admin(world, world.company), partnership_id)
    assert await status(world, partnership_id) is P.WITHDRAWN


@pytest.mark.parametrize("role", [Role.RECRUITER, Role.VIEWER])
async def test_only_administrators_agree_on_partnerships(world: World, role: Role) -> None:
    partnership_id = await proposed(world, world.company, world.other_company)
    with pytest.raises(Forbidden):
        await run(world, accept_partnership, world.actor(world.other_company, role), partnership_id)
    assert await status(world, partnership_id) is P.PROPOSED


async def test_what_is_no_company_here_cannot_be_a_partner(world: World) -> None:
    stranger = await build_world(world.database, slug="other", first_number=200)
    for foreign in (world.agency, stranger.company):
        with pytest.raises(NotFound):
            await proposed(world, world.company, foreign)
    with pytest.raises(InvalidInput):
        await proposed(world, world.company)


async def test_the_same_companies_have_one_partnership_at_a_time(world: World) -> None:
    first = await proposed(world, world.company, world.other_company)
    with pytest.raises(AlreadyExists):
        await proposed(world, world.other_company, world.company)
    third = await third_company(world)
    await proposed(world, world.company, world.other_company, third)
    await run(world, withdraw_partnership, admin(world, world.company), first)
    await proposed(world, world.other_company, world.company)


@pytest.mark.parametrize(
    ("terms", "path"),
    [
        (replace(TERMS, fields=()), "fields"),
        (replace(TERMS, categories=("NONE",)), "categories"),
        (replace(TERMS, shared_days=0), "sharedDays"),
        (replace(TERMS, shared_days=366), "sharedDays"),
        (replace(TERMS, notice_days=-1), "noticeDays"),
        (replace(TERMS, notice_days=181), "noticeDays"),
    ],
)
async def test_terms_outside_their_bounds_are_refused(
    world: World, terms: TermsOffered, path: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await proposed(world, world.company, world.other_company, terms=terms)
    assert refused.value.path == ("terms", path)


async def test_who_suspends_resumes_and_an_admin_may(world: World) -> None:
    partnership_id = await partners(world, world.company, world.other_company)
    reason = WithReason(partnership_id, "a doubt")
    await run(world, suspend_partnership, admin(world, world.company), reason)
    with pytest.raises(NotSuspender):
        await run(world, resume_partnership, admin(world, world.other_company), partnership_id)
    await run(world, resume_partnership, admin(world, world.company), partnership_id)
    with pytest.raises(InvalidTransition):
        await run(world, resume_partnership, admin(world, world.company), partnership_id)
    await run(world, suspend_partnership, admin(world, None), reason)
    with pytest.raises(NotSuspender):
        await run(world, resume_partnership, admin(world, world.company), partnership_id)
    await run(world, resume_partnership, admin(world, None), partnership_id)
    assert await status(world, partnership_id) is P.ACTIVE
    empty = WithReason(partnership_id, " ")
    with pytest.raises(InvalidInput):
        await run(world, suspend_partnership, admin(world, None), empty)


async def test_others_resume_once_the_one_that_suspended_has_left(world: World) -> None:
    third = await third_company(world)
    partnership_id = await partners(world, world.company, world.other_company, third)
    reason = WithReason(partnership_id, "a doubt")
    await run(world, suspend_partnership, admin(world, third), reason)
    with pytest.raises(NotSuspender):
        await run(world, resume_partnership, admin(world, world.company), partnership_id)
    await run(world, leave_partnership, admin(world, third), partnership_id)
    await run(world, resume_partnership, admin(world, world.company), partnership_id)
    assert await status(world, partnership_id) is P.ACTIVE


async def test_an_amendment_waits_for_everyone_while_the_old_terms_stay(world: World) -> None:
    third = await third_company(world)
    partnership_id = await partners(world, world.company, world.other_company, third)
    fewer = ProposeTerms(partnership_id, replace(TERMS, fields=(CandidateField.SKILLS,)))
    terms_id = await run(world, propose_terms, admin(world, world.company), fewer)
    await run(world, accept_terms, admin(world, third), terms_id)
    in_force, waits = TermsStatus.IN_FORCE, TermsStatus.PROPOSED
    assert await terms_of(world, partnership_id) == [(1, in_force), (2, waits)]
    with pytest.raises(AlreadyAnswered):
        await run(world, accept_terms, admin(world, third), terms_id)
    with pytest.raises(AmendmentPending):
        await run(world, propose_terms, admin(world, third), fewer)
    await run(world, accept_terms, admin(world, world.other_company), terms_id)
    assert await terms_of(world, partnership_id) == [(1, TermsStatus.SUPERSEDED), (2, in_force)]


async def test_an_amendment_that_one_party_rejects_changes_nothing(world: World) -> None:
    partnership_id = await partners(world, world.company, world.other_company)
    command = ProposeTerms(partnership_id, TERMS)
    terms_id = await run(world, propose_terms, admin(world, world.company), command)
    await run(world, reject_terms, admin(world, world.other_company), terms_id)
    assert await terms_of(world, partnership_id) == [
        (1, TermsStatus.IN_FORCE),
        (2, TermsStatus.REJECTED),
    ]
    with pytest.raises(InvalidTransition):
        await run(world, accept_terms, admin(world, world.other_company), terms_id)


async def test_who_waits_last_for_an_amendment_may_leave_instead(world: World) -> None:
    third = await third_company(world)
    partnership_id = await partners(world, world.company, world.other_company, third)
    command = ProposeTerms(partnership_id, replace(TERMS, shared_days=5))
    terms_id = await run(world, propose_terms, admin(world, world.company), command)
    await run(world, accept_terms, admin(world, world.other_company), terms_id)
    await run(world, leave_partnership, admin(world, third), partnership_id)
    assert await terms_of(world, partnership_id) == [
        (1, TermsStatus.SUPERSEDED),
        (2, TermsStatus.IN_FORCE),
    ]
    assert await status(world, partnership_id) is P.ACTIVE


async def test_leaving_takes_the_notice_of_the_terms(world: World) -> None:
    partnership_id = await partners(world, world.company, world.other_company, notice_days=30)
    leaving = admin(world, world.company)
    await run(world, leave_partnership, leaving, partnership_id)
    with pytest.raises(AlreadyAnswered):
        await run(world, leave_partnership, leaving, partnership_id)
    world.clock.forward(days=29)
    assert await _end_notices(world) == 0
    assert await status(world, partnership_id) is P.ACTIVE
    world.clock.forward(days=1)
    assert await _end_notices(world) == 1
    assert await status(world, partnership_id) is P.ENDED
    assert await _end_notices(world) == 0


async def _end_notices(world: World) -> int:
    async with world.database.transaction() as tx:
        return await end_notices(tx)


async def test_only_an_admin_ends_it_for_all(world: World) -> None:
    partnership_id = await partners(world, world.company, world.other_company)
    reason = WithReason(partnership_id, "trust is gone")
    with pytest.raises(NotParty):
        await run(world, end_partnership, admin(world, world.company), reason)
    await run(world, end_partnership, admin(world, None), reason)
    assert await status(world, partnership_id) is P.ENDED
    for operation in (accept_partnership, leave_partnership, resume_partnership):
        with pytest.raises(InvalidTransition):
            await run(world, operation, admin(world, world.company), partnership_id)


async def test_who_leaves_the_consortium_leaves_its_partnerships(world: World) -> None:
    third = await third_company(world)
    of_three = await partners(world, world.company, world.other_company, third, notice_days=90)
    of_two = await partners(world, world.company, third)
    asked = await proposed(world, third, world.other_company)
    await run(world, end_membership, admin(world, None), third.id)
    assert await status(world, of_three) is P.ACTIVE
    assert (await party_states(world, of_three))[third.id] is PartyStatus.LEFT
    assert await status(world, of_two) is P.ENDED
    assert await status(world, asked) is P.DECLINED


async def test_who_is_no_party_does_not_find_it(world: World) -> None:
    partnership_id = await partners(world, world.company, world.other_company)
    outsider = await third_company(world)
    stranger = await build_world(world.database, slug="other", first_number=200)
    actors: list[Actor] = [
        admin(world, outsider),
        admin(stranger, stranger.company),
        admin(stranger, None),
    ]
    for actor in actors:
        with pytest.raises(NotFound):
            await run(world, leave_partnership, actor, partnership_id)
        with pytest.raises(NotFound):
            await run(world, propose_terms, actor, ProposeTerms(partnership_id, TERMS))


async def test_a_company_that_left_does_nothing_more(world: World) -> None:
    third = await third_company(world)
    partnership_id = await partners(world, world.company, world.other_company, third)
    await run(world, leave_partnership, admin(world, third), partnership_id)
    commands: list[tuple[Any, Any]] = [
        (propose_terms, ProposeTerms(partnership_id, TERMS)),
        (suspend_partnership, WithReason(partnership_id, "a doubt")),
        (leave_partnership, partnership_id),
    ]
    for operation, command in commands:
        with pytest.raises(NotParty):
            await run(world, operation, admin(world, third), command)


async def test_two_amendments_at_once_come_out_as_one(world: World) -> None:
    partnership_id = await partners(world, world.company, world.other_company)
    answers = await asyncio.gather(
        *(
            run(
                world,
                propose_terms,
                admin(world, company),
                ProposeTerms(partnership_id, replace(TERMS, shared_days=days)),
            )
            for company, days in ((world.company, 5), (world.other_company, 6))
        ),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in answers) == ["AmendmentPending", "UUID"]
    assert [number for number, _ in await terms_of(world, partnership_id)] == [1, 2]


async def test_agreeing_while_the_partnership_ends_comes_out_one_way_or_the_other(
    world: World,
) -> None:
    partnership_id = await partners(world, world.company, world.other_company)
    people = [await shared(world) for _ in range(6)]
    referrals = [await offered(world, world.company, p, world.other_company) for p in people]
    ending = run(
        world, end_partnership, admin(world, None), WithReason(partnership_id, "trust is gone")
    )
    half = len(people) // 2
    pairs = list(zip(people, referrals, strict=True))
    answers = await asyncio.gather(
        *(agreed(world, person, referral) for person, referral in pairs[:half]),
        ending,
        *(agreed(world, person, referral) for person, referral in pairs[half:]),
        return_exceptions=True,
    )
    del answers[half]
    for answer, (_, referral_id) in zip(answers, pairs, strict=True):
        if answer is None:
            assert await status_of(world, referral_id) == "DELIVERED"
        else:
            assert isinstance(answer, InvalidTransition)
            assert await status_of(world, referral_id) == "RECALLED"


async def test_verifying_finds_nothing_after_all_of_it(world: World) -> None:
    partnership_id = await partners(world, world.company, world.other_company)
    someone, other = await shared(world), await shared(world)
    referral_id = await offered(world, world.company, someone, world.other_company)
    await agreed(world, someone, referral_id)
    await offered(world, world.company, other, world.other_company)
    reason = WithReason(partnership_id, "trust is gone")
    await run(world, end_partnership, admin(world, None), reason)
    async with world.database.read() as read:
        assert await verify_consortium(read, world.consortium_id) == []


async def _company(world: World, number: int) -> Organization:
    async with world.database.transaction() as tx:
        return await add_organization(tx, world.consortium_id, number, OrganizationKind.COMPANY)


async def test_a_partnership_has_at_most_twenty_companies(world: World) -> None:
    companies = [await _company(world, 300 + n) for n in range(20)]
    await proposed(world, *companies)
    with pytest.raises(InvalidInput):
        await proposed(world, world.company, *companies)
