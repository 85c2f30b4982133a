"""How tightly the network holds together, and with what shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.vocabulary.text import Text
from network.flow import FlowGraph, Node, Places
from network.kernels import components, cores, triads


@dataclass(frozen=True, slots=True, eq=False)
class Cohesion:
    """``component`` and ``core`` have a value for each of ``nodes``.

    Component 0 is the largest strong one, and ``component_sizes`` are numbers of nodes. ``triads``
    counts triples of nodes by Holland and Leinhardt's sixteen names.
    """

    nodes: tuple[Node, ...]
    component: Places
    component_sizes: Places
    core: Places
    triads: Mapping[str, int]


def cohesion(flow: FlowGraph) -> Cohesion:
    r"""Strong components, core numbers, and the triad census.

    Within a strong component people can come from everyone to everyone. A node's core number is
    the largest k for which it is in a part of the network where everyone has k edges in the part,

    .. math:: core_i = \max \{ k : i \in H, \; \min_{j \in H} (d^{in}_j + d^{out}_j) \geq k \}

    so that two who give to each other have two edges. The census counts every triple of nodes by
    which of its pairs give one way, both ways or not at all. Weights are left aside, and so are
    self-loops.

    Source: R. Tarjan (1972); S. Seidman, "Network structure and minimum degree", Social Networks 5
    (1983); P. Holland, S. Leinhardt (1976).

    >>> found = cohesion(FlowGraph.of("abc", [0, 1, 2], [1, 2, 0], [1, 1, 1]))
    >>> found.component_sizes.tolist(), found.core.tolist(), found.triads["030C"]
    ([3], [2, 2, 2], 1)
    """
    labels = components.strong_components(flow.matrix)
    number = components.largest_first(labels)
    return Cohesion(
        flow.columns.nodes,
        number,
        np.bincount(number).astype(np.int32),
        cores.core_numbers(flow.columns),
        triads.triad_census(flow.columns),
    )


def cohesion_in_words(found: Cohesion, names: Mapping[Node, Text]) -> Text:
    """How many can reach one another, and who is at the core."""
    if not found.nodes or not found.core.any():
        return Text(
            "組織どうしのつながりはありません。", "No organizations are tied to one another."
        )
    name = names[found.nodes[int(found.core.argmax())]]
    at = int((found.core == found.core.max()).sum())
    largest = int(found.component_sizes[0])
    return Text(
        f"互いに行き来できる最大の集まりは{largest}組織です。"
        f"最も密な部分には、{name.ja}を含む{at}組織が、それぞれ{found.core.max()}以上の関係で"
        "つながっています。",
        f"The largest group whose members all reach one another has {largest}. "
        f"At the core are {at}, {name.en} among them, each with {found.core.max()} ties or more.",
    )
