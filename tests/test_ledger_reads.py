"""The ledger as its company reads it, and hand-overs through the schema, on both databases."""

from __future__ import annotations

import asyncio
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from gql.context import Context
from gql.node import encode_id
from gql.schema import build_schema
from models.access import Actor, Role
from models.errors import InvalidInput
from models.operations.free_hires import RedeemFreeHire, redeem_free_hire
from models.operations.registrations import (
    CONFIRM_PURPOSE,
    StartRegistration,
    start_registration,
)
from models.operations.reviews import ReverseCount, reverse_count
from models.reads.free_hires import count_free_hires, free_hires_by_company, free_hires_by_id
from models.reads.ledger import (
    accounts_by_company,
    count_entries,
    entries_by_company,
    entries_by_id,
)
from models.reads.registrations import (
    DAYS_MAX,
    RegistrationFilter,
    count_registrations,
    registration_days,
    registrations_by_company,
    registrations_by_id,
)
from models.rules.counting import NotCountedReason
from models.rules.ledger import Book, EntryKind, Holding, Unit
from models.rules.lifecycles import CountStatus, FreeHireStatus, LinkStatus
from models.rules.standing import (
    WHY_COUNTED,
    WHY_HELD,
    WHY_NOT_COUNTED,
    WHY_REVERSED,
    missing_counts,
    why_counted,
    why_not_counted,
)
from models.tables.consortium import ProgramVersion
from models.tables.ledger import Entry
from models.tables.links import RelayLink
from models.tables.referrals import Case
from models.tokens import token_of
from tests.handovers import accepted, change, delivered, give_free_hires, recruiter, run
from tests.world import World, add_link, build_world

SCHEMA = build_schema()
ROLES = (Role.ADMIN, Role.RECRUITER, Role.VIEWER)


class Page:
    """What a list is asked for."""

    def __init__(self, limit_rows: int, after: Any = None) -> None:
        self.limit_rows, self.backward, self.after, self.before = limit_rows, False, after, None


@pytest.mark.parametrize(
    ("counts", "debt", "threshold", "missing"),
    [(0, 0, 10, 10), (9, 0, 10, 1), (9, 0, 8, 1), (8, 0, 8, 1), (0, 2, 10, 12), (0, 0, 1, 1)],
)
def test_missing_to_the_next_free_hire(
    counts: int, debt: int, threshold: int, missing: int
) -> None:
    assert missing_counts(Holding(counts, debt), threshold) == missing


def test_every_outcome_has_its_reason() -> None:
    assert set(WHY_NOT_COUNTED) == set(NotCountedReason)
    assert why_counted(CountStatus.COUNTED) == WHY_COUNTED
    assert why_not_counted(CountStatus.COUNTED, None) is None
    assert why_not_counted(CountStatus.HELD, None) == WHY_HELD
    assert why_not_counted(CountStatus.REVERSED, None) == WHY_REVERSED
    for reason in NotCountedReason:
        assert why_counted(CountStatus.NOT_COUNTED) is None
        assert why_not_counted(CountStatus.NOT_COUNTED, reason) == WHY_NOT_COUNTED[reason]


async def test_what_a_company_holds(world: World) -> None:
    for _ in range(12):
        await world.register()
    await give_free_hires(world, world.other_company, 3)
    referral_id = await accepted(world, (await world.register()).candidate_id)
    await run(world, redeem_free_hire, recruiter(world), RedeemFreeHire(referral_id))
    both = [world.company.id, world.other_company.id]
    admin = world.actor(None, Role.CONSORTIUM_ADMIN)
    async with world.database.read() as read:
        held = await accounts_by_company(read, admin, both)
    first, second = held[both[0]], held[both[1]]
    assert (first.counts, first.missing, first.free_hires_available) == (3, 7, 1)
    assert (second.counts, second.missing, second.debt) == (0, 10, 0)
    assert (second.free_hires_available, second.free_hires_reserved) == (2, 1)
    world.clock.forward(days=731)
    async with world.database.read() as read:
        held = await accounts_by_company(read, admin, both)
    second = held[both[1]]
    assert (second.free_hires_available, second.free_hires_reserved) == (0, 1)


