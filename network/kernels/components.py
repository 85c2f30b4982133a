"""Components, and the nodes and edges that alone hold them together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from network.flow import Columns, Places
from network.kernels.edges import pairs_of
from network.kernels.threads import networkit, undirected_graph_of


def strong_components(matrix: csr_array) -> npt.NDArray[np.int32]:
    """The number of each node's strong component."""
    return np.asarray(_labels(matrix, "strong"), np.int32)


def weak_components(matrix: csr_array) -> npt.NDArray[np.int32]:
    """The number of each node's component, whichever way edges point."""
    return np.asarray(_labels(matrix, "weak"), np.int32)


def _labels(matrix: csr_array, connection: Literal["weak", "strong"]) -> npt.NDArray[np.int32]:
    if not matrix.shape[0]:
        return np.empty(0, np.int32)
    _, found = connected_components(matrix, directed=True, connection=connection)
    return np.asarray(found, np.int32)


def largest_first(labels: npt.NDArray[np.integer[Any]]) -> Places:
    """The same parts numbered by size, the largest 0; of equal ones that of the first node."""
    _, begins, place, sizes = np.unique(
        labels, return_index=True, return_inverse=True, return_counts=True
    )
    number = np.empty(sizes.size, np.int32)
    number[np.lexsort((begins, -sizes))] = np.arange(sizes.size, dtype=np.int32)
    return number[place]


@dataclass(frozen=True, slots=True, eq=False)
class Joints:
    """Places of nodes without which others fall apart, and pairs of nodes that do alone."""

    points: Places
    bridges: tuple[Places, Places]


def joints(columns: Columns) -> Joints:
    """Articulation points and bridges, whichever way edges point."""
    none = np.empty(0, np.int32)
    first, second, _ = pairs_of(columns)
    if not first.size:
        return Joints(none, (none, none))
    graph = undirected_graph_of(len(columns.nodes), first, second)
    found = networkit().components.BiconnectedComponents(graph)
    parts = [np.asarray(part, np.int32) for part in found.run().getComponents()]
    parts = [part for part in parts if part.size > 1]
    times = np.bincount(np.concatenate(parts), minlength=len(columns.nodes))
    # A part of two nodes is one edge, and no other way joins them.
    twos = np.array([np.sort(part) for part in parts if part.size == 2], np.int32).reshape(-1, 2)
    twos = twos[np.lexsort((twos[:, 1], twos[:, 0]))]
    return Joints(np.flatnonzero(times > 1).astype(np.int32), (twos[:, 0], twos[:, 1]))
