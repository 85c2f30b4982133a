"""Flows to try metrics on: random ones, and the awkward ones by name."""

from __future__ import annotations

import networkx as nx
from hypothesis import strategies as st

from models.vocabulary.text import Text
from network.flow import FlowGraph, Node


@st.composite
def flows(
    draw: st.DrawFn, *, nodes_min: int = 0, nodes_max: int = 12, loops: bool = True
) -> FlowGraph:
    """Any small flow, its weights from one to a million."""
    size = draw(st.integers(nodes_min, nodes_max))
    if not size:
        return flow_of(0, [])
    place = st.integers(0, size - 1)
    weight = st.one_of(st.integers(1, 6), st.integers(1, 1_000_000))
    edges = draw(st.lists(st.tuples(place, place, weight), max_size=4 * size))
    return flow_of(size, [edge for edge in edges if loops or edge[0] != edge[1]])


def flow_of(size: int, edges: list[tuple[int, int, int]]) -> FlowGraph:
    """A flow whose nodes are n0, n1 and so on."""
    columns = list(zip(*edges, strict=True)) or [(), (), ()]
    return FlowGraph.of([f"n{place}" for place in range(size)], *columns)


def plain(flow: FlowGraph, *, loops: bool = True) -> nx.DiGraph[Node]:
    """The same as networkx's own."""
    graph: nx.DiGraph[Node] = nx.DiGraph()
    graph.add_nodes_from(flow.columns.nodes)
    graph.add_weighted_edges_from(edge for edge in flow.triples() if loops or edge[0] != edge[1])
    return graph


def names_of(flow: FlowGraph) -> dict[Node, Text]:
    """A name in each language for each node."""
    return {node: Text(f"会社{node}", f"Company {node}") for node in flow.columns.nodes}


AWKWARD = {
    "no nodes": flow_of(0, []),
    "no edges": flow_of(3, []),
    "one node": flow_of(1, []),
    "one node that keeps its people": flow_of(1, [(0, 0, 5)]),
    "self-loops only": flow_of(3, [(0, 0, 2), (1, 1, 3), (2, 2, 1)]),
    "self-loops among others": flow_of(3, [(0, 0, 7), (0, 1, 2), (1, 2, 3), (2, 2, 9)]),
    "one edge": flow_of(2, [(0, 1, 1)]),
    "disconnected": flow_of(5, [(0, 1, 2), (1, 0, 2), (2, 3, 4)]),
    "all mutual": flow_of(4, [(i, j, 3) for i in range(4) for j in range(4) if i != j]),
    "a star that gives": flow_of(6, [(0, leaf, leaf) for leaf in range(1, 6)]),
    "a star that takes": flow_of(6, [(leaf, 0, leaf) for leaf in range(1, 6)]),
    "a ring": flow_of(5, [(i, (i + 1) % 5, 1) for i in range(5)]),
    "weights of one and of a million": flow_of(
        4, [(0, 1, 1), (1, 2, 1_000_000), (2, 3, 1), (3, 0, 1_000_000), (0, 2, 1_000_000)]
    ),
}
