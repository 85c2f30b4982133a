"""The edges that are more than noise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.vocabulary.text import Text
from network.flow import FlowGraph, Node, Weights

LEVEL = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Backbone:
    """Which edges stand out, as seen from either of their ends.

    All have a value for each edge, in the order of the flow's columns: how likely so large a part
    of what the source gave, and of what the target took, is where both spread theirs at random.
    ``is_kept`` is whether either is below ``level``.
    """

    level: float
    p_given: Weights
    p_taken: Weights
    is_kept: npt.NDArray[np.bool_]
    people: float
    kept_people: float

    def of(self, flow: FlowGraph) -> FlowGraph:
        """The backbone as a flow: all nodes, and the kept edges of the flow it was found in."""
        columns = flow.columns
        return FlowGraph.of(
            columns.nodes,
            columns.source[self.is_kept],
            columns.target[self.is_kept],
            columns.weight[self.is_kept],
            names=flow.names,
        )


def backbone(flow: FlowGraph, *, level: float = LEVEL) -> Backbone:
    r"""The disparity filter: of each node, the edges larger than a random split would make them.

    A node that gives to one other alone tells nothing of that edge: its p value is 1. A self-loop
    is an edge like others.

    .. math:: p_{ij} = (1 - w_{ij} / s_i)^{k_i - 1}

    with the strength :math:`s_i` and the number of edges :math:`k_i` of the end, once among what
    the source gave, once among what the target took.

    Source: M. Á. Serrano, M. Boguñá, A. Vespignani, "Extracting the multiscale backbone of complex
    weighted networks", PNAS 106 (2009).

    Raises:
        ValueError: A ``level`` outside 0 to 1.

    >>> found = backbone(FlowGraph.of("abcd", [0, 0, 0], [1, 2, 3], [98, 1, 1]))
    >>> found.p_given.round(4).tolist(), found.is_kept.tolist()
    ([0.0004, 0.9801, 0.9801], [True, False, False])
    """
    if not 0 < level < 1:
        raise ValueError("a level is between 0 and 1")
    columns, size = flow.columns, len(flow.columns.nodes)
    p_given = _disparity(columns.source, columns.weight, size)
    p_taken = _disparity(columns.target, columns.weight, size)
    is_kept = np.minimum(p_given, p_taken) < level
    return Backbone(
        level,
        p_given,
        p_taken,
        is_kept,
        float(columns.weight.sum()),
        float(columns.weight[is_kept].sum()),
    )


def _disparity(end: npt.NDArray[np.int32], weight: Weights, size: int) -> Weights:
    degree = np.bincount(end, minlength=size)[end]
    part = weight / np.bincount(end, weight, size)[end]
    return np.where(degree > 1, np.maximum(1 - part, 0) ** (degree - 1), 1.0)


def backbone_in_words(found: Backbone, _names: Mapping[Node, Text]) -> Text:
    """How few edges carry how much."""
    edges, kept = found.is_kept.size, int(found.is_kept.sum())
    if not edges:
        return Text("この期間に渡った人はいません。", "Nobody was passed on in this window.")
    share = found.kept_people / found.people
    return Text(
        f"{edges:,}本の流れのうち、際立つのは{kept:,}本で、渡った人の{share:.0%}を占めます。",
        f"Of {edges:,} flows {kept:,} stand out; they carry {share:.0%} of the people.",
    )
