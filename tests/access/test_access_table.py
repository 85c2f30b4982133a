"""Nobody sees or does what is not theirs: the whole schema against one table, on both databases."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime
from enum import Enum
from typing import Any

import pytest
import pytest_asyncio
from graphql import GraphQLEnumType
from sqlalchemy import select

from models.access import Actor
from models.base import Base
from models.session import Database
from models.tables.consortium import Consortium, Organization, Program, ProgramVersion
from models.tables.deletions import DeletionRequest
from models.tables.flow_sources import FlowSource
from models.tables.ledger import FreeHire
from models.tables.links import RelayLink
from models.tables.mailings import Mailing, MailTemplate, Rejection
from models.tables.openings import Opening
from models.tables.partnerships import Partnership, PartnershipStep, Terms
from models.tables.referrals import Case, Hire, Referral
from models.tables.registrations import Registration
from models.tables.users import ApiToken, User
from tests.access.build import build_stage
from tests.access.deeds import DEEDS, attempt, result, type_of
from tests.access.looking import (
    GIVEN,
    GRAPH,
    TYPES,
    Stages,
    ask,
    by_viewer,
    follow,
    look,
    look_at_root,
    never_existed,
    rehearsal,
)
from tests.access.marks import allowed, found, refused_fields, sweep, sweep_of_nodes, totals
from tests.access.stage import Stage
from tests.access.subjects import SUBJECTS
from tests.access.table import DEEDS as DEED_LINES
from tests.access.table import FIELDS, FILTERS, ORDERS, ROOTS, TOLD
from tests.access.viewers import VIEWERS, columns, spaced
from tests.databases import open_database

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)], scope="module"
)
def shared_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """One database of each kind for all: nothing here changes it."""
    templates = request.getfixturevalue(f"{request.param}_templates")
    url = templates.clone()
    yield url
    templates.drop(url)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def database(shared_url: str) -> AsyncIterator[Database]:
    """In place of the one that every test has anew."""
    database = open_database(shared_url)
    yield database
    await database.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stages(database: Database) -> Stages:
    """Two consortia, alike but for their marks."""
    here = await build_stage(database, "here", 1)
    there = await build_stage(database, "there", 101)
    return Stages(here, there)


async def test_the_stage_has_every_kind_of_thing(stages: Stages) -> None:
    kinds = {
        name for name, kind in TYPES.items() if "Node" in {one.name for one in kind.interfaces}
    }
    assert {type_name for type_name, _ in stages.here.rows.values()} == kinds


@pytest.mark.parametrize("name", SUBJECTS)
async def test_fields(database: Database, stages: Stages, name: str) -> None:
    subject, stage = SUBJECTS[name], stages.here
    seen = {
        viewer.name: await look(database, stages.actor(viewer), subject, stage)
        for viewer in VIEWERS
    }
    told = {
        f"{name}.{field}": spaced(by_viewer(lambda one, f=field: seen[one.name][f][0]))  # type: ignore[misc]
        for field in subject.fields
    }
    assert {line: as_rounding_falls(told[line], FIELDS[line]) for line in told} == {
        line: FIELDS[line] for line in told
    }
    stored = await _stored(stages, name)
    for field in subject.fields:
        shown = [value for letter, value in (one[field] for one in seen.values()) if letter == "S"]
        if field in stored:
            assert [_as_stored(value, stored[field]) for value in shown] == [
                stored[field] for _ in shown
            ]


def as_rounding_falls(told: str, line: str) -> str:
    """What was told, with the line's ? where sums of few are shown, or rounded to nothing."""
    pairs = zip(told, line, strict=True)
    return "".join(at if at == "?" and letter in "Sne-" else letter for letter, at in pairs)


