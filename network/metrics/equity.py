"""Is it fair: how evenly giving and taking are spread, and whether giving comes back."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.vocabulary.text import Text
from network.flow import FlowGraph, Node, Places, Weights
from network.metrics.strength import strength


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """How evenly people are spread over nodes.

    ``gini`` is 0 where all have the same and close to 1 where one has all; None where there is
    nobody to spread. The Lorenz curve: the poorest ``node_shares[k]`` of nodes have
    ``people_shares[k]`` of the people, from (0, 0) to (1, 1).
    """

    gini: float | None
    node_shares: Weights
    people_shares: Weights


@dataclass(frozen=True, slots=True, eq=False)
class Equity:
    """How evenly what is given is spread over those who give, and what is taken over all."""

    given: Spread
    taken: Spread


@dataclass(frozen=True, slots=True, eq=False)
class PairBalance:
    """Of pairs with any flow between them, each once: what went to and fro.

    ``give_to_take`` is, for the first of the pair, given ÷ taken: infinite where nothing came back.
    """

    nodes: tuple[Node, ...]
    first: Places
    second: Places
    given_people: Weights
    taken_people: Weights
    give_to_take: Weights


@dataclass(frozen=True, slots=True, eq=False)
class PartyBalance:
    """Of each party of each partnership: what it gave to the others, and took from them."""

    partnerships: tuple[Hashable, ...]
    parties: tuple[Node, ...]
    given_people: Weights
    taken_people: Weights
    give_to_take: Weights


def spread(people: npt.ArrayLike) -> Spread:
    r"""The Gini coefficient and the Lorenz curve of numbers of people, one for each node.

    .. math:: G = \frac{\sum_i \sum_j |x_i - x_j|}{2 n^2 \bar x}
                = \frac{2 \sum_k k \, x_{(k)}}{n \sum_k x_{(k)}} - \frac{n + 1}{n}

    Source: C. Gini, "Variabilità e mutabilità" (1912); M. O. Lorenz, "Methods of measuring the
    concentration of wealth", Publications of the American Statistical Association 9 (1905).

    Raises:
        ValueError: A number below 0, or none.

    >>> spread([1, 1, 1, 1]).gini, spread([0, 0, 0, 8]).gini
    (0.0, 0.75)
    """
    found = np.sort(np.asarray(people, np.float64).ravel())
    if not (np.isfinite(found) & (found >= 0)).all():
        raise ValueError("a number of people is never negative")
    total, size = float(found.sum()), found.size
    if not total:
        return Spread(None, np.zeros(1), np.zeros(1))
    rank = np.arange(1, size + 1)
    gini = 2 * float(rank @ found) / (size * total) - (size + 1) / size
    return Spread(
        max(gini, 0.0),
        np.arange(size + 1) / size,
        np.concatenate(([0.0], np.cumsum(found) / total)),
    )


def equity(flow: FlowGraph, *, among: Collection[Node] | None = None) -> Equity:
    r"""How evenly giving and taking are spread over nodes; see `spread` for formula and source.

    Of a flow of counts it says who feeds the relay, of a flow of hires who gains by it. ``among``
    leaves only some nodes to be compared, as the companies; what they give and take is all they do.

    >>> found = equity(FlowGraph.of("abc", [0, 0], [1, 2], [3, 3]), among="ab")
    >>> found.given.gini, found.taken.gini
    (0.5, 0.5)
    """
    found = strength(flow)
    kept = np.ones(len(found.nodes), bool)
    if among is not None:
        chosen = set(among)
        kept = np.fromiter((node in chosen for node in found.nodes), bool, len(found.nodes))
    return Equity(spread(found.given[kept]), spread(found.taken[kept]))


def pair_balance(flow: FlowGraph) -> PairBalance:
    r"""What goes to and fro between two; for the network's reciprocity see `reciprocity`.

    .. math:: r_{ij} = w_{ij} / w_{ji}

    Source: T. Squartini et al., "Reciprocity of weighted networks", Scientific Reports 3 (2013),
    for the flows it compares.

    >>> found = pair_balance(FlowGraph.of("abc", [0, 1, 0], [1, 0, 2], [6, 3, 1]))
    >>> found.give_to_take.tolist()
    [2.0, inf]
    """
    columns, size = flow.columns, len(flow.columns.nodes)
    between = columns.source != columns.target
    source = columns.source[between].astype(np.int64)
    target = columns.target[between].astype(np.int64)
    weight = columns.weight[between]
    first, second = np.minimum(source, target), np.maximum(source, target)
    pairs, place = np.unique(first * size + second, return_inverse=True)
    forth = source == first
    given = np.bincount(place[forth], weight[forth], pairs.size).astype(np.float64)
    taken = np.bincount(place[~forth], weight[~forth], pairs.size).astype(np.float64)
    return PairBalance(
        columns.nodes,
        (pairs // max(size, 1)).astype(np.int32),
        (pairs % max(size, 1)).astype(np.int32),
        given,
        taken,
        _ratio(given, taken),
    )


def party_balance(
    flow: FlowGraph, *, partnerships: Mapping[Hashable, Collection[Node]]
) -> PartyBalance:
    r"""What each party of a partnership gave to the others, and took from them.

    .. math:: r_{ip} = \sum_{j \in p, j \ne i} w_{ij} \Big/ \sum_{j \in p, j \ne i} w_{ji}

    It is no number where a party neither gave nor took. A party without a node is taken to have no
    flow. Source: as `pair_balance`.

    >>> flow = FlowGraph.of("abc", [0, 1, 2], [1, 0, 0], [6, 3, 1])
    >>> party_balance(flow, partnerships={"p": ["a", "b", "c"]}).give_to_take.tolist()
    [1.5, 0.5, inf]
    """
    place = {node: number for number, node in enumerate(flow.columns.nodes)}
    labels: list[Hashable] = []
    parties: list[Node] = []
    given: list[float] = []
    taken: list[float] = []
    for partnership, members in partnerships.items():
        known = np.array([place[node] for node in members if node in place], np.int64)
        among = flow.matrix[known][:, known].toarray() if known.size else np.zeros((0, 0))
        np.fill_diagonal(among, 0)
        rows = {flow.columns.nodes[one]: row for row, one in enumerate(known)}
        for node in members:
            row = rows.get(node)
            labels.append(partnership)
            parties.append(node)
            given.append(0.0 if row is None else float(among[row].sum()))
            taken.append(0.0 if row is None else float(among[:, row].sum()))
    gave, took = np.array(given, np.float64), np.array(taken, np.float64)
    return PartyBalance(tuple(labels), tuple(parties), gave, took, _ratio(gave, took))


def _ratio(given: Weights, taken: Weights) -> Weights:
    found = np.where(given > 0, np.inf, np.nan)
    np.divide(given, taken, out=found, where=taken > 0)
    return found


def equity_in_words(found: Equity, _names: Mapping[Node, Text]) -> Text:
    """How much the busiest fifth gives and takes."""
    if found.given.gini is None or found.taken.gini is None:
        return Text("この期間に渡った人はいません。", "Nobody was passed on in this window.")
    given, taken = _of_top_fifth(found.given), _of_top_fifth(found.taken)
    return Text(
        f"最も多く送り出す2割の組織が全体の{given:.0%}を送り出し"
        f"（ジニ係数{found.given.gini:.2f}）、最も多く受け入れる2割が{taken:.0%}を"
        f"受け入れています（同{found.taken.gini:.2f}）。",
        f"The fifth of organizations that give most give {given:.0%} of all people (Gini "
        f"{found.given.gini:.2f}); the fifth that take most take {taken:.0%} "
        f"({found.taken.gini:.2f}).",
    )


def _of_top_fifth(found: Spread) -> float:
    return 1 - float(np.interp(0.8, found.node_shares, found.people_shares))


def pair_balance_in_words(found: PairBalance, names: Mapping[Node, Text]) -> Text:
    """How many pairs give both ways, and the largest one-sidedness."""
    if not found.first.size:
        return Text("組織間で渡った人はいません。", "Nobody passed between organizations.")
    mutual = int(((found.given_people > 0) & (found.taken_people > 0)).sum())
    difference = found.given_people - found.taken_people
    place = int(np.abs(difference).argmax())
    ends = [names[found.nodes[int(one[place])]] for one in (found.first, found.second)]
    if difference[place] < 0:
        ends.reverse()
    more = abs(difference[place])
    return Text(
        f"{found.first.size:,}組のうち双方向は{mutual:,}組です。差が最も大きいのは"
        f"{ends[0].ja}から{ends[1].ja}へ（差し引き{more:,.0f}名）です。",
        f"Of {found.first.size:,} pairs {mutual:,} give both ways. The largest difference is "
        f"from {ends[0].en} to {ends[1].en}: {more:,.0f} people more than came back.",
    )


def party_balance_in_words(found: PartyBalance, names: Mapping[Node, Text]) -> Text:
    """Who gives most beyond what it takes within its partnership."""
    net = found.given_people - found.taken_people
    if not net.any():
        return Text(
            "提携の中での送り出しと受け入れは釣り合っています。",
            "Within the partnerships every party took as many as it gave.",
        )
    giver, taker = (names[found.parties[int(one)]] for one in (net.argmax(), net.argmin()))
    return Text(
        f"提携の中で差し引き最も多く送り出したのは{giver.ja}（{net.max():+,.0f}名）、"
        f"最も多く受け入れたのは{taker.ja}（{net.min():+,.0f}名）です。",
        f"Within the partnerships {giver.en} gave the most beyond what it took "
        f"({net.max():+,.0f} people), {taker.en} took the most beyond what it gave "
        f"({net.min():+,.0f}).",
    )
