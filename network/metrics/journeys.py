"""The roads people take."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.rules.lifecycles import ReferralStatus
from models.vocabulary.text import Text
from network.flow import Node, Weights
from network.journeys import HIRES, JourneyTable
from network.people import People
from network.table import EVENTS

TOP_MAX = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Roads:
    """The chains taken most often, and all journeys by length and outcome.

    ``chain_journeys``, ``chain_hires`` and ``chain_share`` have a value for each of ``chains``, the
    most frequent first; a share is of all ``journeys``. ``length_journeys`` has a row for each of
    ``lengths`` (hand-overs: a chain of three organizations has two) and a column for each of
    `EVENTS`, how the journey ended. ``mean_hire_length`` is hand-overs up to a hire; no number
    where nobody was hired.
    """

    journeys: int
    chains: tuple[tuple[Node, ...], ...]
    chain_journeys: People
    chain_hires: People
    chain_share: Weights
    lengths: npt.NDArray[np.int64]
    length_journeys: People
    mean_hire_length: float


def roads(
    table: JourneyTable, *, top: int = 20, outcomes: Collection[ReferralStatus] = HIRES
) -> Roads:
    r"""The most frequent chains of organizations, their lengths and outcomes.

    ``outcomes`` are what counts as a hire.

    .. math:: share(c) = n_c \Big/ \sum_k n_k, \quad \overline{length} =
              \sum_{c} (|c| - 1) \, h_c \Big/ \sum_c h_c

    with :math:`n_c` journeys through a chain and :math:`h_c` of them that ended in a hire.

    Raises:
        ValueError: ``top`` is not 1 to `TOP_MAX`.

    >>> table = JourneyTable((("a", "b", "c"), ("a", "b")), *(np.array(column) for column in (
    ...     [0, 1], [24312, 24312], [EVENTS.index("HIRED"), EVENTS.index("WITHDRAWN")], [2, 6])))
    >>> found = roads(table)
    >>> found.chains, found.chain_share.tolist(), found.mean_hire_length
    ((('a', 'b'), ('a', 'b', 'c')), [0.75, 0.25], 2.0)
    """
    if not 1 <= top <= TOP_MAX:
        raise ValueError(f"1 to {TOP_MAX} chains are told")
    size = len(table.chains)
    hired = table.where(outcomes=outcomes)
    taken = np.bincount(table.chain, table.journeys, size).astype(np.int64)
    hires = np.bincount(hired.chain, hired.journeys, size).astype(np.int64)
    length = np.array([len(chain) - 1 for chain in table.chains], np.int64)
    lengths, row = np.unique(length, return_inverse=True)
    place = row[table.chain] * len(EVENTS) + table.outcome
    by_length = np.bincount(place, table.journeys, lengths.size * len(EVENTS)).astype(np.int64)
    order = np.argsort(-taken, kind="stable")[:top]
    order = order[taken[order] > 0]
    total = int(taken.sum())
    return Roads(
        total,
        tuple(table.chains[one] for one in order),
        taken[order],
        hires[order],
        taken[order] / max(total, 1),
        lengths,
        by_length.reshape(lengths.size, len(EVENTS)),
        float(length @ hires) / float(hires.sum()) if hires.any() else float("nan"),
    )


def roads_in_words(found: Roads, names: Mapping[Node, Text]) -> Text:
    """The road most taken, and how long the way to a hire is."""
    if not found.chains:
        return Text("この期間に終わった道のりはありません。", "No journey ended in this window.")
    chain = [names[node] for node in found.chains[0]]
    ja, en = "→".join(one.ja for one in chain), " → ".join(one.en for one in chain)
    told = Text(
        f"{found.journeys:,}件のうち最も多い道のりは{ja}（{found.chain_journeys[0]:,}件、"
        f"うち採用{found.chain_hires[0]:,}件）です。",
        f"Of {found.journeys:,} journeys the most frequent went {en} "
        f"({found.chain_journeys[0]:,}, of which {found.chain_hires[0]:,} ended in a hire).",
    )
    if np.isnan(found.mean_hire_length):
        return told
    return Text(
        f"{told.ja}採用までの引き渡しは平均{found.mean_hire_length:.1f}回です。",
        f"{told.en} A hire took {found.mean_hire_length:.1f} hand-overs on average.",
    )