async def test_nobody_else_reads_the_books(world: World) -> None:
    await give_free_hires(world, world.company, 1)
    completed = await world.register()
    elsewhere = await build_world(world.database, slug="elsewhere", first_number=900)
    world.database.clock = world.clock
    strangers = [
        *(world.actor(world.other_company, role) for role in ROLES),
        *(world.actor(world.agency, role) for role in ROLES),
        world.actor(None, Role.ANALYST),
        *(elsewhere.actor(elsewhere.company, role) for role in ROLES),
    ]
    ids = [world.company.id]
    async with world.database.read() as read:
        entry_ids = list(await read.scalars(select(Entry.id)))
        free_hire_ids = [i for i in await read.scalars(select(Entry.free_hire_id)) if i]
    for actor in [*strangers, elsewhere.actor(None, Role.CONSORTIUM_ADMIN)]:
        async with world.database.read() as read:
            page = Page(9)
            args = (read, actor, ids)
            if actor.organization_id is not None or actor.role is Role.ANALYST:
                assert await accounts_by_company(*args) == {}
            assert await entries_by_company(*args, Unit.COUNT, Book.BALANCE, page) == {}
            assert await count_entries(*args, Unit.COUNT, Book.BALANCE) == {}
            assert await entries_by_id(read, actor, entry_ids) == {}
            assert not any((await free_hires_by_company(*args, None, page)).values())
            assert await count_free_hires(*args, None) == {}
            assert await free_hires_by_id(read, actor, free_hire_ids) == {}
            asked = RegistrationFilter()
            assert not any((await registrations_by_company(*args, asked, page)).values())
            assert await count_registrations(*args, asked) == {}
            assert await registrations_by_id(read, actor, [completed.registration_id]) == {}
            day = date(2026, 1, 5)
            assert not any((await registration_days(*args, day, day)).values())


async def test_entries_are_told_by_day_and_in_order(world: World) -> None:
    for _ in range(10):
        await world.register()
        world.clock.forward(hours=1)
    actor, ids = world.actor(world.company, Role.VIEWER), [world.company.id]
    async with world.database.read() as read:
        pages = await entries_by_company(read, actor, ids, Unit.COUNT, Book.BALANCE, Page(4))
        last = pages[world.company.id][-1]
        asked = Page(20, after=(last.number, last.id))
        rest = await entries_by_company(read, actor, ids, Unit.COUNT, Book.BALANCE, asked)
        one = await entries_by_company(read, actor, ids, Unit.FREE_HIRE, Book.BALANCE, Page(9))
        total = await count_entries(read, actor, ids, Unit.COUNT, Book.BALANCE)
    rows = pages[world.company.id] + rest[world.company.id]
    assert total == {world.company.id: 11}
    assert [row.number for row in rows] == list(range(11, 0, -1))
    assert [(row.kind, row.amount) for row in rows[:2]] == [
        (EntryKind.CONVERTED, -10),
        (EntryKind.COUNTED, 1),
    ]
    assert {row.posted_on for row in rows} == {date(2026, 1, 5)}
    assert {row.program_version for row in rows} == {1}
    assert [row.kind for row in one[world.company.id]] == [EntryKind.EARNED]


async def test_a_free_hire_tells_the_day_it_runs_out(world: World) -> None:
    [earned] = await give_free_hires(world, world.company, 1)
    actor = world.actor(world.company, Role.VIEWER)
    async with world.database.read() as read:
        found = await free_hires_by_company(read, actor, [world.company.id], None, Page(9))
    [row] = found[world.company.id]
    assert (row.id, row.status) == (earned, FreeHireStatus.AVAILABLE)
    assert (row.earned_on, row.expires_on) == (date(2026, 1, 5), date(2028, 1, 5))
    assert not {"earned_at", "expires_at", "reserved_at"} & set(type(row).__slots__)


