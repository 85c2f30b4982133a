"""Whatever the schema allows to be asked is answered: nothing that schemathesis makes is a fault.

Its queries are random. Most of its ids are made real, or hardly a mutation would get far.
"""

from __future__ import annotations

import asyncio
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
import schemathesis.graphql
from graphql import (
    ArgumentNode,
    DocumentNode,
    ListValueNode,
    ObjectFieldNode,
    StringValueNode,
    introspection_from_schema,
    visit,
)
from graphql.language import Visitor
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.graphql import nodes
from schemathesis.specs.graphql.schemas import GraphQLSchema
from sqlalchemy import select

from gql.node import encode_id
from gql.schema import build_schema
from models.tables.candidates import Candidate
from models.tables.ledger import Entry, FreeHire
from models.tables.links import RelayLink
from models.tables.referrals import Case, Referral
from models.tables.registrations import Registration
from models.tables.users import User
from tests.handovers import accepted, delivered, offered, proposed
from tests.live import AGENCY, COMPANY, CONSORTIUM, Live, live
from tests.world import World

EXAMPLES = 4
"""Of each operation, for each who asks, on each database. More find more, and take longer."""

WITHIN_S = 60
"""A single answer may take this long on a busy machine."""

SPARED = frozenset({"endMembership", "disableUser", "changeUserRole", "revokeApiToken"})
"""With the ids of those who ask these would end their sign-ins; so they get ids of nothing."""

DATES = ("0001-01-01", "1970-01-01", "2026-02-30", "2026-12-31", "9999-12-31", "10000-01-01", "")
MOMENTS = (
    *("0001-01-01T00:00:00+14:00", "1970-01-01T00:00:00Z", "2027-03-04T05:06:07.089+09:00"),
    *("9999-12-31T23:59:59-12:00", "2026-01-01T00:00:00", "2030-01-01T00:00:00Z", "now"),
)
AMOUNTS = (0, 1, 900_000, 2**53 - 1, 2**53, 2**63, -1)
NUMBERS = ("7000012050002", "1010001000006", "0000000000000", "1", "")
ADDRESSES = ("a@example.jp", "日本@例え.jp", "two@@example.jp", "", "x" * 250 + "@example.jp")

TYPES = {
    "referralId": "Referral",
    "candidateId": "Candidate",
    "companyId": "Company",
    "agencyId": "Agency",
    "defaultAgencyId": "Agency",
    "organizationId": "Company",
    "relayLinkId": "RelayLink",
    "entryId": "Entry",
    "Member": "Company",
}
"""What an id is of, by its argument, or by a word in the mutation's name."""

TABLES = (Referral, Candidate, Case, FreeHire, RelayLink, Registration, Entry, User)

for kind, values in (
    ("Date", st.sampled_from(DATES).map(nodes.String)),
    ("DateTime", st.sampled_from(MOMENTS).map(nodes.String)),
    ("Yen", st.sampled_from(AMOUNTS).map(nodes.Int)),
    ("CorporateNumber", st.sampled_from(NUMBERS).map(nodes.String)),
    ("EmailAddress", st.sampled_from(ADDRESSES).map(nodes.String)),
    ("URL", st.just(nodes.String("https://example.jp/"))),
):
    schemathesis.graphql.scalar(kind, values)


async def history(world: World, strange: World) -> None:
    """Introductions in every state, free hires, and a candidate nobody has introduced."""
    for step in (None, proposed, delivered, delivered, accepted, offered):
        made = await world.register()
        if step is not None:
            await step(world, made.candidate_id)


async def ids_of(running: Live) -> dict[str, list[str]]:
    """The ids of what there is, by type."""
    world = running.world
    found: dict[str, list[str]] = {
        "Company": [encode_id("Company", one.id) for one in (world.company, world.other_company)],
        "Agency": [encode_id("Agency", world.agency.id)],
    }
    async with running.database() as database, database.read() as read:
        for table in TABLES:
            name = table.__name__
            keys = await read.scalars(select(table.id).order_by(table.id))
            found[name] = [encode_id(name, key) for key in keys]
    return found


