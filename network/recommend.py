"""Partners to consider: who should be working together and does not yet.

**The formula.** Each part that can be judged has a score from 0 to 1; the whole is their mean,
weighted by `WEIGHTS`, over those parts alone::

    neighbours = resource allocation index ÷ the geometric mean of what it is of each with itself
    demand     = the mean of two shares: of the people one turned down, those in categories that
                 the other seeks, and the other way round
    balance    = the smaller ÷ the larger number of those people, of the two directions

The resource allocation index is Σ 1 ÷ degree over the organizations that exchange people with both,
whatever the direction. Of what a company seeks only *whether* it seeks a category enters, as in
`models.rules.partner_fit`. Scores can be solved for the numbers of people they are made of: whoever
is to be told no more of another than its bands hands in `models.rules.partner_fit.as_told`.

Source: T. Zhou, L. Lü, Y.-C. Zhang, "Predicting missing links via local information", European
Physical Journal B 71 (2009).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, diags_array

from models.rules.partner_fit import Need
from models.vocabulary.job_categories import JOB_CATEGORIES
from models.vocabulary.text import Text
from network.flow import FlowGraph, Node, Weights

TOP_MAX = 1_000
COMPANIES_MAX = 20_000
_BLOCK_CELLS = 250_000
"""So many pairs are scored at once: few enough to stay in the processor's cache."""

Flags: TypeAlias = npt.NDArray[np.bool_]


class PartKind(StrEnum):
    """The parts of a score."""

    NEIGHBOURS = "NEIGHBOURS"
    DEMAND = "DEMAND"
    BALANCE = "BALANCE"


WEIGHTS: Mapping[PartKind, int] = {
    PartKind.NEIGHBOURS: 40,
    PartKind.DEMAND: 40,
    PartKind.BALANCE: 20,
}
"""What each part weighs, of 100."""


@dataclass(frozen=True, slots=True)
class PartnerPart:
    """One part of a score, from 0 to 1; None where it cannot be judged."""

    kind: PartKind
    weight: int
    score: float | None


@dataclass(frozen=True, slots=True)
class PartnersToConsider:
    """Two companies without a partnership, and what speaks for one.

    ``giving`` are the job categories that ``one`` turned people down for and ``other`` seeks,
    ``taking`` the other way round; ``giving_people`` and ``taking_people`` how many were turned
    down in them. ``resource_allocation`` is the index itself.
    """

    one: Node
    other: Node
    score: float
    parts: tuple[PartnerPart, ...]
    shared_neighbours: int
    resource_allocation: float
    giving: tuple[str, ...]
    giving_people: int
    taking: tuple[str, ...]
    taking_people: int


