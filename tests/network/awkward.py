"""The graphs on which formulas break: every metric answers them, and says nothing false."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from hypothesis import strategies as st

from models.vocabulary.text import Text
from network.flow import FlowGraph, Node


def no_nodes() -> FlowGraph:
    return FlowGraph.of((), (), (), ())


def no_edges() -> FlowGraph:
    return FlowGraph.of("abc", (), (), ())


def one_node() -> FlowGraph:
    return FlowGraph.of("a", (), (), ())


def one_node_with_a_self_loop() -> FlowGraph:
    return FlowGraph.of("a", [0], [0], [7])


def disconnected() -> FlowGraph:
    """Two that give each other, one that gives another, and one alone."""
    return FlowGraph.of("abcde", [0, 1, 2], [1, 0, 3], [3, 2, 4])


def all_mutual() -> FlowGraph:
    """Each of four gives each other one five people."""
    pairs = [(one, other) for one in range(4) for other in range(4) if one != other]
    source, target = np.array(pairs).T
    return FlowGraph.of("abcd", source, target, [5] * len(pairs))


def star() -> FlowGraph:
    """The first gives each of six others two people."""
    return FlowGraph.of("abcdefg", [0] * 6, range(1, 7), [2] * 6)


def ones_and_a_million() -> FlowGraph:
    """A cycle of a million with a chord of one."""
    return FlowGraph.of("abc", [0, 1, 2, 0], [1, 2, 0, 2], [1e6, 1e6, 1e6, 1])


AWKWARD: Mapping[str, Callable[[], FlowGraph]] = {
    made.__name__: made
    for made in (
        no_nodes,
        no_edges,
        one_node,
        one_node_with_a_self_loop,
        disconnected,
        all_mutual,
        star,
        ones_and_a_million,
    )
}


def names_of(*nodes: Node) -> dict[Node, Text]:
    return {node: Text(f"{node}社", f"{node} Inc.") for node in nodes}


def names_in(flow: FlowGraph) -> dict[Node, Text]:
    return names_of(*flow.columns.nodes)


@st.composite
def flows(draw: st.DrawFn, *, size_max: int = 7, weight_max: int = 9) -> FlowGraph:
    """Small graphs with whole weights, self-loops and lonely nodes among them."""
    size = draw(st.integers(1, size_max))
    cell = st.one_of(st.just(0), st.integers(0, weight_max))
    weights = draw(st.lists(cell, min_size=size * size, max_size=size * size))
    places = np.arange(size * size)
    return FlowGraph.of(range(size), places // size, places % size, weights)
