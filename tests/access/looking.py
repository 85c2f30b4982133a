"""Looking at things as someone, and what comes of it in one letter."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
)

from gql.context import Context
from gql.errors import present
from gql.limits import Limits
from gql.node import encode_id
from gql.schema import build_schema
from models.access import Actor
from models.outbox import Event
from models.session import Database, WriteSession
from tests.access.stage import BASE_URL, Stage
from tests.access.viewers import VIEWERS, Viewer

MANY = 10**9
LIMITS = Limits(
    query_characters=MANY,
    tokens=MANY,
    fragments=MANY,
    aliases=MANY,
    depth_levels=100,
    selections=MANY,
    document_selections=MANY,
    merge_pairs=MANY,
    cost_points=MANY,
)
"""Whoever may ask for less sees no more."""

SCHEMA = build_schema(LIMITS)
GRAPH = SCHEMA._schema
TYPES: dict[str, GraphQLObjectType] = {
    name: kind
    for name, kind in GRAPH.type_map.items()
    if isinstance(kind, GraphQLObjectType) and not name.startswith("__")
}
REFUSALS = {"NOT_FOUND": "-", "FORBIDDEN": "F", "UNAUTHENTICATED": "U"}

FIELD_ARGUMENTS = {
    "Query.node": "(id: $company)",
    "Query.nodes": "(ids: [$company])",
    "Query.mailTemplatePreview": '(subject: "x", body: "{{link}}")',
    "Query.allocation": "(candidateIds: [], openingIds: [])",
    "Query.matchQuality": '(from: "2026-01-01", to: "2026-06-30")',
    "Query.flowEdges": '(where: {firstDay: "2026-01-01", lastDay: "2026-03-31"})',
    "Query.flowNetwork": '(where: {firstDay: "2026-01-01", lastDay: "2026-12-31"})',
    "Query.partnersToConsider": '(where: {firstDay: "2026-01-01", lastDay: "2026-12-31"})',
    "Query.simulate": '(input: {where: {firstDay: "2026-01-01", lastDay: "2026-12-31"}, '
    "scenario: {changeThreshold: {}}})",
    "FlowNetwork.change": '(sinceFirstDay: "2026-01-01", sinceLastDay: "2026-12-31")',
    "FlowNetwork.backbone": "",
    "FlowNetwork.between": "(from: $company, to: $agency)",
    "FlowNetwork.ego": "(key: $company)",
    "Query.impact": '(period: {firstDay: "2026-01-01", lastDay: "2026-03-31"})',
    "Query.partnerSuggestions": "",
    "Company.registrationDays": '(from: "2026-01-01", to: "2026-06-30")',
    "Program.replay": "(rules: {})",
}
"""What is given where a field takes more than a page, a filter and an order."""
GIVEN = {"company": "company", "agency": "agency"}
"""The rows that these can name."""


@dataclass(frozen=True)
class Stages:
    """The two consortia, and who looks from which."""

    here: Stage
    there: Stage

    def actor(self, viewer: Viewer) -> Actor | None:
        """Someone's actor."""
        return (self.there if viewer.is_foreign else self.here).actors[viewer.actor]

    def home(self, viewer: Viewer) -> Stage:
        """The consortium they are of."""
        return self.there if viewer.is_foreign else self.here


@dataclass(frozen=True)
class Answer:
    """What a client reads."""

    data: Any
    errors: Sequence[Mapping[str, Any]]

    @property
    def codes(self) -> list[str]:
        """The codes of the errors."""
        return [error["extensions"]["code"] for error in self.errors]

    def text(self) -> str:
        """All of it, as it is sent."""
        return json.dumps([self.data, self.errors], ensure_ascii=False, sort_keys=True)


async def ask(
    database: Database,
    actor: Actor | None,
    query: str,
    variables: Mapping[str, Any] | None = None,
) -> Answer:
    """Execute one request."""
    context = Context(database=database, base_url=BASE_URL, actor=actor, language="en")
    result = await SCHEMA.execute(
        query, variable_values=dict(variables or {}), context_value=context
    )
    assert not hasattr(result, "__aiter__")
    told = present(result.errors or [], request_id="-", locale="en")
    for error, raw in zip(told, result.errors or [], strict=False):
        known = error["extensions"]["code"] in (*REFUSALS, "INVALID_INPUT")
        assert known, f"{error} {raw.original_error!r} in {query}"
    return Answer(result.data, told)


def never_existed(type_name: str) -> str:
    """An id like any other, of nothing."""
    return str(encode_id(type_name, uuid.uuid4()))


def is_list(kind: Any) -> bool:
    """Whether a type is a list."""
    return isinstance(kind.of_type if isinstance(kind, GraphQLNonNull) else kind, GraphQLList)


def selection(type_name: str, name: str, of: GraphQLField) -> str:
    """The least that asks for a field."""
    text = name + FIELD_ARGUMENTS.get(f"{type_name}.{name}", "")
    kind = get_named_type(of.type)
    if not isinstance(kind, (GraphQLObjectType, GraphQLInterfaceType)):
        return text
    if kind.name.endswith("Connection"):
        within = "nodes" if "nodes" in kind.fields else "edges"
        return f"{text} {{ totalCount {within} {{ __typename }} }}"
    return f"{text} {{ __typename }}"


def outcome(value: Any) -> str:
    """One letter for a value that was answered."""
    if value == []:
        return "e"
    if value is None or value == [None]:
        return "n"
    if isinstance(value, dict) and [] in (value.get("nodes"), value.get("edges")):
        return "e"
    return "S"


