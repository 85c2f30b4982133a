"""How hires turn out: exits, what they give back, milestones, on both databases."""

from __future__ import annotations

import asyncio
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from gql.context import Context
from gql.node import encode_id
from gql.schema import build_schema
from models.access import Actor, Role, system
from models.audit import verify_chain
from models.checks.ledger import LEDGER_CHECKS
from models.checks.outcomes import OUTCOME_CHECKS
from models.errors import DomainError, Forbidden, InvalidInput, InvalidTransition, NotFound
from models.operations.expiry import expire_free_hires
from models.operations.free_hires import RedeemFreeHire, redeem_free_hire, release_free_hire
from models.operations.milestones import reach_milestones
from models.operations.outcomes import RecordExit, ReverseExit, record_exit, reverse_exit
from models.operations.program_versions import PublishProgramVersion, publish_program_version
from models.operations.referrals import RecordHire, record_hire
from models.outbox import EventType
from models.rules.flows import local_day
from models.rules.free_hires import GIVEN_BACK_DAYS_MIN, FreeHireMovedOn
from models.rules.ledger import EntryKind, Unit
from models.rules.lifecycles import FreeHireStatus, HireStatus, OrganizationKind
from models.rules.outcomes import ExitReason, NotRecorder, RefundStep
from models.tables.ledger import Account, Entry, FreeHire
from models.tables.outcomes import HireExit, HireMilestone
from models.tables.records import OutboxEvent
from models.tables.referrals import Hire
from tests.handovers import (
    ZONE,
    free_hires_by_status,
    give_free_hires,
    hired,
    offered,
    recruiter,
    run,
)
from tests.world import World, add_organization

AVAILABLE, RESERVED = FreeHireStatus.AVAILABLE, FreeHireStatus.RESERVED
SPENT, EXPIRED = FreeHireStatus.SPENT, FreeHireStatus.EXPIRED
JOINED, LEFT_EARLY, LEFT = HireStatus.JOINED, HireStatus.LEFT_EARLY, HireStatus.LEFT
JOINED_ON = date(2026, 1, 5)


def day(number: int) -> date:
    """So many days after joining."""
    return JOINED_ON + timedelta(days=number)


async def paid(world: World, fee_yen: int = 1_000_000) -> uuid.UUID:
    """A hire for a fee by the second company, today."""
    referral_id = await offered(world, (await world.register()).candidate_id)
    return await hired(world, referral_id, fee_yen=fee_yen)


async def free(world: World) -> tuple[uuid.UUID, uuid.UUID]:
    """A free hire that was spent, and the hire it was spent on, today."""
    [earned] = await give_free_hires(world, world.other_company, 1)
    referral_id = await offered(world, (await world.register()).candidate_id)
    await run(world, redeem_free_hire, recruiter(world), RedeemFreeHire(referral_id))
    return earned, await hired(world, referral_id)


async def leave(
    world: World,
    hire_id: uuid.UUID,
    left_on: date,
    actor: Actor | None = None,
    reason: ExitReason | None = None,
) -> None:
    """The person left; by then the clock has come to that day."""
    if local_day(world.clock.now, ZONE) < left_on:
        world.clock.forward(days=(left_on - local_day(world.clock.now, ZONE)).days)
    command = RecordExit(hire_id, left_on, reason)
    await run(world, record_exit, actor or recruiter(world), command)


async def stay(world: World, hire_id: uuid.UUID, actor: Actor | None = None) -> None:
    """The exit was a mistake."""
    await run(world, reverse_exit, actor or recruiter(world), ReverseExit(hire_id))


async def state(world: World, hire_id: uuid.UUID) -> tuple[HireStatus, date | None, int | None]:
    async with world.database.read() as read:
        hire = await read.get_one(Hire, hire_id)
    return hire.status, hire.left_on, hire.refund_yen


async def exits(world: World) -> list[HireExit]:
    async with world.database.read() as read:
        return list(await read.scalars(select(HireExit).order_by(HireExit.recorded_at)))