def partners_to_consider(
    flow: FlowGraph,
    *,
    companies: Sequence[Node],
    partnerships: Collection[Collection[Node]],
    needs: Mapping[Node, Mapping[str, Need]],
    of: Node | None = None,
    top: int = 20,
) -> tuple[PartnersToConsider, ...]:
    """The pairs of companies with no partnership for which most speaks, by score.

    Without ``of`` all pairs are looked at, each once; with it only its own, and it is ``one`` in
    all of them. Pairs for which nothing speaks are left out. Of equal scores the companies that
    come first go first.

    Raises:
        ValueError: A company named twice, ``of`` that is none of them, more than `COMPANIES_MAX`
            companies, or a ``top`` outside 1 to `TOP_MAX`.

    >>> flow = FlowGraph.of(["a", "b", "agency"], [0, 1], [2, 2], [5, 5])
    >>> needs = {"a": {"SALES": Need(turned_down=4)}, "b": {"SALES": Need(sought=1)}}
    >>> [found] = partners_to_consider(flow, companies="ab", partnerships=[], needs=needs)
    >>> found.score, [part.score for part in found.parts]
    (0.8, [1.0, 1.0, 0.0])
    """
    if not 1 <= top <= TOP_MAX:
        raise ValueError(f"1 to {TOP_MAX} pairs are told")
    if len(companies) > COMPANIES_MAX or len(set(companies)) != len(companies):
        raise ValueError(f"there are at most {COMPANIES_MAX} companies, each named once")
    if of is not None and of not in companies:
        raise ValueError("the company asked for is one of the companies")
    pairs = _Pairs.of(flow, companies, partnerships, needs)
    rows = np.arange(len(companies)) if of is None else np.array([companies.index(of)])
    best = _best(pairs, rows, is_each_once=of is None, top=top)
    return tuple(pairs.told(companies, one, other) for one, other in best)


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """The scores of each pair of some rows and all columns; no number where not judged."""

    neighbours: Weights
    demand: Weights
    balance: Weights

    def whole(self) -> Weights:
        total = np.zeros(self.neighbours.shape)
        weights = np.zeros(self.neighbours.shape)
        for kind, score in zip(WEIGHTS, (self.neighbours, self.demand, self.balance), strict=True):
            judged = ~np.isnan(score)
            total += np.where(judged, WEIGHTS[kind] * score, 0.0)
            weights += WEIGHTS[kind] * judged
        return np.divide(total, weights, out=np.zeros_like(total), where=weights > 0)


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """What pairs are scored from: a row for each company, a column for a neighbour or category."""

    reaches: csr_array
    """1 where a company exchanges people with an organization."""
    share: csr_array
    """The same, each divided by the root of that organization's degree."""
    likeness: csr_array
    """The same again, scaled so that each company's index with itself is 1."""
    has_neighbours: Flags
    turned_down: Weights
    seeks: Weights
    categories: tuple[str, ...]
    partners: csr_array

    @classmethod
    def of(
        cls,
        flow: FlowGraph,
        companies: Sequence[Node],
        partnerships: Collection[Collection[Node]],
        needs: Mapping[Node, Mapping[str, Need]],
    ) -> _Pairs:
        reaches, share = _neighbours(flow, companies)
        categories = tuple(sorted({one for found in needs.values() for one in found}))
        turned_down = np.zeros((len(companies), len(categories)))
        seeks = np.zeros((len(companies), len(categories)))
        column = {category: number for number, category in enumerate(categories)}
        for row, company in enumerate(companies):
            for category, need in needs.get(company, {}).items():
                turned_down[row, column[category]] = need.turned_down
                seeks[row, column[category]] = need.sought > 0
        spread = np.asarray(share.multiply(share).sum(axis=1), np.float64)
        scale = diags_array(
            1 / np.sqrt(np.where(spread > 0, spread, 1.0)), shape=(spread.size,) * 2
        )
        likeness = csr_array(scale @ share)
        partners = _partners(companies, partnerships)
        return cls(reaches, share, likeness, spread > 0, turned_down, seeks, categories, partners)

    def parts(self, rows: npt.NDArray[np.intp], first: int = 0) -> _Parts:
        """The scores of some rows with all companies from ``first`` on."""
        neighbours = (self.likeness[rows] @ self.likeness[first:].T).toarray()
        neighbours[~self.has_neighbours[rows]] = math.nan
        neighbours[:, ~self.has_neighbours[first:]] = math.nan
        gives = self.turned_down[rows] @ self.seeks[first:].T
        takes = self.seeks[rows] @ self.turned_down[first:].T
        whole = self.turned_down.sum(axis=1)
        most, least = np.maximum(gives, takes), np.minimum(gives, takes)
        balance = np.full(most.shape, math.nan)
        np.divide(least, most, out=balance, where=most > 0)
        demand = _demand(gives, takes, whole[rows][:, None], whole[None, first:])
        return _Parts(np.minimum(neighbours, 1.0), demand, balance)

    def is_open(self, rows: npt.NDArray[np.intp]) -> Flags:
        """Which pairs are of two companies that have no partnership."""
        found: Flags = self.partners[rows].toarray() == 0
        found[np.arange(rows.size), rows] = False
        return found

    def told(self, companies: Sequence[Node], one: int, other: int) -> PartnersToConsider:
        """All about one pair."""
        parts = self.parts(np.array([one]))
        scores = (
            float(found[0, other]) for found in (parts.neighbours, parts.demand, parts.balance)
        )
        gives = (self.turned_down[one] > 0) & (self.seeks[other] > 0)
        takes = (self.turned_down[other] > 0) & (self.seeks[one] > 0)
        return PartnersToConsider(
            companies[one],
            companies[other],
            float(parts.whole()[0, other]),
            tuple(
                PartnerPart(kind, weight, None if math.isnan(score) else score)
                for (kind, weight), score in zip(WEIGHTS.items(), scores, strict=True)
            ),
            int((self.reaches[[one]] @ self.reaches[[other]].T).sum()),
            float((self.share[[one]] @ self.share[[other]].T).sum()),
            tuple(np.array(self.categories, object)[gives]),
            int(self.turned_down[one][gives].sum()),
            tuple(np.array(self.categories, object)[takes]),
            int(self.turned_down[other][takes].sum()),
        )


