"""Where nodes stand: above and below, in the middle, and missed if they left."""

from __future__ import annotations

from typing import Any

import numpy as np
import strawberry

from gql.context import Context
from gql.flow_rows import (
    FlowAnswer,
    OfNode,
    OfPair,
    Ranking,
    by_node,
    metric_field,
    number,
    rows_field,
)
from network.answering import Answer


@strawberry.type(description="Where a node stands on the ladder.")
class FlowHierarchyEdge(OfNode):
    """One point is one rung."""

    score: float = strawberry.field(
        description="People pass, on the whole, from higher to lower scores."
    )


@strawberry.type(description="Whether there is a ladder, and who is above whom (SpringRank).")
class FlowHierarchy(FlowAnswer):
    """The scores at rest of springs between those who pass on and those who take."""

    downward_share: float | None = strawberry.field(
        description="The part of the people who passed from a higher to a lower node."
    )
    steepness: float = strawberry.field(
        description="How surely people pass downwards: 0 is by chance."
    )
    energy: float = strawberry.field(description="What the springs hold at rest.")
    rows = rows_field(
        FlowHierarchyEdge,
        description="All nodes, the highest first.",
        ranking=lambda answer: by_node(answer.parties, answer.result.scores),
        values=lambda answer, row: {"score": float(answer.result.scores[row])},
    )

    @classmethod
    def values(cls, _ctx: Context, answer: Answer) -> dict[str, Any]:
        found = answer.result
        return {
            "downward_share": found.downward_share,
            "steepness": number(found.steepness) or 0.0,
            "energy": float(found.energy),
        }


@strawberry.type(description="How far a node's candidates spread, and how many gather there.")
class FlowReachEdge(OfNode):
    """Shares that each sum to 1 over all nodes."""

    pagerank: float = strawberry.field(description="Where people gather: weighted PageRank.")
    hub: float = strawberry.field(description="It gives to those who gather many.")
    authority: float = strawberry.field(description="It takes from those who give to many.")


@strawberry.type(description="Whose candidates spread, and where they gather.")
class FlowReach(FlowAnswer):
    """PageRank, hubs and authorities."""

    rows = rows_field(
        FlowReachEdge,
        description="All nodes, those where most gather first.",
        ranking=lambda answer: by_node(answer.parties, answer.result.pagerank),
        values=lambda answer, row: {
            "pagerank": float(answer.result.pagerank[row]),
            "hub": float(answer.result.hub[row]),
            "authority": float(answer.result.authority[row]),
        },
    )


@strawberry.type(description="How many ways lead through a node.")
class FlowBrokerageEdge(OfNode):
    """Betweenness, with the distance 1 ÷ people."""

    betweenness: float = strawberry.field(
        description="The part of the pairs of others whose shortest way leads through it."
    )
    standard_error: float = strawberry.field(description="Of betweenness; 0 where it is exact.")
    constraint: float | None = strawberry.field(
        description="Burt's constraint: low where it joins groups that would not meet; null "
        "without a tie."
    )


@strawberry.type(description="Who joins groups that would not meet.")
class FlowBrokerage(FlowAnswer):
    """Exact up to 5,000 nodes, sampled above."""

    sources: int = strawberry.field(description="From so many nodes ways were looked for.")
    rows = rows_field(
        FlowBrokerageEdge,
        description="All nodes, those on most ways first.",
        ranking=lambda answer: by_node(answer.parties, answer.result.betweenness),
        values=lambda answer, row: {
            "betweenness": float(answer.result.betweenness[row]),
            "standard_error": float(answer.result.standard_error[row]),
            "constraint": number(answer.result.constraint[row]),
        },
    )

    @classmethod
    def values(cls, _ctx: Context, answer: Answer) -> dict[str, Any]:
        return {"sources": int(answer.result.sources)}


@strawberry.type(description="What a node's leaving would cost.")
class FlowFragilityEdge(OfNode):
    """The people who passed through it."""

    people_lost: float = strawberry.field(description="People whose hand-over it was part of.")
    share_lost: float | None = strawberry.field(description="Of all people who passed.")
    is_articulation_point: bool = strawberry.field(
        description="Whether the network falls into more parts without it."
    )


@strawberry.type(description="An edge without which the network falls into more parts.")
class FlowBridgeEdge(OfPair):
    """Seen without its direction."""


def _bridges(answer: Answer) -> Ranking:
    ends = np.array(answer.result.bridges, np.int64).reshape(-1, 2)
    return Ranking(answer.parties, np.zeros(len(ends)), (ends[:, 0], ends[:, 1]))


@strawberry.type(description="Whom the network cannot lose.")
class FlowFragility(FlowAnswer):
    """Articulation points, bridges, and the flow lost when a node leaves."""

    articulation_point_count: int = strawberry.field(
        description="How many nodes hold parts together alone."
    )
    bridge_count: int = strawberry.field(description="How many edges do.")
    rows = rows_field(
        FlowFragilityEdge,
        description="All nodes, those whose leaving costs most first.",
        ranking=lambda answer: by_node(answer.parties, answer.result.people_lost),
        values=lambda answer, row: {
            "people_lost": float(answer.result.people_lost[row]),
            "share_lost": number(answer.result.share_lost[row]),
            "is_articulation_point": row in answer.result.articulation_points,
        },
    )
    bridges = rows_field(
        FlowBridgeEdge,
        description="The bridges, by the keys of their nodes.",
        ranking=_bridges,
        values=lambda _answer, _row: {},
    )

    @classmethod
    def values(cls, _ctx: Context, answer: Answer) -> dict[str, Any]:
        found = answer.result
        return {
            "articulation_point_count": len(found.articulation_points),
            "bridge_count": len(found.bridges),
        }


@strawberry.type
class StandingMetrics:
    """The fields of the network about where nodes stand."""

    hierarchy = metric_field(
        FlowHierarchy, "hierarchy", description="Whether there is a ladder, who is above whom."
    )
    reach = metric_field(
        FlowReach, "reach", description="Whose candidates spread, where they gather."
    )
    brokerage = metric_field(
        FlowBrokerage,
        "brokerage",
        description="Who joins groups that would not meet.",
        cost=300,
    )
    fragility = metric_field(
        FlowFragility, "fragility", description="Whom the network cannot lose."
    )