@dataclass(frozen=True)
class Subject:
    """Something to look at: where it is found, and of which type it is."""

    type_name: str
    path: tuple[str, ...]
    """The fields to it, from the root; lists give their first."""
    start: str | None = None
    """The row that the path begins at; the root where there is none."""
    only: tuple[str, ...] = ()
    """The fields that are looked at, where others of its type are looked at elsewhere."""
    given: tuple[tuple[str, str], ...] = ()
    """The variables in a path from the root, and the rows whose ids they are."""

    @property
    def fields(self) -> Mapping[str, GraphQLField]:
        """What can be asked of it."""
        every = TYPES[self.type_name].fields
        return {name: every[name] for name in self.only} if self.only else every

    def query(self, stage: Stage, inner: str) -> str:
        """The request that asks for ``inner`` of it."""
        text = f"... on {self.type_name} {{ __typename {inner} }}"
        for step in reversed(self.path):
            text = f"{step} {{ {text} }}"
        if self.start is not None:
            type_name = stage.rows[self.start][0]
            text = f"node(id: $id) {{ ... on {type_name} {{ {text} }} }}"
            return f"query ($id: ID!) {{ {text} }}"
        head = ", ".join(f"${name}: ID!" for name in self.used(text))
        return f"query ({head}) {{ {text} }}" if head else f"query {{ {text} }}"

    def found(self, data: Any) -> Any:
        """The thing in an answer, None where the way to it ends."""
        names = [step.partition("(")[0].strip() for step in self.path]
        for name in ["node", *names] if self.start is not None else names:
            data = data[name] if data else None
            if isinstance(data, list):
                data = data[0] if data else None
        return data or None

    def used(self, text: str) -> list[str]:
        """The variables in a request."""
        names = (*dict(self.given), *GIVEN)
        return [name for name in dict.fromkeys(names) if f"${name}" in text]

    def id(self, stage: Stage) -> dict[str, str]:
        """The variables of its request; others are not looked at."""
        if self.start is not None:
            return {"id": stage.id(self.start)}
        return {name: stage.id(row) for name, row in {**GIVEN, **dict(self.given)}.items()}


async def look(
    database: Database, actor: Actor | None, subject: Subject, stage: Stage
) -> dict[str, tuple[str, Any]]:
    """For each field of a subject, the letter and the value that someone gets."""
    wanted = {name: selection(subject.type_name, name, of) for name, of in subject.fields.items()}
    whole = await ask(
        database, actor, subject.query(stage, " ".join(wanted.values())), subject.id(stage)
    )
    if not whole.errors:
        found = subject.found(whole.data)
        return {name: _letter(found, name) for name in wanted}
    told = {}
    for name, text in wanted.items():
        one = await ask(database, actor, subject.query(stage, text), subject.id(stage))
        if one.errors:
            [code] = set(one.codes)
            told[name] = (REFUSALS[code], None)
        else:
            told[name] = _letter(subject.found(one.data), name)
    return told


def _letter(found: Any, name: str) -> tuple[str, Any]:
    if found is None:
        return "-", None
    return outcome(found[name]), found[name]


async def look_at_root(database: Database, actor: Actor | None, stage: Stage) -> dict[str, str]:
    """For each field of the root, the letter that someone gets."""
    told = {}
    for name, of in TYPES["Query"].fields.items():
        text = selection("Query", name, of)
        head = "query ($company: ID!) " if "$company" in text else "query "
        variables = {"company": stage.id("company")} if "$company" in text else {}
        answer = await ask(database, actor, f"{head}{{ {text} }}", variables)
        if answer.errors:
            [code] = set(answer.codes)
            told[name] = REFUSALS[code]
        else:
            told[name] = outcome(answer.data[name])
    return told


def by_viewer(letters: Callable[[Viewer], str]) -> dict[str, str]:
    """A line of the table."""
    return {viewer.name: letters(viewer) for viewer in VIEWERS}


class Rehearsal(Database):
    """A database whose transactions come to the end and leave nothing behind."""

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[WriteSession]:
        """As it is in `Database`, but for the commit."""
        from models.audit import seal_audits

        async with WriteSession(self.writer, expire_on_commit=False, autoflush=False) as session:
            session.vault, session.now = self.vault, self.clock()
            session.events, session.audits = [], []
            yield session
            await session.flush()
            await seal_audits(session)
            await session.rollback()


@asynccontextmanager
async def rehearsal(database: Database) -> AsyncIterator[Database]:
    """The same database, to try things out."""
    trial = Rehearsal(database.url, database.vault, clock=database.clock)
    yield trial
    await trial.writer.dispose()
    await trial.reader.dispose()


async def follow(
    database: Database, actor: Actor | None, field: str, events: Sequence[Event]
) -> tuple[str, list[str]]:
    """What a subscription tells of some events: the letter, and the ids."""

    async def told() -> AsyncIterator[Event]:
        for event in events:
            yield event

    async def again() -> Actor | None:
        return actor

    context = Context(
        database=database,
        base_url=BASE_URL,
        actor=actor,
        language="en",
        events=told,
        again=again,
    )
    [name] = {"id", "dataVersion"} & set(_told_by(field).fields)
    query = f"subscription {{ {field} {{ {name} }} }}"
    ids: list[str] = []
    result: Any = await SCHEMA.subscribe(query, context_value=context)
    if not hasattr(result, "__aiter__"):
        [error] = present(result.errors or [], request_id="-", locale="en")
        return REFUSALS[error["extensions"]["code"]], []
    async for one in result:
        if one.errors:
            [error] = present(one.errors, request_id="-", locale="en")
            return REFUSALS[error["extensions"]["code"]], []
        ids.append(one.data[field][name])
    return ("S" if ids else "e"), ids if name == "id" else []


def _told_by(field: str) -> GraphQLObjectType:
    kind = get_named_type(TYPES["Subscription"].fields[field].type)
    assert isinstance(kind, GraphQLObjectType)
    return kind
