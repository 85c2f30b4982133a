"""Random networks of the size and the look of the real ones, as arrays, and the yardsticks' own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import igraph
import numpy as np
import numpy.typing as npt
import rustworkx

from network.flow import FlowGraph

SEED = 7
GROUP = 100
"""Organizations that mostly pass people among themselves."""


@dataclass(frozen=True)
class Network:
    """A network as arrays, from which everyone starts."""

    nodes: int
    source: npt.NDArray[np.int32]
    target: npt.NDArray[np.int32]
    weight: npt.NDArray[np.float64]

    def ours(self) -> FlowGraph:
        """The snapshot of ours."""
        return FlowGraph.of(range(self.nodes), self.source, self.target, self.weight)

    def igraph(self) -> Igraph:
        """igraph's, from the same arrays."""
        edges = np.column_stack((self.source, self.target))
        graph = igraph.Graph(n=self.nodes, edges=edges, directed=True)
        graph.es["weight"] = self.weight.tolist()
        return Igraph(graph)

    def rustworkx(self) -> Rustworkx:
        """rustworkx's, from the same arrays."""
        graph: rustworkx.PyDiGraph[int, float] = rustworkx.PyDiGraph(multigraph=False)
        graph.add_nodes_from(range(self.nodes))
        columns = (self.source.tolist(), self.target.tolist(), self.weight.tolist())
        graph.add_edges_from(list(zip(*columns, strict=True)))
        return Rustworkx(graph)

    def dictionaries(self) -> dict[tuple[int, int], float]:
        """Plain Python, where no library has the measure."""
        pairs = zip(self.source.tolist(), self.target.tolist(), strict=True)
        return dict(zip(pairs, self.weight.tolist(), strict=True))


@dataclass(frozen=True)
class Igraph:
    """A directed graph of igraph's; undirected, both ways are added up."""

    graph: Any

    @cached_property
    def undirected(self) -> Any:
        """Made when first asked for, and part of the time of what asks."""
        return self.graph.as_undirected(combine_edges={"weight": "sum"})


@dataclass(frozen=True)
class Rustworkx:
    """A directed graph of rustworkx's."""

    graph: Any

    @cached_property
    def undirected(self) -> Any:
        """Made when first asked for, and part of the time of what asks."""
        return self.graph.to_undirected(multigraph=False)


def random_network(nodes: int, edges: int) -> Network:
    """So many pairs, half of them within groups, one in seven returned, few large and many small.

    What organizations give and take is log-normal, and so are the weights: whole numbers, mostly
    small.
    """
    draw = np.random.default_rng(SEED)
    gives, takes = draw.lognormal(0, 1, nodes), draw.lognormal(0, 1, nodes)
    pairs: npt.NDArray[np.int64] = np.empty(0, np.int64)
    while pairs.size < edges:
        source = draw.choice(nodes, edges, p=gives / gives.sum())
        target = draw.choice(nodes, edges, p=takes / takes.sum())
        near = draw.random(edges) < 0.5
        group = source[near] // GROUP * GROUP
        size = np.minimum(GROUP, nodes - group)
        target[near] = group + (draw.random(group.size) * size).astype(np.int64)
        back = draw.random(edges) < 0.15
        from_, to = np.append(source, target[back]), np.append(target, source[back])
        pairs = np.unique(np.append(pairs, (from_ * nodes + to)[from_ != to]))
    pairs = np.sort(draw.choice(pairs, edges, replace=False))
    weight = np.ceil(draw.lognormal(0.7, 1, edges))
    return Network(
        nodes, (pairs // nodes).astype(np.int32), (pairs % nodes).astype(np.int32), weight
    )
