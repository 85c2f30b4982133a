"""Giving and taking: who does, whether it comes back, and how evenly."""

from __future__ import annotations

from typing import Any

import numpy as np
import strawberry

from gql.context import Context
from gql.flow_rows import (
    FlowAnswer,
    OfNode,
    OfPair,
    by_node,
    by_pair,
    metric_field,
    number,
    rows_field,
)
from network.answering import Answer
from network.metrics.equity import Spread

LORENZ_POINTS = 101


@strawberry.type(description="What one node gave and took.")
class FlowStrengthEdge(OfNode):
    """People, in numbers."""

    given: float = strawberry.field(description="People it passed on.")
    taken: float = strawberry.field(description="People it was passed.")
    net: float = strawberry.field(description="Given less taken.")


def _strength(answer: Answer, row: int) -> dict[str, Any]:
    found = answer.result
    return {
        "given": float(found.given[row]),
        "taken": float(found.taken[row]),
        "net": float(found.net[row]),
    }


@strawberry.type(description="Who gives and who takes.")
class FlowStrength(FlowAnswer):
    """Sums of the edges' weights."""

    rows = rows_field(
        FlowStrengthEdge,
        description="All nodes, the largest net giver first.",
        ranking=lambda answer: by_node(answer.parties, answer.result.net),
        values=_strength,
    )


@strawberry.type(description="How much of what one node gives comes back to it.")
class FlowReciprocityEdge(OfNode):
    """From the same nodes that it gave to."""

    share: float | None = strawberry.field(
        description="From 0 to 1; null where it gave and took nobody."
    )


@strawberry.type(description="Whether giving comes back.")
class FlowReciprocity(FlowAnswer):
    """Weighted reciprocity."""

    share: float | None = strawberry.field(
        description="Of all people, the part that is returned within their pair; null where there "
        "is nobody."
    )

    @classmethod
    def values(cls, _ctx: Context, answer: Answer) -> dict[str, Any]:
        return {"share": answer.result.of_network}

    rows = rows_field(
        FlowReciprocityEdge,
        description="All nodes, those to whom most comes back first.",
        ranking=lambda answer: by_node(answer.parties, answer.result.of_node),
        values=lambda answer, row: {"share": number(answer.result.of_node[row])},
    )


@strawberry.type(description="How many people go round, of how many.")
class FlowCirculation(FlowAnswer):
    """The largest part of the flow that returns along cycles."""

    people: int = strawberry.field(description="All people passed on.")
    circulating_people: int = strawberry.field(description="Those who go round.")
    looped_people: int = strawberry.field(
        description="Those among them who never left their node, as of an industry that passes on "
        "to itself."
    )
    share: float | None = strawberry.field(
        description="Circulating ÷ all; null where nobody was passed on."
    )

    @classmethod
    def values(cls, _ctx: Context, answer: Answer) -> dict[str, Any]:
        found = answer.result
        return {
            "people": found.people,
            "circulating_people": found.circulating_people,
            "looped_people": found.looped_people,
            "share": found.share,
        }


@strawberry.type(description="A point of a Lorenz curve.")
class FlowLorenzPoint:
    """The poorest so many nodes have so many of the people."""

    nodes: float = strawberry.field(description="Share of the nodes, from 0 to 1.")
    people: float = strawberry.field(description="Share of the people, from 0 to 1.")


@strawberry.type(description="How evenly people are spread over nodes.")
class FlowSpread:
    """0 where all have the same, close to 1 where one has all."""

    gini: float | None = strawberry.field(
        description="The Gini coefficient; null where there is nobody to spread."
    )
    lorenz: list[FlowLorenzPoint] = strawberry.field(
        description=f"The Lorenz curve, in at most {LORENZ_POINTS} points."
    )


def _spread(found: Spread) -> FlowSpread:
    size = found.node_shares.size
    chosen = np.unique(np.linspace(0, size - 1, min(size, LORENZ_POINTS)).astype(int))
    points = [
        FlowLorenzPoint(nodes=float(found.node_shares[one]), people=float(found.people_shares[one]))
        for one in chosen
    ]
    return FlowSpread(gini=found.gini, lorenz=points)


@strawberry.type(description="How evenly giving and taking are spread.")
class FlowEquity(FlowAnswer):
    """Over those who give, and over all."""

    given: FlowSpread = strawberry.field(description="What is given, over those who give.")
    taken: FlowSpread = strawberry.field(description="What is taken, over all.")

    @classmethod
    def values(cls, _ctx: Context, answer: Answer) -> dict[str, Any]:
        found = answer.result
        return {"given": _spread(found.given), "taken": _spread(found.taken)}


@strawberry.type(description="What went to and fro between two nodes.")
class FlowPairBalanceEdge(OfPair):
    """Each pair once."""

    given_people: float = strawberry.field(description="There.")
    taken_people: float = strawberry.field(description="And back.")
    give_to_take: float | None = strawberry.field(
        description="Given ÷ taken; null where nothing came back."
    )


def _balance(answer: Answer, row: int) -> dict[str, Any]:
    found = answer.result
    return {
        "given_people": float(found.given_people[row]),
        "taken_people": float(found.taken_people[row]),
        "give_to_take": number(found.give_to_take[row]),
    }


@strawberry.type(description="Whether pairs give both ways.")
class FlowPairBalances(FlowAnswer):
    """All pairs with any flow."""

    rows = rows_field(
        FlowPairBalanceEdge,
        description="The pairs, those with most people first.",
        ranking=lambda answer: by_pair(
            answer.parties,
            answer.result.given_people + answer.result.taken_people,
            answer.result.first,
            answer.result.second,
        ),
        values=_balance,
    )


@strawberry.type
class GivingMetrics:
    """The fields of the network about giving and taking."""

    strength = metric_field(
        FlowStrength, "strength", description="Who gives and who takes: sums of weights."
    )
    reciprocity = metric_field(
        FlowReciprocity, "reciprocity", description="Whether giving comes back, within each pair."
    )
    circulation = metric_field(
        FlowCirculation,
        "circulation",
        description="Whether talent goes round or runs off.",
        cost=300,
    )
    equity = metric_field(
        FlowEquity, "equity", description="How evenly giving and taking are spread."
    )
    pair_balance = metric_field(
        FlowPairBalances, "pair_balance", description="What goes to and fro between two."
    )
