"""Whether giving comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from models.vocabulary.text import Text
from network.flow import FlowGraph, Node, Weights
from network.kernels.edges import without_loops


@dataclass(frozen=True, slots=True, eq=False)
class Reciprocity:
    """The share of people given that came back: of all, and for each of ``nodes``.

    None and nan where nobody was given or taken.
    """

    nodes: tuple[Node, ...]
    of_network: float | None
    of_node: Weights


def reciprocity(flow: FlowGraph) -> Reciprocity:
    r"""Weighted reciprocity, of the network and of each node.

    .. math:: r = \frac{\sum_{i \neq j} \min(w_{ij}, w_{ji})}{\sum_{i \neq j} w_{ij}}, \qquad
              r_i = \frac{2 \sum_{j \neq i} \min(w_{ij}, w_{ji})}{\sum_{j \neq i} (w_{ij} + w_{ji})}

    1 where every pair is balanced, 0 where nothing comes back. What a node gives to itself can
    neither come back nor stay away: self-loops are left out, as in the source.

    Source: T. Squartini, F. Picciolo, F. Ruzzenenti, D. Garlaschelli, "Reciprocity of weighted
    networks", Scientific Reports 3 (2013).

    >>> found = reciprocity(FlowGraph.of(["a", "b", "c"], [0, 1, 1], [1, 0, 2], [6, 2, 2]))
    >>> found.of_network, found.of_node.tolist()
    (0.4, [0.5, 0.4, 0.0])
    """
    size = len(flow.columns.nodes)
    source, target, weight = without_loops(flow.columns)
    if not weight.size:
        return Reciprocity(flow.columns.nodes, None, np.full(size, np.nan))
    matrix = csr_array((weight, (source, target)), shape=flow.matrix.shape)
    returned = np.asarray(matrix.minimum(matrix.T).sum(axis=1), np.float64)
    both = np.bincount(source, weight, size) + np.bincount(target, weight, size)
    of_node = np.divide(2 * returned, both, out=np.full(size, np.nan), where=both > 0)
    return Reciprocity(flow.columns.nodes, float(returned.sum() / weight.sum()), of_node)


def reciprocity_of_pair(flow: FlowGraph, one: Node, other: Node) -> float | None:
    r"""Weighted reciprocity of a pair; None where nobody passed between the two.

    .. math:: r_{ij} = \frac{2 \min(w_{ij}, w_{ji})}{w_{ij} + w_{ji}}

    >>> reciprocity_of_pair(FlowGraph.of(["a", "b"], [0, 1], [1, 0], [6, 2]), "a", "b")
    0.5

    Raises:
        ValueError: The two are one, or not of the flow.
    """
    if one == other or not flow.place.keys() >= {one, other}:
        raise ValueError("a pair is two nodes of the flow")
    there = float(flow.matrix[flow.place[one], flow.place[other]])
    back = float(flow.matrix[flow.place[other], flow.place[one]])
    return 2 * min(there, back) / (there + back) if there + back else None


def reciprocity_in_words(found: Reciprocity, names: Mapping[Node, Text]) -> Text:
    """How much of what is given comes back, and with whom the least and the most."""
    if found.of_network is None:
        return Text("この期間に渡った人はいません。", "Nobody was passed on in this window.")
    most = names[found.nodes[int(np.nanargmax(found.of_node))]]
    least = names[found.nodes[int(np.nanargmin(found.of_node))]]
    return Text(
        f"渡した人のうち{found.of_network:.0%}にあたる人数が、同じ相手から戻っています。"
        f"最も釣り合っているのは{most.ja}、最も片寄っているのは{least.ja}です。",
        f"Of every hundred people given, {found.of_network * 100:.0f} come back from the same "
        f"partner. {most.en} is the most even, {least.en} the most one-sided.",
    )