async def test_why_each_registration_counts_or_does_not(world: World) -> None:
    counted = await world.register(email="same@example.jp")
    again = await world.register(email="same@example.jp")
    held = await world.register(phone="03-1111-2222")
    likely = await world.register(phone="03-1111-2222")
    await change(world, RelayLink, RelayLink.id == world.link.id, status=LinkStatus.PAUSED)
    paused = await world.register()
    assert held.count_status is CountStatus.COUNTED
    async with world.database.read() as read:
        entry_id = await read.scalar(
            select(Entry.id).where(Entry.registration_id == held.registration_id)
        )
    assert entry_id is not None
    admin = world.actor(None, Role.CONSORTIUM_ADMIN)
    await run(world, reverse_count, admin, ReverseCount(entry_id, "a mistake"))
    actor = world.actor(world.company, Role.VIEWER)
    ids = [one.registration_id for one in (counted, again, held, likely, paused)]
    async with world.database.read() as read:
        rows = await registrations_by_id(read, actor, ids)
        by_day = await registration_days(
            read, actor, [world.company.id], date(2026, 1, 1), date(2026, 1, 31)
        )
    reasons = [why_not_counted(rows[i].count_status, rows[i].not_counted_reason) for i in ids]
    assert reasons == [
        None,
        WHY_NOT_COUNTED[NotCountedReason.COUNTED_BEFORE],
        WHY_REVERSED,
        WHY_HELD,
        WHY_NOT_COUNTED[NotCountedReason.LINK_NOT_ACTIVE],
    ]
    [day] = by_day[world.company.id]
    assert (day.day, day.registered, day.counted) == (date(2026, 1, 5), 5, 1)


async def test_a_year_of_days_at_most(world: World) -> None:
    actor, ids = world.actor(world.company, Role.VIEWER), [world.company.id]
    first = date(2026, 1, 1)
    async with world.database.read() as read:
        await registration_days(read, actor, ids, first, first + timedelta(days=DAYS_MAX - 1))
        for to in (first + timedelta(days=DAYS_MAX), first - timedelta(days=1)):
            with pytest.raises(InvalidInput):
                await registration_days(read, actor, ids, first, to)


# Through the schema


async def ask(world: World, actor: Actor | None, query: str, **variables: Any) -> Any:
    """The data of an answer; what is wrong at the top level is raised."""
    ctx = Context(world.database, "https://tasuki.example", actor, language="en")
    result = await SCHEMA.execute(query, variable_values=variables, context_value=ctx)
    if result.errors:
        raise result.errors[0]
    return result.data


async def do(world: World, actor: Actor, name: str, asked: str, **input: Any) -> Any:
    kind = {"startInterviews": "Referral", "makeOffer": "Referral", "acceptReferral": "Referral"}
    of = kind.get(name, name[0].upper() + name[1:])
    query = (
        f"mutation ($input: {of}Input!) "
        f"{{ {name}(input: $input) {{ {asked} errors {{ code path message }} }} }}"
    )
    return (await ask(world, actor, query, input=input))[name]


async def test_from_the_introduction_to_the_free_hire(world: World) -> None:
    await give_free_hires(world, world.other_company, 1)
    person = (await world.register()).candidate_id
    agency, company = recruiter(world, world.agency), recruiter(world)
    candidate_id = encode_id("Candidate", person)
    wanted = {
        "candidateId": candidate_id,
        "companyId": encode_id("Company", world.other_company.id),
        "idempotencyKey": "one",
    }
    asked = "referral { id status candidate { id name } receiver { name } }"
    first = await do(world, agency, "introduceCandidate", asked, **wanted)
    assert first["errors"] == []
    assert await do(world, agency, "introduceCandidate", asked, **wanted) == first
    assert first["referral"]["candidate"] == {"id": candidate_id, "name": "佐藤 花子"}
    referral_id = first["referral"]["id"]
    hidden = await ask(world, company, "query ($id: ID!) { node(id: $id) { id } }", id=referral_id)
    assert hidden == {"node": None}
    await agree(world, person)
    for name, status in (
        ("acceptReferral", "ACCEPTED"),
        ("startInterviews", "INTERVIEWING"),
        ("makeOffer", "OFFERED"),
    ):
        answer = await do(world, company, name, "referral { status }", id=referral_id)
        assert answer == {"referral": {"status": status}, "errors": []}
    redeemed = await do(
        world,
        company,
        "redeemFreeHire",
        "freeHire { id status referral { id isFree } }",
        referralId=referral_id,
        idempotencyKey="two",
    )
    assert redeemed["freeHire"]["status"] == "RESERVED"
    assert redeemed["freeHire"]["referral"] == {"id": referral_id, "isFree": True}
    hire = await do(
        world,
        company,
        "recordHire",
        "hire { feeYen isFree status freeHire { id status } referral { status } }",
        referralId=referral_id,
        joinedOn="2026-01-05",
    )
    assert hire["errors"] == []
    assert hire["hire"] == {
        "feeYen": 0,
        "isFree": True,
        "status": "JOINED",
        "freeHire": {"id": redeemed["freeHire"]["id"], "status": "SPENT"},
        "referral": {"status": "HIRED"},
    }
    seen = await ask(world, agency, "{ hires { totalCount nodes { isFree freeHire { id } } } }")
    assert seen["hires"] == {"totalCount": 1, "nodes": [{"isFree": True, "freeHire": None}]}
    refused = await do(world, company, "redeemFreeHire", "freeHire { id }", referralId=referral_id)
    assert refused["freeHire"] is None
    assert [one["code"] for one in refused["errors"]] == ["NOT_REDEEMABLE"]


