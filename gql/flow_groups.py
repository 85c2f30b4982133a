"""Who works together, and how tightly."""

from __future__ import annotations

from typing import Any

import strawberry

from gql.context import Context
from gql.flow_rows import (
    FlowAnswer,
    OfNode,
    by_node,
    metric_field,
    number,
    rows_field,
)
from network.answering import Answer

SIZES_TOLD = 100


@strawberry.type(description="To which community a node belongs, and whether it bridges others.")
class FlowCommunityEdge(OfNode):
    """Communities are numbered from the largest, which is 0."""

    community: int = strawberry.field(description="The number of its community.")
    participation: float | None = strawberry.field(
        description="0 where all its flow is with one community, near 1 where it is even with many."
    )


@strawberry.type(description="Who already works together, and who bridges.")
class FlowCommunities(FlowAnswer):
    """By modularity, with a fixed seed."""

    modularity: float = strawberry.field(description="How clear the communities are.")
    count: int = strawberry.field(description="How many there are.")
    sizes: list[int] = strawberry.field(
        description=f"The largest {SIZES_TOLD}, in nodes, from the largest."
    )
    rows = rows_field(
        FlowCommunityEdge,
        description="All nodes, those that bridge most first.",
        ranking=lambda answer: by_node(answer.parties, answer.result.participation),
        values=lambda answer, row: {
            "community": int(answer.result.community[row]),
            "participation": number(answer.result.participation[row]),
        },
    )

    @classmethod
    def values(cls, _ctx: Context, answer: Answer) -> dict[str, Any]:
        found = answer.result
        return {
            "modularity": number(found.modularity) or 0.0,
            "count": int(found.sizes.size),
            "sizes": found.sizes[:SIZES_TOLD].tolist(),
        }


@strawberry.type(description="How deep in the network a node lies.")
class FlowCohesionEdge(OfNode):
    """Component 0 is the largest."""

    component: int = strawberry.field(description="The number of its strong component.")
    core: int = strawberry.field(
        description="Its core number: it has so many ties within a part where all do."
    )


@strawberry.type(description="How many triples of nodes have one shape.")
class FlowTriad:
    """Holland and Leinhardt's sixteen."""

    name: str = strawberry.field(description="As 030C: mutual, one-way and absent ties.")
    count: float = strawberry.field(description="How many triples.")


@strawberry.type(description="How tightly the network holds together, and with what shape.")
class FlowCohesion(FlowAnswer):
    """Strong components, cores and triads."""

    component_count: int = strawberry.field(description="How many strong components.")
    component_sizes: list[int] = strawberry.field(
        description=f"The largest {SIZES_TOLD}, in nodes, from the largest."
    )
    triads: list[FlowTriad] = strawberry.field(description="The triad census.")
    rows = rows_field(
        FlowCohesionEdge,
        description="All nodes, those deepest in the core first.",
        ranking=lambda answer: by_node(answer.parties, answer.result.core),
        values=lambda answer, row: {
            "component": int(answer.result.component[row]),
            "core": int(answer.result.core[row]),
        },
    )

    @classmethod
    def values(cls, _ctx: Context, answer: Answer) -> dict[str, Any]:
        found = answer.result
        return {
            "component_count": int(found.component_sizes.size),
            "component_sizes": found.component_sizes[:SIZES_TOLD].tolist(),
            "triads": [
                FlowTriad(name=name, count=float(count)) for name, count in found.triads.items()
            ],
        }


@strawberry.type
class GroupMetrics:
    """The fields of the network about groups."""

    communities = metric_field(
        FlowCommunities, "communities", description="Who already works together."
    )
    cohesion = metric_field(
        FlowCohesion, "cohesion", description="How tightly, and with what shape.", cost=300
    )
