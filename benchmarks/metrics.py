"""Each metric of the network beside igraph and rustworkx, from the same arrays to the result.

The table's times are whole: making the library's graph of the arrays, and the call. The times in
brackets above it are the call's alone, on a graph that is there. Communities are compared by their
modularity, everything else by the largest difference between two answers. A metric of another file
is measured by a line in `COMPARISONS`.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import rustworkx

from benchmarks.networks import Igraph, Network, Rustworkx, random_network
from benchmarks.ratios import Ratio
from network.flow import FlowGraph
from network.kernels.betweenness import distances
from network.metrics.between import between
from network.metrics.brokerage import EXACT_NODES_MAX, SAMPLES, brokerage
from network.metrics.cohesion import cohesion
from network.metrics.communities import communities
from network.metrics.fragility import cut_between, fragility
from network.metrics.reach import reach
from network.metrics.reciprocity import reciprocity
from network.metrics.strength import strength

ENOUGH_S = 1.0
"""What takes less is done again, three times in all, and the best time counts."""

Values = npt.NDArray[np.float64]
Yardstick = tuple[Callable[[Network], Any], Callable[[Any], Values]]
"""How the other makes its graph of the arrays, and its answer as numbers."""


@dataclass(frozen=True)
class Comparison:
    """A metric of ours, its answer as numbers, and who has the same."""

    name: str
    ours: Callable[[FlowGraph], Any]
    values: Callable[[Any], Values]
    others: Mapping[str, Yardstick]
    compared: str = "largest difference"
    differ: Callable[[Values, Values], str] = field(
        default=lambda one, other: f"{np.abs(one - other).max(initial=0):.1g}"
    )


def flat(*parts: Any) -> Values:
    """All parts as one row of numbers, what is undefined as 0."""
    rows: list[Values] = [np.atleast_1d(np.asarray(part, np.float64)) for part in parts]
    found: Values = np.nan_to_num(np.concatenate(rows))
    return found


def share(values: Any) -> Values:
    """Scaled so that all sum to one."""
    found: Values = np.asarray(values, np.float64)
    return np.asarray(found / found.sum())


def in_igraph(answer: Callable[[Igraph], Values]) -> dict[str, Yardstick]:
    """Igraph's answer."""
    return {"igraph": (Network.igraph, answer)}


def in_rustworkx(answer: Callable[[Rustworkx], Values]) -> dict[str, Yardstick]:
    """The answer of rustworkx."""
    return {"rustworkx": (Network.rustworkx, answer)}


def in_python(answer: Callable[[dict[tuple[int, int], float]], Values]) -> dict[str, Yardstick]:
    """The answer of plain dictionaries, where no library has the measure."""
    return {"dictionaries": (Network.dictionaries, answer)}


def strength_by_igraph(it: Igraph) -> Values:
    """Out and in."""
    return flat(*(it.graph.strength(mode=mode, weights="weight") for mode in ("out", "in")))


def reach_by_igraph(it: Igraph) -> Values:
    """PageRank, hubs, authorities."""
    graph = it.graph
    hubs = graph.hub_score(weights="weight"), graph.authority_score(weights="weight")
    return flat(graph.pagerank(weights="weight"), *map(share, hubs))


def reach_by_rustworkx(it: Rustworkx) -> Values:
    """The same, to its own precision."""
    pages = rustworkx.pagerank(it.graph, weight_fn=float)
    hubs, authorities = rustworkx.hits(it.graph, weight_fn=float, max_iter=10_000)
    return flat(*(list(one.values()) for one in (pages, hubs, authorities)))


def brokerage_by_igraph(it: Igraph) -> Values:
    """Betweenness from the same nodes over the same distances, and constraint."""
    graph = it.graph
    size = graph.vcount()
    length = distances(np.array(graph.es["weight"])).tolist()
    sources = list(range(size))
    if size > EXACT_NODES_MAX:
        sources = random.Random(1).sample(sources, SAMPLES)
    found = np.array(graph.betweenness(weights=length, sources=sources))
    scale = size / len(sources) / ((size - 1) * (size - 2))
    return flat(found * scale, graph.constraint(weights="weight"))


def fragility_by_igraph(it: Igraph) -> Values:
    """How many points and bridges, and what each node's leaving costs."""
    graph = it.undirected
    lost = graph.strength(weights="weight", loops=False)
    return flat(len(graph.articulation_points()), len(graph.bridges()), lost)


def fragility_by_rustworkx(it: Rustworkx) -> Values:
    """The same; what is lost is summed here, since it has no strength."""
    graph = it.undirected
    lost = np.zeros(graph.num_nodes())
    for one, other, people in it.graph.weighted_edge_list():
        lost[one] += people
        lost[other] += people
    points, bridges = rustworkx.articulation_points(graph), rustworkx.bridges(graph)
    return flat(len(points), len(bridges), lost)


def cut_by_igraph(it: Igraph) -> Values:
    """The most that can pass from the first node to the last."""
    return flat(it.graph.maxflow_value(0, it.graph.vcount() - 1, capacity="weight"))


