"""Partners to consider: each part of the score, by hand and by networkx."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.partner_fit import Need
from network import recommend as module
from network.flow import FlowGraph, Node
from network.recommend import (
    TOP_MAX,
    PartKind,
    PartnersToConsider,
    partners_to_consider,
    reasons_in_words,
)
from tests.network.awkward import AWKWARD, flows, names_of

awkward = pytest.mark.parametrize("made", AWKWARD.values(), ids=AWKWARD)

FLOW = FlowGraph.of(
    ["a", "b", "c", "x", "y", "z"],
    # a and b both give to x and y; z gives to b; c gives to y. x has 2 neighbours, y 3, z 1.
    [0, 0, 1, 1, 5, 2],
    [3, 4, 3, 4, 1, 4],
    [5, 5, 1, 9, 2, 4],
)
NEEDS: Mapping[Node, Mapping[str, Need]] = {
    "a": {"SALES": Need(6, 0), "ENGINEERING": Need(2, 1)},
    "b": {"SALES": Need(0, 2), "ENGINEERING": Need(3, 0), "DESIGN": Need(1, 0)},
}


def asked(**more: object) -> tuple[PartnersToConsider, ...]:
    given: dict[str, object] = {"companies": "abc", "partnerships": [], "needs": NEEDS, **more}
    return partners_to_consider(FLOW, **given)  # type: ignore[arg-type]


def scores(found: PartnersToConsider) -> dict[PartKind, float | None]:
    return {part.kind: part.score for part in found.parts}


def test_a_pair_by_hand() -> None:
    [found] = [one for one in asked() if (one.one, one.other) == ("a", "b")]

    # Shared are x (2 neighbours) and y (3): ½ + ⅓ = 5/6. Of a with itself the same; b has z too.
    assert found.shared_neighbours == 2
    assert found.resource_allocation == pytest.approx(5 / 6)
    neighbours = (5 / 6) / np.sqrt(5 / 6 * 11 / 6)
    # b seeks sales: 6 of the 8 that a turned down. a seeks engineering: 3 of b's 4. Balance: 3/6.
    assert scores(found) == {
        PartKind.NEIGHBOURS: pytest.approx(neighbours),
        PartKind.DEMAND: pytest.approx((6 / 8 + 3 / 4) / 2),
        PartKind.BALANCE: 0.5,
    }
    assert found.score == pytest.approx(0.4 * neighbours + 0.4 * 0.75 + 0.2 * 0.5)
    assert (found.giving, found.giving_people) == (("SALES",), 6)
    assert (found.taking, found.taking_people) == (("ENGINEERING",), 3)


def test_what_cannot_be_judged_is_left_out_of_the_mean() -> None:
    [found] = asked(needs={}, of="c", top=1)

    assert scores(found)[PartKind.DEMAND] is None
    assert scores(found)[PartKind.BALANCE] is None
    assert found.score == scores(found)[PartKind.NEIGHBOURS]


def test_partners_are_left_out_also_those_of_three() -> None:
    assert asked(partnerships=["abc"]) == ()
    left = asked(partnerships=[("a", "b", "stranger")])
    assert [(one.one, one.other) for one in left] == [("a", "c"), ("b", "c")]


def test_of_one_it_is_the_first_of_every_pair() -> None:
    found = asked(of="b")

    assert {one.one for one in found} == {"b"}
    by_other = {one.other: one.score for one in found}
    every = {(one.one, one.other): one.score for one in asked()}
    assert by_other == {"a": every["a", "b"], "c": every["b", "c"]}


def test_the_best_come_first_and_no_more_than_asked() -> None:
    found = asked()

    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert asked(top=1) == found[:1]


def test_pairs_for_which_nothing_speaks_are_left_out() -> None:
    flow = FlowGraph.of("abxy", [0, 1], [2, 3], [1, 1])

    assert partners_to_consider(flow, companies="ab", partnerships=[], needs={}) == ()


def test_companies_without_any_flow_are_judged_by_their_needs() -> None:
    found = partners_to_consider(
        FlowGraph.of((), (), (), ()), companies="ab", partnerships=[], needs=NEEDS
    )

    assert [scores(one)[PartKind.NEIGHBOURS] for one in found] == [None]


@settings(deadline=None, max_examples=60)
@given(flows())
def test_the_index_is_networkx_s(flow: FlowGraph) -> None:
    nodes = flow.columns.nodes
    undirected: nx.Graph[Node] = nx.Graph()
    undirected.add_nodes_from(nodes)
    ends = zip(flow.columns.source, flow.columns.target, strict=True)
    undirected.add_edges_from((nodes[i], nodes[j]) for i, j in ends if i != j)
    found = partners_to_consider(flow, companies=nodes, partnerships=[], needs={}, top=TOP_MAX)

    theirs = {
        (one, other): index
        for one, other, index in nx.resource_allocation_index(
            undirected,
            [(i, j) for i in nodes for j in nodes if i < j],  # type: ignore[operator]
        )
        if index
    }
    ours = {(one.one, one.other): one.resource_allocation for one in found}
    assert ours == pytest.approx(theirs)
    for one in found:
        assert one.shared_neighbours == len(
            set(nx.common_neighbors(undirected, one.one, one.other))
        )


needs = st.dictionaries(
    st.sampled_from("abcde"),
    st.dictionaries(
        st.sampled_from(["SALES", "DESIGN"]),
        st.builds(Need, st.integers(0, 5), st.integers(0, 2)),
    ),
)


@settings(deadline=None, max_examples=60)
@given(needs, st.integers(1, 8))
def test_in_blocks_it_is_the_same(drawn: Mapping[Node, Mapping[str, Need]], top: int) -> None:
    flow = AWKWARD["disconnected"]()
    given = {"companies": "abcde", "partnerships": ["ac"], "needs": drawn, "top": top}
    whole = partners_to_consider(flow, **given)  # type: ignore[arg-type]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BLOCK_CELLS", 5)
        rows = partners_to_consider(flow, **given)  # type: ignore[arg-type]

    assert rows == whole
    for one in whole:
        assert 0 < one.score <= 1
        assert all(part.score is None or 0 <= part.score <= 1 for part in one.parts)


@awkward
def test_awkward_graphs(made: Callable[[], FlowGraph]) -> None:
    flow = made()
    nodes = flow.columns.nodes
    found = partners_to_consider(flow, companies=nodes, partnerships=[], needs={})

    assert all(one.one != one.other for one in found)
    for one in found:
        assert reasons_in_words(one, names_of(*nodes))


def test_reasons_in_words() -> None:
    [found] = [one for one in asked() if (one.one, one.other) == ("a", "b")]
    reasons = reasons_in_words(found, names_of("a", "b"))

    assert [one.en for one in reasons] == [
        "Both exchange people with the same 2 organizations.",
        "b Inc. seeks what a Inc. turned people down for: Sales.",
        "a Inc. seeks what b Inc. turned people down for: ENGINEERING.",
        "Each has people for the other (6 and 3).",
    ]
    assert reasons[0].ja == "2の組織が両社と人をやり取りしています。"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"top": 0}, "pairs are told"),
        ({"top": TOP_MAX + 1}, "pairs are told"),
        ({"companies": "aa"}, "named once"),
        ({"of": "stranger"}, "one of the companies"),
    ],
)
def test_bounds(wrong: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        asked(**wrong)


def test_too_many_companies_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "COMPANIES_MAX", 2)

    with pytest.raises(ValueError, match="at most 2 companies"):
        asked()
