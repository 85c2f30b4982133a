"""Feedback meetings: what is refused, what the figures say to whom, and that they are frozen."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from models.access import Actor, Role
from models.errors import DomainError, Forbidden, InvalidInput, InvalidTransition, NotFound
from models.operations.meeting_decisions import (
    DecideMeeting,
    ProposeDecidedTerms,
    ReviewMeeting,
    decide_meeting,
    propose_decided_terms,
    review_meeting,
)
from models.operations.meeting_packs import PrepareMeeting, prepare_meeting
from models.operations.meetings import (
    RecordMinutes,
    RescheduleMeeting,
    ScheduleMeeting,
    amend_minutes,
    cancel_meeting,
    hold_meeting,
    reschedule_meeting,
    schedule_meeting,
)
from models.operations.outcomes import RecordExit, record_exit
from models.operations.partnerships import WithReason, end_partnership, leave_partnership
from models.reads.meetings import (
    MeetingFilter,
    decisions_by_meeting,
    figures_by_meeting,
    meetings_page,
)
from models.rules.comparisons import Figure
from models.rules.decision_effects import Obstacle
from models.rules.ledger import Unit
from models.rules.lifecycles import MEETING, MeetingStatus, ReferralStatus
from models.rules.meetings import DecisionMade, NotFollowed, PackTooSoon
from models.rules.partnerships import NotParty
from models.rules.rewards import ClauseOffered, RewardEvent
from models.tables.meetings import DecisionEffect, Meeting, MeetingDecision, MeetingPack
from models.tables.records import AuditEntry, OutboxEvent
from models.verify import verify_consortium
from network.meetings import TELLING
from tests.handovers import change, run
from tests.meetings import decided, figures, held, plan, prepared, scheduled, seen
from tests.partners import (
    TERMS,
    admin,
    agreed,
    asked,
    funded,
    joined,
    link_of,
    list_all,
    offered,
    partners,
    proposed,
    shared,
    taken_up,
    third_company,
)
from tests.test_statements import statements
from tests.world import World

D, A, H = ReferralStatus.DELIVERED, ReferralStatus.ACCEPTED, ReferralStatus.HIRED
P, R = ReferralStatus.PROPOSED, ReferralStatus.REQUESTED


async def row_of(world: World, meeting_id: uuid.UUID) -> Meeting:
    async with world.database.read() as read:
        return await read.get_one(Meeting, meeting_id)


async def state_of(world: World) -> list[Any]:
    """Everything about meetings, and what was said of it."""
    async with world.database.read() as read:
        found: list[Any] = []
        for table in (Meeting, MeetingPack, MeetingDecision, DecisionEffect, AuditEntry):
            rows = (await read.execute(select(table.__table__))).all()
            found.append(sorted(map(repr, rows)))
        found.append(len((await read.scalars(select(OutboxEvent.id))).all()))
        return found


async def refused(world: World, error: type[Exception], *what: Any) -> None:
    """It raises exactly this error, and nothing changed."""
    before = await state_of(world)
    with pytest.raises(DomainError) as raised:
        await run(world, *what)
    assert type(raised.value) is error
    assert await state_of(world) == before


async def test_a_meeting_takes_one_step_after_the_other(world: World) -> None:
    """Each operation at each state: it is done, or refused with INVALID_TRANSITION."""
    partnership_id = await partners(world, world.company, world.other_company)
    world.clock.forward(days=2)
    actor = admin(world, world.company)
    meeting_id = await scheduled(world, partnership_id)
    steps: dict[Any, tuple[Any, set[MeetingStatus]]] = {
        prepare_meeting: (PrepareMeeting(meeting_id, TELLING), {MeetingStatus.SCHEDULED}),
        hold_meeting: (RecordMinutes(meeting_id, "x"), {MeetingStatus.PREPARED}),
        amend_minutes: (RecordMinutes(meeting_id, "y"), {MeetingStatus.HELD}),
        decide_meeting: (DecideMeeting(meeting_id, ()), {MeetingStatus.HELD}),
        cancel_meeting: (meeting_id, {MeetingStatus.SCHEDULED, MeetingStatus.PREPARED}),
        reschedule_meeting: (
            RescheduleMeeting(meeting_id, plan(world)),
            {MeetingStatus.SCHEDULED, MeetingStatus.PREPARED},
        ),
    }
    for status in MeetingStatus:
        now = world.clock.now
        await change(
            world,
            Meeting,
            Meeting.id == meeting_id,
            status=status,
            decided_at=now,
            reviewed_at=now,
        )
        for operation, (command, allowed) in steps.items():
            if status not in allowed:
                await refused(world, InvalidTransition, operation, actor, command)
        if status is not MeetingStatus.DECIDED:
            await refused(
                world, InvalidTransition, review_meeting, actor, ReviewMeeting(meeting_id, TELLING)
            )
    assert {to for steps_from in MEETING.values() for to in steps_from} | {
        MeetingStatus.SCHEDULED
    } == set(MeetingStatus)


async def test_what_a_plan_may_say(world: World) -> None:
    partnership_id = await partners(world, world.company, world.other_company)
    actor = admin(world, world.company)
    for changes in (
        {"title": " "},
        {"title": "x" * 81},
        {"title": "two\nlines"},
        {"starts_at": world.clock.now},
        {"starts_at": world.clock.now + timedelta(days=732)},
        {"duration_minutes": 4},
        {"duration_minutes": 1_441},
        {"place": "x" * 201},
        {"url": "x" * 501},
        {"agenda": "x" * 4_001},
    ):
        command = ScheduleMeeting(partnership_id, plan(world, **changes))
        await refused(world, InvalidInput, schedule_meeting, actor, command)
        with pytest.raises(InvalidInput) as raised:
            await run(world, schedule_meeting, actor, command)
        assert raised.value.path[0] == "plan"


async def test_who_may_manage_a_meeting(world: World) -> None:
    third = await third_company(world)
    partnership_id = await partners(world, world.company, world.other_company)
    world.clock.forward(days=2)
    command = ScheduleMeeting(partnership_id, plan(world))
    for actor, error in (
        (world.actor(world.company, Role.RECRUITER), Forbidden),
        (world.actor(world.company, Role.VIEWER), Forbidden),
        (world.actor(world.agency, Role.ADMIN), Forbidden),
        (admin(world, third), NotFound),
        (world.actor(None, Role.ANALYST), Forbidden),
    ):
        await refused(world, error, schedule_meeting, actor, command)
    of_all = ScheduleMeeting(None, plan(world))
    await refused(world, NotParty, schedule_meeting, admin(world, world.company), of_all)
    meeting_id = await scheduled(world, partnership_id)
    await refused(world, NotFound, cancel_meeting, admin(world, third), meeting_id)
    for actor in (admin(world, world.other_company), admin(world, None)):
        moved = RescheduleMeeting(meeting_id, plan(world, title="別の名"))
        await run(world, reschedule_meeting, actor, moved)
    assert (await row_of(world, meeting_id)).revision == 2
    general = await scheduled(world, None)
    await refused(world, NotParty, cancel_meeting, admin(world, third), general)


async def test_only_a_partnership_that_goes_on_meets(world: World) -> None:
    asked_only = await proposed(world, world.company, world.other_company)
    actor = admin(world, world.company)
    command = ScheduleMeeting(asked_only, plan(world))
    await refused(world, InvalidTransition, schedule_meeting, actor, command)
    third = await third_company(world)
    partnership_id = await partners(world, world.company, third)
    await run(world, end_partnership, admin(world, None), WithReason(partnership_id, "done"))
    ended = ScheduleMeeting(partnership_id, plan(world))
    await refused(world, InvalidTransition, schedule_meeting, actor, ended)


async def played(world: World) -> tuple[uuid.UUID, Any]:
    """Three partners and an agency that funds a bonus: what the next test counts by hand.

    From the first company to the second: 3 offered, of whom 2 agree; one is taken up and hired, the
    other waits. From the second to the first: 1 asked for, agreed, taken up. From the second to the
    third: 1 offered and agreed.
    """
    third = await third_company(world)
    rewards = (ClauseOffered(RewardEvent.REFERRAL, Unit.COUNT, 2, world.agency.id),)
    partnership_id = await partners(
        world, world.company, world.other_company, third, rewards=rewards
    )
    await funded(world)
    first, second = world.company, world.other_company
    given = [await shared(world) for _ in range(3)]
    referrals = [await offered(world, first, one, second) for one in given]
    back = await shared(world, await link_of(world, second))
    on = await shared(world, await link_of(world, second))
    await list_all(world)
    wanted = await asked(world, first, back)
    passed = await offered(world, second, on, third)
    world.clock.forward(days=2)
    for candidate_id, referral_id in zip(given[:2], referrals[:2], strict=True):
        await agreed(world, candidate_id, referral_id)
    await agreed(world, back, wanted)
    await agreed(world, on, passed)
    world.clock.forward(days=5)
    await taken_up(world, second, referrals[0])
    await taken_up(world, first, wanted)
    await joined(world, second, referrals[0])
    return partnership_id, third


async def test_the_figures_are_those_counted_by_hand(world: World) -> None:
    partnership_id, third = await played(world)
    world.clock.forward(days=10)
    meeting_id = await prepared(world, partnership_id)
    first, second = world.company.id, world.other_company.id
    told = await figures(world, world.actor(world.company, Role.VIEWER), meeting_id)
    pack, seen_pack = told.seen.pack, told.seen
    # The clock began on 5 January; the day of preparing, the 22nd, is not over.
    assert (str(pack.days.first), str(pack.days.last)) == ("2026-01-05", "2026-01-21")
    pairs = {(one.giver_id, one.receiver_id): one for one in seen_pack.pairs}
    assert len(pairs) == 6
    gave = pairs[first, second]
    assert [gave.counts[event] for event in (P, R, D, A, H)] == [3, 0, 2, 1, 1]
    assert gave.rewards == {Unit.COUNT: 2}
    took = pairs[second, first]
    # What was asked of the giver is the giver's: of January, which is not over, nothing is told.
    assert [took.counts[event] for event in (P, R, D, A, H)] == [None, None, 1, 1, 0]
    assert took.rewards == {Unit.COUNT: 2}
    others = pairs[second, third.id]
    assert (set(others.counts.values()), others.rewards, others.is_exact) == ({None}, None, False)
    sums = {one.company_id: one for one in seen_pack.parties}
    assert (sums[first].gave, sums[first].gave_hired, sums[first].took) == (2, 1, 1)
    # Σ min ÷ Σ: 2 there, 1 back.
    assert seen_pack.reciprocity == 2 / 3
    shares = {one.figure: (one.part, one.whole) for one in seen_pack.shares}
    assert shares == {
        Figure.TAKEN_UP: (2, 3),
        # One was handed over 14 days ago and never answered; two were answered after 5 days.
        Figure.ANSWERED_IN_TIME: (2, 3),
        Figure.HIRED_OF_HANDED_OVER: (1, 3),
    }
    # Answered after 5 and 5 days, one open since 14: half are answered on the fifth.
    assert (seen_pack.wait_days, seen_pack.waits, seen_pack.waits_open) == (5, 3, 1)
    theirs = await figures(world, world.actor(third, Role.VIEWER), meeting_id)
    own = {(one.giver_id, one.receiver_id): one for one in theirs.seen.pairs if one.is_exact}
    assert own[second, third.id].delivered == 1
    assert set(own) == {
        (second, third.id),
        (third.id, second),
        (first, third.id),
        (third.id, first),
    }
    assert theirs.row.hash == told.row.hash


async def test_nothing_that_happens_later_changes_the_figures(world: World) -> None:
    partnership_id, _ = await played(world)
    world.clock.forward(days=10)
    meeting_id = await prepared(world, partnership_id)
    actor = world.actor(world.company, Role.VIEWER)
    before = await figures(world, actor, meeting_id)
    later = await shared(world)
    referral_id = await offered(world, world.company, later, world.other_company)
    await agreed(world, later, referral_id)
    world.clock.forward(days=60)
    after = await figures(world, actor, meeting_id)
    assert after.seen == before.seen
    assert after.row.document == before.row.document
    for statement in (
        "UPDATE meeting_pack SET last_on = first_on",
        "DELETE FROM meeting_pack",
    ):
        with pytest.raises(DBAPIError, match="append-only"):
            async with world.database.transaction() as tx:
                await tx.execute(text(statement))
    async with world.database.read() as read:
        assert await verify_consortium(read, world.consortium_id) == []


async def test_a_second_pack_goes_on_where_the_first_ended(world: World) -> None:
    partnership_id = await partners(world, world.company, world.other_company)
    actor = admin(world, world.company)
    early = await scheduled(world, partnership_id)
    await refused(world, PackTooSoon, prepare_meeting, actor, PrepareMeeting(early, TELLING))
    world.clock.forward(days=5)
    await run(world, prepare_meeting, actor, PrepareMeeting(early, TELLING))
    again = await scheduled(world, partnership_id)
    await refused(world, PackTooSoon, prepare_meeting, actor, PrepareMeeting(again, TELLING))
    world.clock.forward(days=3)
    await run(world, prepare_meeting, actor, PrepareMeeting(again, TELLING))
    first = (await figures(world, actor, early)).row
    second = (await figures(world, actor, again)).row
    assert second.first_on == first.last_on + timedelta(days=1)
    assert (await row_of(world, again)).previous_id == early
    # One that was called off is nobody's last one. Its figures are told no more, but may have been
    # read: the next ones go on after them, so that no difference tells of single days.
    await run(world, cancel_meeting, actor, again)
    async with world.database.read() as read:
        assert await figures_by_meeting(read, actor, [again]) == {}
    world.clock.forward(days=2)
    third = await prepared(world, partnership_id)
    assert (await row_of(world, third)).previous_id == early
    after = (await figures(world, actor, third)).row
    assert after.first_on == second.last_on + timedelta(days=1)


async def test_two_packs_at_once_tell_of_no_day_twice(world: World) -> None:
    partnership_id = await partners(world, world.company, world.other_company)
    meetings = [await scheduled(world, partnership_id) for _ in range(2)]
    world.clock.forward(days=5)
    actors = [admin(world, one) for one in (world.company, world.other_company)]
    done = await asyncio.gather(
        *(
            run(world, prepare_meeting, actor, PrepareMeeting(meeting_id, TELLING))
            for actor, meeting_id in zip(actors, meetings, strict=True)
        ),
        return_exceptions=True,
    )
    assert [type(one) for one in done if isinstance(one, Exception)] == [PackTooSoon]
    async with world.database.read() as read:
        assert len((await read.scalars(select(MeetingPack.meeting_id))).all()) == 1


async def test_who_stayed_is_told_to_the_receiver_alone_while_they_are_few(world: World) -> None:
    partnership_id = await partners(world, world.company, world.other_company)
    hires = []
    for _ in range(2):
        candidate_id = await shared(world)
        referral_id = await offered(world, world.company, candidate_id, world.other_company)
        await agreed(world, candidate_id, referral_id)
        await taken_up(world, world.other_company, referral_id)
        hires.append(await joined(world, world.other_company, referral_id))
    world.clock.forward(days=20)
    left_on = world.clock.now.date()
    receiver = world.actor(world.other_company, Role.RECRUITER)
    await run(world, record_exit, receiver, RecordExit(hires[0], left_on))
    world.clock.forward(days=20)
    meeting_id = await prepared(world, partnership_id)
    told = await figures(world, receiver, meeting_id)
    [stay] = told.seen.stays
    assert (stay.days, stay.due, stay.left_min, stay.left_max) == (30, 2, 1, 1)
    giver = await figures(world, world.actor(world.company, Role.VIEWER), meeting_id)
    assert giver.seen.stays == ()


async def test_decisions_have_bounds(world: World) -> None:
    partnership_id = await partners(world, world.company, world.other_company)
    third = await third_company(world)
    world.clock.forward(days=2)
    meeting_id = await held(world, partnership_id)
    actor = admin(world, world.company)
    good = DecisionMade("決めたこと")
    first, second = world.company.id, world.other_company.id
    yesterday = world.clock.now.date() - timedelta(days=1)
    cases: list[tuple[Any, ...]] = [
        (InvalidInput, *[good] * 21),
        (InvalidInput, replace(good, text=" ")),
        (InvalidInput, replace(good, text="x" * 501)),
        (InvalidInput, replace(good, owner_name="x" * 81)),
        (InvalidInput, replace(good, due_on=yesterday)),
        (InvalidInput, replace(good, giver_id=first)),
        (InvalidInput, replace(good, figure=Figure.HIRES, giver_id=first, receiver_id=first)),
        (NotFound, replace(good, owner_id=third.id)),
        (NotFound, replace(good, figure=Figure.HIRES, receiver_id=third.id)),
    ]
    for error, *decisions in cases:
        command = DecideMeeting(meeting_id, tuple(decisions))
        await refused(world, error, decide_meeting, actor, command)
    whole = replace(good, figure=Figure.HIRES, giver_id=first, receiver_id=second)
    await run(world, decide_meeting, actor, DecideMeeting(meeting_id, (whole, good)))
    general = await held(world, None)
    chief = admin(world, None)
    for figure in (Figure.TAKEN_UP, Figure.ANSWERED_IN_TIME, Figure.HIRED_OF_HANDED_OVER):
        command = DecideMeeting(general, (replace(good, figure=figure),))
        await refused(world, InvalidInput, decide_meeting, chief, command)
    sided = DecideMeeting(general, (replace(good, figure=Figure.HIRES, giver_id=first),))
    await refused(world, NotFound, decide_meeting, chief, sided)


async def test_a_decision_is_measured_once_it_works(world: World) -> None:
    """Not before the next figures, nor before the amended terms are in force."""
    partnership_id = await partners(world, world.company, world.other_company)
    world.clock.forward(days=5)
    actor = admin(world, world.company)
    meeting_id = await decided(
        world,
        partnership_id,
        DecisionMade("条件を変える", figure=Figure.TAKEN_UP),
        DecisionMade("続ける", figure=Figure.HANDED_OVER),
    )
    async with world.database.read() as read:
        found = await decisions_by_meeting(read, actor, [meeting_id])
    waiting = found[meeting_id][0].row.id
    command = ProposeDecidedTerms(waiting, replace(TERMS, shared_days=20))
    await run(world, propose_decided_terms, actor, command)
    await refused(world, NotFollowed, review_meeting, actor, ReviewMeeting(meeting_id, TELLING))
    world.clock.forward(days=5)
    await prepared(world, partnership_id)
    await run(world, review_meeting, actor, ReviewMeeting(meeting_id, TELLING))
    async with world.database.read() as read:
        found = await decisions_by_meeting(read, actor, [meeting_id])
    effects = [one.effect for one in found[meeting_id]]
    assert effects[0] is not None
    assert (effects[0].obstacle, effects[0].told) == (
        Obstacle.TERMS_NOT_IN_FORCE,
        (None, None),
    )
    assert effects[1] is not None
    assert effects[1].days is not None
    before, after = effects[1].days
    assert before.number == after.number == 4
    assert (await row_of(world, meeting_id)).status is MeetingStatus.REVIEWED
    with pytest.raises(DBAPIError, match="append-only"):
        async with world.database.transaction() as tx:
            await tx.execute(text("DELETE FROM decision_effect"))


async def test_a_company_that_left_reads_what_was_decided_before(world: World) -> None:
    third = await third_company(world)
    partnership_id = await partners(world, world.company, world.other_company, third)
    world.clock.forward(days=5)
    before = await decided(world, partnership_id, DecisionMade("前", figure=Figure.HANDED_OVER))
    to_come = await scheduled(world, partnership_id)
    world.clock.forward(days=1)
    await run(world, leave_partnership, admin(world, third), partnership_id)
    world.clock.forward(days=5)
    actor = admin(world, world.company)
    await run(world, prepare_meeting, actor, PrepareMeeting(to_come, TELLING))
    await run(world, review_meeting, actor, ReviewMeeting(before, TELLING))
    late = await scheduled(world, partnership_id)
    left = world.actor(third, Role.ADMIN)
    found = await seen(world, left, before)
    assert found is not None
    assert found.status is MeetingStatus.DECIDED
    assert [await seen(world, left, one) for one in (to_come, late)] == [None, None]
    async with world.database.read() as read:
        decisions = await decisions_by_meeting(read, left, [before])
        assert [one.effect for one in decisions[before]] == [None]
        page = await meetings_page(read, left, MeetingFilter(), _Everything(), descending=True)
    assert [one.row.id for one in page] == [before]
    # What it may still read it may manage no more.
    await refused(world, NotParty, review_meeting, left, ReviewMeeting(before, TELLING))


class _Everything:
    limit_rows = 100
    backward = False
    after = None
    before = None


async def test_a_consortiums_meeting_is_for_all_its_members(world: World) -> None:
    await played(world)
    world.clock.forward(days=40)
    chief = admin(world, None)
    meeting_id = await decided(world, None, DecisionMade("増やす", figure=Figure.HIRES))
    for actor in (
        world.actor(world.company, Role.VIEWER),
        world.actor(world.agency, Role.VIEWER),
        chief,
    ):
        found = await figures(world, actor, meeting_id)
        assert found.seen.pairs == ()
        assert all(flow.referrals % 3 == 0 for flow in found.seen.pack.flows)
        assert str(found.row.told_through) == "2026-01-31"
    world.clock.forward(days=3)
    await prepared(world, None)
    await run(world, review_meeting, chief, ReviewMeeting(meeting_id, TELLING))
    analyst: Actor = world.actor(None, Role.ANALYST)
    assert await seen(world, analyst, meeting_id) is None
    async with world.database.read() as read:
        [decision] = (await decisions_by_meeting(read, chief, [meeting_id]))[meeting_id]
    assert decision.effect is not None
    assert decision.effect.pairs == ()
    # In so few days lies no whole month.
    assert decision.effect.told == (None, None)


async def test_preparing_takes_the_same_statements_whatever_the_data(world: World) -> None:
    few_partnership = await partners(world, world.company, world.other_company)
    world.clock.forward(days=2)
    actor = admin(world, world.company)
    few = await scheduled(world, few_partnership)
    with statements(world.database) as counted:
        await run(world, prepare_meeting, actor, PrepareMeeting(few, TELLING))
    first = sum(counted.values())
    others = [await third_company(world, number) for number in range(60, 66)]
    many_partnership = await partners(world, world.company, world.other_company, *others)
    for one in (world.other_company, *others):
        candidate_id = await shared(world)
        referral_id = await offered(world, world.company, candidate_id, one)
        await agreed(world, candidate_id, referral_id)
    world.clock.forward(days=2)
    many = await scheduled(world, many_partnership)
    with statements(world.database) as counted:
        await run(world, prepare_meeting, actor, PrepareMeeting(many, TELLING))
    assert sum(counted.values()) == first
