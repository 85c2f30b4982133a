"""Finding partners: overlapping needs, why, in which order, and what of others stays hidden."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from gql.context import Context
from gql.node import encode_id
from gql.schema import build_schema
from models.access import Actor, Role
from models.operations.agreements import AgreeToIntroduction, agree_to_introduction
from models.operations.openings import (
    CreateOpening,
    OpeningTerms,
    close_opening,
    create_opening,
)
from models.operations.partnerships import decline_partnership
from models.operations.referrals import (
    DeclineReferral,
    IntroduceCandidate,
    decline_referral,
    introduce_candidate,
)
from models.rules.lifecycles import OrganizationKind
from models.rules.partner_fit import (
    FitCompany,
    FitKind,
    IndustryChoice,
    Need,
    NeedBand,
    band,
    suggest,
)
from models.tables.consortium import Consortium, Organization
from models.tables.flows import NeedDay
from models.tables.referrals import DeclineReason
from models.vocabulary.job_categories import JOB_CATEGORIES
from network.needs import own_needs, told_needs
from tests.handovers import change, delivered, run
from tests.partners import admin, frozen_months, person, proposed, seeks, third_company, turned_down
from tests.world import World, add_organization, build_world

SCHEMA = build_schema()
A, B, C = list(JOB_CATEGORIES)[:3]
JANUARY, FEBRUARY = date(2026, 1, 20), date(2026, 2, 20)
IN_MARCH_2027 = datetime(2027, 3, 10, tzinfo=UTC)
MANY_EACH = 30

QUERY = """
query ($id: ID, $industry: IndustryChoice, $first: Int, $after: String) {
  partnerSuggestions(companyId: $id, industry: $industry, first: $first, after: $after) {
    totalCount
    edges {
      node { name }
      score reasons
      giving { category { code } own theirs }
      taking { category { code } own theirs }
      parts { kind weight score reason }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""


def company(number: int, needs: dict[str, Need], **more: Any) -> FitCompany:
    given_ = {"industry_division": "E", "prefecture": "13"} | more
    return FitCompany(uuid.UUID(int=number), needs=needs, **given_)


OWN = company(1, {A: Need(turned_down=30, sought=2), B: Need(turned_down=10)})


def test_what_one_turns_down_the_other_seeks() -> None:
    other = company(2, {A: Need(sought=3)}, industry_division="G", prefecture="27")
    [found] = suggest(OWN, [other])
    assert [(one.category, one.own, one.theirs) for one in found.giving] == [
        (A, NeedBand.MANY, NeedBand.FEW)
    ]
    assert found.taking == ()
    scores = {part.kind: part.score_permille for part in found.parts}
    assert scores == {
        FitKind.GIVING: 750,
        FitKind.TAKING: 0,
        FitKind.INDUSTRY: 0,
        FitKind.REGION: 0,
    }
    assert found.score_permille == 300
    name = JOB_CATEGORIES[A].name
    assert [(one.ja, one.en) for one in found.reasons] == [
        (
            f"貴社が見送った職種を募集しています：{name.ja}",
            f"Seeks what your company turned people down for: {name.en}",
        )
    ]


def test_what_is_not_known_is_not_judged() -> None:
    own = replace(OWN, needs={A: Need(sought=1)}, industry_division=None)
    other = company(2, {A: Need(turned_down=3)})
    [found] = suggest(own, [other])
    scores = {part.kind: part.score_permille for part in found.parts}
    assert scores == {
        FitKind.GIVING: None,
        FitKind.TAKING: 1000,
        FitKind.INDUSTRY: None,
        FitKind.REGION: 1000,
    }
    assert found.score_permille == 1000


def test_without_an_overlap_nobody_is_suggested() -> None:
    assert suggest(OWN, [company(2, {A: Need(turned_down=0), C: Need(sought=9)})]) == []


@pytest.mark.parametrize(
    ("choice", "found"),
    [(None, [2, 3, 4]), (IndustryChoice.SAME, [2]), (IndustryChoice.OTHER, [3, 4])],
)
def test_same_industry_or_across(choice: IndustryChoice | None, found: list[int]) -> None:
    needs = {A: Need(sought=1)}
    others = [
        company(4, needs, industry_division=None, prefecture=None),
        company(3, needs, industry_division="G"),
        company(2, needs),
    ]
    told = suggest(OWN, others, choice)
    assert sorted(one.company_id.int for one in told) == found
    assert told == sorted(told, key=lambda one: (-one.score_permille, one.company_id))


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (0, None),
        (1, NeedBand.FEW),
        (9, NeedBand.FEW),
        (10, NeedBand.SOME),
        (29, NeedBand.SOME),
        (30, NeedBand.MANY),
    ],
)
def test_bands(number: int, told: NeedBand | None) -> None:
    assert band(number) is told


@given(st.integers(1, 10_000), st.integers(1, 10_000))
def test_the_score_says_of_the_other_only_whether(one: int, another: int) -> None:
    """Two companies that are told alike but for their figures have one score."""
    scores = {
        suggest(OWN, [company(2, {A: Need(turned_down=n, sought=n)})])[0].score_permille
        for n in (one, another)
    }
    assert len(scores) == 1


async def told(world: World, today: date, *categories: str) -> Any:
    async with world.database.read() as read:
        return await told_needs(
            read,
            world.consortium_id,
            categories=categories or (A,),
            today=today,
        )


async def test_of_others_only_months_that_are_over_are_told(world: World) -> None:
    other = world.other_company
    await turned_down(world, other, A, JANUARY, MANY_EACH)
    await turned_down(world, other, A, FEBRUARY, MANY_EACH)
    world.clock.now = IN_MARCH_2027
    assert await told(world, date(2026, 3, 1)) == {}
    await frozen_months(world, JANUARY)
    assert await told(world, date(2026, 1, 31)) == {}
    january = {other.id: {A: Need(MANY_EACH)}}
    assert await told(world, date(2026, 2, 1)) == january
    assert await told(world, date(2026, 2, 28)) == january
    both = {other.id: {A: Need(2 * MANY_EACH)}}
    assert await told(world, date(2026, 3, 1)) == both
    assert await told(world, date(2027, 1, 31)) == both
    assert await told(world, date(2027, 2, 1)) == january
    assert await told(world, date(2027, 3, 1)) == {}
    assert await told(world, date(2026, 3, 1), B) == {}
    async with world.database.read() as read:
        own = await own_needs(read, world.consortium_id, other.id, FEBRUARY)
    assert own == {A: Need(2 * MANY_EACH)}


async def test_what_is_sought_are_the_places_that_are_open(world: World) -> None:
    other = world.other_company
    recruiter = world.actor(other, Role.RECRUITER)
    await seeks(world, other, A, 3)
    until = OpeningTerms(title="募集", category=A, headcount=2, open_until=date(2026, 1, 10))
    await run(world, create_opening, recruiter, CreateOpening(until))
    gone = CreateOpening(OpeningTerms(title="募集", category=B))
    await run(world, close_opening, recruiter, await run(world, create_opening, recruiter, gone))
    for today, places in ((date(2026, 1, 10), 5), (date(2026, 1, 11), 3)):
        assert await told(world, today, A, B) == {other.id: {A: Need(0, places)}}
        async with world.database.read() as read:
            own = await own_needs(read, world.consortium_id, other.id, today)
        assert own == {A: Need(0, places)}


async def test_no_figure_below_the_smallest_count_is_told_whatever_the_days(world: World) -> None:
    """Every figure, and every difference between two days, is a multiple of the smallest count."""
    for month in range(1, 13):
        people = {1: 1, 2: 2, 3: 4}.get(month, 1)
        await turned_down(world, world.other_company, A, date(2026, month, 9), people)
    world.clock.now = IN_MARCH_2027
    await frozen_months(world, JANUARY)
    seen = []
    for today in (date(2026, 2, 1), date(2026, 5, 3), date(2026, 5, 30), date(2027, 1, 1)):
        needs = await told(world, today)
        seen.append(needs.get(world.other_company.id, {}).get(A, Need()).turned_down)
    assert all(number % 3 == 0 for number in seen)
    assert seen[1] == seen[2]
    assert seen == sorted(seen)
    assert seen[-1] > 0


async def test_a_month_that_is_frozen_is_rounded_once(world: World) -> None:
    """A new smallest count tells no month a second time: two roundings would narrow it down."""
    for month in range(1, 13):
        await turned_down(world, world.other_company, A, date(2026, month, 9), 4 + month)
    world.clock.now = IN_MARCH_2027
    await frozen_months(world, JANUARY)
    before = await told(world, date(2027, 1, 1))
    for smallest_count in (5, 11):
        await change(
            world,
            Consortium,
            Consortium.id == world.consortium_id,
            smallest_count=smallest_count,
        )
        assert await told(world, date(2027, 1, 1)) == before


async def test_turning_down_for_an_opening_is_noted_on_the_day(world: World) -> None:
    with_opening = (await world.register()).candidate_id
    opening_id = await _opening(world)
    agent = world.actor(world.agency, Role.RECRUITER)
    introduce = IntroduceCandidate(with_opening, world.company.id, opening_id)
    referral_id = await run(world, introduce_candidate, agent, introduce)
    yes = AgreeToIntroduction(referral_id, "2026-01")
    await run(world, agree_to_introduction, person(world, with_opening), yes)
    without = await delivered(world, (await world.register()).candidate_id, world.company)
    recruiter = world.actor(world.company, Role.RECRUITER)
    for one in (referral_id, without):
        command = DeclineReferral(one, DeclineReason.SKILLS)
        await run(world, decline_referral, recruiter, command)
    async with world.database.read() as read:
        rows = list(await read.scalars(select(NeedDay)))
    assert [(row.category, row.turned_down, row.sought) for row in rows] == [("OTHER", 1, 1)]


async def _opening(world: World) -> uuid.UUID:
    command = CreateOpening(OpeningTerms(title="営業", category="OTHER"))
    found: uuid.UUID = await run(
        world, create_opening, world.actor(world.company, Role.RECRUITER), command
    )
    return found


async def ask(world: World, actor: Actor | None = None, **variables: Any) -> Any:
    context = Context(
        database=world.database,
        base_url="https://tasuki.example",
        actor=actor or world.actor(world.company, Role.VIEWER),
        language="en",
    )
    return await SCHEMA.execute(QUERY, variable_values=variables, context_value=context)


async def names(world: World, actor: Actor | None = None, **variables: Any) -> list[str]:
    answer = await ask(world, actor, **variables)
    assert answer.errors is None, answer.errors
    page = answer.data["partnerSuggestions"]
    assert page["totalCount"] >= len(page["edges"])
    return [one["node"]["name"] for one in page["edges"]]


async def of_two(world: World) -> Organization:
    """The other company seeks what the first turned down; a third also turns down what it seeks."""
    third = await third_company(world)
    await turned_down(world, world.company, A, JANUARY, 4)
    await turned_down(world, third, A, JANUARY, MANY_EACH)
    for company_, places in ((world.company, 1), (world.other_company, 2), (third, 12)):
        await seeks(world, company_, A, places)
    world.clock.forward(days=40)
    await frozen_months(world, JANUARY)
    return third


async def test_suggestions_with_their_reasons(world: World) -> None:
    third = await of_two(world)
    answer = await ask(world)
    assert answer.errors is None, answer.errors
    first, second = answer.data["partnerSuggestions"]["edges"]
    assert first["node"] == {"name": third.name}
    assert (first["score"], second["score"]) == (1.0, 0.5)
    assert first["giving"] == [{"category": {"code": A}, "own": "FEW", "theirs": "SOME"}]
    assert first["taking"] == [{"category": {"code": A}, "own": "FEW", "theirs": "MANY"}]
    name = JOB_CATEGORIES[A].name.en
    assert second["reasons"] == [f"Seeks what your company turned people down for: {name}"]
    assert [part["score"] for part in second["parts"]] == [1.0, 0.0, None, None]


async def test_pages_of_suggestions(world: World) -> None:
    third = await of_two(world)
    answer = await ask(world, first=1)
    page = answer.data["partnerSuggestions"]
    assert page["totalCount"] == 2
    assert page["pageInfo"]["hasNextPage"]
    after = page["pageInfo"]["endCursor"]
    assert await names(world, first=1, after=after) == [world.other_company.name]
    assert await names(world, first=1) == [third.name]
    refused = await ask(world, after="W251bGwsbnVsbF0")  # of [null, null]
    assert refused.errors[0].extensions["code"] == "BAD_CURSOR"


async def test_the_industry_is_a_filter(world: World) -> None:
    third = await of_two(world)
    async with world.database.transaction() as tx:
        for one, division in ((world.company, "E"), (third, "E"), (world.other_company, "G")):
            await tx.execute(
                update(Organization)
                .where(Organization.id == one.id)
                .values(industry_division=division)
            )
    assert await names(world, industry="SAME") == [third.name]
    assert await names(world, industry="OTHER") == [world.other_company.name]


async def test_partners_and_those_who_are_asked_are_left_out(world: World) -> None:
    third = await of_two(world)
    partnership_id = await proposed(world, world.company, third)
    assert await names(world) == [world.other_company.name]
    await run(world, decline_partnership, admin(world, third), partnership_id)
    assert await names(world) == [third.name, world.other_company.name]


async def test_a_company_asks_for_itself_and_an_admin_for_any(world: World) -> None:
    third = await of_two(world)
    own, other = (encode_id("Company", one.id) for one in (world.company, third))
    assert await names(world, id=own) == [third.name, world.other_company.name]
    both = [world.company.name, world.other_company.name]
    assert await names(world, admin(world, None), id=other) == both
    assert await names(world, admin(world, None)) == []
    refused = await ask(world, id=other)
    assert refused.errors[0].original_error.code == "FORBIDDEN"
    absent = await ask(world, admin(world, None), id=encode_id("Company", uuid.uuid4()))
    assert absent.errors[0].original_error.code == "NOT_FOUND"


async def test_to_an_admin_the_current_month_is_told_of_nobody(world: World) -> None:
    await turned_down(world, world.company, A, JANUARY, 4)
    await seeks(world, world.other_company, A)
    world.clock.forward(days=20)
    own = encode_id("Company", world.company.id)
    assert await names(world, admin(world, None), id=own) == []
    world.clock.forward(days=20)
    await frozen_months(world, JANUARY)
    assert await names(world, admin(world, None), id=own) == [world.other_company.name]


async def test_of_another_consortium_nobody_is_suggested(world: World) -> None:
    await of_two(world)
    stranger = await build_world(world.database, slug="other", first_number=200)
    async with stranger.database.transaction() as tx:
        await add_organization(tx, stranger.consortium_id, 300, OrganizationKind.COMPANY)
    world.database.clock = world.clock
    await turned_down(stranger, stranger.company, A, JANUARY, 4)
    await seeks(stranger, stranger.other_company, A)
    await frozen_months(stranger, JANUARY)
    found = await names(world, stranger.actor(stranger.company, Role.VIEWER))
    assert found == [stranger.other_company.name]
