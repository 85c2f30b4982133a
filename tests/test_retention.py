"""How many people stay: the rules by hand-worked values, and each organization's own figures."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from gql.context import Context
from gql.node import encode_id
from gql.schema import build_schema
from models.access import Actor, Role
from models.errors import Forbidden, InvalidInput
from models.operations.baselines import StateBaseline, state_baseline
from models.rules.lifecycles import HireStatus
from models.rules.outcomes import (
    Guarantee,
    RefundStep,
    guarantee_ends_on,
    judge_exit,
    milestones_reached,
    next_milestone_on,
    refund_yen_of,
)
from models.rules.retention import Stayed, Stays, retention_of, wilson_interval
from models.tables.outcomes import CompanyBaseline
from models.tables.records import AuditEntry
from tests.handovers import recruiter, run
from tests.test_outcomes import free, leave, paid, stay
from tests.world import World

SCHEMA = build_schema()
TODAY = date(2026, 10, 1)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


# Wilson's interval, worked by hand


def test_half_of_ten() -> None:
    # z² = 3.8415; (0.5 + 0.19207 ± 1.95996·√(0.025 + 0.0096036)) ÷ 1.38415
    assert wilson_interval(5, 10) == pytest.approx((0.23659, 0.76341), abs=1e-5)


def test_all_and_none_of_ten() -> None:
    # All: n ÷ (n + z²) = 10 ÷ 13.8415 and 1; none is its mirror.
    assert wilson_interval(10, 10) == pytest.approx((0.72247, 1.0), abs=1e-5)
    assert wilson_interval(0, 10) == pytest.approx((0.0, 0.27753), abs=1e-5)


def test_one_of_one() -> None:
    # 1 ÷ 4.8415
    assert wilson_interval(1, 1) == pytest.approx((0.20655, 1.0), abs=1e-5)


def test_an_example_of_the_literature() -> None:
    # 81 of 263: 0.2553 to 0.3662 (Newcombe, Statistics in Medicine 17, 1998, p. 861).
    assert wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)


@pytest.mark.parametrize(("successes", "trials"), [(0, 0), (2, 1), (-1, 5)])
def test_no_share_no_interval(successes: int, trials: int) -> None:
    with pytest.raises(ValueError, match=f"{successes} of {trials}"):
        wilson_interval(successes, trials)


# Exits and milestones


@pytest.mark.parametrize(
    ("fee_yen", "stayed", "refund_yen"),
    [
        (1_000_000, 0, 800_000),
        (1_000_000, 29, 800_000),
        (1_000_000, 30, 500_000),
        (1_000_000, 90, 0),
        (1, 0, 1),  # 0.8
        (1, 30, 1),  # 0.5
        (3, 0, 2),  # 2.4
        (0, 0, 0),
    ],
)
def test_half_a_yen_goes_up(fee_yen: int, stayed: int, refund_yen: int) -> None:
    steps = [RefundStep(30, 80), RefundStep(90, 50)]
    assert refund_yen_of(fee_yen, stayed, steps) == refund_yen


@pytest.mark.parametrize("days", [0, 1, 90])
def test_the_last_day_of_the_guarantee_is_the_last_early_exit(days: int) -> None:
    guarantee = Guarantee(days, [RefundStep(days, 100)] if days else [])
    ends_on = guarantee_ends_on(TODAY, days)
    assert (ends_on is None) == (days == 0)
    for stayed in (days - 1, days):
        if stayed >= 0:
            left_on = TODAY + timedelta(days=stayed)
            judged = judge_exit(
                joined_on=TODAY, left_on=left_on, fee_yen=7, is_free=False, guarantee=guarantee
            )
            is_early = ends_on is not None and left_on <= ends_on
            assert (judged.status is HireStatus.LEFT_EARLY) == is_early
            assert judged.refund_yen == (7 if is_early else None)


@pytest.mark.parametrize(
    ("joined", "left", "reached"),
    [
        (29, None, []),
        (30, None, [30]),
        (200, None, [30, 90, 180]),
        (200, 110, [30, 90]),
        (200, 111, [30]),
        (200, 200, []),
    ],
)
def test_milestones_by_days(joined: int, left: int | None, reached: list[int]) -> None:
    left_on = None if left is None else ago(left)
    assert milestones_reached(ago(joined), left_on, TODAY) == reached


def test_the_next_milestone() -> None:
    assert next_milestone_on(TODAY, None, []) == TODAY + timedelta(days=30)
    assert next_milestone_on(TODAY, None, [30, 180]) == TODAY + timedelta(days=90)
    assert next_milestone_on(TODAY, None, [30, 90, 180]) is None
    assert next_milestone_on(ago(50), ago(21), []) is None
    assert next_milestone_on(ago(50), ago(20), []) == ago(20)


# Retention


def test_who_left_is_counted_among_those_who_could_have_stayed() -> None:
    found = retention_of(
        [
            Stays(ago(200), None, 3, fees_yen=3_000),
            Stays(ago(200), ago(150), 1, early_exits=1, fees_yen=1_000, refunds_yen=500),
            Stays(ago(100), ago(5), 1),
            Stays(ago(29), None, 4),
        ],
        TODAY,
    )
    assert (found.hires, found.exits, found.early_exits) == (9, 2, 1)
    assert (found.fees_yen, found.refunds_yen) == (4_000, 500)
    assert found.cost_per_hire_yen == 389  # 3,500 ÷ 9 = 388.9
    assert [(one.days, one.could, one.did) for one in found.milestones] == [
        (30, 5, 5),
        (90, 5, 4),
        (180, 4, 3),
    ]
    assert found.milestones[2].share == 0.75
    assert (found.milestones[2].lowest, found.milestones[2].highest) == wilson_interval(3, 4)


def test_of_nobody_nothing_is_said() -> None:
    found = retention_of([], TODAY)
    assert found.cost_per_hire_yen is None
    assert found.milestones == [Stayed(d, 0, 0, None, None, None) for d in (30, 90, 180)]


async def execute(world: World, actor: Actor, query: str, **variables: Any) -> Any:
    context = Context(database=world.database, base_url="https://tasuki.example", actor=actor)
    answer = await SCHEMA.execute(query, variable_values=variables, context_value=context)
    assert answer.errors is None, answer.errors
    return answer.data


FIGURES = """
query ($company: ID!, $agency: ID!) {
  company: node(id: $company) { ... on Company { retention { ...All } } }
  agency: node(id: $agency) { ... on Agency { retention { ...All } } }
}
fragment All on Retention {
  hires exits earlyExits feesYen refundsYen costPerHireYen
  milestones { days could did percent lowestPercent highestPercent }
}
"""


async def figures(world: World, actor: Actor) -> tuple[Any, Any]:
    found = await execute(
        world,
        actor,
        FIGURES,
        company=encode_id("Company", world.other_company.id),
        agency=encode_id("Agency", world.agency.id),
    )
    return found["company"]["retention"], found["agency"]["retention"]


async def test_each_side_reads_its_own_figures(world: World) -> None:
    early, late = await paid(world), await paid(world, 2_000_000)
    await free(world)
    mistaken = await paid(world, 0)
    await leave(world, early, date(2026, 1, 25))
    await leave(world, mistaken, date(2026, 1, 25))
    await stay(world, mistaken)
    await leave(world, late, date(2026, 4, 5))
    expected = {
        "hires": 4,
        "exits": 2,
        "earlyExits": 1,
        "feesYen": 3_000_000,
        "refundsYen": 800_000,
        "costPerHireYen": 550_000,
        "milestones": [
            {
                "days": 30,
                "could": 4,
                "did": 3,
                "percent": 75.0,
                "lowestPercent": 30.1,
                "highestPercent": 95.4,
            },
            {
                "days": 90,
                "could": 4,
                "did": 3,
                "percent": 75.0,
                "lowestPercent": 30.1,
                "highestPercent": 95.4,
            },
            {
                "days": 180,
                "could": 0,
                "did": 0,
                "percent": None,
                "lowestPercent": None,
                "highestPercent": None,
            },
        ],
    }
    company = world.actor(world.other_company, Role.VIEWER)
    assert await figures(world, company) == (expected, None)
    assert await figures(world, world.actor(world.agency, Role.VIEWER)) == (None, expected)
    for actor in (
        world.actor(world.company, Role.ADMIN),
        world.actor(None, Role.CONSORTIUM_ADMIN),
        world.actor(None, Role.ANALYST),
    ):
        assert await figures(world, actor) == (None, None)


# The baseline


async def state(world: World, actor: Actor, **stated: int | None) -> uuid.UUID:
    company_id: uuid.UUID = await run(world, state_baseline, actor, StateBaseline(**stated))
    return company_id


async def test_a_baseline_is_stated_and_stated_anew(world: World) -> None:
    admin = world.actor(world.company, Role.ADMIN)
    await state(world, admin, stayed_30_percent=95, stayed_180_percent=70)
    world.clock.forward(days=1)
    await state(world, admin, stayed_90_percent=0, cost_per_hire_yen=1_200_000)
    async with world.database.read() as read:
        row = (await read.scalars(select(CompanyBaseline))).one()
        audited = await read.execute(
            select(AuditEntry.subject_id, AuditEntry.details).where(
                AuditEntry.action == "baseline.stated"
            )
        )
        assert [tuple(one) for one in audited] == [(world.company.id, {})] * 2
    assert (row.company_id, row.changed_at) == (world.company.id, world.clock.now)
    assert (row.stayed_30_percent, row.stayed_90_percent, row.stayed_180_percent) == (None, 0, None)
    assert row.cost_per_hire_yen == 1_200_000


@pytest.mark.parametrize(
    ("path", "stated"),
    [
        ("stayed30Percent", {"stayed_30_percent": 101}),
        ("stayed90Percent", {"stayed_90_percent": -1}),
        ("stayed180Percent", {"stayed_30_percent": 50, "stayed_180_percent": 51}),
        ("stayed90Percent", {"stayed_30_percent": 50, "stayed_90_percent": 51}),
        ("costPerHireYen", {"cost_per_hire_yen": -1}),
        ("costPerHireYen", {"cost_per_hire_yen": 100_000_001}),
    ],
)
async def test_what_cannot_be_is_refused(world: World, path: str, stated: dict[str, int]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        await state(world, world.actor(world.company, Role.ADMIN), **stated)
    assert refusal.value.path == (path,)
    await nothing_is_stated(world)


async def nothing_is_stated(world: World) -> None:
    async with world.database.read() as read:
        assert await read.scalar(select(func.count()).select_from(CompanyBaseline)) == 0


async def test_only_a_companys_admin_states_it(world: World) -> None:
    for actor in (
        recruiter(world, world.company),
        world.actor(world.agency, Role.ADMIN),
        world.actor(None, Role.CONSORTIUM_ADMIN),
    ):
        with pytest.raises(Forbidden):
            await state(world, actor, stayed_30_percent=1)
    await nothing_is_stated(world)
