"""Matches as agencies ask for them, on both databases: whom they see, and whom never."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update

from gql.context import Context
from gql.node import encode_id
from gql.schema import build_schema
from models.access import Actor, Role, candidate
from models.operations.agreements import AgreeToIntroduction, agree_to_introduction
from models.operations.candidate_pages import (
    BlockOrganization,
    NamePresentEmployer,
    block_organization,
    name_present_employer,
)
from models.operations.cases import CaseOutcome, CloseCase, close_case
from models.operations.openings import (
    CreateOpening,
    OpeningTerms,
    close_opening,
    create_opening,
)
from models.operations.referrals import (
    IntroduceCandidate,
    accept_referral,
    introduce_candidate,
)
from models.reads.own_matches import own_matches
from models.rules.lifecycles import MembershipStatus, OrganizationKind
from models.rules.sharing import CONSENTED_FIELDS, CandidateField, Purpose
from models.tables.candidates import Candidate, Consent
from models.tables.consortium import Membership, Organization
from models.tables.matches import MatchRecord
from models.tables.openings import Opening
from models.tables.records import OutboxEvent
from models.tables.referrals import Case, Referral
from tests.handovers import change, recruiter, run
from tests.test_statements import statements
from tests.world import World, add_organization

SCHEMA = build_schema()
ENGINEER = {"category": "SOFTWARE_ENGINEERING", "skills": ("PYTHON", "POSTGRESQL")}
TERMS: dict[str, Any] = {
    "title": "開発",
    "category": "SOFTWARE_ENGINEERING",
    "skills": ("PYTHON", "SQL"),
    "prefecture": "13",
    "experience_years_min": 3,
}
MATCH = """
  score known reasons
  candidate { id name } opening { id title }
  parts { kind weight score reason missing }