class RealIds(Visitor):
    """Puts ids of what there is in the place of most ids of a query; which, its own text says."""

    def __init__(self, operation: str, ids: dict[str, list[str]]) -> None:
        super().__init__()
        self.operation = operation
        self.ids = ids

    def leave_argument(self, node: ArgumentNode, *_: Any) -> Any:
        return self._changed(node)

    def leave_object_field(self, node: ObjectFieldNode, *_: Any) -> Any:
        return self._changed(node)

    def _changed(self, node: Any) -> Any:
        name = node.name.value
        if name not in ("id", "ids") and name not in TYPES:
            return None
        seed = zlib.crc32(repr(node.value.to_dict()).encode())
        if seed % 4 == 0:
            return None
        choices = self._choices(name)
        found = StringValueNode(value=choices[seed // 4 % len(choices)])
        is_list = isinstance(node.value, ListValueNode)
        value = ListValueNode(values=(found,)) if is_list else found
        return type(node)(name=node.name, value=value)

    def _choices(self, name: str) -> list[str]:
        if name in TYPES:
            return self.ids[TYPES[name]]
        if self.operation.startswith("Query."):
            return [one for some in self.ids.values() for one in some]
        words = {**{kind: kind for kind in self.ids}, **TYPES}
        kind = next((of for word, of in words.items() if word in self.operation), "Referral")
        return self.ids[kind]


def schema_of(ids: dict[str, list[str]]) -> GraphQLSchema:
    """The schema as schemathesis reads it, to be asked at the running installation."""
    schema = schemathesis.graphql.from_dict(dict(introspection_from_schema(build_schema()._schema)))

    @schema.hook
    def map_body(context: Any, body: DocumentNode) -> DocumentNode:
        label = context.operation.label
        if label.partition(".")[2] in SPARED:
            return body
        changed: DocumentNode = visit(body, RealIds(label, ids))
        return changed

    return schema


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def asked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Live, GraphQLSchema]]:
    templates = request.getfixturevalue(f"{request.param}_templates")
    url = templates.clone()
    folder = tmp_path_factory.mktemp("served")
    with live(url, folder, history, {"counts_per_free_hire": 2}, log_level="error") as running:
        yield running, schema_of(asyncio.run(ids_of(running)))
        logged = (folder / "serve.log").read_text()
    templates.drop(url)
    assert logged == ""


@pytest.mark.parametrize("who", [COMPANY, AGENCY, CONSORTIUM, None])
def test_whatever_is_asked_is_no_fault(asked: tuple[Live, GraphQLSchema], who: str | None) -> None:
    running, schema = asked
    outcomes: Counter[str] = Counter()
    with requests.Session() as session:
        session.headers.update(running.headers(who))
        for label in labels(schema):
            operation = schema.find_operation_by_label(label)
            ask_often(operation, f"{running.served.url}/graphql", session, outcomes)
        viewer = session.post(
            f"{running.served.url}/graphql", json={"query": "{ viewer { role } }"}, timeout=WITHIN_S
        )
    # Whoever asked is signed in as before, and much of what was asked was really looked at.
    assert (viewer.json()["data"]["viewer"] is None) == (who is None)
    assert outcomes["answered"] > (0 if who is None else sum(outcomes.values()) // 4), outcomes


def labels(schema: GraphQLSchema) -> list[str]:
    """Every query and mutation."""
    roots = ("Query", "Mutation")
    return [f"{root}.{name}" for root in roots for name in schema[root]]


def ask_often(operation: Any, url: str, session: requests.Session, outcomes: Counter[str]) -> None:
    """Ask one operation in several ways; each answer is sound, and none is a fault."""

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        answer = session.post(url, json={"query": case.body}, timeout=WITHIN_S)
        outcomes[sound(answer, case.body)] += 1

    ask()


def sound(answer: requests.Response, query: str) -> str:
    """Check an answer; says what became of the query."""
    assert answer.status_code == 200, (answer.status_code, query)
    assert "Did you mean" not in answer.text
    assert "Traceback" not in answer.text
    body = answer.json()
    codes = {error["extensions"]["code"] for error in body.get("errors", [])}
    assert not codes & {"INTERNAL", "TIMEOUT"}, (body["errors"], query)
    if body.get("data") is None:
        return "refused: " + ", ".join(sorted(codes))
    return "answered"
