"""What one request may ask for: exact costs, exact limits, and hostile documents refused."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import strawberry
from graphql import get_introspection_query

import gql.limits
from gql.batch import Batches, relation
from gql.connection import After, Before, Connection, First, Last
from gql.errors import Schema, present
from gql.limits import COST, Limits, request_limits
from gql.node import Node, NodeQuery, encode_id


class Context:
    def __init__(self) -> None:
        self.batches = Batches()


@strawberry.type(description="A company.")
class Company(Node):
    name: str = "x"

    @strawberry.field
    def itself(self) -> Company:
        return self

    @strawberry.field
    def offices(self, first: int = 10) -> list[Company]:
        return []

    @relation(description="Companies it works with.")
    @staticmethod
    async def partners(
        parents: list[Company],
        ctx: Context,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Connection[Company]]:
        raise NotImplementedError


def _company() -> Company:
    return Company(id=encode_id("Company", uuid.UUID(int=1)))


@strawberry.type
class Query(NodeQuery):
    @strawberry.field
    def company(self) -> Company:
        return _company()

    analysis: str = strawberry.field(resolver=lambda: "y", metadata={COST: 200})


@strawberry.type
class Mutation:
    @strawberry.mutation
    def rename(self) -> Company:
        return _company()


def _schema(**limits: Any) -> Schema:
    return Schema(Query, Mutation, extensions=[request_limits(Limits(**limits))])


SCHEMA = _schema()


async def _run(
    query: str, variables: dict[str, Any] | None = None, schema: Schema = SCHEMA
) -> tuple[list[dict[str, Any]], Any]:
    result = await schema.execute(query, variables, Context())
    return present(result.errors or [], request_id="r"), (result.extensions or {}).get("cost")


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("query", "variables", "points"),
    [
        ("{ __typename }", None, 0),
        ("{ company { name } }", None, 1),
        ("{ company { itself { name } } }", None, 2),
        ("{ company { offices { name } } }", None, 11),
        ("{ company { offices { itself { name } } } }", None, 21),
        ("{ company { offices(first: 3) { name } } }", None, 4),
        ("{ company { partners { totalCount pageInfo { hasNextPage } } } }", None, 3),
        ("{ company { partners { edges { cursor node { name } } } } }", None, 22),
        ("{ company { partners { nodes { name } } } }", None, 22),
        ("{ company { partners(first: 5) { nodes { name } } } }", None, 7),
        ("{ company { partners(last: 5) { nodes { name } } } }", None, 7),
        ("{ company { partners(first: 0) { nodes { name } } } }", None, 2),
        ("{ company { partners(first: -9) { nodes { name } } } }", None, 2),
        ("{ company { partners(first: 1000) { nodes { name } } } }", None, 102),
        ("{ company { partners(first: null) { nodes { name } } } }", None, 22),
        ("query ($n: Int) { company { partners(first: $n) { nodes { name } } } }", {"n": 7}, 9),
        ("query ($n: Int) { company { partners(first: $n) { nodes { name } } } }", {}, 22),
        ("query ($n: Int = 3) { company { partners(first: $n) { nodes { name } } } }", {}, 5),
        (
            (
                "{ company { partners(first: 50) { nodes { partners { nodes "
                "{ a: itself { name } b: itself { name } } } } } } }"
            ),
            None,
            1 + 1 + 50 * (1 + 1 + 20 * (1 + 1 + 1)),
        ),
        (
            (
                "{ company { partners(first: 5) { ...P } } } "
                "fragment P on CompanyConnection { nodes { ...N } } "
                "fragment N on Company { itself { name } }"
            ),
            None,
            12,
        ),
        ("{ company { ... on Company { ... { itself { name } } } } }", None, 2),
        ('{ nodes(ids: ["a", "b", "c"]) { id } }', None, 3),
        ("query ($i: [ID!]!) { nodes(ids: $i) { id } }", {"i": ["a"] * 40}, 40),
        ("{ analysis }", None, 200),
        ("mutation { a: rename { name } b: rename { name } }", None, 20),
    ],
)
async def test_the_cost_of_a_request(
    query: str, variables: dict[str, Any] | None, points: int
) -> None:
    _, cost = await _run(query, variables)
    assert cost == {"requested": points, "limit": 10_000}


@pytest.mark.asyncio
async def test_a_request_at_the_limit_runs_and_one_beyond_does_not() -> None:
    schema = _schema(cost_points=2)
    assert await _run("{ company { itself { name } } }", schema=schema) == (
        [],
        {"requested": 2, "limit": 2},
    )
    errors, cost = await _run("{ company { itself { itself { name } } } }", schema=schema)
    assert errors == [
        {
            "message": "The request has too many points of cost: 3, and the limit is 2.",
            "extensions": {
                "code": "LIMIT_EXCEEDED",
                "limit": {"of": "points of cost", "requested": 3, "limit": 2},
            },
        }
    ]
    assert cost == {"requested": 3, "limit": 2}


@pytest.mark.asyncio
async def test_the_price_is_asked_of_known_documents_too() -> None:
    schema = _schema(cost_points=50)
    query = "query ($n: Int) { company { partners(first: $n) { nodes { name } } } }"
    for rows, refused in ((1, False), (100, True), (48, False), (49, True)):
        errors, cost = await _run(query, {"n": rows}, schema)
        codes = [e["extensions"]["code"] for e in errors]
        assert codes == (["LIMIT_EXCEEDED"] if refused else ["INTERNAL"])
        assert cost["requested"] == 2 + rows


def _doubling(levels: int, end: str) -> str:
    spreads = "".join(
        f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(levels)
    )
    return f"{{ ...F0 }} {spreads} fragment F{levels} on Query {{ {end} }}"


def _nested_doubling(levels: int) -> str:
    spreads = "".join(
        f"fragment F{n} on Company {{ itself {{ ...F{n + 1} }} itself {{ ...F{n + 1} }} }}"
        for n in range(levels)
    )
    return f"{{ company {{ ...F0 }} }} {spreads} fragment F{levels} on Company {{ name }}"


HOSTILE = {
    "doubling": (_doubling(24, "analysis"), "selections", 1_000),
    "doubling of nothing": (_doubling(24, ""), "selections", 1_000),
    "doubling, never used": ("{ analysis }" + _doubling(24, "analysis")[9:], "selections", 1_000),
    "doubling, nested": (_nested_doubling(14), "selections", 1_000),
    "deep": ("{ company {" + "itself {" * 150 + "name" + "}" * 152, "levels of depth", 16),
    "deep through fragments": (
        "{ company { ...F0 } }"
        + "".join(f"fragment F{n} on Company {{ itself {{ ...F{n + 1} }} }}" for n in range(20))
        + "fragment F20 on Company { name }",
        "levels of depth",
        16,
    ),
    "aliases": ("{" + "".join(f"a{n}: analysis " for n in range(51)) + "}", "aliases", 50),
    "aliases in fragments": (
        "{ ...A ...A } fragment A on Query {"
        + "".join(f"a{n}: analysis " for n in range(26))
        + "}",
        "aliases",
        50,
    ),
    "directives": ("{ analysis" + " @skip(if: false)" * 51 + "}", "directives", 50),
    "directives of the operation": ("query" + " @x" * 51 + "{ analysis }", "directives", 50),
    "directives of a variable": (
        "query ($a: Int" + " @x" * 51 + ") { analysis }",
        "directives",
        50,
    ),
    "one name": ("{" + "analysis " * 100 + "}", "fields of the same name", 2_000),
    "one name, nested": (
        "{ company {" + "itself { name name } " * 40 + "} }",
        "fields of the same name",
        2_000,
    ),
    "fragments": (
        "{ analysis }" + "".join(f"fragment F{n} on Query {{ analysis }}" for n in range(51)),
        "fragments",
        50,
    ),
    "operations": (
        "".join(f"query Q{n} {{ analysis }}" for n in range(11)),
        "operations",
        10,
    ),
    "lists of lists": (
        "{ company { offices { offices { offices { offices { name } } } } } }",
        "points of cost",
        10_000,
    ),
}


@pytest.fixture
def validated(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every document that reached graphql-core's own validation."""
    seen: list[object] = []

    def validate(*given: object) -> list[object]:
        seen.append(given)
        return []

    monkeypatch.setattr(gql.limits, "validate", validate)
    return seen