STORED: dict[str, Any] = {
    "Agency": Organization,
    "ApiToken": ApiToken,
    "Case": Case,
    "Company": Organization,
    "Consortium": Consortium,
    "DeletionRequest": DeletionRequest,
    "FlowSource": FlowSource,
    "FreeHire": FreeHire,
    "Hire": Hire,
    "Mailing": Mailing,
    "MailTemplate": MailTemplate,
    "Opening": Opening,
    "Partnership": Partnership,
    "PartnershipStep": PartnershipStep,
    "Program": Program,
    "ProgramVersion": ProgramVersion,
    "Referral": Referral,
    "Registration": Registration,
    "Terms": Terms,
    "Rejection": Rejection,
    "RelayLink": RelayLink,
    "User": User,
}
CODED = frozenset({"category", "prefecture", "skills", "industryDivision", "industryGroup"})
"""What is stored as a code and shown as a word."""


async def _stored(stages: Stages, name: str) -> dict[str, Any]:
    """What the database, or the form that was sent, says of a thing's own fields."""
    subject, stage = SUBJECTS[name], stages.here
    if subject.start is None or subject.path:
        return {}
    if subject.type_name == "Candidate":
        who = subject.start.removeprefix("candidate ").partition(", as ")[0]
        told = {field: stage.marks[f"{field}:{who}"] for field in ("name", "email", "wishes")}
        return {**told, "experienceYears": 5}
    if subject.type_name not in STORED:
        return {}
    async with stage.world.database.read() as read:
        row: Any = await read.get_one(STORED[subject.type_name], stage.key(subject.start))
    kinds = (str, int, datetime, date, Enum)
    return {
        field: value
        for field in subject.fields
        if field not in CODED and isinstance(value := getattr(row, _snake(field), None), kinds)
    }


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def _as_stored(value: Any, like: Any) -> Any:
    if isinstance(like, datetime):
        return datetime.fromisoformat(value)
    if isinstance(like, date):
        return date.fromisoformat(value)
    return type(like)(value) if isinstance(like, Enum) else value


async def test_roots(database: Database, stages: Stages) -> None:
    seen = {
        viewer.name: await look_at_root(database, stages.actor(viewer), stages.here)
        for viewer in VIEWERS
    }
    told = {
        f"Query.{name}": spaced(by_viewer(lambda one, n=name: seen[one.name][n]))  # type: ignore[misc]
        for name in TYPES["Query"].fields
    }
    assert told == ROOTS


async def test_unseen_ids_read_like_ids_that_never_existed(
    database: Database, stages: Stages
) -> None:
    query = "query ($id: ID!) { node(id: $id) { __typename id } }"
    for viewer in VIEWERS:
        actor, home = stages.actor(viewer), stages.home(viewer)
        for stage in (stages.here, stages.there):
            names = await _unseen(database, actor, stage)
            assert stage is home or names == list(stage.rows), f"{viewer.name} sees foreign things"
            for type_name, name in {stage.rows[name][0]: name for name in names}.items():
                seen = await ask(database, actor, query, {"id": stage.id(name)})
                none = await ask(database, actor, query, {"id": never_existed(type_name)})
                assert seen.text() == none.text(), f"{viewer.name}: {name}"


async def _unseen(database: Database, actor: Actor | None, stage: Stage) -> list[str]:
    """The things of a consortium that someone does not see."""
    if actor is None:
        return list(stage.rows)
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    names, unseen = list(stage.rows), []
    for start in range(0, len(names), 100):
        part = names[start : start + 100]
        found = await ask(database, actor, query, {"ids": [stage.id(name) for name in part]})
        unseen += [
            name for name, node in zip(part, found.data["nodes"], strict=True) if node is None
        ]
    return unseen


ID_ARGUMENTS = {
    "company": "query ($id: ID!) { openings(where: {companyId: $id}) { totalCount nodes { id } } }",
    "sibling": "query ($id: ID!) { partnerships(where: {companyId: $id}) { totalCount } }",
    "partnership": "query ($id: ID!) { meetings(where: {partnershipId: $id}) { totalCount } }",
    "receiver": "query ($id: ID!) { partnerSuggestions(companyId: $id) { totalCount } }",
    "candidate named": "query ($id: ID!) { allocation(candidateIds: [$id], openingIds: []) "
    "{ leftOver { choices } } }",
    "opening receiver": "query ($id: ID!) { allocation(candidateIds: [], openingIds: [$id]) "
    "{ proof { pairsChecked } } }",
    "program version": "query ($id: ID!) { program { replay(versionId: $id) { counts } } }",
}
"""Where ids are given to queries, beside `node` and `nodes`: of which row, and how."""


