"""What a company saved: the sum by worked examples and properties, and stating what it rests on."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from gql.context import Context
from gql.schema import build_schema
from models.access import Actor, Role
from models.errors import Forbidden, InvalidInput
from models.operations.savings import StateAssumptions, state_assumptions
from models.reads.savings import hire_facts, savings_of
from models.rules.savings import (
    VERSIONS_MAX,
    Assumption,
    Assumptions,
    HireFact,
    HireKind,
    Needed,
    Savings,
    savings,
)
from models.rules.savings_words import needed_in_words, savings_in_words
from models.tables.records import AuditEntry
from models.tables.savings import HiringAssumptions
from tests.handovers import recruiter, run
from tests.tables_of_pages import Row, number, sections
from tests.test_outcomes import free, leave, paid
from tests.world import World

SCHEMA = build_schema()
AGENCY = uuid.UUID(int=1)
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
EXAMPLES = {
    name: tables for name, tables in sections("savings.md", "###").items() if len(tables) == 3
}


# The worked examples of the documentation


def stated(row: Row) -> Assumptions:
    return Assumptions(
        valid_from=date.fromisoformat(row["stated from"]),
        cost_per_hire_yen=number(row["cost per hire"]),
        hires_a_year=number(row["hires a year"]),
        advertising_yen_a_year=number(row["advertising a year"]),
        agency_hires_a_year=number(row["agency hires a year"]),
        agency_fee_percent=number(row["fee percent"]),
        yearly_pay_yen=number(row["yearly pay"]),
        participation_yen_a_year=number(row["participation a year"]),
    )


def hire(row: Row) -> HireFact:
    return HireFact(
        joined_on=date.fromisoformat(row["joined"]),
        kind=HireKind(row["way"]),
        introducer_id=AGENCY,
        fee_yen=number(row["fee"]) or 0,
        refund_yen=number(row["refund"]) or 0,
        is_early_exit=row["left early"] == "yes",
    )


def worked(tables: list[list[Row]]) -> tuple[Savings, Row]:
    versions, hires, [result] = tables
    first, last = date.fromisoformat(result["from"]), date.fromisoformat(result["to"])
    found = savings(map(hire, hires), map(stated, versions), first=first, last=last)
    return found, result


def test_the_page_has_its_examples() -> None:
    assert len(EXAMPLES) == 5


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_of_the_page_are_worked_out_right(name: str) -> None:
    found, result = worked(EXAMPLES[name])
    told = {
        "hires": found.hires,
        "replaced": found.replaced_yen,
        "paid": found.paid_yen,
        "saved": found.saved_yen,
        "participation": found.participation_yen,
        "net saved": found.net_saved_yen,
        "outside": found.outside_yen,
        "without the network": found.without_network_yen,
    }
    assert told == {column: number(result[column]) for column in told}
    assert found.reduction_percent == (float(result["reduction"]) if result["reduction"] else None)


def test_one_company_cut_its_hiring_cost_by_a_quarter() -> None:
    found, _ = worked(EXAMPLES["A company that cut its hiring cost by a quarter"])
    assert found.reduction_percent == 25.0
    assert found.without_network_yen is not None
    assert found.outside_yen is not None
    assert found.participation_yen is not None
    spent = found.outside_yen + found.paid_yen + found.participation_yen
    assert 4 * (found.without_network_yen - spent) == found.without_network_yen


def test_what_is_missing_is_named() -> None:
    found, _ = worked(EXAMPLES["Something is missing"])
    assert found.needs == [
        Needed(Assumption.HIRES_A_YEAR, FIRST),
        Needed(Assumption.PARTICIPATION_A_YEAR, FIRST),
    ]
    nothing = savings([a_hire()], [], first=FIRST, last=LAST)
    assert (nothing.saved_yen, nothing.net_saved_yen, nothing.reduction_percent) == (None,) * 3
    assert nothing.assumptions == []
    assert nothing.needs == [
        Needed(Assumption.COST_PER_HIRE, FIRST),
        Needed(Assumption.HIRES_A_YEAR, FIRST),
        Needed(Assumption.PARTICIPATION_A_YEAR, FIRST),
    ]


def test_parts_that_are_missing_are_named_one_by_one() -> None:
    parts = Assumptions(valid_from=FIRST, advertising_yen_a_year=1, participation_yen_a_year=0)
    found = savings([a_hire()], [parts], first=FIRST, last=LAST)
    assert [one.assumption for one in found.needs] == [
        Assumption.HIRES_A_YEAR,
        Assumption.AGENCY_HIRES_A_YEAR,
        Assumption.AGENCY_FEE_PERCENT,
        Assumption.YEARLY_PAY,
    ]
    without_agencies = replace(parts, hires_a_year=3, agency_hires_a_year=0)
    found = savings([a_hire()], [without_agencies], first=FIRST, last=LAST)
    assert (found.needs, found.saved_yen) == ([], 0)


def test_what_is_missing_for_some_days_is_missing_from_the_first_of_them() -> None:
    later = Assumptions(
        valid_from=date(2026, 7, 1),
        cost_per_hire_yen=1,
        hires_a_year=1,
        participation_yen_a_year=1,
    )
    found = savings([a_hire(date(2026, 8, 1))], [later], first=FIRST, last=LAST)
    assert (found.saved_yen, found.net_saved_yen) == (1, None)
    assert {one.first for one in found.needs} == {FIRST}
    assert savings([], [later], first=later.valid_from, last=LAST).needs == []


def test_a_line_for_each_kind_and_each_statement() -> None:
    found, _ = worked(EXAMPLES["Two statements in one year"])
    assert [(line.first, line.last, line.cost_per_hire_yen) for line in found.lines] == [
        (FIRST, date(2026, 6, 30), 1_000_000),
        (date(2026, 7, 1), LAST, 1_200_000),
    ]
    assert [one.valid_from for one in found.assumptions] == [FIRST, date(2026, 7, 1)]


def test_the_words_say_the_numbers() -> None:
    quarter, _ = worked(EXAMPLES["A company that cut its hiring cost by a quarter"])
    assert savings_in_words(quarter).en == (
        "Hiring 6 people through the network saved ¥6,150,000. Net of taking part it is "
        "¥4,500,000. The cost of all hiring fell by 25%."
    )
    assert savings_in_words(quarter).ja == (
        "ネットワークを通じた6名の採用で、6,150,000円を節約しました。"
        "参加費用を引くと4,500,000円です。採用費用全体は25％下がりました。"
    )
    dearer, _ = worked(EXAMPLES["An introduction that was dearer"])
    assert savings_in_words(dearer).en == (
        "Hiring 1 person through the network cost ¥400,000 more than outside it. Net of taking "
        "part it is -¥500,000. The cost of all hiring rose by 12.5%."
    )
    missing, _ = worked(EXAMPLES["Something is missing"])
    assert "What taking part costs is not stated" in savings_in_words(missing).en
    assert needed_in_words(missing.needs[0]).en == (
        "Hires outside the network in a year, from 2026-01-01 on"
    )
    assert (
        "cannot be told yet" in savings_in_words(savings([a_hire()], [], first=FIRST, last=LAST)).en
    )


# What holds of every sum


def a_hire(joined_on: date = date(2026, 5, 1), **more: Any) -> HireFact:
    return HireFact(joined_on=joined_on, kind=HireKind.FREE_HIRE, introducer_id=AGENCY, **more)


days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
yen = st.integers(0, 100_000_000)
hires_of_some = st.lists(
    st.builds(
        lambda joined_on, kind, fee, back, early: HireFact(
            joined_on=joined_on,
            kind=kind,
            introducer_id=AGENCY,
            fee_yen=fee if kind is HireKind.INTRODUCTION else 0,
            refund_yen=min(fee, back) if early and kind is HireKind.INTRODUCTION else 0,
            is_early_exit=early,
        ),
        days,
        st.sampled_from(HireKind),
        yen,
        yen,
        st.booleans(),
    ),
    max_size=8,
)
known_assumptions = st.builds(
    Assumptions,
    valid_from=days,
    cost_per_hire_yen=yen,
    hires_a_year=st.integers(0, 1_000),
    participation_yen_a_year=yen,
)
from_parts = st.integers(1, 1_000).flatmap(
    lambda hires: st.builds(
        Assumptions,
        valid_from=days,
        hires_a_year=st.just(hires),
        advertising_yen_a_year=yen,
        agency_hires_a_year=st.integers(0, hires),
        agency_fee_percent=st.integers(0, 100),
        yearly_pay_yen=yen,
        participation_yen_a_year=yen,
    )
)
versions_of_some = st.lists(
    st.one_of(known_assumptions, from_parts),
    max_size=4,
    unique_by=lambda one: one.valid_from,
)
long_before = st.one_of(known_assumptions, from_parts).map(
    lambda one: replace(one, valid_from=date(2000, 1, 1))
)
periods = st.tuples(days, st.integers(0, 1_000)).map(
    lambda one: (one[0], one[0] + timedelta(days=one[1]))
)


@given(hires_of_some, versions_of_some, long_before, periods)
def test_everything_is_known_where_everything_is_stated(
    hires: list[HireFact],
    versions: list[Assumptions],
    before: Assumptions,
    period: tuple[date, date],
) -> None:
    found = savings(hires, [*versions, before], first=period[0], last=period[1])
    assert found.needs == []
    assert found.replaced_yen is not None
    assert found.saved_yen == found.replaced_yen - found.paid_yen
    assert found.participation_yen is not None
    assert found.net_saved_yen == found.saved_yen - found.participation_yen
    assert found.outside_yen is not None
    for amount in (found.replaced_yen, found.paid_yen, found.participation_yen, found.outside_yen):
        assert amount >= 0
    assert found.saved_yen == sum(line.saved_yen or 0 for line in found.lines)


@given(versions_of_some, periods)
def test_without_hires_nothing_is_saved(
    versions: list[Assumptions], period: tuple[date, date]
) -> None:
    found = savings([], versions, first=period[0], last=period[1])
    assert (found.hires, found.replaced_yen, found.paid_yen, found.saved_yen) == (0, 0, 0, 0)
    assert found.lines == []


@given(hires_of_some, long_before, periods, st.sampled_from([HireKind.FREE_HIRE, HireKind.PARTNER]))
def test_another_hire_without_a_fee_never_saves_less(
    hires: list[HireFact], before: Assumptions, period: tuple[date, date], kind: HireKind
) -> None:
    more = HireFact(joined_on=period[0], kind=kind, introducer_id=AGENCY)
    fewer = savings(hires, [before], first=period[0], last=period[1])
    found = savings([*hires, more], [before], first=period[0], last=period[1])
    assert found.saved_yen is not None
    assert fewer.saved_yen is not None
    assert found.saved_yen >= fewer.saved_yen


@given(hires_of_some, known_assumptions, periods, st.integers(1, 1_000_000))
def test_a_dearer_hire_outside_never_saves_less_and_a_dearer_fee_never_more(
    hires: list[HireFact], stated: Assumptions, period: tuple[date, date], more_yen: int
) -> None:
    before = replace(stated, valid_from=date(2000, 1, 1))
    assert before.cost_per_hire_yen is not None
    found = savings(hires, [before], first=period[0], last=period[1])
    dearer = replace(before, cost_per_hire_yen=before.cost_per_hire_yen + more_yen)
    outside = savings(hires, [dearer], first=period[0], last=period[1])
    fees = [replace(one, fee_yen=one.fee_yen + more_yen) for one in hires]
    inside = savings(fees, [before], first=period[0], last=period[1])
    assert found.saved_yen is not None
    assert outside.saved_yen is not None
    assert inside.saved_yen is not None
    assert outside.saved_yen - found.saved_yen == more_yen * found.hires
    assert inside.saved_yen <= found.saved_yen


@given(hires_of_some, versions_of_some, periods)
def test_the_order_of_what_was_stated_changes_nothing(
    hires: list[HireFact], versions: list[Assumptions], period: tuple[date, date]
) -> None:
    first, last = period
    found = savings(hires, versions, first=first, last=last)
    assert found == savings(hires[::-1], versions[::-1], first=first, last=last)


@given(long_before, st.integers(2001, 2099))
def test_a_calendar_year_counts_a_yearly_sum_exactly_once(before: Assumptions, year: int) -> None:
    found = savings([], [before], first=date(year, 1, 1), last=date(year, 12, 31))
    assert found.participation_yen == before.participation_yen_a_year


# Stating it


async def state(world: World, actor: Actor, **numbers: Any) -> uuid.UUID:
    command = StateAssumptions(Assumptions(**{"valid_from": FIRST, **numbers}))
    company_id: uuid.UUID = await run(world, state_assumptions, actor, command)
    return company_id


async def stored(world: World) -> int:
    async with world.database.read() as read:
        return await read.scalar(select(func.count()).select_from(HiringAssumptions)) or 0


async def test_the_same_day_is_stated_anew_and_another_beside_it(world: World) -> None:
    admin = world.actor(world.company, Role.ADMIN)
    await state(world, admin, cost_per_hire_yen=1, note="会計システム、2025年度")
    await state(world, admin, hires_a_year=0)
    later = FIRST + timedelta(days=30)
    assert await state(world, admin, valid_from=later, yearly_pay_yen=100_000_000) == (
        world.company.id
    )
    async with world.database.read() as read:
        rows = (
            await read.scalars(select(HiringAssumptions).order_by(HiringAssumptions.valid_from))
        ).all()
        audited = await read.execute(
            select(AuditEntry.subject_id, AuditEntry.details)
            .where(AuditEntry.action == "assumptions.stated")
            .order_by(AuditEntry.number)
        )
        assert [tuple(row) for row in audited] == [
            (world.company.id, {"valid_from": day})
            for day in ("2026-01-01", "2026-01-01", "2026-01-31")
        ]
    assert [(row.valid_from, row.hires_a_year, row.cost_per_hire_yen) for row in rows] == [
        (FIRST, 0, None),
        (later, None, None),
    ]
    assert (rows[0].note, rows[0].stated_at) == (None, world.clock.now)


@pytest.mark.parametrize(
    ("path", "numbers"),
    [
        ("validFrom", {"valid_from": date(1999, 12, 31)}),
        ("validFrom", {"valid_from": date(2027, 1, 7)}),
        ("costPerHireYen", {"cost_per_hire_yen": -1}),
        ("costPerHireYen", {"cost_per_hire_yen": 100_000_001}),
        ("hiresAYear", {"hires_a_year": 100_001}),
        ("advertisingYenAYear", {"advertising_yen_a_year": 100_000_000_001}),
        ("agencyHiresAYear", {"hires_a_year": 5, "agency_hires_a_year": 6}),
        ("agencyFeePercent", {"agency_fee_percent": 101}),
        ("yearlyPayYen", {"yearly_pay_yen": -1}),
        ("participationYenAYear", {"participation_yen_a_year": -1}),
        ("note", {"note": ""}),
        ("note", {"note": "x" * 1_001}),
        ("note", {"note": "a\x00b"}),
    ],
)
async def test_what_cannot_be_is_refused(world: World, path: str, numbers: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        await state(world, world.actor(world.company, Role.ADMIN), **numbers)
    assert refusal.value.path == (path,)
    assert await stored(world) == 0


async def test_only_a_companys_admin_states_it(world: World) -> None:
    for actor in (
        recruiter(world, world.company),
        world.actor(world.company, Role.VIEWER),
        world.actor(world.agency, Role.ADMIN),
        world.actor(None, Role.CONSORTIUM_ADMIN),
    ):
        with pytest.raises(Forbidden):
            await state(world, actor, hires_a_year=1)
    assert await stored(world) == 0


async def test_there_is_an_end_to_how_often_it_is_stated(world: World) -> None:
    admin = world.actor(world.company, Role.ADMIN)
    async with world.database.transaction() as tx:
        tx.add_all(
            HiringAssumptions(
                company_id=world.company.id,
                valid_from=FIRST - timedelta(days=number),
                stated_at=tx.now,
            )
            for number in range(VERSIONS_MAX)
        )
    with pytest.raises(InvalidInput) as refusal:
        await state(world, admin, valid_from=FIRST + timedelta(days=1))
    assert refusal.value.path == ("validFrom",)
    await state(world, admin, hires_a_year=7)
    assert await stored(world) == VERSIONS_MAX


# Of real hires


async def test_hires_of_every_way_are_read_as_they_were(world: World) -> None:
    await paid(world, 2_000_000)
    early = await paid(world, 1_000_000)
    await free(world)
    await leave(world, early, date(2026, 1, 25))
    company_id = world.other_company.id
    today = world.clock.now.date()
    async with world.database.read() as read:
        found = (await hire_facts(read, [company_id], first=FIRST, last=today))[company_id]
        other = await hire_facts(read, [world.company.id], first=FIRST, last=today)
        summed = await savings_of(read, [company_id, world.company.id], first=FIRST, last=today)
    assert other == {}
    assert sorted((one.kind, one.fee_yen, one.refund_yen, one.is_early_exit) for one in found) == [
        (HireKind.FREE_HIRE, 0, 0, False),
        (HireKind.INTRODUCTION, 1_000_000, 800_000, True),
        (HireKind.INTRODUCTION, 2_000_000, 0, False),
    ]
    assert {one.introducer_id for one in found} == {world.agency.id}
    assert (summed[company_id].hires, summed[company_id].paid_yen) == (2, 2_200_000)
    assert summed[world.company.id].saved_yen == 0


QUERY = """
query ($first: Date!, $last: Date!) {
  impact(period: {firstDay: $first, lastDay: $last}) {
    savings {
      hires replacedYen paidYen savedYen participationYen netSavedYen outsideYen
      withoutNetworkYen reductionPercent inWords
      lines { kind hires earlyExits costPerHireYen replacedYen paidYen savedYen firstDay lastDay }
      assumptions { validFrom costPerHireYen hiresAYear participationYenAYear note }
      needs { assumption firstDay inWords }
    }
  }
  hiringAssumptions { validFrom note }
}
"""
STATE = """
mutation ($input: StateAssumptionsInput!) {
  stateAssumptions(input: $input) { company { name } errors { code path message } }
}
"""


async def execute(world: World, actor: Actor, query: str, **variables: Any) -> Any:
    context = Context(database=world.database, base_url="https://tasuki.example", actor=actor)
    answer = await SCHEMA.execute(query, variable_values=variables, context_value=context)
    assert answer.errors is None, answer.errors
    return answer.data


async def test_a_company_states_and_reads_it_through_the_api(world: World) -> None:
    await paid(world, 500_000)
    admin = world.actor(world.other_company, Role.ADMIN)
    refused = await execute(
        world, admin, STATE, input={"validFrom": "2026-01-01", "agencyFeePercent": 101}
    )
    assert refused["stateAssumptions"]["company"] is None
    [error] = refused["stateAssumptions"]["errors"]
    assert (error["code"], error["path"]) == (
        "INVALID_INPUT",
        ["input", "agencyFeePercent"],
    )
    done = await execute(
        world,
        admin,
        STATE,
        input={
            "validFrom": "2026-01-01",
            "costPerHireYen": 800_000,
            "hiresAYear": 2,
            "participationYenAYear": 0,
            "note": "2025",
        },
    )
    assert done["stateAssumptions"] == {
        "company": {"name": world.other_company.name},
        "errors": [],
    }
    world.clock.forward(days=400)
    viewer = world.actor(world.other_company, Role.VIEWER)
    answer = await execute(world, viewer, QUERY, first="2026-01-01", last="2026-12-31")
    assert answer["hiringAssumptions"] == [{"validFrom": "2026-01-01", "note": "2025"}]
    assert answer["impact"]["savings"] == {
        "hires": 1,
        "replacedYen": 800_000,
        "paidYen": 500_000,
        "savedYen": 300_000,
        "participationYen": 0,
        "netSavedYen": 300_000,
        "outsideYen": 1_600_000,
        "withoutNetworkYen": 2_400_000,
        "reductionPercent": 12.5,
        "inWords": "Hiring 1 person through the network saved ¥300,000. Net of taking part it is "
        "¥300,000. The cost of all hiring fell by 12.5%.",
        "lines": [
            {
                "kind": "INTRODUCTION",
                "hires": 1,
                "earlyExits": 0,
                "costPerHireYen": 800_000,
                "replacedYen": 800_000,
                "paidYen": 500_000,
                "savedYen": 300_000,
                "firstDay": "2026-01-01",
                "lastDay": "2026-12-31",
            }
        ],
        "assumptions": [
            {
                "validFrom": "2026-01-01",
                "costPerHireYen": 800_000,
                "hiresAYear": 2,
                "participationYenAYear": 0,
                "note": "2025",
            }
        ],
        "needs": [],
    }


async def test_nobody_else_reads_a_companys_savings(world: World) -> None:
    await paid(world, 500_000)
    await state(world, world.actor(world.other_company, Role.ADMIN), cost_per_hire_yen=800_000)
    for actor in (world.actor(None, Role.CONSORTIUM_ADMIN), world.actor(None, Role.ANALYST)):
        answer = await execute(world, actor, QUERY, first="2026-01-01", last="2026-12-31")
        assert answer == {"impact": {"savings": None}, "hiringAssumptions": []}
    own = world.actor(world.company, Role.ADMIN)
    answer = await execute(world, own, QUERY, first="2026-01-01", last="2026-12-31")
    assert answer["hiringAssumptions"] == []
    assert answer["impact"]["savings"]["lines"] == []
    assert answer["impact"]["savings"]["savedYen"] == 0


async def test_an_introduction_that_was_dearer_is_told_below_zero(world: World) -> None:
    await paid(world, 1_200_000)
    numbers = {"cost_per_hire_yen": 800_000, "hires_a_year": 1, "participation_yen_a_year": 0}
    await state(world, world.actor(world.other_company, Role.ADMIN), **numbers)
    viewer = world.actor(world.other_company, Role.VIEWER)
    answer = await execute(world, viewer, QUERY, first="2026-01-01", last="2026-12-31")
    assert answer["impact"]["savings"]["savedYen"] == -400_000
    assert answer["impact"]["savings"]["netSavedYen"] == -400_000
    assert answer["impact"]["savings"]["lines"][0]["savedYen"] == -400_000