@pytest.mark.asyncio
@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_documents_are_refused_before_validation(
    name: str, validated: list[object]
) -> None:
    query, what, limit = HOSTILE[name]
    errors, _ = await _run(query)
    assert [e["extensions"]["code"] for e in errors] == ["LIMIT_EXCEEDED"]
    told = errors[0]["extensions"]["limit"]
    assert (told["of"], told["limit"]) == (what, limit)
    assert told["requested"] > limit
    assert validated == []


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            "{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }",
            "Cannot spread fragment 'F' within itself.",
        ),
        (
            "{ ...F } fragment F on Query { a } fragment F on Query { b }",
            "There can be only one fragment named 'F'.",
        ),
        ("{ analysis } type T { a: Int }", "Only operations and fragments can be executed."),
    ],
)
async def test_documents_that_cannot_be_measured(
    query: str, message: str, validated: list[object]
) -> None:
    errors, _ = await _run(query)
    assert [(e["message"], e["extensions"]) for e in errors] == [
        (message, {"code": "GRAPHQL_VALIDATION_FAILED"})
    ]
    assert validated == []


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "query",
    [
        "{" + " analysis" * 2_000 + "}",
        "{ analysis }" + " " * 32_768,
        "{ analysis }" + "#\n" * 3_000,
        "{" + "a {" * 400 + "b" + "}" * 401,
    ],
    ids=["tokens", "length", "comments", "nesting"],
)
async def test_texts_that_are_not_parsed_to_their_end(query: str) -> None:
    errors, cost = await _run(query)
    assert [e["extensions"] for e in errors] == [{"code": "LIMIT_EXCEEDED"}]
    assert cost is None