async def test_foreign_ids_in_arguments_read_like_ids_that_never_existed(
    database: Database, stages: Stages
) -> None:
    for name, query in ID_ARGUMENTS.items():
        for viewer in VIEWERS:
            actor = stages.actor(viewer)
            foreign = stages.here if viewer.is_foreign else stages.there
            type_name = foreign.rows[name][0]
            seen = await ask(database, actor, query, {"id": foreign.id(name)})
            none = await ask(database, actor, query, {"id": never_existed(type_name)})
            assert seen.text() == none.text(), f"{viewer.name}: {name}"


async def _fingerprint(database: Database) -> dict[str, str]:
    """A hash of each table's rows."""
    prints = {}
    async with database.read() as read:
        for table in Base.metadata.sorted_tables:
            rows = sorted(repr(tuple(row)) for row in await read.execute(select(table)))
            prints[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return prints


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.line)
async def test_deeds(database: Database, stages: Stages, deed: Any) -> None:
    expected = columns(DEED_LINES[deed.line])
    here, there = stages.here, stages.there
    before = await _fingerprint(database)
    seen = {}
    async with rehearsal(database) as trial:
        for viewer in VIEWERS:
            on = trial if expected[viewer.name] in "Dx" else database
            target = here.id(deed.thing) if deed.thing else None
            answer = await attempt(on, stages, viewer, deed, target, here)
            seen[viewer.name] = result(deed, answer)
            if deed.thing and seen[viewer.name] in "-FU":
                none = never_existed(type_of(deed, here))
                unknown = await attempt(database, stages, viewer, deed, none, here)
                if result(deed, unknown) == seen[viewer.name]:
                    assert answer.text() == unknown.text(), viewer.name
                else:
                    # Seen, but not theirs to do: of what is not there, nothing is said.
                    assert (seen[viewer.name], result(deed, unknown)) == ("F", "-")
    assert spaced(seen) == DEED_LINES[deed.line]
    if deed.thing:
        for viewer in VIEWERS:
            foreign = here if viewer.is_foreign else there
            home = stages.home(viewer)
            none = never_existed(type_of(deed, here))
            answer = await attempt(database, stages, viewer, deed, foreign.id(deed.thing), home)
            unknown = await attempt(database, stages, viewer, deed, none, home)
            assert result(deed, answer) in "-FU", viewer.name
            assert answer.text() == unknown.text(), viewer.name
    assert await _fingerprint(database) == before


@pytest.mark.parametrize("field", TOLD)
async def test_subscriptions(database: Database, stages: Stages, field: str) -> None:
    seen = {}
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    for viewer in VIEWERS:
        actor = stages.actor(viewer)
        letter, ids = await follow(database, actor, field, stages.here.events)
        seen[viewer.name] = letter
        if ids:
            nodes = (await ask(database, actor, query, {"ids": ids})).data["nodes"]
            assert [node and node["id"] for node in nodes] == ids
    assert spaced(seen) == TOLD[field]


async def test_no_company_follows_the_registrations_through_its_links(
    database: Database, stages: Stages
) -> None:
    relayed = {stages.here.id(name) for name in stages.here.rows if name.startswith("referral ")}
    for viewer in VIEWERS:
        if viewer.actor.startswith(("company", "receiver", "sibling")):
            actor = stages.actor(viewer)
            _, ids = await follow(database, actor, "referralChanged", stages.here.events)
            assert not relayed & set(ids)


@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda viewer: viewer.name)
async def test_marks_are_found_by_those_they_are_for(
    database: Database, stages: Stages, viewer: Any
) -> None:
    if viewer.name == "anonymous":
        texts = [(await ask(database, None, "{ viewer { role } }")).text()]
    else:
        texts = await _everything(database, stages, viewer)
    foreign = stages.here if viewer.is_foreign else stages.there
    assert found(foreign, texts) == set()
    home = stages.home(viewer)
    seen, theirs = found(home, texts), allowed(home, viewer)
    assert seen <= theirs
    # The audit log is longer than a page: not every instant in it is come across.
    assert {mark for mark in theirs - seen if not mark.startswith("time:")} == set()


