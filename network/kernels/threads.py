"""networkit, loaded when it is first needed and held to one thread.

It brings much with it that a server which is asked nothing should not carry. One thread, because
the same seed then gives the same answer, because each process of a pool has its own share of the
machine, and because OpenMP that never began a thread survives a fork.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

import numpy as np

from network.flow import Places, Weights


@cache
def networkit() -> Any:
    """The library, with one thread."""
    found = importlib.import_module("networkit")
    found.setNumberOfThreads(1)
    return found


def graph_of(nodes: int, source: Places, target: Places, weight: Weights | None = None) -> Any:
    """A directed graph of networkit's."""
    return _made(nodes, source, target, weight, directed=True)


def undirected_graph_of(
    nodes: int, source: Places, target: Places, weight: Weights | None = None
) -> Any:
    """An undirected graph of networkit's; each pair is given once."""
    return _made(nodes, source, target, weight, directed=False)


def _made(
    nodes: int, source: Places, target: Places, weight: Weights | None, *, directed: bool
) -> Any:
    if not source.size:
        return networkit().Graph(nodes, weighted=weight is not None, directed=directed)
    places = (source.astype(np.uint64), target.astype(np.uint64))
    given = places if weight is None else (weight, places)
    return networkit().GraphFromCoo(given, nodes, weighted=weight is not None, directed=directed)
