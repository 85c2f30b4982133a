"""The flow network as a frozen columnar snapshot that is itself a networkx graph.

The arrays are what our own kernels read; the dictionaries that networkx reads are made of them
when it first asks. Nothing can be added or taken away: a changed edge would be missed by whatever
was computed before, so that another flow is another snapshot. Copies, subgraphs and undirected
ones are networkx's own graphs, to be changed at will. ``nx.*`` comes here through
`network.backend`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Never, Self, TypeAlias

import networkx as nx
import numpy as np
import numpy.typing as npt
from networkx.utils import backends
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


class FlowFrozen(nx.NetworkXError):
    """What would have changed a flow."""


def _refuse(*_given: object, **_more: object) -> Never:
    raise FlowFrozen("a flow is frozen: change a copy of it, as nx.DiGraph(flow)")


class Held(dict[str, Any]):
    """The attributes of a node or an edge of a frozen graph. A copy of them can be changed."""

    __slots__ = ()
    __setitem__ = __delitem__ = __ior__ = _refuse
    popitem = clear = update = setdefault = _refuse

    def pop(self, key: str, *default: Any) -> Any:
        """Only what is not there: networkx looks for optional attributes so."""
        if key in self or not default:
            _refuse()
        return default[0]

    def __reduce__(self) -> tuple[type[dict[str, Any]], tuple[dict[str, Any]]]:
        return dict, (dict(self),)


class FlowGraph(_DiGraph):
    """A frozen directed graph.

    ``weight`` on its edges is a number of people, ``name`` on its nodes what they are called. What
    would change it raises `FlowFrozen`, a `networkx.NetworkXError`. It pickles as its arrays.

    >>> flow = FlowGraph.of(["a", "b"], [0], [1], [3.0], names={"a": "Alpha"})
    >>> flow.edges["a", "b"]["weight"], flow.nodes["a"]["name"]
    (3.0, 'Alpha')
    >>> flow.add_edge("b", "a")
    Traceback (most recent call last):
        ...
    network.flow.FlowFrozen: a flow is frozen: change a copy of it, as nx.DiGraph(flow)
    """

    __networkx_backend__: ClassVar[str] = "tasuki"
    __networkx_cache__: ClassVar[None] = None  # type: ignore[assignment, misc]
    frozen: ClassVar[bool] = True

    def __new__(cls, found: Any = None, _names: object = None) -> Self:
        # networkx makes a graph to be filled by ``type(graph)()``: that is one of its own.
        if not isinstance(found, Columns):
            return nx.DiGraph(found)  # type: ignore[return-value]
        return object.__new__(cls)

    def __init__(self, found: Columns, names: Mapping[Node, str] | None = None):
        self.columns = found
        self.names = dict(names or {})
        self.graph = Held()

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
        starts = np.zeros(size + 1, np.int32)
        np.cumsum(np.bincount(self.columns.source, minlength=size), out=starts[1:])
        return csr_array((self.columns.weight, self.columns.target, starts), shape=(size, size))

    @cached_property
    def place(self) -> Mapping[Node, int]:
        """The place of each node in the columns."""
        return {node: number for number, node in enumerate(self.columns.nodes)}

    # What networkx reads, made when it first does.

    @cached_property
    def _node(self) -> dict[Node, Held]:
        return {node: Held(name=self.names.get(node, str(node))) for node in self.columns.nodes}

    @cached_property
    def _neighbours(self) -> tuple[dict[Node, dict[Node, Held]], dict[Node, dict[Node, Held]]]:
        nodes = self.columns.nodes
        after: dict[Node, dict[Node, Held]] = {node: {} for node in nodes}
        before: dict[Node, dict[Node, Held]] = {node: {} for node in nodes}
        for from_, to, weight in self.triples():
            after[from_][to] = before[to][from_] = Held(weight=weight)
        return after, before

    @cached_property
    def _succ(self) -> dict[Node, dict[Node, Held]]:
        return self._neighbours[0]

    @cached_property
    def _adj(self) -> dict[Node, dict[Node, Held]]:
        return self._neighbours[0]

    @cached_property
    def _pred(self) -> dict[Node, dict[Node, Held]]:
        return self._neighbours[1]

    def triples(self) -> Iterator[tuple[Node, Node, float]]:
        """From, to and weight of every edge, in the columns' order."""
        nodes = self.columns.nodes
        columns_ = (self.columns.source, self.columns.target, self.columns.weight)
        for from_, to, weight in zip(*(column.tolist() for column in columns_), strict=True):
            yield nodes[from_], nodes[to], weight

    add_node = add_nodes_from = remove_node = remove_nodes_from = _refuse
    add_edge = add_edges_from = add_weighted_edges_from = _refuse
    remove_edge = remove_edges_from = clear = clear_edges = update = _refuse

    def __reduce__(self) -> tuple[type[Self], tuple[Columns, dict[Node, str]]]:
        return type(self), (self.columns, self.names)

    def __deepcopy__(self, memo: dict[int, Any]) -> nx.DiGraph[Node]:
        return nx.DiGraph(self)


def _together(dispatch: Any) -> None:
    # What networkx does with several graphs it refuses when a flow comes with a graph of its own,
    # unless it is told who goes first.
    if FlowGraph.__networkx_backend__ not in dispatch.backends:
        return
    priority: Any = nx.config.backend_priority
    for name, function in dispatch._registered_algorithms.items():  # noqa: SLF001 - no public list
        if len(function.graphs) > 1 or function.list_graphs:
            priority[name] = [*priority.get(name, []), FlowGraph.__networkx_backend__]
    # The other graph is read as it is, so that what is kept of it can never be old.
    nx.config.warnings_to_ignore.add("cache")


_together(backends)