async def _everything(database: Database, stages: Stages, viewer: Any) -> list[str]:
    actor, refused = stages.actor(viewer), refused_fields(viewer)
    home = stages.home(viewer)
    given = {name: home.id(row) for name, row in GIVEN.items()}

    def variables(query: str) -> dict[str, Any]:
        return {name: key for name, key in given.items() if f"${name}" in query}

    answers = [await ask(database, actor, query, variables(query)) for query in sweep(refused)]
    names = [(stage, name) for stage in (stages.here, stages.there) for name in stage.rows]
    every = sweep_of_nodes(refused)
    for start in range(0, len(names), 50):
        ids = [stage.id(name) for stage, name in names[start : start + 50]]
        answers.append(await ask(database, actor, every, {"ids": ids, **variables(every)}))
    assert [answer.errors for answer in answers if answer.errors] == []
    for answer in answers:
        assert all(total == rows for total, rows in totals(answer.data))
    # The marks are looked for in words as they are, not as JSON escapes them.
    return [answer.text() for answer in answers]


LISTS = {
    "AuditEntryFilter": ("auditEntries(where: $by, first: 100)",),
    "CaseFilter": ("cases(where: $by, first: 100)",),
    "DeletionRequestFilter": ("deletionRequests(where: $by, first: 100)",),
    "FundingFilter": ("fundings(where: $by, first: 100)",),
    "CandidateRequestFilter": ("candidateRequests(where: $by, first: 100)",),
    "HeldCountFilter": ("heldCounts(where: $by, first: 100)",),
    "HireFilter": ("hires(where: $by, first: 100)",),
    "MailingFilter": ("mailings(where: $by, first: 100)",),
    "MemberFilter": ("consortium { members(where: $by, first: 100)",),
    "OpeningFilter": ("openings(where: $by, first: 100)",),
    "ReferralFilter": (
        "referrals(where: $by, first: 100)",
        "node(id: $company) { ... on Company { referrals(where: $by, first: 100)",
        "node(id: $agency) { ... on Agency { referrals(where: $by, first: 100)",
    ),
    "RegistrationFilter": (
        "node(id: $company) { ... on Company { registrations(where: $by, first: 100)",
    ),
    "MeetingFilter": ("meetings(where: $by, first: 100)",),
    "PartnershipFilter": ("partnerships(where: $by, first: 100)",),
    "PoolFilter": ("pool(where: $by, first: 100)",),
    "RecordedExitFilter": ("recordedExits(where: $by, first: 100)",),
    "RelayLinkFilter": ("relayLinks(where: $by, first: 100)",),
    "UserFilter": ("users(where: $by, first: 100)",),
    "FreeHireStatusFilter": (
        "node(id: $company) { ... on Company { freeHires(status: $by, first: 100)",
    ),
}


async def _listed(
    database: Database, stages: Stages, viewer: Any, kind: str, at: str, field: str, by: Any
) -> list[Any]:
    """The value of a field of each row of a filtered list; none where the list is not theirs."""
    heads = {"$by": kind, "$company": "ID!", "$agency": "ID!", "$after": "String"}
    at = at.replace("first: 100", "first: 100, after: $after")
    head = ", ".join(f"{name}: {of}" for name, of in heads.items() if name in at)
    inner = f"{at} {{ totalCount pageInfo {{ endCursor }} nodes {{ id value: {field} }} }}"
    query = f"query ({head}) {{ {inner} {'}' * (inner.count('{') - inner.count('}'))} }}"
    home = stages.home(viewer)
    ids = {"company": home.id("company"), "agency": home.id("agency")}
    variables = {"by": by, **{name: key for name, key in ids.items() if f"${name}" in at}}
    rows: list[Any] = []
    total: int | None = None
    while total is None or (rows and len(rows) < total):
        data = (await ask(database, stages.actor(viewer), query, variables)).data
        while data and "nodes" not in data:
            [data] = data.values()
        if not data:
            return []
        total, rows = data["totalCount"], rows + data["nodes"]
        variables["after"] = data["pageInfo"]["endCursor"]
    assert total == len(rows)
    return [_plain(row["value"]) for row in rows]


