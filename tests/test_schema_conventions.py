"""The conventions of the API, held over the whole schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLUnionType,
    get_named_type,
)

from gql.payload import PERMISSION, Anyone
from gql.schema import build_schema
from models.access import Permission

SCHEMA = build_schema()
GRAPH = SCHEMA._schema
BUILT_IN = frozenset({"String", "Int", "Float", "Boolean", "ID"})
TYPES = {
    name: kind
    for name, kind in GRAPH.type_map.items()
    if not name.startswith("__") and name not in BUILT_IN
}
MUTATIONS = GRAPH.mutation_type.fields if GRAPH.mutation_type else {}

# Plain lists cannot grow past a screen; each says why.
PLAIN_LISTS = {
    "nodes": "the page of a connection, or at most 100 ids",
    "edges": "the page of a connection",
    "errors": "a payload's",
    "path": "a place in an input",
    "mailTemplates": "at most 100 of a company",
    "acceptedBy": "the at most 20 parties of a partnership",
    "decisions": "the at most 20 of a meeting",
    "companies": "the at most 20 parties of a partnership",
    "rewards": "the at most 10 promises of terms, and what each earned",
    "fundings": "the agencies that at most 10 promises name",
}


def described() -> Iterator[tuple[str, Any]]:
    """Everything that a description belongs to, with its name."""
    for name, kind in TYPES.items():
        yield name, kind
        if isinstance(kind, GraphQLEnumType):
            yield from ((f"{name}.{value}", of) for value, of in kind.values.items())
        elif not isinstance(kind, (GraphQLScalarType, GraphQLUnionType)):
            fields: dict[str, Any] = kind.fields  # type: ignore[attr-defined]
            for field_name, field in fields.items():
                yield f"{name}.{field_name}", field
                for argument, of in getattr(field, "args", {}).items():
                    yield f"{name}.{field_name}({argument})", of


def test_everything_is_described() -> None:
    silent = [name for name, of in described() if not (of.description or "").strip()]
    assert silent == []


def is_list(kind: Any) -> bool:
    if isinstance(kind, GraphQLNonNull):
        kind = kind.of_type
    return isinstance(kind, GraphQLList)


def test_lists_of_entities_are_paged() -> None:
    node = GRAPH.type_map["Node"]
    unpaged = [
        f"{name}.{field_name}"
        for name, kind in TYPES.items()
        if isinstance(kind, GraphQLObjectType)
        for field_name, field in kind.fields.items()
        if is_list(field.type)
        and field_name not in PLAIN_LISTS
        and isinstance(get_named_type(field.type), (GraphQLObjectType, GraphQLInterfaceType))
        and node in getattr(get_named_type(field.type), "interfaces", ())
    ]
    assert unpaged == []


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_mutation_has_one_input_one_payload_and_a_permission(name: str) -> None:
    field = MUTATIONS[name]
    definition = field.extensions["strawberry-definition"]
    assert isinstance(definition.metadata.get(PERMISSION), (Permission, Anyone))
    assert list(field.args) in (["input"], [])
    for argument in field.args.values():
        assert isinstance(argument.type, GraphQLNonNull)
        assert isinstance(get_named_type(argument.type), GraphQLInputObjectType)
    payload = get_named_type(field.type)
    assert isinstance(payload, GraphQLObjectType)
    assert str(payload.fields["errors"].type) == "[UserError!]!"
    for thing, of in payload.fields.items():
        if not is_list(of.type) and not isinstance(get_named_type(of.type), GraphQLScalarType):
            assert not isinstance(of.type, GraphQLNonNull), f"{thing} is null where it failed"