async def free_hire(world: World, free_hire_id: uuid.UUID) -> FreeHire:
    async with world.database.read() as read:
        return await read.get_one(FreeHire, free_hire_id)


async def entries(world: World, free_hire_id: uuid.UUID) -> list[tuple[EntryKind, int, int | None]]:
    """Kind, amount, and the number of the entry that it names, within the account."""
    async with world.database.read() as read:
        rows = list(
            await read.scalars(
                select(Entry).where(Entry.free_hire_id == free_hire_id).order_by(Entry.number)
            )
        )
    numbers = {row.id: row.number for row in rows}
    return [
        (row.kind, row.amount, numbers[row.reverses_id] if row.reverses_id else None)
        for row in rows
    ]


async def balance(world: World) -> int:
    async with world.database.read() as read:
        found = await read.scalar(
            select(Account.balance).where(
                Account.company_id == world.other_company.id, Account.unit == Unit.FREE_HIRE
            )
        )
    return found or 0


async def is_sound(world: World) -> bool:
    """Whether ledger, exits and milestones agree. The people of some counts are invented here."""
    async with world.database.read() as read:
        report = await verify_chain(read, world.consortium_id)
        for check in (*LEDGER_CHECKS, *OUTCOME_CHECKS):
            assert (await read.execute(check.violating(world.consortium_id))).all() == []
    return report.broken_at is None


# Exits


@pytest.mark.parametrize(
    ("stayed", "status", "refund_yen"),
    [
        (0, LEFT_EARLY, 800_000),
        (29, LEFT_EARLY, 800_000),
        (30, LEFT_EARLY, 500_000),
        (89, LEFT_EARLY, 500_000),
        (90, LEFT, None),
        (400, LEFT, None),
    ],
)
async def test_what_is_owed_back_of_a_fee(
    world: World, stayed: int, status: HireStatus, refund_yen: int | None
) -> None:
    hire_id = await paid(world)
    await leave(world, hire_id, day(stayed), reason=ExitReason.PERSON)
    assert await state(world, hire_id) == (status, day(stayed), refund_yen)
    [told] = await exits(world)
    assert (told.status, told.left_on, told.refund_yen) == (status, day(stayed), refund_yen)
    assert (told.reason, told.by_id) == (ExitReason.PERSON, world.other_company.id)
    assert (told.entry_id, told.reversed_at) == (None, None)
    assert await is_sound(world)


async def test_either_side_records_it(world: World) -> None:
    hire_id = await paid(world)
    await leave(world, hire_id, day(3), recruiter(world, world.agency))
    [told] = await exits(world)
    assert told.by_id == world.agency.id


async def test_a_free_hire_comes_back(world: World) -> None:
    earned, hire_id = await free(world)
    await leave(world, hire_id, day(89))
    assert await state(world, hire_id) == (LEFT_EARLY, day(89), None)
    kept = await free_hire(world, earned)
    assert (kept.status, kept.referral_id, kept.spent_at) == (AVAILABLE, None, None)
    assert await balance(world) == 1
    assert await entries(world, earned) == [
        (EntryKind.EARNED, 1, None),
        (EntryKind.SPENT, -1, None),
        (EntryKind.RETURNED, 1, 2),
    ]
    assert await is_sound(world)
    referral_id = await offered(world, (await world.register()).candidate_id)
    again = await run(world, redeem_free_hire, recruiter(world), RedeemFreeHire(referral_id))
    assert again == earned
    await hired(world, referral_id)
    assert await balance(world) == 0
    assert await is_sound(world)


async def test_it_comes_back_with_time_to_use_it(world: World) -> None:
    earned, hire_id = await free(world)
    before = (await free_hire(world, earned)).expires_at
    world.clock.forward(days=80)
    await leave(world, hire_id, day(80))
    assert (await free_hire(world, earned)).expires_at == before
    late_id, late_hire = await free_in_second_year(world)
    await leave(world, late_hire, day(780))
    until = world.clock.now + timedelta(days=GIVEN_BACK_DAYS_MIN)
    assert (await free_hire(world, late_id)).expires_at == until