"""
OF_CASE = f"query ($id: ID!) {{ node(id: $id) {{ ... on Case {{ matches {{ {MATCH} }} }} }} }}"
OF_OPENING = (
    f"query ($id: ID!) {{ node(id: $id) {{ ... on Opening {{ matches {{ {MATCH} }} }} }} }}"
)


async def execute(world: World, actor: Actor, query: str, **variables: Any) -> Any:
    context = Context(database=world.database, base_url="https://tasuki.example", actor=actor)
    return await SCHEMA.execute(query, variable_values=variables, context_value=context)


async def ask(world: World, actor: Actor, query: str, **variables: Any) -> Any:
    answer = await execute(world, actor, query, **variables)
    assert answer.errors is None, answer.errors
    return answer.data


async def code_of(world: World, actor: Actor, query: str, **variables: Any) -> str:
    answer = await execute(world, actor, query, **variables)
    [error] = answer.errors
    return str(error.original_error.code)


def agency(world: World, locale: str = "en") -> Actor:
    return world.actor(world.agency, Role.RECRUITER, locale)


async def registered(world: World, **form: Any) -> uuid.UUID:
    return (await world.register(**(ENGINEER | form))).candidate_id


async def listed(world: World, company: Organization | None = None, **terms: Any) -> uuid.UUID:
    company = company or world.other_company
    command = CreateOpening(OpeningTerms(**(TERMS | terms)))
    opening_id: uuid.UUID = await run(world, create_opening, recruiter(world, company), command)
    return opening_id


async def case_of(world: World, candidate_id: uuid.UUID) -> str:
    async with world.database.read() as read:
        found = await read.scalar(select(Case.id).where(Case.candidate_id == candidate_id))
    assert found is not None
    return str(encode_id("Case", found))


async def of_case(world: World, candidate_id: uuid.UUID, actor: Actor | None = None) -> Any:
    data = await ask(world, actor or agency(world), OF_CASE, id=await case_of(world, candidate_id))
    return data["node"]["matches"]


async def of_opening(world: World, opening_id: uuid.UUID, actor: Actor | None = None) -> Any:
    key = encode_id("Opening", opening_id)
    data = await ask(world, actor or agency(world), OF_OPENING, id=key)
    return data["node"]["matches"]


async def test_a_case_has_the_openings_that_fit_best_first(world: World) -> None:
    person = await registered(world)
    await listed(world, title="無関係", category="NURSING", skills=(), prefecture="47")
    await listed(world, title="近い", skills=("PYTHON", "RUST"))
    await listed(world, title="ぴったり")
    found = await of_case(world, person)
    assert [(one["opening"]["title"], one["score"]) for one in found] == [
        ("ぴったり", 1.0),
        ("近い", 0.85),
        ("無関係", 0.214),
    ]
    assert found[0]["known"] == 1.0
    assert found[0]["candidate"]["name"] == "佐藤 花子"
    assert found[1]["parts"][1] == {
        "kind": "SKILLS",
        "weight": 30,
        "score": 0.5,
        "reason": "1 of 2 skills asked for: Python",
        "missing": ["Rust"],
    }
    assert found[2]["reasons"] == ["5 years of experience; 3 or more are asked for"]
    japanese = await of_case(world, person, agency(world, "ja"))
    assert japanese[1]["parts"][1]["reason"] == "求めるスキル2件のうち1件: Python"


async def test_an_opening_has_the_agencys_own_candidates_that_fit(world: World) -> None:
    close, far = await registered(world), await registered(world, skills=("RUST",))
    opening_id = await listed(world)
    found = await of_opening(world, opening_id)
    assert [one["candidate"]["id"] for one in found] == [
        encode_id("Candidate", close),
        encode_id("Candidate", far),
    ]
    async with world.database.transaction() as tx:
        stranger = await add_organization(tx, world.consortium_id, 50, OrganizationKind.AGENCY)
    assert await of_opening(world, opening_id, world.actor(stranger, Role.ADMIN)) == []
    # Who works without persons reads the match, and not the name.
    [first, _] = await of_opening(world, opening_id, world.actor(world.agency, Role.VIEWER))
    assert (first["score"], first["candidate"]["name"]) == (1.0, None)


async def test_no_company_and_no_admin_is_told_a_match(world: World) -> None:
    await registered(world)
    opening_id = await listed(world)
    assert len(await of_opening(world, opening_id)) == 1
    for actor in (
        world.actor(world.other_company, Role.ADMIN),
        world.actor(None, Role.CONSORTIUM_ADMIN),
    ):
        assert await of_opening(world, opening_id, actor) is None
        assert await code_of(world, actor, ALLOCATION, candidates=[], openings=[]) == "FORBIDDEN"
        assert await code_of(world, actor, QUALITY) == "FORBIDDEN"


@pytest.mark.parametrize("what", ["licence", "membership"])
async def test_without_a_valid_licence_nothing_is_matched(world: World, what: str) -> None:
    person, opening_id = await registered(world), await listed(world)
    if what == "licence":
        mine = Organization.id == world.agency.id
        await change(world, Organization, mine, licence_expires_on=date(2026, 1, 4))
    else:
        mine = Membership.organization_id == world.agency.id
        await change(world, Membership, mine, status=MembershipStatus.LEFT)
    case_id, key = await case_of(world, person), encode_id("Opening", opening_id)
    code = "LICENCE_NOT_VALID"
    assert await code_of(world, agency(world), OF_CASE, id=case_id) == code
    assert await code_of(world, agency(world), OF_OPENING, id=key) == code
    assert await code_of(world, agency(world), ALLOCATION, candidates=[], openings=[]) == code
    assert await own(world, person) is None


async def test_companies_that_a_candidate_excludes_are_never_matched(world: World) -> None:
    person = await registered(world)
    blocked = await listed(world, world.other_company)
    employers = await listed(world, world.company)
    assert len(await of_case(world, person)) == 2
    me = candidate(world.consortium_id, person, "en")
    await run(world, block_organization, me, BlockOrganization(world.other_company.name))
    [left] = await of_case(world, person)
    assert left["opening"]["id"] == encode_id("Opening", employers)
    await run(world, name_present_employer, me, NamePresentEmployer(world.company.name))
    assert await of_case(world, person) == []
    for opening_id in (blocked, employers):
        assert await of_opening(world, opening_id) == []
    assert await own(world, person) == []
    assert (await allocate(world, [person], [blocked, employers]))["pairs"] == []


async def hide(world: World, person: uuid.UUID, *hidden: CandidateField) -> None:
    """The consent no longer names some fields."""
    names = [field for field in CONSENTED_FIELDS[Purpose.AGENCY_SUPPORT] if field not in hidden]
    await change(
        world,
        Consent,
        Consent.candidate_id == person,
        fields=[field.value for field in names],
    )


@pytest.mark.parametrize(
    ("field", "values"),
    [
        (CandidateField.CATEGORY, {"category": "NURSING"}),
        (CandidateField.SKILLS, {"skills": []}),
        (CandidateField.EXPERIENCE, {"experience_years": 0}),
        (CandidateField.PREFECTURE, {"prefecture": "47"}),
        (CandidateField.DESIRED_PREFECTURES, {"desired_prefectures": ["47"]}),
    ],
)
async def test_a_field_that_the_agency_may_not_see_changes_nothing(
    world: World, field: CandidateField, values: dict[str, Any]
) -> None:
    person, opening_id = await registered(world), await listed(world)
    seen = await of_case(world, person)
    await hide(world, person, field)
    of_case_before = await of_case(world, person)
    of_opening_before = await of_opening(world, opening_id)
    assert of_case_before == of_opening_before
    assert of_case_before[0]["known"] < seen[0]["known"]
    await change(world, Candidate, Candidate.id == person, **values)
    assert await of_case(world, person) == of_case_before
    assert await of_opening(world, opening_id) == of_opening_before


async def test_closed_cases_and_openings_match_nothing(world: World) -> None:
    person, opening_id = await registered(world), await listed(world)
    gone = await listed(world, title="終了")
    await run(world, close_opening, recruiter(world), gone)
    past = await listed(world, title="期限切れ")
    await change(world, Opening, Opening.id == past, open_until=date(2026, 1, 4))
    [found] = await of_case(world, person)
    assert found["opening"]["id"] == encode_id("Opening", opening_id)
    assert await of_opening(world, gone) == []
    assert await of_opening(world, past) == []
    async with world.database.read() as read:
        case_id = await read.scalar(select(Case.id))
    assert case_id is not None
    end = CloseCase(case_id, CaseOutcome.NO_SUITABLE_OPENING)
    await run(world, close_case, agency(world), end)
    assert await of_case(world, person) == []
    assert await of_opening(world, opening_id) == []


async def test_openings_of_a_company_that_left_match_nothing(world: World) -> None:
    person, opening_id = await registered(world), await listed(world)
    left = Membership.organization_id == world.other_company.id
    await change(world, Membership, left, status=MembershipStatus.LEFT)
    assert await of_case(world, person) == []
    assert await of_opening(world, opening_id) == []


async def test_whoever_lost_their_key_is_no_longer_matched(world: World) -> None:
    person, opening_id = await registered(world), await listed(world)
    async with world.database.read() as read:
        key_id = await read.scalar(select(Candidate.key_id).where(Candidate.id == person))
    assert key_id is not None
    await world.database.vault.destroy([key_id])
    assert await of_opening(world, opening_id) == []
    assert await of_case(world, person) == []


@pytest.mark.parametrize("first", [0, 51])
async def test_so_many_and_no_more(world: World, first: int) -> None:
    person = await registered(world)
    query = OF_CASE.replace("matches {", f"matches(first: {first}) {{")
    case_id = await case_of(world, person)
    [error] = (await execute(world, agency(world), query, id=case_id)).errors
    assert error.extensions["code"] == "BAD_USER_INPUT"
    for number in range(3):
        await listed(world, title=f"求人{number}")
    two = OF_CASE.replace("matches {", "matches(first: 2) {")
    data = await ask(world, agency(world), two, id=case_id)
    assert len(data["node"]["matches"]) == 2


async def test_a_page_of_matches_takes_the_same_statements_whatever_the_data(
    world: World,
) -> None:
    query = f"{{ cases(first: 20) {{ nodes {{ matches {{ {MATCH} }} }} }} }}"
    other = f"{{ openings(first: 20) {{ nodes {{ matches {{ {MATCH} }} }} }} }}"
    people: list[uuid.UUID] = []
    openings: list[uuid.UUID] = []
    counted = []
    for number in (2, 18):
        for _ in range(number):
            people.append(await registered(world))
            openings.append(await listed(world, title=f"求人{next(world.numbers)}"))
        with statements(world.database) as of_cases:
            data = await ask(world, agency(world), query)
            assert [len(one["matches"]) for one in data["cases"]["nodes"]] == [
                min(10, len(openings))
            ] * len(people)
        with statements(world.database) as of_openings:
            await ask(world, agency(world), other)
        with statements(world.database) as of_allocation:
            assert len((await allocate(world, people, openings))["pairs"]) == len(people)
        counted.append((of_cases, of_openings, of_allocation))
    assert counted[0] == counted[1]
    assert [one["database"] <= 12 for one in counted[0]] == [True] * 3


# The allocation

ALLOCATION = f"""
query ($candidates: [ID!]!, $openings: [ID!]!, $most: Int) {{
  allocation(candidateIds: $candidates, openingIds: $openings, perCompanyMax: $most) {{
    pairs {{ choice choices match {{ {MATCH} }} }}
    leftOver {{ choices candidate {{ id }} }}
    proof {{ rule pairsChecked blockingPairs }}
  }}
}}
"""


async def allocate(
    world: World,
    people: list[uuid.UUID],
    openings: list[uuid.UUID],
    most: int | None = None,
) -> Any:
    data = await ask(
        world,
        agency(world),
        ALLOCATION,
        candidates=[encode_id("Candidate", key) for key in people],
        openings=[encode_id("Opening", key) for key in openings],
        most=most,
    )
    return data["allocation"]


def pairs_of(found: Any) -> set[tuple[str, str]]:
    return {
        (pair["match"]["candidate"]["id"], pair["match"]["opening"]["id"])
        for pair in found["pairs"]
    }


async def test_an_allocation_is_stable_and_says_why(world: World) -> None:
    best, good, none = (
        await registered(world),
        await registered(world, skills=("PYTHON",)),
        await registered(world, category="NURSING", skills=(), experience_years=0),
    )
    wished = await listed(world, title="東京")
    elsewhere = await listed(world, title="大阪", prefecture="27")
    found = await allocate(world, [best, good, none], [wished, elsewhere])
    assert pairs_of(found) == {
        (encode_id("Candidate", best), encode_id("Opening", wished)),
        (encode_id("Candidate", good), encode_id("Opening", elsewhere)),
    }
    told = {pair["match"]["opening"]["title"]: pair for pair in found["pairs"]}
    assert (told["東京"]["choice"], told["東京"]["choices"]) == (1, 2)
    assert (told["大阪"]["choice"], told["大阪"]["choices"]) == (2, 2)
    assert told["東京"]["match"]["reasons"]
    assert found["leftOver"] == [{"choices": 0, "candidate": {"id": encode_id("Candidate", none)}}]
    proof = found["proof"]
    assert (proof["pairsChecked"], proof["blockingPairs"]) == (4, 0)
    assert proof["rule"].startswith("Candidates ask for openings")


async def test_at_most_so_many_go_to_one_company(world: World) -> None:
    people = [await registered(world) for _ in range(3)]
    openings = [await listed(world, title=f"求人{n}", headcount=2) for n in range(2)]
    openings.append(await listed(world, world.company, title="別の企業"))
    assert len((await allocate(world, people, openings))["pairs"]) == 3
    bounded = await allocate(world, people, openings, most=1)
    assert len(bounded["pairs"]) == 2
    assert [one["choices"] for one in bounded["leftOver"]] == [3]
    assert bounded["proof"]["blockingPairs"] == 0


async def test_an_allocation_asks_nobody(world: World) -> None:
    person, opening_id = await registered(world), await listed(world)
    async with world.database.read() as read:
        before = (await read.scalars(select(OutboxEvent.id))).all()
    assert len((await allocate(world, [person], [opening_id]))["pairs"]) == 1
    async with world.database.read() as read:
        assert (await read.scalars(select(OutboxEvent.id))).all() == before
        assert await read.scalar(select(func.count()).select_from(Referral)) == 1


async def test_an_allocation_takes_what_is_seen_and_within_bounds(world: World) -> None:
    person, opening_id = await registered(world), await listed(world)
    mine, theirs = encode_id("Candidate", person), encode_id("Opening", opening_id)
    unknown = encode_id("Candidate", uuid.uuid4())
    actor = agency(world)
    for candidates, openings, code in (
        ([unknown], [theirs], "NOT_FOUND"),
        ([theirs], [theirs], "NOT_FOUND"),
        ([mine], [encode_id("Opening", uuid.uuid4())], "NOT_FOUND"),
        ([unknown] * 201, [theirs], "INVALID_INPUT"),
        ([mine], [theirs] * 201, "INVALID_INPUT"),
    ):
        got = await code_of(world, actor, ALLOCATION, candidates=candidates, openings=openings)
        assert got == code
    for most in (0, 1_001):
        got = await code_of(
            world, actor, ALLOCATION, candidates=[mine], openings=[theirs], most=most
        )
        assert got == "INVALID_INPUT"
    async with world.database.transaction() as tx:
        stranger = await add_organization(tx, world.consortium_id, 50, OrganizationKind.AGENCY)
    other = world.actor(stranger, Role.ADMIN)
    got = await code_of(world, other, ALLOCATION, candidates=[mine], openings=[theirs])
    assert got == "NOT_FOUND"


# How good the matches were

QUALITY = """
{
  matchQuality(from: "2026-01-01", to: "2026-12-31") {
    month introduced inTopTen acceptedOfTopTen acceptedOfOthers
  }
}
"""


async def introduced(
    world: World, person: uuid.UUID, opening_id: uuid.UUID | None, *, accepted: bool = False
) -> uuid.UUID:
    command = IntroduceCandidate(person, world.other_company.id, opening_id)
    referral_id: uuid.UUID = await run(world, introduce_candidate, agency(world), command)
    if accepted:
        me = candidate(world.consortium_id, person, "en")
        await run(world, agree_to_introduction, me, AgreeToIntroduction(referral_id, "2026-01"))
        await run(world, accept_referral, recruiter(world), referral_id)
    return referral_id


async def test_an_introduction_records_where_its_opening_stood(world: World) -> None:
    person = await registered(world)
    for number in range(11):
        await listed(world, title=f"求人{number}")
    last = await listed(world, title="遠い", skills=("RUST",))
    referral_id = await introduced(world, person, last)
    async with world.database.read() as read:
        [record] = (await read.scalars(select(MatchRecord))).all()
    assert (record.referral_id, record.rank, record.considered) == (referral_id, 12, 12)
    assert record.score_permille == 700


async def test_an_introduction_without_an_opening_has_no_standing(world: World) -> None:
    await introduced(world, await registered(world), None)
    async with world.database.read() as read:
        assert (await read.scalars(select(MatchRecord))).all() == []
    assert await ask(world, agency(world), QUALITY) == {"matchQuality": []}


async def test_the_quality_of_matches_is_told_by_month(world: World) -> None:
    far = await listed(world, title="遠い", skills=("RUST",))
    near = await listed(world, title="近い")
    await introduced(world, await registered(world), near, accepted=True)
    await introduced(world, await registered(world), near)
    for number in range(10):
        await listed(world, title=f"求人{number}")
    world.clock.forward(days=31)
    await introduced(world, await registered(world), far, accepted=True)
    await introduced(world, await registered(world), far)
    told = (await ask(world, agency(world), QUALITY))["matchQuality"]
    assert [list(month.values()) for month in told] == [
        ["2026-01-01", 2, 2, 1, 0],
        ["2026-02-01", 2, 0, 0, 1],
    ]
    too_long = QUALITY.replace('from: "2026-01-01"', 'from: "2024-01-01"')
    assert await code_of(world, agency(world), too_long) == "INVALID_INPUT"
    async with world.database.transaction() as tx:
        stranger = await add_organization(tx, world.consortium_id, 50, OrganizationKind.AGENCY)
    other = world.actor(stranger, Role.ADMIN)
    assert await ask(world, other, QUALITY) == {"matchQuality": []}


# For the candidate


async def own(world: World, person: uuid.UUID) -> Any:
    async with world.database.read() as read:
        return await own_matches(read, candidate(world.consortium_id, person, "en"))


async def test_a_candidate_reads_what_fits_them_and_why(world: World) -> None:
    person = await registered(world)
    await listed(world, title="無関係", category="NURSING", skills=(), prefecture="47")
    await listed(world, title="近い", skills=("PYTHON", "RUST"))
    for number in range(10):
        await listed(world, title=f"ぴったり{number}")
    found = await own(world, person)
    assert len(found) == 10
    assert {one.title for one in found} == {f"ぴったり{number}" for number in range(10)}
    assert found[0].company.ja == world.other_company.name
    assert found[0].reasons[0].en == "The same job category: Software engineering"
    # By what they told themselves, whatever the agency may see of it.
    await hide(world, person, CandidateField.SKILLS)
    assert await own(world, person) == found


async def test_a_candidate_without_an_agency_has_no_matches(world: World) -> None:
    person = await registered(world)
    await listed(world)
    assert len(await own(world, person)) == 1
    async with world.database.transaction() as tx:
        await tx.execute(delete(Case))
    assert await own(world, person) is None


async def test_openings_kept_by_another_agency_are_not_for_them(world: World) -> None:
    person = await registered(world)
    async with world.database.transaction() as tx:
        stranger = await add_organization(tx, world.consortium_id, 50, OrganizationKind.AGENCY)
    opening_id = await listed(world)
    async with world.database.transaction() as tx:
        await tx.execute(
            update(Opening).where(Opening.id == opening_id).values(keeper_id=stranger.id)
        )
    assert await own(world, person) == []
    assert await of_case(world, person) == []