def _plain(value: Any) -> Any:
    while isinstance(value, dict):
        value = next(iter(value.values()))
    return tuple(map(_plain, value)) if isinstance(value, list) else value


def _each(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


@pytest.mark.parametrize("line", FILTERS)
async def test_filters_choose_by_what_is_shown(
    database: Database, stages: Stages, line: str
) -> None:
    kind, _, name = line.partition(".")
    values: dict[tuple[str, str], list[Any]] = {}
    for viewer in VIEWERS:
        for at in LISTS[kind]:
            values[viewer.name, at] = await _listed(
                database, stages, viewer, kind, at, FILTERS[line], None
            )
    probes = {one for found in values.values() for value in found for one in _each(value)} - {None}
    assert probes, "a filter that nothing passes would prove nothing"
    for viewer in VIEWERS:
        for at in LISTS[kind]:
            for probe in probes:
                by = _filter(name, probe)
                seen = await _listed(database, stages, viewer, kind, at, FILTERS[line], by)
                assert seen == [one for one in values[viewer.name, at] if probe in _each(one)]


def _filter(name: str, probe: Any) -> Any:
    if name in ("companyId", "search", "isOverdue", "partnershipId", "isOfConsortium"):
        return {name: probe}
    if name == "skills":
        return {name: [probe]}
    if name == "kind":
        probe = probe.upper()
    return {name: {"eq": probe}} if name else {"eq": probe}


async def test_what_a_referring_company_may_not_know_cannot_be_asked_for(
    database: Database, stages: Stages
) -> None:
    """Every state is asked for, also those that nobody sees anything in."""
    states = GRAPH.type_map["ReferralStatus"]
    assert isinstance(states, GraphQLEnumType)
    for viewer in VIEWERS[1:5]:
        for at in LISTS["ReferralFilter"]:
            for state in states.values:
                by = {"status": {"in": [state]}, "channel": {"eq": "RELAY_LINK"}}
                assert (
                    await _listed(database, stages, viewer, "ReferralFilter", at, "status", by)
                    == []
                )


ORDERED = {
    "AuditEntryOrderField": "auditEntries",
    "CaseOrderField": "cases",
    "DeletionRequestOrderField": "deletionRequests",
    "CandidateRequestOrderField": "candidateRequests",
    "HeldCountOrderField": "heldCounts",
    "MailingOrderField": "mailings",
    "MemberOrderField": "consortium { members",
    "OpeningOrderField": "openings",
    "MeetingOrderField": "meetings",
    "PartnershipOrderField": "partnerships",
    "ReferralOrderField": "referrals",
    "RelayLinkOrderField": "relayLinks",
    "UserOrderField": "users",
}


@pytest.mark.parametrize("line", ORDERS)
async def test_orders_go_by_what_is_shown(database: Database, stages: Stages, line: str) -> None:
    kind, _, value = line.partition(".")
    seen = []
    for viewer in VIEWERS:
        for direction in ("ASC", "DESC"):
            order = f"orderBy: [{{field: {value}, direction: {direction}}}], first: 100"
            inner = f"{ORDERED[kind]}({order}) {{ nodes {{ value: {ORDERS[line]} }} }}"
            closing = "}" * (inner.count("{") - inner.count("}"))
            answer = await ask(database, stages.actor(viewer), f"{{ {inner} {closing} }}")
            data = answer.data
            while data and "nodes" not in data:
                [data] = data.values()
            values = [node["value"] for node in data["nodes"]] if data else []
            # Invited members have not joined yet.
            told = [one for one in values if one is not None or value != "CREATED_AT"]
            assert None not in told
            known = [one for one in told if one is not None]
            assert known == sorted(known, reverse=direction == "DESC")
            seen += known
    assert seen
