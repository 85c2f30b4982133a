"""Two shapes of JSON: networkx's node-link, and graphology's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from network.exports.contents import (
    NODE_ATTRIBUTES,
    EdgeRow,
    Network,
    NodeFacts,
    edges_of,
    month_text,
)
from network.exports.xml_text import in_chunks


def write_node_link(network: Network) -> Iterator[bytes]:
    """As `networkx.node_link_data` writes it, and `networkx.node_link_graph` reads it."""
    return in_chunks(_node_link(network))


def write_graphology(network: Network) -> Iterator[bytes]:
    """As graphology's ``graph.export()`` writes it, and ``graph.import()`` reads it."""
    return in_chunks(_graphology(network))


def _node_link(network: Network) -> Iterator[str]:
    yield f'{{"directed":true,"multigraph":false,"graph":{_json(_about(network))},"nodes":[\n'
    nodes = ({"id": facts.id} | _attributes(facts) for facts in network.nodes)
    yield from _listed(nodes)
    yield '],"edges":[\n'
    yield from _listed(_ends(edge, network) | _of_edge(edge) for edge in edges_of(network.table)[1])
    yield "]}\n"


def _graphology(network: Network) -> Iterator[str]:
    options = {"type": "directed", "multi": False, "allowSelfLoops": True}
    yield f'{{"attributes":{_json(_about(network))},"options":{_json(options)},"nodes":[\n'
    yield from _listed(
        {"key": facts.id, "attributes": {"label": facts.name} | _attributes(facts)}
        for facts in network.nodes
    )
    yield '],"edges":[\n'
    yield from _listed(
        {"key": str(number), **_ends(edge, network), "attributes": _of_edge(edge)}
        for number, edge in enumerate(edges_of(network.table)[1])
    )
    yield "]}\n"


def _about(network: Network) -> dict[str, Any]:
    return {"name": network.title, "note": network.note, "made_on": network.made_on.isoformat()}


def _attributes(facts: NodeFacts) -> dict[str, Any]:
    return {name: value for name in NODE_ATTRIBUTES if (value := getattr(facts, name)) is not None}


def _ends(edge: EdgeRow, network: Network) -> dict[str, Any]:
    return {"source": network.nodes[edge.source].id, "target": network.nodes[edge.target].id}


def _of_edge(edge: EdgeRow) -> dict[str, Any]:
    months = {month_text(month): referrals for month, referrals in edge.months}
    return {"weight": edge.weight, "months": months}


def _listed(things: Iterator[dict[str, Any]]) -> Iterator[str]:
    for number, thing in enumerate(things):
        yield f",\n{_json(thing)}" if number else _json(thing)


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
