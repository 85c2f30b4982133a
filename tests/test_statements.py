"""What a page of a dashboard asks of the database is fixed, whatever the data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import event, select, update

from gql.context import Context
from gql.schema import build_schema
from models.access import Actor, Role
from models.operations.candidate_pages import leave_agency
from models.operations.partnerships import accept_partnership
from models.operations.requests import SendRequest, send_request
from models.rules.ledger import Unit
from models.rules.lifecycles import OrganizationKind
from models.rules.requests import RequestKind
from models.rules.rewards import ClauseOffered, RewardEvent
from models.session import Database
from models.tables.consortium import Organization
from models.tables.partnerships import Partnership
from tests.handovers import delivered, run
from tests.partners import (
    NAMED,
    admin,
    frozen_months,
    funded,
    partners,
    person,
    proposed,
    seeks,
    turned_down,
)
from tests.world import World, add_link, add_organization

SCHEMA = build_schema()
FEW, MANY = 5, 60
LAST_MONTH = date(2025, 12, 15)

COMPANY = """
{
  viewer {
    organization {
      name
      ... on Company {
        account {
          counts missing countsPerFreeHire debt freeHiresAvailable freeHiresReserved
          entries(first: 50) {
            totalCount
            nodes { number kind amount postedOn registration { whyCounted } freeHire { status } }
          }
        }
        freeHires(first: 20) { totalCount nodes { status earnedOn expiresOn referral { status } } }
        registrations(first: 20) { nodes { completedOn whyCounted whyNotCounted } }
        registrationDays(from: "2026-01-01", to: "2026-03-31") { day registered counted }
        referrals(first: 50) {
          totalCount
          nodes {
            channel createdOn status isFree
            candidate { name email category { name } visibility { field shown reason } }
            giver { name } receiver { name ... on Agency { licenceIsValid } }
            opening { title } hire { joinedOn }
          }
        }
      }
    }
  }
  relayLinks(first: 20) { totalCount nodes { campaign status registrations } }
}
"""
CASES = """
{
  cases(first: 50) {
    totalCount
    nodes {
      status openedAt note
      candidate { name email phone wishes category { name } visibility { field reason } }
      referral { createdAt status giver { name } }
      introductions(first: 5) { totalCount nodes { status receiver { name } } }
    }
  }
}
"""
MEMBERS = """
{
  consortium {
    name
    members(first: 50) {
      totalCount
      nodes {
        name corporateNumber membershipStatus industryDivision { name } prefecture { name }
        ... on Company { account { counts missing } }
      }
    }
  }
}
"""
REVIEWS = """
{
  heldCounts(first: 50, where: {status: {eq: HELD}}) {
    totalCount
    nodes {
      completedOn campaign holdReason company { name }
      evidence { throughLink fromDevice samePhone }
    }
  }
}
"""
REQUESTS = """
{
  candidateRequests(first: 50, where: {status: {eq: OPEN}}) {
    totalCount
    nodes { kind status text answer sentAt dueOn isOverdue }
  }
}
"""
POOL = """
{
  pool(first: 50) {
    totalCount
    nodes {
      listedOn
      candidate { name category { name } skills { name } visibility { field reason } }
      partner { name }
      partnership { name }
    }
  }
}
"""
PARTNERSHIPS = """
{
  partnerships(first: 50) {
    totalCount
    nodes {
      name status waitingSince isOverdue
      proposer { name }
      parties { status company { name } }
      terms {
        fields
        acceptedBy { name }
        policyBreaches
        rewards { amount }
        fundings { acceptedAt agency { name } }
      }
      proposedTerms { sharedDays }
      history(first: 5) { totalCount nodes { deed company { name } } }
    }
  }
}
"""
SUGGESTIONS = """
{
  partnerSuggestions(first: 50) {
    totalCount
    edges {
      score reasons node { name }
      giving { category { name } own theirs } taking { category { name } }
      parts { kind score reason }
    }
  }
}
"""
FUNDINGS = """
{
  fundings(first: 50) {
    totalCount
    nodes { partnershipName status agency { name } companies { name } rewards { unit amount } }
  }
}
"""
DELETIONS = """
{
  deletionRequests(first: 50) {
    totalCount
    nodes {
      status fields dueAt isOverdue
      recipient { name } referral { status } candidate { name } confirmedBy { name }
    }
  }
}
"""
PAGES = {
    "the suggestions": (SUGGESTIONS, "other_company", Role.VIEWER),
    "the pool": (POOL, "other_company", Role.RECRUITER),
    "the partnerships": (PARTNERSHIPS, None, Role.CONSORTIUM_ADMIN),
    "an agency's rewards": (FUNDINGS, "agency", Role.VIEWER),
    "a company's dashboard": (COMPANY, "company", Role.RECRUITER),
    "an agency's cases": (CASES, "agency", Role.RECRUITER),
    "the members": (MEMBERS, None, Role.CONSORTIUM_ADMIN),
    "the review queue": (REVIEWS, None, Role.CONSORTIUM_ADMIN),
    "the requests": (REQUESTS, None, Role.CONSORTIUM_ADMIN),
    "what is to be deleted": (DELETIONS, "agency", Role.RECRUITER),
}


@contextmanager
def statements(database: Database) -> Iterator[Counter[str]]:
    """How many statements go to the database, and to the store of the candidates' keys."""
    counted: Counter[str] = Counter()
    engines = {"database": database.reader, "keys": database.vault._engine}

    def listener(name: str) -> Any:
        def count(*_: Any) -> None:
            counted[name] += 1

        return count

    listening = [
        (engine.sync_engine, "before_cursor_execute", listener(name))
        for name, engine in engines.items()
    ]
    for engine, what, count in listening:
        event.listen(engine, what, count)
    yield counted
    for engine, what, count in listening:
        event.remove(engine, what, count)