async def free_in_second_year(world: World) -> tuple[uuid.UUID, uuid.UUID]:
    """The free hire, at the end of its time: joined after 720 days, expired since."""
    referral_id = await offered(world, (await world.register()).candidate_id)
    world.clock.forward(days=640)
    free_hire_id = await run(world, redeem_free_hire, recruiter(world), RedeemFreeHire(referral_id))
    return free_hire_id, await hired(world, referral_id)


async def test_no_free_hire_comes_back_after_the_guarantee(world: World) -> None:
    earned, hire_id = await free(world)
    await leave(world, hire_id, day(90))
    assert await state(world, hire_id) == (LEFT, day(90), None)
    assert (await free_hire(world, earned)).status is SPENT
    assert await balance(world) == 0
    assert await is_sound(world)


async def refused(world: World, work: Any, hire_id: uuid.UUID) -> DomainError:
    """The refusal, after which nothing is otherwise than before."""
    before = (await state(world, hire_id), len(await exits(world)), await balance(world))
    with pytest.raises(DomainError) as refusal:
        await work
    assert (await state(world, hire_id), len(await exits(world)), await balance(world)) == before
    return refusal.value


@pytest.mark.parametrize("stayed", [-1, 1])
async def test_the_last_day_is_between_joining_and_today(world: World, stayed: int) -> None:
    _, hire_id = await free(world)
    command = RecordExit(hire_id, day(stayed))
    error = await refused(world, run(world, record_exit, recruiter(world), command), hire_id)
    assert isinstance(error, InvalidInput)
    assert error.path == ("leftOn",)


async def test_who_may_record_and_reverse(world: World) -> None:
    _, hire_id = await free(world)
    async with world.database.transaction() as tx:
        other = await add_organization(tx, world.consortium_id, 60, OrganizationKind.AGENCY)
    command = RecordExit(hire_id, day(0))
    expected = {
        world.actor(world.other_company, Role.VIEWER): Forbidden,
        world.actor(None, Role.CONSORTIUM_ADMIN): Forbidden,
        world.actor(None, Role.ANALYST): Forbidden,
        recruiter(world, world.company): NotFound,
        recruiter(world, other): NotFound,
        system(world.consortium_id): Forbidden,
    }
    for actor, kind in expected.items():
        error = await refused(world, run(world, record_exit, actor, command), hire_id)
        assert type(error) is kind
    unknown = RecordExit(uuid.uuid4(), day(0))
    error = await refused(world, run(world, record_exit, recruiter(world), unknown), hire_id)
    assert (type(error), error.path) == (NotFound, ("hireId",))
    await leave(world, hire_id, day(0))
    reversing = ReverseExit(hire_id)
    expected[recruiter(world, world.agency)] = NotRecorder
    for actor, kind in expected.items():
        if actor.role is not Role.CONSORTIUM_ADMIN:
            error = await refused(world, run(world, reverse_exit, actor, reversing), hire_id)
            assert type(error) is kind


async def test_nobody_leaves_twice(world: World) -> None:
    _, hire_id = await free(world)
    await leave(world, hire_id, day(1))
    again = run(world, record_exit, recruiter(world, world.agency), RecordExit(hire_id, day(0)))
    assert isinstance(await refused(world, again, hire_id), InvalidTransition)


# Rules of their day


async def publish(world: World, **rules: Any) -> None:
    admin = world.actor(None, Role.CONSORTIUM_ADMIN)
    command = PublishProgramVersion(default_agency_id=world.agency.id, **rules)
    await run(world, publish_program_version, admin, command)


async def test_the_rules_of_the_day_of_joining_hold(world: World) -> None:
    before = await paid(world)
    world.clock.forward(days=1)
    await publish(world, guarantee_days=10, refund_schedule=[RefundStep(10, 100)])
    after = await paid(world)
    await leave(world, before, day(11))
    await leave(world, after, day(10))
    assert (await state(world, before))[::2] == (LEFT_EARLY, 800_000)
    assert (await state(world, after))[::2] == (LEFT_EARLY, 1_000_000)


