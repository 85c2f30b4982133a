"""Is there a ladder, and who is above whom."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.sparse import csr_array, diags_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import cg, spsolve
from scipy.special import expit

from models.vocabulary.text import Text
from network.chance import CONFIDENCE
from network.flow import FlowGraph, Node, Weights
from network.people import whole_people

TOLERANCE = 1e-12
"""The residual at which a solution is taken, as a part of the right-hand side."""
STEPS_MAX = 1_000
"""Steps of the iteration, before what it cannot solve (long chains) is factored."""
STEEPNESS_MAX = 1_000.0
"""The steepness told of a ladder that nobody climbs."""
DRAWS_MAX = 9_999


@dataclass(frozen=True, slots=True, eq=False)
class Hierarchy:
    """A score for each of ``nodes``: people pass, on the whole, from higher to lower.

    One point is one rung. Where ``alpha`` is 0 the scores of each weak component have the mean 0,
    and those of different components cannot be compared. ``energy`` is what the springs hold at
    rest. ``downward_share`` is the share of people who passed from a higher to a lower node, None
    where nobody passed. ``seen_share`` and ``expected_share`` have a value for each edge, in the
    order of the flow's columns: of all who passed between the two, the part in this direction, and
    that part as the scores and the ladder's ``steepness`` would have it.
    """

    nodes: tuple[Node, ...]
    scores: Weights
    energy: float
    steepness: float
    downward_share: float | None
    seen_share: Weights
    expected_share: Weights


@dataclass(frozen=True, slots=True)
class LadderChance:
    """How the ladder compares with those of the same people sent in random directions.

    ``p_value`` is how often chance alone gives a ladder as stiff as the one seen.
    """

    energy: float
    random_energy_mean: float
    random_energy_min: float
    draws: int
    p_value: float


def hierarchy(
    flow: FlowGraph, *, alpha: float = 0.0, l0: float = 0.0, l1: float = 1.0
) -> Hierarchy:
    r"""SpringRank: every person passed on is a spring that holds two nodes ``l1`` rungs apart.

    ``alpha`` is how strongly every node is held to the score ``l0`` besides; with 0 it is not, and
    ``l0`` says nothing.

    .. math:: H(s) = \tfrac12 \sum_{ij} w_{ij} (s_i - s_j - l_1)^2
                   + \tfrac{\alpha}2 \sum_i (s_i - l_0)^2

              [D^{out} + D^{in} - (W + W^T) + \alpha I] \, s
                   = l_1 (d^{out} - d^{in}) + \alpha l_0 \mathbf 1

    The part expected of a pair is :math:`1 / (1 + e^{-2 \beta (s_i - s_j)})`, with the steepness
    β ≥ 0 that makes the directions seen likeliest.

    Source: C. De Bacco, D. B. Larremore, C. Moore, "A physical model for efficient ranking in
    networks", Science Advances 4 (2018).

    Raises:
        ValueError: An ``alpha`` below 0, or a parameter that is no number.

    >>> found = hierarchy(FlowGraph.of("abc", [0, 1], [1, 2], [4, 2]))
    >>> (found.scores.round(6) + 0).tolist(), round(found.energy, 6), found.downward_share
    ([1.0, 0.0, -1.0], 0.0, 1.0)
    """
    if not (math.isfinite(alpha) and alpha >= 0 and math.isfinite(l0) and math.isfinite(l1)):
        raise ValueError("alpha is a number of at least 0; l0 and l1 are numbers")
    springs = _Springs.of(flow, alpha)
    scores = springs.solved(l1 * (springs.given - springs.taken) + alpha * l0)
    difference = scores[springs.source] - scores[springs.target]
    weight = flow.columns.weight
    energy = float(weight @ (difference - l1) ** 2 + alpha * ((scores - l0) ** 2).sum()) / 2
    total, reverse = float(weight.sum()), _reverse(flow)
    steepness = _steepness(weight, difference)
    return Hierarchy(
        flow.columns.nodes,
        scores,
        energy,
        steepness,
        float(weight[difference > 0].sum()) / total if total else None,
        weight / (weight + reverse),
        expit(2 * steepness * difference),
    )


def ladder_by_chance(
    flow: FlowGraph,
    *,
    draws: int = 99,
    seed: int = 1,
    alpha: float = 0.0,
    l0: float = 0.0,
    l1: float = 1.0,
) -> LadderChance:
    r"""Whether the ladder is more than chance: the directions of all people are drawn anew.

    Who passed between a pair stays; each goes either way alike. A real ladder rests at less energy.

    .. math:: p = \frac{1 + \#\{H_{random} \le H\}}{1 + draws}

    Source: as `hierarchy`, "Testing for linear hierarchy in data".

    Raises:
        ValueError: As `hierarchy`; fewer draws than 1 or more than `DRAWS_MAX`; or a weight that is
            a fraction.

    >>> ladder_by_chance(FlowGraph.of("abc", [0, 1, 0], [1, 2, 2], [9, 9, 9])).p_value
    0.01
    """
    if not 1 <= draws <= DRAWS_MAX:
        raise ValueError(f"there are 1 to {DRAWS_MAX} draws")
    seen = hierarchy(flow, alpha=alpha, l0=l0, l1=l1).energy
    people, rng = whole_people(flow), np.random.default_rng(seed)
    springs, reverse = _Springs.of(flow, alpha), _reverse(flow).astype(np.int64)
    size = len(flow.columns.nodes)
    is_first = (springs.source <= springs.target) | (reverse == 0)
    source, target = springs.source[is_first], springs.target[is_first]
    pair = people[is_first] + np.where(source == target, 0, reverse[is_first])
    energies = np.empty(draws)
    for draw in range(draws):
        forth = rng.binomial(pair, 0.5)
        beyond = 2.0 * forth - pair
        net = np.bincount(source, beyond, size) - np.bincount(target, beyond, size)
        scores = springs.solved((l1 * net + alpha * l0).astype(np.float64))
        difference = scores[source] - scores[target]
        held = forth @ (difference - l1) ** 2 + (pair - forth) @ (difference + l1) ** 2
        energies[draw] = (held + alpha * ((scores - l0) ** 2).sum()) / 2
    as_stiff = int((energies <= seen + TOLERANCE * max(seen, 1.0)).sum())
    return LadderChance(
        seen,
        float(energies.mean()),
        float(energies.min()),
        draws,
        (1 + as_stiff) / (1 + draws),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Springs:
    """The system of equations of a flow, whose left side no direction changes."""

    source: npt.NDArray[np.int32]
    target: npt.NDArray[np.int32]
    given: Weights
    taken: Weights
    left: csr_array
    component: npt.NDArray[np.int32]
    is_held: bool

    @classmethod
    def of(cls, flow: FlowGraph, alpha: float) -> _Springs:
        columns, size = flow.columns, len(flow.columns.nodes)
        given = np.bincount(columns.source, columns.weight, size).astype(np.float64)
        taken = np.bincount(columns.target, columns.weight, size).astype(np.float64)
        both = flow.matrix + flow.matrix.T
        left = csr_array(diags_array(given + taken + alpha, shape=(size, size)) - both)
        component = connected_components(both, directed=False)[1] if size else np.empty(0, np.int32)
        return cls(columns.source, columns.target, given, taken, left, component, alpha > 0)

    def solved(self, right: Weights) -> Weights:
        """The scores at rest; of each component with the mean 0 where nothing else holds them."""
        if not right.any():
            return np.zeros_like(right)
        diagonal = self.left.diagonal()
        eased = diags_array(1 / np.where(diagonal > 0, diagonal, 1.0))
        scores, is_open = cg(self.left, right, rtol=TOLERANCE, atol=0.0, maxiter=STEPS_MAX, M=eased)
        if is_open:
            scores = self._factored(right)
        return scores if self.is_held else self._centred(scores)

    def _factored(self, right: Weights) -> Weights:
        """The same by elimination, with the first node of each component held at 0 if need be."""
        is_free = np.ones(right.size, bool)
        if not self.is_held:
            is_free[np.unique(self.component, return_index=True)[1]] = False
        free = np.flatnonzero(is_free)
        scores = np.zeros_like(right)
        scores[free] = spsolve(self.left[free][:, free].tocsc(), right[free])
        return scores

    def _centred(self, scores: Weights) -> Weights:
        sums = np.bincount(self.component, scores)
        return scores - (sums / np.bincount(self.component))[self.component]


def _reverse(flow: FlowGraph) -> Weights:
    """The weight of each edge's reverse, 0 where there is none."""
    source, target = flow.columns.source.astype(np.int64), flow.columns.target.astype(np.int64)
    size = len(flow.columns.nodes)
    key, sought = source * size + target, target * size + source
    if not key.size:
        return np.empty(0)
    place = np.minimum(np.searchsorted(key, sought), key.size - 1)
    return np.where(key[place] == sought, flow.columns.weight[place], 0.0)


def _steepness(weight: Weights, difference: Weights) -> float:
    """The likeliest β: where its derivative is nought, and at a bound where it never is."""

    def slope(beta: float) -> float:
        return float(weight @ (difference * expit(-2 * beta * difference)))

    if slope(0.0) <= 0:
        return 0.0
    if slope(STEEPNESS_MAX) >= 0:
        return STEEPNESS_MAX
    return float(brentq(slope, 0.0, STEEPNESS_MAX, xtol=1e-9))


def hierarchy_in_words(found: Hierarchy, names: Mapping[Node, Text]) -> Text:
    """Who stands where, and how many pass downwards."""
    if found.downward_share is None:
        return Text("この期間に渡った人はいません。", "Nobody was passed on in this window.")
    top = names[found.nodes[int(found.scores.argmax())]]
    bottom = names[found.nodes[int(found.scores.argmin())]]
    return Text(
        f"送り出す側の上端は{top.ja}、受け入れる側の下端は{bottom.ja}で、"
        f"{found.downward_share:.0%}の人が上から下へ渡っています。",
        f"{top.en} stands at the giving end of the ladder and {bottom.en} at the taking end; "
        f"{found.downward_share:.0%} of people pass downwards.",
    )


def ladder_by_chance_in_words(found: LadderChance, _names: Mapping[Node, Text]) -> Text:
    """Whether there is a ladder at all."""
    if found.p_value <= 1 - CONFIDENCE:
        return Text(
            f"上下の順は偶然では説明できません（p = {found.p_value:.3f}）。",
            f"There is a ladder: chance alone does not explain it (p = {found.p_value:.3f}).",
        )
    return Text(
        f"上下の順は偶然の範囲です（p = {found.p_value:.3f}）。",
        f"No ladder is to be seen beyond chance (p = {found.p_value:.3f}).",
    )