async def asked(world: World, page: str) -> tuple[Any, Counter[str]]:
    """A page as it is shown, and the statements it took."""
    query, of, role = PAGES[page]
    organization = getattr(world, of) if of else None
    actor: Actor = world.actor(organization, role)
    context = Context(database=world.database, base_url="https://tasuki.example", actor=actor)
    with statements(world.database) as counted:
        answer = await SCHEMA.execute(query, context_value=context)
    assert answer.errors is None, answer.errors
    return answer.data, counted


async def grow(world: World, until: int) -> None:
    """Registrations through both companies' links, introductions, members, held counts, partners,
    and a request with each.

    Those whose count is held leave their agency, which is to delete what it has.

    The companies are partners from the first time on, and each new member becomes one.
    """
    if not await is_partner(world):
        await partners(world, world.company, world.other_company)
        await turned_down(world, world.other_company, "OTHER", LAST_MONTH, 1)
        await frozen_months(world, LAST_MONTH)
    async with world.database.transaction() as tx:
        link = await add_link(tx, world.other_company)
        await tx.execute(
            update(Organization)
            .where(Organization.id == world.company.id)
            .values(mail_domain="company.example")
        )
    for number in range(until):
        world.clock.forward(minutes=30)
        await world.register(purposes=NAMED)
        held = f"held{next(world.numbers)}@company.example"
        leaving = await world.register(email=held)
        async with world.database.transaction() as tx:
            await leave_agency(tx, person(world, leaving.candidate_id))
        other = await world.register(link)
        ask = SendRequest(RequestKind.COMPLAINT, "Please call me.")
        await run(world, send_request, person(world, other.candidate_id), ask)
        if number % 2 == 0:
            await delivered(world, other.candidate_id, world.company)
        async with world.database.transaction() as tx:
            member = await add_organization(
                tx, world.consortium_id, 100 + next(world.numbers), OrganizationKind.COMPANY
            )
        await seeks(world, member, "OTHER")
        reward = ClauseOffered(RewardEvent.HIRE, Unit.COUNT, 1, world.agency.id)
        asked_for = await proposed(world, world.company, member, rewards=(reward,))
        await run(world, accept_partnership, admin(world, member), asked_for)
    await funded(world)


async def is_partner(world: World) -> bool:
    async with world.database.read() as read:
        return await read.scalar(select(Partnership.id).limit(1)) is not None


def rows(data: Any, page: str) -> int:
    """How many rows the list of a page has."""
    if page == "a company's dashboard":
        return len(data["viewer"]["organization"]["referrals"]["nodes"])
    lists = {
        "an agency's cases": data.get("cases"),
        "the members": (data.get("consortium") or {}).get("members"),
        "the review queue": data.get("heldCounts"),
        "the requests": data.get("candidateRequests"),
        "the pool": data.get("pool"),
        "the partnerships": data.get("partnerships"),
        "the suggestions": data.get("partnerSuggestions"),
        "an agency's rewards": data.get("fundings"),
        "what is to be deleted": data.get("deletionRequests"),
    }
    listed = lists[page]
    return len(listed["nodes"] if "nodes" in listed else listed["edges"])


async def test_a_page_takes_the_same_statements_whatever_the_data(world: World) -> None:
    await grow(world, FEW)
    few = {page: await asked(world, page) for page in PAGES}
    await grow(world, MANY - FEW)
    many = {page: await asked(world, page) for page in PAGES}
    for page in PAGES:
        assert FEW <= rows(few[page][0], page) < rows(many[page][0], page) == 50
        counted = few[page][1]
        assert many[page][1] == counted, page
        assert counted["database"] > 0
        assert counted["keys"] <= 2


async def test_a_dashboard_shows_what_it_was_asked_for(world: World) -> None:
    await grow(world, FEW)
    data, _ = await asked(world, "a company's dashboard")
    company = data["viewer"]["organization"]
    assert company["account"]["counts"] == FEW
    names = [one["candidate"] and one["candidate"]["name"] for one in company["referrals"]["nodes"]]
    # Those who agreed, and those whom the agency introduced; the held ones did not agree.
    assert Counter(name is None for name in names) == {False: FEW + 3, True: FEW}
    data, counted = await asked(world, "an agency's cases")
    # Who left it is a case without a name.
    assert {one["candidate"]["name"] for one in data["cases"]["nodes"]} == {"佐藤 花子", None}
    assert counted["keys"] > 0