async def test_a_hire_recorded_late_is_judged_by_its_day(world: World) -> None:
    referral_id = await offered(world, (await world.register()).candidate_id)
    world.clock.forward(days=3)
    await publish(world, guarantee_days=0)
    command = RecordHire(referral_id, day(0), 1_000)
    hire_id = await run(world, record_hire, recruiter(world), command)
    await leave(world, hire_id, day(5))
    assert await state(world, hire_id) == (LEFT_EARLY, day(5), 800)


async def test_without_a_guarantee_nobody_leaves_early(world: World) -> None:
    await publish(world, guarantee_days=0)
    hire_id = await paid(world)
    await leave(world, hire_id, day(0))
    assert await state(world, hire_id) == (LEFT, day(0), None)


# Taken back


@pytest.mark.parametrize("by", ["recorder", "consortium"])
async def test_an_exit_is_taken_back(world: World, by: str) -> None:
    earned, hire_id = await free(world)
    spent_at = (await free_hire(world, earned)).spent_at
    await leave(world, hire_id, day(20))
    admin = world.actor(None, Role.CONSORTIUM_ADMIN)
    await stay(world, hire_id, admin if by == "consortium" else None)
    assert await state(world, hire_id) == (JOINED, None, None)
    kept = await free_hire(world, earned)
    async with world.database.read() as read:
        hire = await read.get_one(Hire, hire_id)
    assert (kept.status, kept.referral_id, kept.spent_at) == (SPENT, hire.referral_id, spent_at)
    assert await balance(world) == 0
    assert await is_sound(world)
    await leave(world, hire_id, day(21), recruiter(world, world.agency))
    assert await state(world, hire_id) == (LEFT_EARLY, day(21), None)
    assert await entries(world, earned) == [
        (EntryKind.EARNED, 1, None),
        (EntryKind.SPENT, -1, None),
        (EntryKind.RETURNED, 1, 2),
        (EntryKind.SPENT, -1, 3),
        (EntryKind.RETURNED, 1, 4),
    ]
    assert [told.reversed_at is None for told in await exits(world)] == [False, True]
    assert await is_sound(world)


async def test_an_exit_from_a_paid_hire_is_taken_back(world: World) -> None:
    hire_id = await paid(world)
    await leave(world, hire_id, day(20))
    await stay(world, hire_id)
    assert await state(world, hire_id) == (JOINED, None, None)
    again = run(world, reverse_exit, recruiter(world), ReverseExit(hire_id))
    assert isinstance(await refused(world, again, hire_id), InvalidTransition)
    assert await is_sound(world)


async def test_not_while_the_free_hire_is_elsewhere(world: World) -> None:
    earned, hire_id = await free(world)
    await leave(world, hire_id, day(20))
    referral_id = await offered(world, (await world.register()).candidate_id)
    await run(world, redeem_free_hire, recruiter(world), RedeemFreeHire(referral_id))
    back = ReverseExit(hire_id)
    error = await refused(world, run(world, reverse_exit, recruiter(world), back), hire_id)
    assert isinstance(error, FreeHireMovedOn)
    assert (await free_hire(world, earned)).status is RESERVED
    await run(world, release_free_hire, recruiter(world), earned)
    await stay(world, hire_id)
    assert (await free_hire(world, earned)).status is SPENT
    assert await is_sound(world)


async def test_not_after_the_free_hire_was_spent_or_ran_out(world: World) -> None:
    earned, hire_id = await free(world)
    await leave(world, hire_id, day(20))
    referral_id = await offered(world, (await world.register()).candidate_id)
    await run(world, redeem_free_hire, recruiter(world), RedeemFreeHire(referral_id))
    later = await hired(world, referral_id)
    back = ReverseExit(hire_id)
    error = await refused(world, run(world, reverse_exit, recruiter(world), back), hire_id)
    assert isinstance(error, FreeHireMovedOn)
    await leave(world, later, day(22))
    world.clock.forward(days=3_000)
    async with world.database.transaction() as tx:
        assert await expire_free_hires(tx) == 1
    error = await refused(world, run(world, reverse_exit, recruiter(world), back), hire_id)
    assert isinstance(error, FreeHireMovedOn)
    assert (await free_hire(world, earned)).status is EXPIRED
    assert await is_sound(world)


