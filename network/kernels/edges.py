"""The columns of a flow in other shapes."""

from __future__ import annotations

import numpy as np

from network.flow import Columns, Places, Weights


def without_loops(columns: Columns) -> tuple[Places, Places, Weights]:
    """Source, target and weight of the edges between two nodes."""
    kept = columns.source != columns.target
    return columns.source[kept], columns.target[kept], columns.weight[kept]


def pairs_of(columns: Columns) -> tuple[Places, Places, Weights]:
    """Each pair of nodes with anything between them once, lower place first, both ways summed."""
    source, target, weight = without_loops(columns)
    size = max(len(columns.nodes), 1)
    keys = np.minimum(source, target).astype(np.int64) * size + np.maximum(source, target)
    found, place = np.unique(keys, return_inverse=True)
    summed = np.bincount(place, weight, found.size).astype(np.float64)
    return (found // size).astype(np.int32), (found % size).astype(np.int32), summed
