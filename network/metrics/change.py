"""What moved between two windows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from scipy.special import betainc

from models.vocabulary.text import Text
from network.chance import corrected
from network.edges import WINDOW_MAX_DAYS
from network.flow import Columns, FlowGraph, Node, Places, Weights

LEVEL = 0.05


class Moved(StrEnum):
    """What became of an edge, in people a day."""

    BORN = "BORN"
    GONE = "GONE"
    GROWN = "GROWN"
    SHRUNK = "SHRUNK"
    SAME = "SAME"


MOVES = tuple(Moved)


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """Every edge of either window, by where it comes from and where it goes.

    ``source`` and ``target`` are places in ``nodes``, those of both windows; ``moved`` are places
    in `MOVES`. ``rate_ratio`` is people a day after ÷ before: infinite for what was born.
    ``p_corrected`` is two-sided, corrected for the number of edges.
    """

    nodes: tuple[Node, ...]
    source: Places
    target: Places
    before_people: Weights
    after_people: Weights
    before_days: int
    after_days: int
    rate_ratio: Weights
    moved: npt.NDArray[np.int8]
    p_value: Weights
    p_corrected: Weights
    level: float

    @property
    def is_significant(self) -> npt.NDArray[np.bool_]:
        """Which edges moved by more than chance."""
        return self.p_corrected <= self.level


def change(
    before: FlowGraph,
    after: FlowGraph,
    *,
    before_days: int,
    after_days: int,
    level: float = LEVEL,
) -> Change:
    r"""The edges born, gone, grown and shrunk, with the length of the windows taken into account.

    Had nothing changed, each person of an edge would fall into the second window with the
    probability of its part of all days. The test is exact and two-sided: twice the smaller tail,
    corrected (Benjamini and Hochberg) for the number of edges.

    .. math:: B \mid A + B = n \;\sim\; \mathrm{Binomial}\left(n, \frac{d_B}{d_A + d_B}\right)

    Source: J. Przyborowski, H. Wilenski, "Homogeneity of results in testing samples from Poisson
    series", Biometrika 31 (1940).

    Raises:
        ValueError: A window that is not of 1 to `WINDOW_MAX_DAYS` days, or a ``level`` outside
            0 to 1.

    >>> before = FlowGraph.of("abc", [0, 1], [1, 2], [30, 5])
    >>> after = FlowGraph.of("abc", [0, 2], [1, 0], [2, 1])
    >>> found = change(before, after, before_days=90, after_days=90)
    >>> [MOVES[one].value for one in found.moved], found.is_significant.tolist()
    (['SHRUNK', 'GONE', 'BORN'], [True, False, False])
    """
    for days in (before_days, after_days):
        if not 1 <= days <= WINDOW_MAX_DAYS:
            raise ValueError(f"a window has 1 to {WINDOW_MAX_DAYS} days")
    if not 0 < level < 1:
        raise ValueError("a level is between 0 and 1")
    nodes = tuple(dict.fromkeys((*before.columns.nodes, *after.columns.nodes)))
    keys, were, are = _aligned(nodes, before.columns, after.columns)
    p_value = _two_sided(were, are, after_days / (before_days + after_days))
    daily_before, daily_after = were / before_days, are / after_days
    rate_ratio = np.full(keys.shape, np.inf)
    np.divide(daily_after, daily_before, out=rate_ratio, where=were > 0)
    return Change(
        nodes,
        (keys // max(len(nodes), 1)).astype(np.int32),
        (keys % max(len(nodes), 1)).astype(np.int32),
        were,
        are,
        before_days,
        after_days,
        rate_ratio,
        _moved(were, are, rate_ratio),
        p_value,
        corrected(p_value),
        level,
    )


def _aligned(
    nodes: tuple[Node, ...], before: Columns, after: Columns
) -> tuple[npt.NDArray[np.int64], Weights, Weights]:
    """The pairs of either window, and their weights in both."""
    place = {node: number for number, node in enumerate(nodes)}
    keys = []
    for one in (before, after):
        to = np.array([place[node] for node in one.nodes], np.int64)
        keys.append(to[one.source] * len(nodes) + to[one.target])
    both = np.sort(np.concatenate(keys), kind="stable")
    union = both[np.diff(both, prepend=-1) > 0]
    were, are = np.zeros(union.size), np.zeros(union.size)
    were[np.searchsorted(union, keys[0])] = before.weight
    are[np.searchsorted(union, keys[1])] = after.weight
    return union, were, are


def _two_sided(were: Weights, are: Weights, part: float) -> Weights:
    """Twice the smaller binomial tail; once for each pair of numbers, as most are small."""
    befores, before = np.unique(were, return_inverse=True)
    afters, after = np.unique(are, return_inverse=True)
    pairs, place = np.unique(before * afters.size + after, return_inverse=True)
    lost, found = befores[pairs // max(afters.size, 1)], afters[pairs % max(afters.size, 1)]
    # So many or more after, so many or fewer. Of nought or more the chance is one.
    more = np.where(found > 0, betainc(np.where(found > 0, found, 1), lost + 1, part), 1.0)
    fewer = np.where(lost > 0, betainc(np.where(lost > 0, lost, 1), found + 1, 1 - part), 1.0)
    p_value: Weights = np.minimum(2 * np.minimum(more, fewer), 1.0)[place]
    return p_value


def _moved(were: Weights, are: Weights, rate_ratio: Weights) -> npt.NDArray[np.int8]:
    cases = [were == 0, are == 0, rate_ratio > 1, rate_ratio < 1]
    places = [MOVES.index(one) for one in (Moved.BORN, Moved.GONE, Moved.GROWN, Moved.SHRUNK)]
    return np.select(cases, places, MOVES.index(Moved.SAME)).astype(np.int8)


def change_in_words(found: Change, names: Mapping[Node, Text]) -> Text:
    """How many edges moved by more than chance, and which moved most."""
    if not found.moved.size:
        return Text(
            "どちらの期間にも渡った人はいません。", "Nobody was passed on in either window."
        )
    significant = found.is_significant
    if not significant.any():
        return Text(
            "偶然を超えて変わった流れはありません。", "No flow changed by more than chance."
        )
    up = int((significant & (found.rate_ratio > 1)).sum())
    down = int(significant.sum()) - up
    place = int(found.p_corrected.argmin())
    from_, to = (names[found.nodes[int(one[place])]] for one in (found.source, found.target))
    were, are = found.before_people[place], found.after_people[place]
    return Text(
        f"偶然を超えて増えた流れは{up:,}本、減った流れは{down:,}本です。最も動いたのは"
        f"{from_.ja}から{to.ja}へ（{found.before_days}日間に{were:,.0f}名から、"
        f"{found.after_days}日間に{are:,.0f}名へ）です。",
        f"{up:,} flows grew and {down:,} shrank by more than chance. The clearest is from "
        f"{from_.en} to {to.en}: {were:,.0f} people in {found.before_days} days, then "
        f"{are:,.0f} in {found.after_days}.",
    )