# All at once


async def test_two_exits_at_once(world: World) -> None:
    earned, hire_id = await free(world)
    sides = [recruiter(world), recruiter(world, world.agency)] * 4
    outcomes = await asyncio.gather(
        *(run(world, record_exit, side, RecordExit(hire_id, day(0))) for side in sides),
        return_exceptions=True,
    )
    assert [isinstance(one, uuid.UUID) for one in outcomes].count(True) == 1
    assert [type(one) for one in outcomes].count(InvalidTransition) == len(sides) - 1
    assert len(await exits(world)) == 1
    assert await balance(world) == 1
    assert (await free_hire(world, earned)).status is AVAILABLE
    assert await is_sound(world)


async def test_an_exit_while_others_wait_for_the_free_hire(world: World) -> None:
    """Whoever comes first: it is given back once and reserved once, or found by nobody."""
    earned, hire_id = await free(world)
    waiting = [await offered(world, (await world.register()).candidate_id) for _ in range(3)]
    outcomes = await asyncio.gather(
        *(
            run(world, redeem_free_hire, recruiter(world), RedeemFreeHire(one))
            for one in waiting[:2]
        ),
        run(world, record_exit, recruiter(world), RecordExit(hire_id, day(0))),
        run(world, redeem_free_hire, recruiter(world), RedeemFreeHire(waiting[2])),
        return_exceptions=True,
    )
    redeemed = [one for one in (*outcomes[:2], outcomes[3]) if one == earned]
    assert outcomes[2] == hire_id
    assert len(redeemed) <= 1
    expected = {RESERVED: 1} if redeemed else {AVAILABLE: 1}
    assert await free_hires_by_status(world, world.other_company) == expected
    assert await is_sound(world)


async def test_reversed_and_redeemed_at_once(world: World) -> None:
    earned, hire_id = await free(world)
    await leave(world, hire_id, day(0))
    referral_id = await offered(world, (await world.register()).candidate_id)
    outcomes = await asyncio.gather(
        run(world, reverse_exit, recruiter(world), ReverseExit(hire_id)),
        run(world, redeem_free_hire, recruiter(world), RedeemFreeHire(referral_id)),
        return_exceptions=True,
    )
    assert [isinstance(one, uuid.UUID) for one in outcomes].count(True) == 1
    is_reversed = isinstance(outcomes[0], uuid.UUID)
    assert (await free_hire(world, earned)).status is (SPENT if is_reversed else RESERVED)
    assert (await state(world, hire_id))[0] is (JOINED if is_reversed else LEFT_EARLY)
    assert await is_sound(world)


# Milestones


async def reach(world: World, batch: int = 200) -> int:
    async with world.database.transaction() as tx:
        return await reach_milestones(tx, batch)


async def milestones(world: World, *, undone: bool = False) -> list[tuple[int, date]]:
    async with world.database.read() as read:
        rows = await read.execute(
            select(HireMilestone.days, HireMilestone.reached_on)
            .where(
                HireMilestone.undone_at.is_not(None)
                if undone
                else HireMilestone.undone_at.is_(None)
            )
            .order_by(HireMilestone.days, HireMilestone.noted_at)
        )
        return [(row[0], row[1]) for row in rows]


async def told(world: World) -> list[dict[str, str]]:
    async with world.database.read() as read:
        rows = await read.scalars(
            select(OutboxEvent.refs)
            .where(OutboxEvent.type == EventType.HIRE_MILESTONE)
            .order_by(OutboxEvent.created_at, OutboxEvent.id)
        )
        return [dict(row) for row in rows]


