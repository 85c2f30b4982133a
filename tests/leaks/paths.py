"""The ways that lead to a person, walked along the schema: none is written down by hand.

A way is a chain of edges, each a field of a type, from a root to something about a person. An edge
is walked once: what an edge answers does not depend on how its start was come to, which the test
holds the answers to. So the edges are all there is to state, and a new one has no statement.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
)

from tests.access.looking import GRAPH, TYPES
from tests.leaks.table import PEOPLE

ROOTS = ("Query", "Mutation", "Subscription")
PAGED = frozenset({"edges", "pageInfo"})
CARRIED = frozenset({"node", "cursor"})
"""What a row of a page has where it tells nothing by itself."""


def is_page(kind: GraphQLObjectType) -> bool:
    """Whether a type is a page of a list."""
    return set(kind.fields) >= PAGED


def targets(of: GraphQLField) -> Iterator[GraphQLObjectType]:
    """The types that a field answers with: through a page, and behind an interface."""
    kind = get_named_type(of.type)
    if isinstance(kind, GraphQLObjectType) and is_page(kind):
        row = get_named_type(kind.fields["edges"].type)
        assert isinstance(row, GraphQLObjectType)
        if not set(row.fields) <= CARRIED:
            yield row
        yield from targets(row.fields["node"]) if "node" in row.fields else ()
    elif isinstance(kind, GraphQLObjectType):
        yield kind
    elif isinstance(kind, (GraphQLInterfaceType, GraphQLUnionType)):
        yield from GRAPH.get_possible_types(kind)


def edges() -> dict[str, tuple[str, ...]]:
    """Every edge that can be walked from a root, and the types it leads to."""
    found: dict[str, tuple[str, ...]] = {}
    waiting = [TYPES[name] for name in ROOTS]
    while waiting:
        kind = waiting.pop(0)
        for name, of in kind.fields.items():
            edge, led_to = f"{kind.name}.{name}", list(targets(of))
            if edge not in found:
                found[edge] = tuple(sorted(one.name for one in led_to))
                waiting += led_to
    return found


def doors() -> dict[str, tuple[str, ...]]:
    """The edges that lead to something about a person, and to which types of it.

    What a mutation answers is loaded as `node` loads it: its payloads are no doors of their own.
    """
    return {
        edge: told
        for edge, led_to in edges().items()
        if (told := tuple(name for name in led_to if name in PEOPLE))
    }


def reached() -> frozenset[str]:
    """The types that a root leads to."""
    return frozenset(name for led_to in edges().values() for name in led_to)


def way_to(edge: str) -> str:
    """A shortest way to an edge, for whoever has to state what it shows."""
    by_type: dict[str, list[str]] = {}
    for one, led_to in edges().items():
        for name in led_to:
            by_type.setdefault(name, []).append(one)
    way = [edge]
    # `edges` walks breadth first: the first edge to a type is on a shortest way.
    while (start := way[0].partition(".")[0]) not in ROOTS:
        way.insert(0, by_type[start][0])
    return " → ".join(way)
