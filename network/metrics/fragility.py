"""Whom the network cannot lose."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from models.vocabulary.text import Text
from network.flow import FlowGraph, Node, Weights
from network.kernels import components, maxflow
from network.kernels.edges import without_loops


@dataclass(frozen=True, slots=True, eq=False)
class Fragility:
    """Who and what alone holds parts together, and the people each node's leaving would cost.

    ``people_lost`` and ``share_lost``, of all people who passed, have a value for each of
    ``nodes``.
    """

    nodes: tuple[Node, ...]
    articulation_points: tuple[Node, ...]
    bridges: tuple[tuple[Node, Node], ...]
    people_lost: Weights
    share_lost: Weights


@dataclass(frozen=True, slots=True)
class GroupCut:
    """The most people that can pass between two groups, and the edges that limit it."""

    people_max: float
    edges: tuple[tuple[Node, Node, float], ...]


def fragility(flow: FlowGraph) -> Fragility:
    r"""Articulation points, bridges, and the flow lost when a node leaves.

    .. math:: lost_i = \sum_j (w_{ij} + w_{ji}), \quad j \neq i, \qquad
              share_i = lost_i \Big/ \sum_{j \neq k} w_{jk}

    A node is an articulation point, and a pair a bridge, where others that are joined, whichever
    way people pass, no longer would be without it. A pair that gives both ways is one bridge. What
    a node keeps for itself, a self-loop, is lost to nobody else and left out.

    Source: J. Hopcroft, R. Tarjan, "Efficient algorithms for graph manipulation", Communications
    of the ACM 16 (1973).

    >>> found = fragility(FlowGraph.of(["a", "b", "c"], [0, 1], [1, 2], [3, 1]))
    >>> found.articulation_points, found.bridges, found.share_lost.tolist()
    (('b',), (('a', 'b'), ('b', 'c')), [0.75, 1.0, 0.25])
    """
    nodes = flow.columns.nodes
    joints = components.joints(flow.columns)
    source, target, weight = without_loops(flow.columns)
    lost = np.zeros(len(nodes))
    for places in (source, target):
        lost += np.bincount(places, weight, len(nodes))
    first, second = (places.tolist() for places in joints.bridges)
    return Fragility(
        nodes,
        tuple(nodes[place] for place in joints.points.tolist()),
        tuple((nodes[one], nodes[other]) for one, other in zip(first, second, strict=True)),
        lost,
        lost / weight.sum() if weight.size else lost,
    )


def cut_between(flow: FlowGraph, givers: Collection[Node], takers: Collection[Node]) -> GroupCut:
    r"""The narrowest place between two groups.

    .. math:: \max \; flow(G \to T) = \min_{G \subseteq S, \, T \cap S = \emptyset}
              \sum_{i \in S, \, j \notin S} w_{ij}

    Source: L. Ford, D. Fulkerson, "Maximal flow through a network" (1956).

    >>> flow = FlowGraph.of(["a", "b", "c"], [0, 1], [1, 2], [5, 2])
    >>> cut_between(flow, ["a"], ["c"])
    GroupCut(people_max=2.0, edges=(('b', 'c', 2.0),))

    Raises:
        ValueError: A group is empty, has a node the flow has not, or one of the other's.
    """
    if not givers or not takers or set(givers) & set(takers):
        raise ValueError("two groups have one node or more each, and none in common")
    if not flow.place.keys() >= {*givers, *takers}:
        raise ValueError("a group has only nodes of the flow")
    nodes = flow.columns.nodes
    cut = maxflow.narrowest_cut(
        flow.columns,
        sorted({flow.place[one] for one in givers}),
        sorted({flow.place[one] for one in takers}),
    )
    edges = zip(cut.source.tolist(), cut.target.tolist(), cut.weight.tolist(), strict=True)
    return GroupCut(cut.value, tuple((nodes[i], nodes[j], weight) for i, j, weight in edges))


def fragility_in_words(found: Fragility, names: Mapping[Node, Text]) -> Text:
    """Whose leaving costs most, and how many hold parts together alone."""
    if not found.people_lost.any():
        return Text("この期間に渡った人はいません。", "Nobody was passed on in this window.")
    first = int(found.people_lost.argmax())
    name, share = names[found.nodes[first]], found.share_lost[first]
    alone = len(found.articulation_points)
    return Text(
        f"{name.ja}が抜けると、渡る人の{share:.0%}が失われます。"
        f"ほかをつなぎ止めている組織は{alone}、関係は{len(found.bridges)}あります。",
        f"Without {name.en}, {share:.0%} of those passed on would be lost. "
        f"Organizations that alone hold others together: {alone}; ties: {len(found.bridges)}.",
    )


def cut_between_in_words(found: GroupCut, names: Mapping[Node, Text]) -> Text:
    """How much can pass, and over what."""
    if not found.edges:
        return Text("二つの間に、人が渡る道はありません。", "There is no way between the two.")
    one, other, _ = max(found.edges, key=lambda edge: edge[2])
    return Text(
        f"渡ることのできる人は最大{found.people_max:,.0f}名で、{len(found.edges)}の関係がそれを決めています。"
        f"最も太いのは{names[one].ja}から{names[other].ja}です。",
        f"At most {found.people_max:,.0f} people can pass, held by {len(found.edges)} ties; "
        f"the widest is from {names[one].en} to {names[other].en}.",
    )