async def test_milestones_are_noted_on_their_day(world: World) -> None:
    hire_id = await paid(world)
    world.clock.now += timedelta(days=30, hours=-9, seconds=-1)
    assert await reach(world) == 0
    assert await milestones(world) == []
    world.clock.forward(seconds=1)
    assert await reach(world) == 1
    assert await reach(world) == 0
    assert await milestones(world) == [(30, day(30))]
    world.clock.forward(days=60)
    assert await reach(world) == 1
    world.clock.forward(days=1_000)
    assert await reach(world) == 1
    assert await reach(world) == 0
    assert await milestones(world) == [(30, day(30)), (90, day(90)), (180, day(180))]
    assert await told(world) == [
        {"hire": hire_id.hex, "days": days} for days in ("30", "90", "180")
    ]
    assert await is_sound(world)


async def test_what_was_missed_is_noted_at_once(world: World) -> None:
    await paid(world)
    world.clock.forward(days=100)
    assert await reach(world) == 1
    assert await milestones(world) == [(30, day(30)), (90, day(90))]


async def test_who_left_before_reaches_none(world: World) -> None:
    hire_id = await paid(world)
    await leave(world, hire_id, day(29))
    world.clock.forward(days=500)
    assert await reach(world) == 0
    assert await milestones(world) == []


async def test_what_was_reached_before_leaving_is_noted_afterwards(world: World) -> None:
    hire_id = await paid(world)
    world.clock.forward(days=95)
    await leave(world, hire_id, day(90))
    assert await reach(world) == 1
    assert await reach(world) == 0
    assert await milestones(world) == [(30, day(30)), (90, day(90))]


async def test_an_exit_told_late_undoes_milestones_and_its_reversal_brings_them_back(
    world: World,
) -> None:
    hire_id = await paid(world)
    world.clock.forward(days=200)
    await reach(world)
    await leave(world, hire_id, day(60))
    assert await milestones(world) == [(30, day(30))]
    assert await milestones(world, undone=True) == [(90, day(90)), (180, day(180))]
    assert await reach(world) == 0
    assert await is_sound(world)
    await stay(world, hire_id)
    assert await milestones(world) == [(30, day(30))]
    assert await reach(world) == 1
    assert await milestones(world) == [(30, day(30)), (90, day(90)), (180, day(180))]
    assert len(await milestones(world, undone=True)) == 2
    assert [one["days"] for one in await told(world)] == ["30", "90", "180", "90", "180"]
    assert await is_sound(world)


async def test_milestones_are_noted_in_batches(world: World) -> None:
    for _ in range(5):
        await paid(world)
    world.clock.forward(days=31)
    assert [await reach(world, 2) for _ in range(4)] == [2, 2, 1, 0]
    assert len(await milestones(world)) == 5


async def test_milestones_noted_at_once_are_noted_once(world: World) -> None:
    for _ in range(6):
        await paid(world)
    world.clock.forward(days=31)
    await asyncio.gather(*(reach(world, 4) for _ in range(4)))
    await reach(world)
    assert len(await milestones(world)) == 6
    async with world.database.read() as read:
        waiting = await read.scalar(select(func.count()).where(Hire.next_milestone_at <= read.now))
    assert waiting == 0


async def test_hires_of_before_are_looked_at_once(world: World) -> None:
    """A migrated hire says only that it is to be looked at."""
    await paid(world)
    async with world.database.transaction() as tx:
        await tx.execute(update(Hire).values(next_milestone_at=Hire.recorded_at))
    assert await reach(world) == 1
    assert await reach(world) == 0
    assert await milestones(world) == []
    world.clock.forward(days=30)
    assert await reach(world) == 1


# As a client sees it

SCHEMA = build_schema()
LEFT_HIRE = """
hire {
  status leftOn refundYen guaranteeEndsOn isFree freeHire { status }
  milestones { days reachedOn } exit { reason recordedBy { id } }
}
errors { code path }
"""


async def do(world: World, actor: Actor, name: str, asked: str, **given: Any) -> Any:
    kind = f"{name[0].upper()}{name[1:]}Input!"
    query = f"mutation ($input: {kind}) {{ {name}(input: $input) {{ {asked} }} }}"
    context = Context(database=world.database, base_url="https://tasuki.example", actor=actor)
    answer = await SCHEMA.execute(query, variable_values={"input": given}, context_value=context)
    assert answer.errors is None, answer.errors
    assert answer.data is not None
    return answer.data[name]


