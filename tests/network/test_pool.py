"""Questions in the processes of a pool: spawned, one thread each, the same answer everywhere."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from network.flow import FlowGraph
from network.kernels.threads import networkit
from network.metrics.brokerage import brokerage
from network.metrics.communities import communities


def a_flow() -> FlowGraph:
    draw = np.random.default_rng(3)
    source, target = draw.integers(0, 300, (2, 3_000))
    return FlowGraph.of(range(300), source, target, draw.integers(1, 9, 3_000))


def threads_of_networkit(_: int) -> tuple[int, int]:
    return os.getpid(), networkit().getMaxNumberOfThreads()


def test_a_pool_answers_as_this_process_does() -> None:
    flow = a_flow()
    context = multiprocessing.get_context("spawn")

    # This process has used networkit by now: what is spawned inherits none of it.
    parts, brokers = communities(flow), brokerage(flow)
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        others = [pool.submit(communities, flow) for _ in range(4)]
        exact = pool.submit(brokerage, flow).result(timeout=120)
        found = [one.result(timeout=120).community.tolist() for one in others]
        threads = list(pool.map(threads_of_networkit, range(4), timeout=120))

    assert found == [parts.community.tolist()] * 4
    assert exact.betweenness.tolist() == brokers.betweenness.tolist()
    assert os.getpid() not in {process for process, _ in threads}
    assert {number for _, number in threads} == {1}


def test_a_forked_process_answers_too() -> None:
    """Networkit in one thread begins none that a fork would lose."""
    flow = a_flow()
    here = communities(flow)

    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        there = pool.submit(communities, flow).result(timeout=120)

    assert there.community.tolist() == here.community.tolist()
