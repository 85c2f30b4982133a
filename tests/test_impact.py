"""Second chances and voices: worked examples, what is told to whom, and what never is."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from gql.context import Context
from gql.schema import build_schema
from models.access import Actor, Role
from models.errors import Forbidden, InvalidInput
from models.operations.baselines import StateBaseline, state_baseline
from models.operations.frozen import freeze_past
from models.rules.lifecycles import Channel, ReferralStatus
from models.rules.rounding import DRAW_BYTES, told, told_parts
from models.rules.surveys import SurveyCell, SurveyKind, SurveyQuestion
from models.tables.consortium import Organization
from models.tables.flows import FlowDay
from models.tables.surveys import SurveyMonth
from network.edges import Window, told_edges, told_table
from network.impact import impact_window
from network.second_chances import second_chances, waited_in_words
from network.table import CHANNELS, EVENTS, FlowTable, month_number
from network.voices import Voices, voices
from tests.handovers import run
from tests.tables_of_pages import number, sections
from tests.test_outcomes import leave, paid
from tests.test_statements import statements
from tests.world import World

SCHEMA = build_schema()
PAGE = sections("impact.md", "##")
RELAY, SHARE = Channel.RELAY_LINK, Channel.PARTNER_SHARE
INTRODUCED = Channel.AGENCY_INTRODUCTION
ACCEPTED, HIRED = ReferralStatus.ACCEPTED, ReferralStatus.HIRED
WITHDRAWN = ReferralStatus.WITHDRAWN
JANUARY, MARCH = date(2026, 1, 15), date(2026, 3, 31)
IN_MARCH = datetime(2026, 3, 10, tzinfo=UTC)
IN_APRIL = datetime(2026, 4, 2, tzinfo=UTC)
IN_MAY = datetime(2026, 5, 2, tzinfo=UTC)
HELPED, WELL = SurveyQuestion.HELPED, SurveyQuestion.TREATED_WELL


# The worked examples of the documentation


def draw_at(share: float) -> Any:
    return lambda cell: int(share * 2 ** (8 * DRAW_BYTES)).to_bytes(DRAW_BYTES, "big")


def a_cell(
    answers: tuple[int, ...],
    month: int = 1,
    smallest_count: int = 3,
    question: SurveyQuestion = HELPED,
) -> SurveyCell:
    return SurveyCell(
        uuid.UUID(int=1),
        date(2026, month, 1),
        SurveyKind.OUTCOME,
        question,
        smallest_count,
        answers,
    )


def of_helped(found: list[Voices]) -> Voices:
    [one] = [one for one in found if (one.kind, one.question) == (SurveyKind.OUTCOME, HELPED)]
    return one


def test_the_second_chances_of_the_page() -> None:
    _, cells, [result] = PAGE["Second chances"]
    size = len(cells)
    table = FlowTable(
        nodes=("company", "agency"),
        source=np.zeros(size, np.int32),
        target=np.ones(size, np.int32),
        month=np.full(size, month_number(2026, 1), np.int32),
        channel=np.full(size, CHANNELS.index(RELAY), np.int16),
        event=np.array([EVENTS.index(ReferralStatus(row["event"])) for row in cells], np.int16),
        before=np.zeros(size, np.int16),
        waited=np.array([number(row["waited"]) for row in cells], np.int16),
        referrals=np.array([number(row["people"]) for row in cells], np.int64),
    )
    for own in ("company", None):
        found = second_chances(table, own)
        assert found.registrations == number(result["registrations"])
        assert found.found_work == number(result["found work"])
        assert found.ended_without == number(result["ended without"])
        assert found.quartiles is not None
        assert [waited_in_words(one).en for one in found.quartiles] == [
            result[name] for name in ("a quarter", "half", "three quarters")
        ]
    nobody = second_chances(table, "agency")
    assert (nobody.registrations, nobody.found_work, nobody.quartiles) == (0, 0, None)
    assert second_chances(table, "somebody else").registrations == 0


def test_the_voices_of_the_page() -> None:
    _, months, examples = PAGE["Candidates' voices"]
    for row in months:
        told_months = [int(text) for text in row["months told"].split(",")]
        cells = [a_cell((0, 0, 0, 0, told_), n) for n, told_ in enumerate(told_months, 1)]
        assert sum(one - 2 for one in told_months) == int(row["certain"])
        assert (of_helped(voices(cells, draw_at(0.5))).answers is not None) == (
            row["told"] == "yes"
        )
    for row in examples:
        draw = draw_at(float(row["draw"]))
        answers = tuple(int(row[f"gave {score}"]) for score in range(1, 6))
        parts = told_parts(answers, smallest_count=3, cell="", draw=draw)
        assert ", ".join(map(str, parts)) == row["told by score"]
        assert sum(parts) == int(row["told"])
        found = of_helped(voices([a_cell(answers)], draw))
        assert found.mean == (float(row["mean"]) if row["mean"] else None)
        assert found.agreeing_percent == (float(row["agree"]) if row["agree"] else None)


# What holds of every rounding


parts_of_some = st.lists(st.integers(0, 40), min_size=1, max_size=8)
draws = st.binary(min_size=DRAW_BYTES, max_size=DRAW_BYTES)


@given(parts_of_some, st.integers(1, 20), draws)
def test_parts_add_up_to_what_is_told_of_the_whole(
    numbers: list[int], smallest: int, drawn: bytes
) -> None:
    parts = told_parts(numbers, smallest_count=smallest, cell="x", draw=lambda _: drawn)
    assert sum(parts) == told(sum(numbers), smallest_count=smallest, cell="x", draw=lambda _: drawn)
    for exact, part in zip(numbers, parts, strict=True):
        assert part % smallest == 0
        assert abs(part - exact) < smallest


@given(st.lists(st.tuples(*[st.integers(0, 9)] * 5), max_size=12), st.integers(1, 10), st.data())
def test_what_is_told_is_certain_to_be_of_enough_people(
    months: list[tuple[int, ...]], smallest: int, data: st.DataObject
) -> None:
    drawn = {n: data.draw(draws) for n in range(1, 13)}
    cells = [a_cell(one, n, smallest) for n, one in enumerate(months, 1)]
    found = of_helped(voices(cells, lambda name: drawn[int(name.split("|")[1][-2:])]))
    if found.answers is not None:
        assert sum(map(sum, months)) >= smallest
        assert found.answers % smallest == 0
        assert found.scores is not None
        assert sum(found.scores) == found.answers


@pytest.mark.parametrize("people", range(4, 40))
def test_one_number_of_people_is_told_once_whichever_the_question(people: int) -> None:
    """Whoever answered both questions is no second rounding of the same number."""
    cells = [a_cell((0, 0, 0, 0, people)), a_cell((people, 0, 0, 0, 0), question=WELL)]
    found = voices(cells, lambda name: sha256(name.encode()).digest())
    assert len({one.answers for one in found if one.kind is SurveyKind.OUTCOME}) == 1


@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2026, 3, 2), date(2026, 3, 1)), (date(2027, 1, 1), date(2027, 12, 31))],
)
def test_a_period_that_has_no_day_yet_is_refused(first: date, last: date) -> None:
    with pytest.raises(InvalidInput) as refusal:
        impact_window(first, last, now=IN_APRIL, time_zone="Asia/Tokyo")
    assert refusal.value.path == ("period",)


# What is told of a database


async def flow(
    world: World,
    number_: int,
    *,
    giver: Organization | None = None,
    to: Organization | None = None,
    channel: Channel = RELAY,
    event: ReferralStatus = ACCEPTED,
    waited: int = 0,
    day: date = JANUARY,
) -> None:
    row = {
        "consortium_id": world.consortium_id,
        "day": day,
        "from_id": (giver or world.company).id,
        "to_id": (to or world.agency).id,
        "channel": channel,
        "event": event,
        "before": ACCEPTED if event is ACCEPTED or channel is RELAY else ReferralStatus.OFFERED,
        "waited": waited,
        "referrals": number_,
    }
    async with world.database.transaction() as tx:
        await tx.execute(insert(FlowDay), row)


async def answers(
    world: World, *scores: int, month: int = 1, of: Organization | None = None
) -> None:
    rows = [
        {
            "consortium_id": world.consortium_id,
            "company_id": (of or world.company).id,
            "month": date(2026, month, 1),
            "kind": SurveyKind.OUTCOME,
            "question": HELPED,
            "score": score,
            "answers": people,
            "smallest_count": 3,
        }
        for score, people in enumerate(scores, 1)
        if people
    ]
    async with world.database.transaction() as tx:
        await tx.execute(insert(SurveyMonth), rows)


async def some_flows(world: World) -> None:
    await flow(world, 10)
    await flow(world, 4, event=HIRED, waited=14)
    await flow(world, 2, event=HIRED, waited=60)
    await flow(world, 1, event=HIRED, waited=365, day=MARCH)
    await flow(world, 2, event=WITHDRAWN)
    await flow(world, 1, channel=SHARE, event=HIRED, to=world.other_company)
    await flow(world, 8, giver=world.other_company)
    await flow(world, 5, channel=INTRODUCED, event=HIRED, giver=world.agency, to=world.company)
    await flow(world, 9, day=date(2026, 4, 1))


QUERY = """
query ($first: Date!, $last: Date!) {
  impact(period: {firstDay: $first, lastDay: $last}) {
    firstDay lastDay toldFirstDay toldLastDay smallestCount
    secondChances {
      registrations foundWork endedWithout throughPartners hires inWords
      waited { people days { leastDays mostDays } }
      quartiles { leastDays mostDays inWords }
    }
    surveys { kind question answers mean agreeingPercent inWords scores { score people } }
    retention { hires earlyExits feesYen milestones { days could did percent } }
    baseline { stayed90Percent }
    savings { inWords }
  }
}
"""


async def impact(
    world: World, actor: Actor, first: str = "2026-01-01", last: str = "2026-12-31"
) -> Any:
    await freeze_past(world.database)
    return await asked_now(world, actor, first, last)


async def asked_now(
    world: World, actor: Actor, first: str = "2026-01-01", last: str = "2026-12-31"
) -> Any:
    context = Context(database=world.database, base_url="https://tasuki.example", actor=actor)
    answer = await SCHEMA.execute(
        QUERY, variable_values={"first": first, "last": last}, context_value=context
    )
    assert answer.errors is None, answer.errors
    assert answer.data is not None
    return answer.data["impact"]


def viewer(world: World, of: Organization | None) -> Actor:
    return world.actor(of, Role.ANALYST if of is None else Role.VIEWER)


async def test_waiting_times_add_up_to_the_edges_that_are_told(world: World) -> None:
    await some_flows(world)
    world.clock.now = IN_APRIL
    await freeze_past(world.database)
    window = Window(date(2026, 1, 1), date(2026, 3, 31))
    async with world.database.read() as read:
        for own in (None, world.company.id, world.agency.id):
            edges = await told_edges(
                read, world.consortium_id, window, today=IN_APRIL.date(), own_id=own
            )
            table = await told_table(
                read, world.consortium_id, window, today=IN_APRIL.date(), own_id=own
            )
            summed = {
                (one.from_id, one.to_id, one.channel, one.event): one.referrals for one in edges
            }
            found: dict[Any, int] = {}
            for place in range(table.referrals.size):
                key = (
                    table.nodes[table.source[place]],
                    table.nodes[table.target[place]],
                    CHANNELS[table.channel[place]],
                    EVENTS[table.event[place]],
                )
                found[key] = found.get(key, 0) + int(table.referrals[place])
            assert found == summed


async def test_a_company_is_told_its_own_registrations_and_what_became_of_them_rounded(
    world: World,
) -> None:
    await some_flows(world)
    world.clock.now = IN_APRIL
    found = await impact(world, viewer(world, world.company))
    assert (found["firstDay"], found["lastDay"]) == ("2026-01-01", "2026-04-02")
    assert (found["toldFirstDay"], found["toldLastDay"]) == ("2026-01-01", "2026-03-31")
    chances = found["secondChances"]
    assert chances["registrations"] == 10
    assert chances["throughPartners"] == 1
    assert chances["hires"] is None
    assert chances["foundWork"] in (6, 9)  # 6 is told as 6, 1 as 0 or 3
    assert chances["endedWithout"] in (0, 3)
    assert sum(one["people"] for one in chances["waited"]) == chances["foundWork"]


async def test_the_consortium_is_told_sums_and_no_companys_own(world: World) -> None:
    await some_flows(world)
    await paid(world, 1_000_000)
    world.clock.now = IN_APRIL
    for role in (Role.ANALYST, Role.CONSORTIUM_ADMIN):
        found = await impact(world, world.actor(None, role))
        assert (found["savings"], found["retention"], found["baseline"]) == (None, None, None)
        chances = found["secondChances"]
        assert chances["hires"] % 3 == 0
        assert chances["registrations"] % 3 == 0
        assert 3 <= chances["hires"] <= 12  # 5, 1 and 1, each rounded


async def test_what_others_do_changes_nothing_of_what_a_company_is_told(world: World) -> None:
    await some_flows(world)
    await answers(world, 0, 0, 2, 3, 4)
    world.clock.now = IN_APRIL
    before = await impact(world, viewer(world, world.company))
    await flow(world, 7, event=HIRED, giver=world.other_company, waited=3)
    await answers(world, 9, of=world.other_company)
    assert await impact(world, viewer(world, world.company)) == before


async def test_a_month_that_runs_tells_nothing_about_people(world: World) -> None:
    world.clock.now = IN_APRIL
    before = await impact(world, viewer(world, world.company))
    await flow(world, 30, event=HIRED, day=date(2026, 4, 1))
    await answers(world, 9, 9, 9, 9, 9, month=4)
    for of in (world.company, None):
        found = await impact(world, viewer(world, of), "2026-04-01", "2026-04-30")
        assert (found["toldFirstDay"], found["secondChances"], found["surveys"]) == (None, None, [])
    assert await impact(world, viewer(world, world.company)) == before


async def test_a_month_that_is_over_and_not_frozen_is_not_told(world: World) -> None:
    await some_flows(world)
    await answers(world, 9, 9, 9, 9, 9, month=3)
    nobody: dict[str, Any] = {"answers": None, "mean": None, "scores": []}
    world.clock.now = IN_MARCH
    await freeze_past(world.database)
    world.clock.now = IN_APRIL
    for of in (world.company, None):
        found = await asked_now(world, viewer(world, of))
        assert (found["toldFirstDay"], found["toldLastDay"]) == ("2026-01-01", "2026-02-28")
        assert [{key: one[key] for key in nobody} for one in found["surveys"]] == [nobody] * 4
        march = await asked_now(world, viewer(world, of), "2026-03-01", "2026-03-31")
        assert (march["toldFirstDay"], march["secondChances"], march["surveys"]) == (None, None, [])
    found = await impact(world, viewer(world, world.company))
    assert found["toldLastDay"] == "2026-03-31"
    assert any(one["answers"] for one in found["surveys"])


async def test_a_companys_second_chances_are_read_from_its_own_rows_alone(world: World) -> None:
    await some_flows(world)
    world.clock.now = IN_APRIL
    await freeze_past(world.database)
    window, own = Window(date(2026, 1, 1), date(2026, 3, 31)), world.company.id
    async with world.database.read() as read:
        whole, given_ = [
            await told_table(
                read,
                world.consortium_id,
                window,
                today=IN_APRIL.date(),
                own_id=own,
                from_id=from_id,
            )
            for from_id in (None, own)
        ]
    assert {given_.nodes[place] for place in given_.source} == {own}
    assert given_.referrals.sum() == whole.referrals[whole.source == whole.nodes.index(own)].sum()
    assert second_chances(given_, own) == second_chances(whole, own)


async def test_voices_are_told_of_enough_people_alone(world: World) -> None:
    await flow(world, 1)
    world.clock.now = IN_APRIL
    await answers(world, 1, 1)
    few = await impact(world, viewer(world, world.company))
    assert [(one["answers"], one["mean"], one["scores"]) for one in few["surveys"]] == [
        (None, None, [])
    ] * 4
    assert "too few people answered" in few["surveys"][0]["inWords"]
    await answers(world, 3, 0, 3, 6, 9, month=2)
    found = await impact(world, viewer(world, world.company), "2026-02-01", "2026-02-28")
    [told_] = [one for one in found["surveys"] if one["answers"] is not None]
    assert (told_["kind"], told_["question"], told_["answers"]) == ("OUTCOME", "HELPED", 21)
    assert [one["people"] for one in told_["scores"]] == [3, 0, 3, 6, 9]
    assert (told_["mean"], told_["agreeingPercent"]) == (3.86, 71.4)
    assert told_["inWords"] == (
        "“Registering helped”: 71.4% of about 21 people agree (4 or 5 of 5); the mean is 3.86."
    )
    other = await impact(world, viewer(world, world.other_company), "2026-02-01", "2026-02-28")
    assert {one["answers"] for one in other["surveys"]} == {None}
    all_ = await impact(world, viewer(world, None), "2026-02-01", "2026-02-28")
    assert all_["surveys"] == found["surveys"]


async def test_the_same_question_is_answered_the_same(world: World) -> None:
    await some_flows(world)
    await answers(world, 0, 1, 2, 3, 4)
    world.clock.now = IN_APRIL
    asked = [await impact(world, viewer(world, world.company)) for _ in range(3)]
    assert asked[0] == asked[1] == asked[2]


async def test_who_stayed_is_told_beside_the_baseline(world: World) -> None:
    await paid(world, 1_000_000)
    early = await paid(world, 1_000_000)
    await leave(world, early, date(2026, 1, 25))
    admin = world.actor(world.other_company, Role.ADMIN)
    await run(world, state_baseline, admin, StateBaseline(stayed_90_percent=80))
    world.clock.forward(days=100)
    found = await impact(world, viewer(world, world.other_company))
    assert (found["retention"]["hires"], found["retention"]["earlyExits"]) == (2, 1)
    assert found["retention"]["milestones"][1] == {
        "days": 90,
        "could": 2,
        "did": 1,
        "percent": 50.0,
    }
    assert found["baseline"] == {"stayed90Percent": 80}
    later = await impact(world, viewer(world, world.other_company), "2026-02-01", "2026-03-31")
    assert later["retention"]["hires"] == 0


async def test_an_agency_may_not_ask(world: World) -> None:
    context = Context(
        database=world.database,
        base_url="https://tasuki.example",
        actor=world.actor(world.agency, Role.ADMIN),
    )
    variables = {"first": "2026-01-01", "last": "2026-12-31"}
    answer = await SCHEMA.execute(QUERY, variable_values=variables, context_value=context)
    assert answer.errors is not None
    assert isinstance(answer.errors[0].original_error, Forbidden)


async def test_statements_are_as_many_whatever_there_is(world: World) -> None:
    await flow(world, 1)
    world.clock.now = IN_APRIL
    await freeze_past(world.database)
    few = await _counted(world)
    assert all(found.total() <= 11 for found in few)
    for of in (world.company, world.other_company):
        await _much(world, of)
    world.clock.now = IN_MAY
    await freeze_past(world.database)
    assert await _counted(world) == few


async def _counted(world: World) -> list[Counter[str]]:
    """The statements of a company's answer, and of the consortium's."""
    found = []
    for of in (world.company, None):
        with statements(world.database) as counted:
            await asked_now(world, viewer(world, of))
        found.append(counted)
    return found


async def _much(world: World, of: Organization) -> None:
    for day in range(1, 29):
        await flow(world, day, giver=of, day=date(2026, 4, day))
        await flow(world, day, giver=of, event=HIRED, waited=30, day=date(2026, 4, day))
    await answers(world, 9, 8, 7, 6, 5, of=of, month=4)
