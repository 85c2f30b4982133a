"""PageRank, hubs and authorities."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings

from network.flow import FlowGraph
from network.metrics.reach import reach, reach_in_words
from tests.network.flows import flow_of, flows, names_of, plain


@settings(deadline=None)
@given(flows(nodes_min=1))
def test_pagerank_is_networkx_s(flow: FlowGraph) -> None:
    expected = nx.pagerank(plain(flow), tol=1e-13, max_iter=2_000)

    assert reach(flow).pagerank == pytest.approx(list(expected.values()), abs=1e-9)


@settings(deadline=None)
@given(flows(nodes_min=1, nodes_max=8))
def test_hubs_and_authorities_are_the_first_singular_vectors(flow: FlowGraph) -> None:
    found = reach(flow)

    matrix = flow.matrix.toarray()
    if not matrix.any():
        assert not found.hub.any()
        assert not found.authority.any()
        return
    first = np.linalg.svd(matrix)[1][0]
    assert found.hub.sum() == pytest.approx(1)
    assert found.authority.sum() == pytest.approx(1)
    assert (found.hub >= 0).all()
    assert (found.authority >= 0).all()
    # What is given and taken along the edges and back is the same again, times the largest value.
    there_and_back = matrix.T @ (matrix @ found.authority)
    assert there_and_back / first**2 == pytest.approx(found.authority, abs=1e-6)


def test_where_networkx_has_one_answer_it_is_ours() -> None:
    flow = flow_of(4, [(0, 1, 3), (0, 2, 1), (1, 2, 2), (3, 2, 2), (2, 0, 1)])

    hubs, authorities = nx.hits(plain(flow), tol=1e-14)
    found = reach(flow)

    assert found.hub == pytest.approx(list(hubs.values()), abs=1e-8)
    assert found.authority == pytest.approx(list(authorities.values()), abs=1e-8)


def test_by_hand() -> None:
    # a gives all to b, b gives nothing on: x_a = 0.15/2 + 0.85 x_b/2, x_a + x_b = 1.
    found = reach(flow_of(2, [(0, 1, 7)]))

    x_a = (0.075 + 0.425) / 1.425
    assert found.pagerank == pytest.approx([x_a, 1 - x_a], abs=1e-9)
    assert found.hub.tolist() == [1, 0]
    assert found.authority.tolist() == [0, 1]


@pytest.mark.parametrize("damping", [-0.1, 1.0, float("nan")])
def test_a_damping_out_of_bounds_is_refused(damping: float) -> None:
    with pytest.raises(ValueError, match="damping"):
        reach(flow_of(2, [(0, 1, 1)]), damping=damping)


def test_in_words() -> None:
    flow = flow_of(3, [(0, 2, 5), (1, 2, 3)])

    text = reach_in_words(reach(flow), names_of(flow))

    assert text.en == (
        "Followed to its end, the flow gathers most at Company n2 (57.4%); "
        "Company n0 gives most to those where people gather."
    )
    assert text.ja.startswith("流れを最後までたどると人が最も集まるのは会社n2（57.4%）")
