"""What is more, or less, than size alone explains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from models.vocabulary.text import Text
from network.chance import corrected
from network.flow import FlowGraph, Node, Places, Weights
from network.people import People, whole_people

LEVEL = 0.05
ABSENT_MAX = 1_000_000
"""No more pairs without an edge are looked at: those of which most was expected."""
ABSENT_EXPECTED_MIN = 2.0
"""Where not all are looked at, no pair of which less was expected: it would be no surprise."""
_NEGLIGIBLE = 1e-17


@dataclass(frozen=True, slots=True, eq=False)
class Surprise:
    """Pairs, seen and expected: first the flow's edges in their order, then pairs with no edge.

    ``p_more`` is how likely so many people or more are by size alone, ``p_less`` so many or fewer;
    ``p_corrected`` is the two-sided one, corrected for all pairs that could have had an edge
    (``tests``); up to ``level`` it is exact, and never too small. Of the pairs without an edge only
    those are told that are less than expected by it.
    """

    nodes: tuple[Node, ...]
    source: Places
    target: Places
    seen_people: People
    expected_people: Weights
    p_more: Weights
    p_less: Weights
    p_corrected: Weights
    level: float
    tests: int

    @property
    def is_more(self) -> npt.NDArray[np.bool_]:
        """Which pairs have more than size alone explains."""
        return (self.p_corrected <= self.level) & (self.p_more < self.p_less)

    @property
    def is_less(self) -> npt.NDArray[np.bool_]:
        """Which pairs have less than size alone explains."""
        return (self.p_corrected <= self.level) & (self.p_less < self.p_more)


def surprise(flow: FlowGraph, *, level: float = LEVEL) -> Surprise:
    r"""Each edge against a network of the same sizes in which everybody is passed on at random.

    The configuration model as an urn: it holds a place for everyone who was taken, labelled by who
    took; a giver draws as many as it gave, without putting back. Where the flow has no self-loop,
    a giver's own places are not in its urn. What a pair then gets is hypergeometric, and p values
    are exact.

    .. math:: P(X_{ij} = x) = \binom{t_j}{x} \binom{T_i - t_j}{s_i - x} \Big/ \binom{T_i}{s_i},
              \quad T_i = \sum_k t_k \; (- \, t_i)

    with :math:`s_i` given and :math:`t_j` taken. Two-sided, p is twice the smaller tail. It is
    corrected (Benjamini and Hochberg) for every pair of a giver and a taker, whether it has an
    edge or not: an edge that is seen at all was chosen by chance among those that are not.

    Source: M. Tumminello et al., "Statistically validated networks in bipartite complex systems",
    PLoS ONE 6 (2011); G. Casiraghi, V. Nanumyan, "Configuration models as an urn problem",
    Scientific Reports 11 (2021).

    Raises:
        ValueError: A ``level`` above 0.05 or not above 0; a weight that is a fraction; or more
            people than `PEOPLE_MAX`.

    >>> found = surprise(FlowGraph.of("abcd", [0, 0, 1, 1], [2, 3, 2, 3], [9, 1, 1, 9]))
    >>> found.expected_people.tolist(), found.is_more.tolist(), found.is_less.tolist()
    ([5.0, 5.0, 5.0, 5.0], [True, False, False, True], [False, True, True, False])
    """
    if not 0 < level <= LEVEL:
        raise ValueError(f"a level is above 0, and at most {LEVEL}")
    seen, urns = whole_people(flow), _Urns.of(flow)
    source, target = flow.columns.source, flow.columns.target
    more, less = urns.tails(source, target, seen)
    absent_source, absent_target = urns.expected_but_absent(flow)
    none = np.zeros(absent_source.size, np.int64)
    more = np.concatenate((more, np.ones(none.size)))
    less = np.concatenate((less, urns.tails(absent_source, absent_target, none)[1]))
    tests = urns.pairs()
    p_corrected = corrected(np.minimum(2 * np.minimum(more, less), 1), tests=tests)
    source = np.concatenate((source, absent_source))
    target = np.concatenate((target, absent_target))
    told = (np.arange(source.size) < seen.size) | (p_corrected <= level)
    return Surprise(
        flow.columns.nodes,
        source[told],
        target[told],
        np.concatenate((seen, none))[told],
        urns.expected(source, target)[told],
        more[told],
        less[told],
        p_corrected[told],
        level,
        tests,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Urns:
    """What each node gave and took, and how many places there were for what it gave."""

    given: People
    taken: People
    places: People
    has_loops: bool

    @classmethod
    def of(cls, flow: FlowGraph) -> _Urns:
        columns, size = flow.columns, len(flow.columns.nodes)
        given = np.bincount(columns.source, columns.weight, size).astype(np.int64)
        taken = np.bincount(columns.target, columns.weight, size).astype(np.int64)
        has_loops = bool((columns.source == columns.target).any())
        places = taken.sum() - (0 if has_loops else taken)
        return cls(given, taken, np.broadcast_to(places, taken.shape), has_loops)

    def expected(self, source: Places, target: Places) -> Weights:
        drawn = self.given[source] / self.places[source]
        return drawn * self.taken[target]

    def pairs(self) -> int:
        """How many pairs of a giver and a taker could have an edge."""
        givers, takers = self.given > 0, self.taken > 0
        itself = 0 if self.has_loops else int((givers & takers).sum())
        return int(givers.sum()) * int(takers.sum()) - itself

    def tails(self, source: Places, target: Places, seen: People) -> tuple[Weights, Weights]:
        """How likely so many or more are, and so many or fewer."""
        return hypergeometric_tails(
            seen, self.places[source], marked=self.taken[target], drawn=self.given[source]
        )

    def expected_but_absent(self, flow: FlowGraph) -> tuple[Places, Places]:
        """The pairs with no edge; where they are too many, those of which most was expected."""
        order = np.argsort(-self.taken, kind="stable").astype(np.int32)
        ranked = -self.taken[order]
        givers = np.flatnonzero(self.given > 0).astype(np.int32)
        per_taken = self.given[givers] / self.places[givers]
        reach = np.full(givers.shape, np.count_nonzero(self.taken))
        least = ABSENT_EXPECTED_MIN
        while reach.sum() > ABSENT_MAX + flow.columns.weight.size:
            reach = np.searchsorted(ranked, -least / per_taken, side="right")
            least *= 2
        source = np.repeat(givers, reach)
        starts = np.repeat(np.cumsum(reach) - reach, reach)
        target = order[np.arange(source.size) - starts]
        size = len(flow.columns.nodes)
        known = flow.columns.source.astype(np.int64) * size + flow.columns.target
        sought = source.astype(np.int64) * size + target
        # Columns are in the order of these keys.
        is_absent = known[np.minimum(np.searchsorted(known, sought), known.size - 1)] != sought
        if not self.has_loops:
            is_absent &= source != target
        return source[is_absent], target[is_absent]


Whole: TypeAlias = npt.NDArray[np.int64]


def hypergeometric_tails(
    seen: Whole, places: Whole, *, marked: Whole, drawn: Whole
) -> tuple[Weights, Weights]:
    """The chance of so many marked ones or more, and of so many or fewer, among those drawn.

    The tail that leads away from the likeliest number is added up until nothing is to be added;
    the other is what is left.

    >>> more, less = hypergeometric_tails(
    ...     np.array([2]), np.array([4]), marked=np.array([2]), drawn=np.array([2]))
    >>> more.round(6).tolist(), less.round(6).tolist()
    ([0.166667], [1.0])
    """
    likely = np.exp(
        _log_choices(marked, seen)
        + _log_choices(places - marked, drawn - seen)
        - _log_choices(places, drawn)
    )
    likeliest = (drawn + 1) * ((marked + 1) / (places + 2))
    is_above = seen >= likeliest
    # Counted by the unmarked, so many or fewer is so many or more.
    start = np.where(is_above, seen, drawn - seen)
    good = np.where(is_above, marked, places - marked)
    away = np.clip(likely * _summed_ratios(start, places, good, drawn), 0, 1)
    other = np.clip(1 - away + likely, 0, 1)
    return np.where(is_above, away, other), np.where(is_above, other, away)


def _log_choices(whole: Whole, part: Whole) -> Weights:
    found: Weights = gammaln(whole + 1.0) - gammaln(part + 1.0) - gammaln(whole - part + 1.0)
    return found


def _summed_ratios(start: Whole, places: Whole, good: Whole, drawn: Whole) -> Weights:
    """The chances of ``start`` and more, as multiples of the chance of ``start``."""
    total = np.ones(start.shape)
    row = np.arange(start.size)
    state = np.stack(
        [np.ones(start.shape), start, good - start, drawn - start, places - good - drawn + start]
    )
    while row.size:
        term, at, good_left, drawn_left, others = state
        state[0] = term * (good_left / (at + 1)) * (drawn_left / (others + 1))
        state[1:] += np.array([[1.0], [-1.0], [-1.0], [1.0]])
        total[row] += state[0]
        is_more = state[0] > _NEGLIGIBLE * total[row]
        if not is_more.all():
            row, state = row[is_more], state[:, is_more]
    return total


def surprise_in_words(found: Surprise, names: Mapping[Node, Text]) -> Text:
    """How many pairs are surprising, and which is the most so."""
    if not found.seen_people.any():
        return Text("この期間に渡った人はいません。", "Nobody was passed on in this window.")
    more, less = int(found.is_more.sum()), int(found.is_less.sum())
    if not more + less:
        return Text(
            "どの流れも、組織の規模から見込まれる範囲です。",
            "Every flow is what the sizes of the organizations explain.",
        )
    place = int(found.p_corrected.argmin())
    from_, to = (names[found.nodes[int(one[place])]] for one in (found.source, found.target))
    seen, expected = found.seen_people[place], found.expected_people[place]
    return Text(
        f"規模から見込まれるより多い流れは{more:,}本、少ない流れは{less:,}本です。"
        f"最も際立つのは{from_.ja}から{to.ja}へ（{seen:,}名、見込みは{expected:,.1f}名）です。",
        f"{more:,} flows are more than size alone explains, {less:,} are less. The most striking "
        f"is from {from_.en} to {to.en}: {seen:,} people, where {expected:,.1f} were expected.",
    )