async def agree(world: World, person: uuid.UUID) -> None:
    from models.access import candidate
    from models.operations.agreements import AgreeToIntroduction, agree_to_introduction
    from models.tables.referrals import Referral

    async with world.database.read() as read:
        referral_id = await read.scalar(
            select(Referral.id).where(Referral.link_id.is_(None), Referral.candidate_id == person)
        )
    assert referral_id is not None
    actor = candidate(world.consortium_id, person, "ja")
    await run(world, agree_to_introduction, actor, AgreeToIntroduction(referral_id, "2026-01"))


DASHBOARD = """
query ($id: ID!) {
  node(id: $id) { ... on Company {
    name
    account {
      counts missing countsPerFreeHire debt freeHiresAvailable freeHiresReserved
      entries(first: 20) {
        totalCount nodes { number kind amount postedOn programVersion
          registration { completedOn whyCounted whyNotCounted } freeHire { status } }
      }
    }
    freeHires { totalCount nodes { status earnedOn expiresOn referral { status } } }
    registrations { totalCount nodes { countStatus whyCounted whyNotCounted programVersion } }
    registrationDays(from: "2026-01-01", to: "2026-12-31") { day registered counted }
    referrals(first: 50) {
      totalCount
      nodes { channel createdOn status isFree
        giver { name } receiver { name }
        candidate { name category { code } visibility { field shown reason } }
        opening { title } previous { id } hire { joinedOn } }
    }
  } }
}
"""


async def test_the_dashboard_takes_a_fixed_number_of_statements(world: World) -> None:
    statements: list[str] = []
    event.listen(
        world.database.reader.sync_engine,
        "before_cursor_execute",
        lambda *arguments: statements.append(arguments[2]),
    )
    actor = recruiter(world)
    company_id = encode_id("Company", world.other_company.id)
    async with world.database.transaction() as tx:
        link = await add_link(tx, world.other_company)
    numbers, answers = [], []
    for more in (1, 6, 12):
        for _ in range(more):
            await world.register(link)
            person = (await world.register()).candidate_id
            await delivered(world, person)
        statements.clear()
        answers.append(await ask(world, actor, DASHBOARD, id=company_id))
        numbers.append(sum(one.lstrip().startswith(("SELECT", "WITH")) for one in statements))
    # One statement more once there is a free hire.
    assert numbers[0] + 1 >= numbers[1] == numbers[2]
    seen = answers[-1]["node"]
    assert seen["referrals"]["totalCount"] == 38
    assert len(seen["referrals"]["nodes"]) == 38
    assert seen["account"] == {
        "counts": 9,
        "missing": 1,
        "countsPerFreeHire": 10,
        "debt": 0,
        "freeHiresAvailable": 1,
        "freeHiresReserved": 0,
        "entries": seen["account"]["entries"],
    }
    assert seen["account"]["entries"]["totalCount"] == 20
    assert seen["registrations"]["totalCount"] == 19
    assert seen["registrationDays"] == [{"day": "2026-01-05", "registered": 19, "counted": 19}]
    relayed = [one for one in seen["referrals"]["nodes"] if one["channel"] == "RELAY_LINK"]
    assert all(one["status"] is None and one["candidate"] is None for one in relayed)
    introduced = [one for one in seen["referrals"]["nodes"] if one not in relayed]
    assert {one["candidate"]["name"] for one in introduced} == {"佐藤 花子"}


