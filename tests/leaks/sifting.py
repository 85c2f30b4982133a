"""Every filter and order that the schema has, asked of every list: generated, none written down."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
)

from tests.access.looking import FIELD_ARGUMENTS, TYPES
from tests.leaks.paths import is_page, reached, targets
from tests.leaks.table import PEOPLE

PAGING = frozenset({"first", "after", "last", "before"})
NUMBERS = frozenset({"Registration", "FreeHire", "HeldCount", "FlowEdge"})
"""Rows that are about no one candidate, but come to be through them."""
STARTS = ("Query", "Consortium", "Company", "Agency")
"""The types whose lists are asked for; of any other a list takes no more than a page."""
PROBES: Mapping[str, tuple[Any, ...]] = {
    "String": ("SALES", "MARKETING", "13", "27"),
    "Int": (1, 5, 40),
    "Date": ("2026-01-05", "2026-01-30"),
    "PoolFilter.skills": ("PYTHON", "RUBY"),
}
"""What is asked for by a filter of a scalar, or of one field: among it what is planted, and what
it is changed to.
"""


@dataclass(frozen=True)
class Sifted:
    """A list, and one way to ask for a part or an order of it."""

    line: str
    """The argument's line: `Query.pool(where: PoolFilter.skills)`."""
    start: str
    text: str
    """The field with its arguments, and a page of ids."""


def sifted() -> Iterator[Sifted]:
    """Every list by every filter and order it has, and as it is."""
    for start in STARTS:
        for name, of in TYPES[start].fields.items():
            kind = get_named_type(of.type)
            if not isinstance(kind, GraphQLObjectType) or not is_page(kind):
                continue
            if not {one.name for one in targets(of)} & (PEOPLE | NUMBERS):
                continue  # made of nothing that candidates bring about
            has_ids = "nodes" in kind.fields
            rows = "nodes { id } edges { cursor }" if has_ids else "edges { cursor __typename }"
            page = f"{{ totalCount {rows} pageInfo {{ hasNextPage endCursor }} }}"
            edge = f"{start}.{name}"
            given = FIELD_ARGUMENTS.get(edge, "").strip("()")
            yield Sifted(edge, start, f"{name}({_joined(given)}) {page}")
            for argument, taken in of.args.items():
                if argument in PAGING or f"{argument}:" in given:
                    continue
                for line, value in _values(taken.type):
                    told = f"{edge}({argument}: {line})"
                    yield Sifted(
                        told, start, f"{name}({_joined(given, f'{argument}: {value}')}) {page}"
                    )


def _joined(*arguments: str) -> str:
    return ", ".join(filter(None, ("first: 100", *arguments)))


def _values(kind: Any) -> Iterator[tuple[str, str]]:
    """The ways to give an argument: the part of the type that is looked at, and its text."""
    of = get_named_type(kind)
    assert isinstance(of, GraphQLInputObjectType), f"say in {__file__} how to ask by {of}"
    if "direction" in of.fields:
        by = get_named_type(of.fields["field"].type)
        assert isinstance(by, GraphQLEnumType)
        for value in by.values:
            for direction in ("ASC", "DESC"):
                yield f"{by.name}.{value}", f"[{{field: {value}, direction: {direction}}}]"
        return
    if set(of.fields) <= OPERATORS:
        yield from ((of.name, text) for text in _operated(of))
        return
    for name, field in of.fields.items():
        line = f"{of.name}.{name}"
        inner = get_named_type(field.type)
        if isinstance(inner, GraphQLInputObjectType):
            yield from ((line, f"{{{name}: {text}}}") for text in _operated(inner))
        else:
            yield from ((line, f"{{{name}: {text}}}") for text in _scalars(field.type, line))


OPERATORS = frozenset({"eq", "in", "gte", "lte", "contains"})


def _operated(of: GraphQLInputObjectType) -> Iterator[str]:
    assert set(of.fields) <= OPERATORS, f"say in {__file__} how {of.name} asks"
    for operator, field in of.fields.items():
        for text in _scalars(field.type):
            yield f"{{{operator}: {text}}}"


def _scalars(kind: Any, line: str = "") -> Iterator[str]:
    of = get_named_type(kind)
    is_many = isinstance(kind.of_type if isinstance(kind, GraphQLNonNull) else kind, GraphQLList)
    if isinstance(of, GraphQLEnumType):
        # Of many at once every other one: each by itself is asked for elsewhere.
        texts = [", ".join(list(of.values)[::2])] if is_many else list(of.values)
    elif of.name == "ID":
        texts = ["$giver", "$partner"]
    else:
        name = line if line in PROBES else of.name
        assert name in PROBES, f'add "{name}" to PROBES in {__file__}'
        texts = [json.dumps(one) for one in PROBES[name]]
    yield from (f"[{text}]" for text in texts) if is_many else texts


def lists_elsewhere() -> set[str]:
    """The lists of other types that take more than a page: `STARTS` has to name their types."""
    return {
        f"{name}.{field}({argument})"
        for name in reached() - set(STARTS)
        for field, of in TYPES[name].fields.items()
        if isinstance(kind := get_named_type(of.type), GraphQLObjectType) and is_page(kind)
        if {one.name for one in targets(of)} & (PEOPLE | NUMBERS)
        for argument in of.args
        if argument not in PAGING
    }


def queries(allowed: Any) -> Iterator[str]:
    """Requests for all of them at once, by start: of the root only fields that are allowed."""
    every = list(sifted())
    for start in STARTS:
        mine = [one for one in every if one.start == start]
        if start == "Query":
            mine = [one for one in mine if allowed(one.line)]
        fields = " ".join(f"f{number}: {one.text}" for number, one in enumerate(mine))
        used = [name for name in ("giver", "partner") if f"${name}" in fields]
        head = ", ".join([f"${name}: ID!" for name in used])
        if start == "Query":
            yield f"query ({head}) {{ {fields} }}" if head else f"{{ {fields} }}"
        else:
            both = ", ".join(["$ids: [ID!]!", *([head] if head else [])])
            yield f"query ({both}) {{ nodes(ids: $ids) {{ ... on {start} {{ {fields} }} }} }}"