def _neighbours(flow: FlowGraph, companies: Sequence[Node]) -> tuple[csr_array, csr_array]:
    """Whom each company exchanges people with, once as ones, once by the root of its degree."""
    size = len(flow.columns.nodes)
    place = {node: number for number, node in enumerate(flow.columns.nodes)}
    both = csr_array(flow.matrix + flow.matrix.T)
    both.setdiag(0)
    both.eliminate_zeros()
    both.data[:] = 1.0
    known = [(row, place[node]) for row, node in enumerate(companies) if node in place]
    pick = csr_array(
        (np.ones(len(known)), ([row for row, _ in known], [one for _, one in known])),
        shape=(len(companies), size),
    )
    degree = np.asarray(both.sum(axis=1), np.float64)
    root = 1 / np.sqrt(np.maximum(degree, 1))
    reaches = csr_array(pick @ both)
    return reaches, csr_array(reaches @ diags_array(root, shape=(size, size)))


def _partners(companies: Sequence[Node], partnerships: Collection[Collection[Node]]) -> csr_array:
    place = {node: number for number, node in enumerate(companies)}
    rows, columns = [], []
    for parties in partnerships:
        known = [place[node] for node in parties if node in place]
        rows += [one for one in known for _ in known]
        columns += known * len(known)
    return csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(companies),) * 2)


def _demand(gives: Weights, takes: Weights, own: Weights, theirs: Weights) -> Weights:
    """The mean of the two shares, of those that can be judged."""
    judged = (own > 0).astype(np.float64) + (theirs > 0)
    shares = np.divide(gives, own, out=np.zeros_like(gives), where=own > 0)
    shares += np.divide(takes, theirs, out=np.zeros_like(takes), where=theirs > 0)
    found = np.full(gives.shape, math.nan)
    np.divide(shares, judged, out=found, where=judged > 0)
    return found


def _best(
    pairs: _Pairs, rows: npt.NDArray[np.intp], *, is_each_once: bool, top: int
) -> list[tuple[int, int]]:
    """The pairs with the highest scores above 0, by score and then by place."""
    found: list[tuple[float, int, int]] = []
    for block in _blocks(rows, pairs.has_neighbours.size):
        first = int(block[0]) if is_each_once else 0
        score = np.where(pairs.is_open(block)[:, first:], pairs.parts(block, first).whole(), 0.0)
        if is_each_once:
            score = np.triu(score, 1)
        flat = score.ravel()
        # All that are at least as good as the last one kept, so that of equals none is lost.
        last = np.partition(flat, -top)[-top] if flat.size > top else 0.0
        places = np.flatnonzero((flat >= last) & (flat > 0))
        one, other = np.divmod(places, score.shape[1])
        order = np.lexsort((other, one, -flat[places]))[:top]
        found += zip(
            (-flat[places[order]]).tolist(),
            block[one[order]].tolist(),
            (other[order] + first).tolist(),
            strict=True,
        )
        found = sorted(found)[:top]
    return [(one, other) for _, one, other in found]


def _blocks(rows: npt.NDArray[np.intp], size: int) -> Iterator[npt.NDArray[np.intp]]:
    step = max(_BLOCK_CELLS // max(size, 1), 1)
    for start in range(0, rows.size, step):
        yield rows[start : start + step]


def reasons_in_words(found: PartnersToConsider, names: Mapping[Node, Text]) -> tuple[Text, ...]:
    """What speaks for a pair, a sentence for each part that does, the weightiest first."""
    one, other = names[found.one], names[found.other]
    reasons = []
    if found.shared_neighbours:
        reasons.append(
            Text(
                f"{found.shared_neighbours:,}の組織が両社と人をやり取りしています。",
                f"Both exchange people with the same {found.shared_neighbours:,} organizations.",
            )
        )
    for giver, taker, categories in ((one, other, found.giving), (other, one, found.taking)):
        if categories:
            listed = _categories_in_words(categories)
            reasons.append(
                Text(
                    f"{giver.ja}が見送った職種を{taker.ja}が募集しています：{listed.ja}。",
                    f"{taker.en} seeks what {giver.en} turned people down for: {listed.en}.",
                )
            )
    if found.giving_people and found.taking_people:
        reasons.append(
            Text(
                f"双方に紹介できる人がいます（{found.giving_people:,}名と"
                f"{found.taking_people:,}名）。",
                f"Each has people for the other ({found.giving_people:,} and "
                f"{found.taking_people:,}).",
            )
        )
    return tuple(reasons)


def _categories_in_words(categories: tuple[str, ...]) -> Text:
    named = [
        JOB_CATEGORIES[one].name if one in JOB_CATEGORIES else Text(one, one) for one in categories
    ]
    return Text("・".join(one.ja for one in named), ", ".join(one.en for one in named))