async def test_recorded_and_reversed_by_the_api_once_for_a_key(world: World) -> None:
    _, hire_id = await free(world)
    world.clock.forward(days=40)
    await reach(world)
    hire = encode_id("Hire", hire_id)
    wanted = {
        "hireId": hire,
        "leftOn": day(33).isoformat(),
        "reason": "AGREED",
        "idempotencyKey": "one",
    }
    company = recruiter(world)
    first = await do(world, company, "recordExit", LEFT_HIRE, **wanted)
    assert first == {
        "hire": {
            "status": "LEFT_EARLY",
            "leftOn": day(33).isoformat(),
            "refundYen": None,
            "guaranteeEndsOn": day(89).isoformat(),
            "isFree": True,
            "freeHire": {"status": "AVAILABLE"},
            "milestones": [{"days": 30, "reachedOn": day(30).isoformat()}],
            "exit": {
                "reason": "AGREED",
                "recordedBy": {"id": encode_id("Company", world.other_company.id)},
            },
        },
        "errors": [],
    }
    assert await do(world, company, "recordExit", LEFT_HIRE, **wanted) == first
    wanted["idempotencyKey"] = "two"
    again = await do(world, company, "recordExit", LEFT_HIRE, **wanted)
    assert again == {"hire": None, "errors": [{"code": "INVALID_TRANSITION", "path": []}]}
    back = {"hireId": hire, "idempotencyKey": "three"}
    stays = await do(world, company, "reverseExit", LEFT_HIRE, **back)
    assert (stays["hire"]["status"], stays["hire"]["exit"]) == ("JOINED", None)
    assert stays["hire"]["freeHire"] == {"status": "SPENT"}
    assert await do(world, company, "reverseExit", LEFT_HIRE, **back) == stays
    assert len(await exits(world)) == 1


async def test_a_consortium_admin_takes_back_what_they_do_not_see(world: World) -> None:
    hire_id = await paid(world)
    await leave(world, hire_id, day(1))
    admin = world.actor(None, Role.CONSORTIUM_ADMIN)
    hire = encode_id("Hire", hire_id)
    assert await do(world, admin, "reverseExit", LEFT_HIRE, hireId=hire) == {
        "hire": None,
        "errors": [],
    }
    assert await state(world, hire_id) == (JOINED, None, None)


EXITS = """
query ($where: RecordedExitFilter) {
  recordedExits(where: $where) {
    totalCount
    nodes {
      id hireId status joinedOn leftOn
      company { name } introducer { name } recordedBy { name }
    }
  }
}
"""


async def listed_exits(world: World, actor: Actor, **where: Any) -> Any:
    context = Context(
        database=world.database, base_url="https://tasuki.example", actor=actor, language="en"
    )
    answer = await SCHEMA.execute(EXITS, variable_values={"where": where}, context_value=context)
    assert answer.data is not None, answer.errors
    return answer.data["recordedExits"]["nodes"]


async def test_an_admin_finds_the_exit_to_take_back_and_not_the_person(world: World) -> None:
    hire_id = await paid(world)
    admin = world.actor(None, Role.CONSORTIUM_ADMIN)
    assert await listed_exits(world, admin) == []
    await leave(world, hire_id, day(1))
    own = encode_id("Company", world.other_company.id)
    [found] = await listed_exits(world, admin, companyId=own)
    assert found["hireId"] == encode_id("Hire", hire_id)
    assert (found["status"], found["leftOn"]) == ("LEFT_EARLY", day(1).isoformat())
    assert found["company"] == found["recordedBy"] == {"name": world.other_company.name}
    assert found["introducer"] == {"name": world.agency.name}
    other = encode_id("Company", world.company.id)
    assert await listed_exits(world, admin, companyId=other) == []
    await do(world, admin, "reverseExit", LEFT_HIRE, hireId=found["hireId"])
    assert await listed_exits(world, admin) == []