async def test_others_see_no_books_through_the_schema(world: World) -> None:
    await give_free_hires(world, world.other_company, 1)
    company_id = encode_id("Company", world.other_company.id)
    for actor in (recruiter(world, world.company), recruiter(world, world.agency)):
        seen = (await ask(world, actor, DASHBOARD, id=company_id))["node"]
        assert seen["account"] is None
        for name in ("freeHires", "registrations", "referrals"):
            assert seen[name] == {"totalCount": 0, "nodes": []}
        assert seen["registrationDays"] == []


async def test_cases_and_openings_through_the_schema(world: World) -> None:
    person = (await world.register()).candidate_id
    agency, company = recruiter(world, world.agency), recruiter(world)
    terms = {"title": "営業", "category": "REAL_ESTATE", "headcount": 2}
    made = await do(
        world, company, "createOpening", "opening { id title }", terms=terms, idempotencyKey="k"
    )
    again = await do(
        world, company, "createOpening", "opening { id title }", terms=terms, idempotencyKey="k"
    )
    assert made == again
    changed = await do(
        world,
        company,
        "createOpening",
        "opening { id }",
        terms=terms | {"headcount": 3},
        idempotencyKey="k",
    )
    assert [one["code"] for one in changed["errors"]] == ["IDEMPOTENCY_CONFLICT"]
    listed = await ask(
        world,
        agency,
        """query ($of: ID!) { openings(where: { companyId: $of }) {
             totalCount nodes { title category { code } company { name } keeper { name } } } }""",
        of=encode_id("Company", world.other_company.id),
    )
    [opening] = listed["openings"]["nodes"]
    name = world.other_company.name
    assert opening == {
        "title": "営業",
        "category": {"code": "REAL_ESTATE"},
        "company": {"name": name},
        "keeper": {"name": name},
    }
    async with world.database.read() as read:
        case_id = await read.scalar(select(Case.id).where(Case.candidate_id == person))
    assert case_id is not None
    global_id = encode_id("Case", case_id)
    noted = await do(world, agency, "noteOnCase", "case { note }", id=global_id, note="面談済み")
    assert noted == {"case": {"note": "面談済み"}, "errors": []}
    await delivered(world, person)
    seen = await ask(
        world,
        agency,
        """{ cases(where: { status: { eq: OPEN } }) { totalCount nodes {
             status note candidate { name case { status } } referral { channel giver { name } }
             introductions { totalCount nodes { receiver { name } } } } } }""",
    )
    [case] = seen["cases"]["nodes"]
    assert case["candidate"] == {"name": "佐藤 花子", "case": {"status": "OPEN"}}
    assert case["referral"]["giver"] == {"name": world.company.name}
    assert case["introductions"] == {"totalCount": 1, "nodes": [{"receiver": {"name": name}}]}
    closed = await do(
        world,
        agency,
        "closeCase",
        "case { status candidate { name } }",
        id=global_id,
        outcome="WITHDRAWN",
    )
    assert closed == {"case": {"status": "CLOSED", "candidate": {"name": None}}, "errors": []}


async def test_1000_registrations_through_20_links_are_counted_exactly(world: World) -> None:
    async with world.database.transaction() as tx:
        companies = [world.company, world.other_company]
        links = [await add_link(tx, companies[n % 2]) for n in range(20)]
    await change(world, ProgramVersion, link_limit=10_000)  # it is not about floods
    async with world.database.transaction() as tx:
        started = [
            await start_registration(
                tx,
                world.visitor,
                StartRegistration(world.link_token(links[n % 20]), world.form(), "2026-01", None),
            )
            for n in range(1_000)
        ]
    tokens = [token_of(world.database.vault, CONFIRM_PURPOSE, one) for one in started]
    completed = await asyncio.gather(*map(world.confirm, tokens))
    assert {one.count_status for one in completed} == {CountStatus.COUNTED}
    admin = world.actor(None, Role.CONSORTIUM_ADMIN)
    async with world.database.read() as read:
        ids = [one.id for one in companies]
        held = await accounts_by_company(read, admin, ids)
        entries = await count_entries(read, admin, ids, Unit.COUNT, Book.BALANCE)
    for one in ids:
        assert (held[one].counts, held[one].free_hires_available) == (0, 50)
    assert entries == dict.fromkeys(ids, 500 + 50)
