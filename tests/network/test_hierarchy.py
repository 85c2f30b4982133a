"""SpringRank: against the published scores, its energy, and hand-worked ladders."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import spearmanr

from network.flow import FlowGraph
from network.metrics import hierarchy as module
from network.metrics.hierarchy import (
    DRAWS_MAX,
    STEEPNESS_MAX,
    hierarchy,
    hierarchy_in_words,
    ladder_by_chance,
    ladder_by_chance_in_words,
)
from tests.network.awkward import AWKWARD, flows, names_in

SHARED = Path(__file__).parents[3] / "shared" / "data"
awkward = pytest.mark.parametrize("made", AWKWARD.values(), ids=AWKWARD)


def hiring() -> tuple[FlowGraph, np.ndarray]:
    if not SHARED.is_dir():
        pytest.skip("../shared/data, with the real hiring flows, is not on this machine")
    with (SHARED / "us_cs_hiring_flows.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    with (SHARED / "us_cs_hiring_springrank.csv").open() as lines:
        published = {row["id"]: float(row["springrank"]) for row in csv.DictReader(lines)}
    nodes = sorted(published)
    place = {node: number for number, node in enumerate(nodes)}
    source, target = ([place[row[end]] for row in rows] for end in ("source", "target"))
    flow = FlowGraph.of(nodes, source, target, [int(row["hires"]) for row in rows])
    return flow, np.array([published[node] for node in nodes])


def test_the_hiring_flows_rank_as_published() -> None:
    flow, published = hiring()
    found = hierarchy(flow, alpha=0, l0=1, l1=1)

    assert len(found.nodes) == 205
    assert flow.columns.weight.sum() == 4_388
    assert spearmanr(found.scores, published).statistic > 0.999
    # Scores of one component are known up to a shift.
    shifted = found.scores - published
    assert np.ptp(shifted) < 0.01


def test_the_hiring_flows_are_a_ladder() -> None:
    flow, _ = hiring()

    assert ladder_by_chance(flow, draws=19).p_value == 0.05
    assert hierarchy(flow).downward_share == pytest.approx(0.80, abs=0.01)


@settings(deadline=None)
@given(flows(), st.floats(0.1, 3), st.floats(-2, 2), st.floats(-2, 2))
def test_the_scores_are_where_the_energy_is_least(
    flow: FlowGraph, alpha: float, l0: float, l1: float
) -> None:
    found = hierarchy(flow, alpha=alpha, l0=l0, l1=l1)
    columns = flow.columns

    def energy(scores: np.ndarray) -> float:
        springs = (scores[columns.source] - scores[columns.target] - l1) ** 2
        return float(columns.weight @ springs + alpha * ((scores - l0) ** 2).sum()) / 2

    assert found.energy == pytest.approx(energy(found.scores), rel=1e-9, abs=1e-9)
    least = minimize(energy, np.zeros(len(columns.nodes)))
    assert found.energy <= least.fun + 1e-6


@settings(deadline=None)
@given(flows(), st.floats(-5, 5))
def test_where_the_springs_are_held_moves_every_score_alike(flow: FlowGraph, l0: float) -> None:
    held, moved = hierarchy(flow, alpha=0.5), hierarchy(flow, alpha=0.5, l0=l0)

    assert moved.scores == pytest.approx(held.scores + l0, abs=1e-8)


@settings(deadline=None)
@given(flows())
def test_turned_round_the_ladder_stands_on_its_head(flow: FlowGraph) -> None:
    columns = flow.columns
    turned = FlowGraph.of(columns.nodes, columns.target, columns.source, columns.weight)

    assert hierarchy(turned).scores == pytest.approx(-hierarchy(flow).scores, abs=1e-8)


@settings(deadline=None)
@given(flows())
def test_elimination_and_iteration_agree(flow: FlowGraph) -> None:
    found = hierarchy(flow)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "cg", lambda left, right, **_: (np.zeros_like(right), 1))
        eliminated = hierarchy(flow)

    assert eliminated.scores == pytest.approx(found.scores, abs=1e-8)


def test_a_long_chain_is_climbed_rung_by_rung() -> None:
    size = 3_000
    places = np.arange(size - 1)
    found = hierarchy(FlowGraph.of(range(size), places, places + 1, [1] * (size - 1)))

    assert -np.diff(found.scores) == pytest.approx(np.ones(size - 1), abs=1e-6)


def test_two_that_pass_to_and_fro() -> None:
    # d_out - d_in = (2, -2), and 4 people between the two: 4 (s_a - s_b) = 2, so that they stand
    # half a rung apart. H = (3 (½ - 1)² + 1 (-½ - 1)²) / 2 = (¾ + 9/4) / 2 = 1.5.
    # 3 of 4 went down: 1 / (1 + e^(-2β·½)) = ¾ gives β = ln 3.
    found = hierarchy(FlowGraph.of("ab", [0, 1], [1, 0], [3, 1]))

    assert found.scores == pytest.approx([0.25, -0.25])
    assert found.energy == pytest.approx(1.5)
    assert found.steepness == pytest.approx(np.log(3))
    assert found.downward_share == 0.75
    assert found.seen_share.tolist() == [0.75, 0.25]
    assert found.expected_share == pytest.approx([0.75, 0.25])


def test_a_ladder_that_nobody_climbs_is_as_steep_as_is_told() -> None:
    found = hierarchy(FlowGraph.of("abc", [0, 1], [1, 2], [4, 2]))

    assert found.steepness == STEEPNESS_MAX
    assert found.expected_share == pytest.approx([1, 1])


@awkward
def test_awkward_graphs(made: Callable[[], FlowGraph]) -> None:
    flow = made()
    found = hierarchy(flow)

    assert found.scores.shape == (len(flow.columns.nodes),)
    assert found.seen_share.shape == found.expected_share.shape == flow.columns.weight.shape
    assert np.isfinite(found.scores).all()
    assert ((found.seen_share > 0) & (found.seen_share <= 1)).all()
    assert hierarchy_in_words(found, names_in(flow)).ja
    chance = ladder_by_chance(flow, draws=9)
    assert chance.energy == found.energy
    assert 0.1 <= chance.p_value <= 1
    assert ladder_by_chance_in_words(chance, {}).en


def test_where_all_is_mutual_nobody_is_above() -> None:
    found = hierarchy(AWKWARD["all_mutual"]())

    assert found.scores.tolist() == [0, 0, 0, 0]
    assert (found.steepness, found.downward_share) == (0, 0)


def test_components_are_centred_each_by_itself() -> None:
    # Half a rung and a bit: 5 (s_a - s_b) = 1 in one; a whole rung in the other; e alone.
    found = hierarchy(AWKWARD["disconnected"]())

    assert found.scores == pytest.approx([0.1, -0.1, 0.5, -0.5, 0])


def test_random_directions_make_no_ladder() -> None:
    rng = np.random.default_rng(5)
    pairs = [(one, other) for one in range(30) for other in range(one)]
    forth = rng.binomial(10, 0.5, len(pairs))
    ends = np.array(pairs).T
    flow = FlowGraph.of(
        range(30), [*ends[0], *ends[1]], [*ends[1], *ends[0]], [*forth, *(10 - forth)]
    )
    found = ladder_by_chance(flow, draws=99, seed=3)

    assert found.p_value > 0.05
    assert found.random_energy_min < found.random_energy_mean
    assert "No ladder" in ladder_by_chance_in_words(found, {}).en


def test_people_who_stay_hold_their_springs_in_every_direction() -> None:
    # Seven springs of a node to itself are each a rung long: 7 · 1² / 2, whoever is turned round.
    found = ladder_by_chance(AWKWARD["one_node_with_a_self_loop"](), draws=9)

    assert (found.energy, found.random_energy_mean, found.random_energy_min) == (3.5, 3.5, 3.5)
    assert found.p_value == 1


def test_the_same_seed_draws_the_same() -> None:
    flow = AWKWARD["ones_and_a_million"]()

    assert ladder_by_chance(flow, seed=7) == ladder_by_chance(flow, seed=7)
    assert ladder_by_chance(flow, seed=7) != ladder_by_chance(flow, seed=8)


def test_words_name_both_ends() -> None:
    flow = FlowGraph.of("abc", [0, 1], [1, 2], [4, 2])
    words = hierarchy_in_words(hierarchy(flow), names_in(flow))

    assert words.en == (
        "a Inc. stands at the giving end of the ladder and c Inc. at the taking end; "
        "100% of people pass downwards."
    )
    assert "a社" in words.ja


@pytest.mark.parametrize("wrong", [{"alpha": -1.0}, {"alpha": float("inf")}, {"l1": float("nan")}])
def test_parameters_out_of_bounds_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="alpha"):
        hierarchy(AWKWARD["star"](), **wrong)


@pytest.mark.parametrize("draws", [0, DRAWS_MAX + 1])
def test_draws_are_bounded(draws: int) -> None:
    with pytest.raises(ValueError, match="draws"):
        ladder_by_chance(AWKWARD["star"](), draws=draws)