def ways_by_igraph(it: Igraph) -> Values:
    """The same, and the lengths of the three shortest ways."""
    length = 1 / np.array(it.graph.es["weight"])
    ways = it.graph.get_k_shortest_paths(
        0, it.graph.vcount() - 1, k=3, weights=length.tolist(), output="epath"
    )
    return flat(cut_by_igraph(it), [length[way].sum() for way in ways])


def communities_by_igraph(it: Igraph) -> Values:
    """The modularity of its Leiden."""
    found = it.undirected.community_leiden("modularity", weights="weight")
    return flat(it.undirected.modularity(found, weights="weight"))


def cohesion_by_igraph(it: Igraph) -> Values:
    """Strong components, cores, triads in its order."""
    graph = it.graph
    sizes = sorted(graph.connected_components(mode="strong").sizes(), reverse=True)
    return flat(sizes, graph.coreness(mode="all"), list(graph.triad_census()))


def reciprocity_by_dictionaries(weights: dict[tuple[int, int], float]) -> Values:
    """Of the whole network, as the formula reads."""
    pairs = {pair: people for pair, people in weights.items() if pair[0] != pair[1]}
    back = sum(min(people, pairs.get((to, from_), 0)) for (from_, to), people in pairs.items())
    return flat(back / sum(pairs.values()))


COMPARISONS: Sequence[Comparison] = (
    Comparison(
        "strength",
        strength,
        lambda found: flat(found.given, found.taken),
        in_igraph(strength_by_igraph),
    ),
    Comparison(
        "reach",
        reach,
        lambda found: flat(found.pagerank, found.hub, found.authority),
        in_igraph(reach_by_igraph) | in_rustworkx(reach_by_rustworkx),
    ),
    Comparison(
        "brokerage",
        brokerage,
        lambda found: flat(found.betweenness, found.constraint),
        in_igraph(brokerage_by_igraph),
    ),
    Comparison(
        "fragility",
        fragility,
        lambda found: flat(len(found.articulation_points), len(found.bridges), found.people_lost),
        in_igraph(fragility_by_igraph) | in_rustworkx(fragility_by_rustworkx),
    ),
    Comparison(
        "cut between two",
        lambda flow: cut_between(flow, [0], [len(flow.columns.nodes) - 1]),
        lambda found: flat(found.people_max),
        in_igraph(cut_by_igraph),
    ),
    Comparison(
        "ways between two",
        lambda flow: between(flow, 0, len(flow.columns.nodes) - 1),
        lambda found: flat(found.cut.people_max, [route.length for route in found.routes]),
        in_igraph(ways_by_igraph),
    ),
    Comparison(
        "communities",
        communities,
        lambda found: flat(found.modularity),
        in_igraph(communities_by_igraph),
        compared="modularity, ours and the other's",
        differ=lambda one, other: f"{one[0]:.4f} and {other[0]:.4f}",
    ),
    Comparison(
        "cohesion",
        cohesion,
        lambda found: flat(found.component_sizes, found.core, list(found.triads.values())),
        in_igraph(cohesion_by_igraph),
    ),
    Comparison(
        "reciprocity",
        reciprocity,
        lambda found: flat(found.of_network),
        in_python(reciprocity_by_dictionaries),
    ),
)


@dataclass(frozen=True)
class Times:
    """The best of a few, whole and of the call alone."""

    whole_s: float
    call_s: float

    def __str__(self) -> str:
        return f"{1000 * self.whole_s:,.1f} ms ({1000 * self.call_s:,.1f} ms)"


def measured(make: Callable[[], Any], answer: Callable[[Any], Any]) -> tuple[Times, Any]:
    """The times from the arrays to the result, and the result."""
    wholes, calls = [], []
    while True:
        begun = time.perf_counter()
        graph = make()
        made = time.perf_counter()
        found = answer(graph)
        ended = time.perf_counter()
        wholes.append(ended - begun)
        calls.append(ended - made)
        if sum(wholes) > ENOUGH_S or len(wholes) == 3:
            return Times(min(wholes), min(calls)), found


def compare(comparison: Comparison, network: Network) -> Ratio:
    """One metric on one network; prints how each did."""
    size = f"{network.nodes:,}/{network.source.size:,}"
    ours, found = measured(network.ours, comparison.ours)
    values = comparison.values(found)
    print(f"{comparison.name}, {size}: ours {ours}", flush=True)
    fastest: tuple[float, str] | None = None
    for name, (make, answer) in comparison.others.items():
        times, other = measured(partial(make, network), answer)
        print(
            f"  {name} {times}; {comparison.compared} {comparison.differ(values, other)}",
            flush=True,
        )
        fastest = min(fastest or (times.whole_s, name), (times.whole_s, name))
    assert fastest is not None
    return Ratio(
        f"{comparison.name}, {size} (beside {fastest[1]}; at most 2)",
        f"{1000 * ours.whole_s:,.1f} ms",
        f"{1000 * fastest[0]:,.1f} ms",
        ours.whole_s / fastest[0],
    )


def run(sizes: Sequence[tuple[int, int]]) -> list[Ratio]:
    """Every metric on networks of so many nodes and edges."""
    brokerage(random_network(10, 20).ours())  # loads what is loaded once
    networks = [random_network(nodes, edges) for nodes, edges in sizes]
    return [compare(one, network) for network in networks for one in COMPARISONS]
