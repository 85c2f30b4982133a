"""k-cores of a directed graph, both ways of an edge counted."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from network.flow import Columns, Places
from network.kernels.edges import without_loops


def core_numbers(columns: Columns) -> Places:
    """The largest k for which a node is in a part where everyone has k edges, in or out.

    As networkx counts: two nodes that give to each other have two edges. A node's own are left out.
    """
    size = len(columns.nodes)
    source, target, _ = without_loops(columns)
    near = np.concatenate((source, target))
    order = np.argsort(near, kind="stable")
    beside = np.concatenate((target, source))[order]
    degree = np.bincount(near, minlength=size)
    starts = np.concatenate(([0], np.cumsum(degree)))
    cores: Places = np.zeros(size, np.int32)
    left: Any = np.arange(size)
    level = 0
    while left.size:
        level = max(level, int(degree[left].min()))
        going: Any = left[degree[left] <= level]
        while going.size:
            cores[going] = level
            degree[going] = -1
            touched = beside[_slices(starts[going], starts[going + 1])]
            touched = touched[degree[touched] >= 0]
            lost = np.bincount(touched, minlength=size)
            degree -= lost
            going = np.flatnonzero((lost > 0) & (degree <= level))
        left = left[degree[left] >= 0]
    return cores


def _slices(starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """All numbers from each start to before its end.

    >>> _slices(np.array([2, 7]), np.array([4, 8])).tolist()
    [2, 3, 7]
    """
    sizes = ends - starts
    offset = np.repeat(starts - np.concatenate(([0], np.cumsum(sizes)[:-1])), sizes)
    return np.arange(sizes.sum()) + offset