def _nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("variables", "what"),
    [
        ({"x": [0] * 9_999}, "values in the variables"),
        ({"x": _nested(16)}, "levels in the variables"),
        ({"x": {"a": _nested(500)}}, "levels in the variables"),
    ],
)
async def test_variables_are_bounded(variables: dict[str, Any], what: str) -> None:
    errors, _ = await _run("{ analysis }", variables)
    assert [e["extensions"]["limit"]["of"] for e in errors] == [what]
    assert await _run("{ analysis }", {"x": _nested(15), "y": [0] * 9_981}) == (
        [],
        {"requested": 200, "limit": 10_000},
    )


@pytest.mark.asyncio
@pytest.mark.parametrize("query", ["{ analysi }", "{ company { nam } }", "{ nodez }"])
async def test_no_field_is_suggested(query: str) -> None:
    errors, _ = await _run(query)
    assert [e["extensions"]["code"] for e in errors] == ["GRAPHQL_VALIDATION_FAILED"]
    assert "Did you mean" not in errors[0]["message"]


@pytest.mark.asyncio
async def test_few_errors_are_told_of_many() -> None:
    errors, _ = await _run("{" + "".join(f"x{n} " for n in range(900)) + "}")
    assert len(errors) == 6
    assert errors[5]["message"] == (
        "Too many validation errors, error limit reached. Validation aborted."
    )


@pytest.mark.asyncio
async def test_introspection_is_on_or_off_by_the_settings() -> None:
    assert (await _run(get_introspection_query()))[0] == []
    errors, _ = await _run(get_introspection_query(), schema=_schema(introspection=False))
    assert {e["extensions"]["code"] for e in errors} == {"GRAPHQL_VALIDATION_FAILED"}
    assert "introspection" in errors[0]["message"]
    off = await _run("{ __typename analysis }", schema=_schema(introspection=False))
    assert off[0] == []


@pytest.mark.asyncio
async def test_introspection_of_lists_in_lists_is_refused() -> None:
    query = "{ __schema { types { " + "fields { type { " * 4 + "name" + " } }" * 4 + " } } }"
    errors, _ = await _run(query)
    assert [e["extensions"]["code"] for e in errors] == ["GRAPHQL_VALIDATION_FAILED"]
