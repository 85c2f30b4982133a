"""The flow network as a frozen columnar snapshot that is itself a networkx graph.

The arrays are what our own kernels read; the dictionaries that networkx reads are made of them
when it first asks. Nothing can be added or taken away: a changed edge would be missed by whatever
was computed before, so that another flow is another snapshot.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Self, TypeAlias

import networkx as nx
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

Node: TypeAlias = Hashable
Places: TypeAlias = npt.NDArray[np.int32]
"""Places in a list of nodes."""
Weights: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """The edges, each once, ordered by where they come from and then by where they go.

    ``source``, ``target`` and ``weight`` have one value for an edge; the first two are places in
    ``nodes``. A weight is a number of people, above 0.
    """

    nodes: tuple[Node, ...]
    source: Places
    target: Places
    weight: Weights


def columns(
    nodes: Sequence[Node],
    source: npt.ArrayLike,
    target: npt.ArrayLike,
    weight: npt.ArrayLike,
) -> Columns:
    """The columns of edges in any order; those of one pair are added up, and none without weight.

    Raises:
        ValueError: Columns of different lengths, a node twice, a place outside the nodes, or a
            weight that is negative or no number.
    """
    from_, to = np.asarray(source, np.int64), np.asarray(target, np.int64)
    weights = np.asarray(weight, np.float64)
    if not from_.shape == to.shape == weights.shape or from_.ndim != 1:
        raise ValueError("source, target and weight are columns of one length")
    size = len(nodes)
    if len(set(nodes)) != size:
        raise ValueError("a node is named once")
    places = np.concatenate((from_, to))
    if places.size and not (places.min() >= 0 and places.max() < size):
        raise ValueError("source and target are places in nodes")
    if not (np.isfinite(weights) & (weights >= 0)).all():
        raise ValueError("a weight is a number, and never negative")
    pairs, place = np.unique(from_ * size + to, return_inverse=True)
    summed = np.bincount(place, weights, pairs.size).astype(np.float64)
    pairs, summed = pairs[summed > 0], summed[summed > 0]
    found = Columns(
        tuple(nodes),
        (pairs // max(size, 1)).astype(np.int32),
        (pairs % max(size, 1)).astype(np.int32),
        summed,
    )
    for column in (found.source, found.target, found.weight):
        column.flags.writeable = False
    return found


if TYPE_CHECKING:
    _DiGraph: TypeAlias = nx.DiGraph[Node]
else:
    _DiGraph = nx.DiGraph


class FlowGraph(_DiGraph):
    """A frozen directed graph.

    ``weight`` on its edges is a number of people, ``name`` on its nodes what they are called.

    >>> flow = FlowGraph.of(["a", "b"], [0], [1], [3.0], names={"a": "Alpha"})
    >>> flow.edges["a", "b"]["weight"], flow.nodes["a"]["name"]
    (3.0, 'Alpha')
    """

    def __init__(self, found: Columns | None = None, names: Mapping[Node, str] | None = None):
        super().__init__()
        self.columns = found or columns((), (), (), ())
        self.names = dict(names or {})
        for node in self.columns.nodes:
            self.add_node(node, name=self.names.get(node, str(node)))
        for place in range(self.columns.weight.size):
            from_ = self.columns.nodes[self.columns.source[place]]
            to = self.columns.nodes[self.columns.target[place]]
            self.add_edge(from_, to, weight=float(self.columns.weight[place]))

    @classmethod
    def of(
        cls,
        nodes: Sequence[Node],
        source: npt.ArrayLike,
        target: npt.ArrayLike,
        weight: npt.ArrayLike,
        *,
        names: Mapping[Node, str] | None = None,
    ) -> Self:
        """A snapshot of edges given as columns. Raises `ValueError` as `columns` does."""
        return cls(columns(nodes, source, target, weight), names)

    @cached_property
    def matrix(self) -> csr_array:
        """The weights: a row for where an edge comes from, a column for where it goes."""
        size = len(self.columns.nodes)
        places = (self.columns.source, self.columns.target)
        return csr_array((self.columns.weight, places), shape=(size, size))
