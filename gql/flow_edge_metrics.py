"""Which edges stand out: against noise, against size, and against another window."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import numpy as np
import strawberry

from gql.batch import Batched, relation
from gql.context import Context
from gql.enums import described
from gql.flow_rows import (
    METRIC_COST_POINTS,
    FlowAnswer,
    OfPair,
    Ranking,
    by_pair,
    each,
    metric_field,
    number,
    rows_field,
)
from models.errors import InvalidInput
from network.answering import Answer
from network.metrics.backbone import LEVEL
from network.metrics.change import MOVES, Moved

described(
    Moved,
    "What became of an edge between two windows, in people a day.",
    BORN="It was not there before.",
    GONE="It is there no more.",
    GROWN="More people a day.",
    SHRUNK="Fewer people a day.",
    SAME="As many people a day.",
)


@strawberry.type(description="An edge that is more than noise.")
class FlowBackboneEdge(OfPair):
    """As seen from either of its ends."""

    people: float = strawberry.field(description="How many.")
    p_given: float = strawberry.field(
        description="How likely so large a part of what the source gave is by chance."
    )
    p_taken: float = strawberry.field(description="The same of what the target took.")


def _kept(answer: Answer) -> Ranking:
    columns = answer.flow.columns
    [kept] = np.nonzero(answer.result.is_kept)
    return by_pair(answer.parties, columns.weight[kept], columns.source[kept], columns.target[kept])


def _backbone(answer: Answer, row: int) -> dict[str, Any]:
    columns = answer.flow.columns
    [kept] = np.nonzero(answer.result.is_kept)
    edge = int(kept[row])
    return {
        "people": float(columns.weight[edge]),
        "p_given": float(answer.result.p_given[edge]),
        "p_taken": float(answer.result.p_taken[edge]),
    }


@strawberry.type(description="The edges that are more than noise (disparity filter).")
class FlowBackbone(FlowAnswer):
    """Those below the level, from either end."""

    level: float = strawberry.field(description="Up to which likelihood an edge is kept.")
    people: float = strawberry.field(description="People on all edges.")
    kept_people: float = strawberry.field(description="People on those that are kept.")
    edge_count: int = strawberry.field(description="All edges.")
    kept_count: int = strawberry.field(description="Those that are kept.")
    rows = rows_field(
        FlowBackboneEdge,
        description="The edges that are kept, those with most people first.",
        ranking=_kept,
        values=_backbone,
    )

    @classmethod
    def values(cls, _ctx: Context, answer: Answer) -> dict[str, Any]:
        found = answer.result
        return {
            "level": found.level,
            "people": float(found.people),
            "kept_people": float(found.kept_people),
            "edge_count": int(found.is_kept.size),
            "kept_count": int(found.is_kept.sum()),
        }


@strawberry.type(description="A pair with more, or fewer, people than size alone explains.")
class FlowSurpriseEdge(OfPair):
    """Seen and expected."""

    seen_people: float = strawberry.field(description="How many passed.")
    expected_people: float = strawberry.field(
        description="How many would, if everyone were passed on at random."
    )
    p_value: float = strawberry.field(
        description="How likely that is by size alone, corrected for all pairs."
    )
    is_more: bool = strawberry.field(description="More than size alone explains.")
    is_less: bool = strawberry.field(description="Less than size alone explains.")


def _surprise(answer: Answer, row: int) -> dict[str, Any]:
    found = answer.result
    p_value = float(found.p_corrected[row])
    surprises = p_value <= found.level
    more = bool(found.p_more[row] < found.p_less[row])
    return {
        "seen_people": float(found.seen_people[row]),
        "expected_people": float(found.expected_people[row]),
        "p_value": p_value,
        "is_more": surprises and more,
        "is_less": surprises and bool(found.p_less[row] < found.p_more[row]),
    }


@strawberry.type(description="What is more, or less, than size alone explains.")
class FlowSurprise(FlowAnswer):
    """Against a configuration model."""

    level: float = strawberry.field(description="Up to which corrected likelihood it surprises.")
    tests: int = strawberry.field(description="How many pairs were corrected for.")
    more_count: int = strawberry.field(description="How many pairs have surprisingly many.")
    less_count: int = strawberry.field(description="How many have surprisingly few.")
    rows = rows_field(
        FlowSurpriseEdge,
        description="The pairs, the most surprising first.",
        ranking=lambda answer: by_pair(
            answer.parties,
            -answer.result.p_corrected,
            answer.result.source,
            answer.result.target,
        ),
        values=_surprise,
    )

    @classmethod
    def values(cls, _ctx: Context, answer: Answer) -> dict[str, Any]:
        found = answer.result
        return {
            "level": found.level,
            "tests": min(int(found.tests), 2**31 - 1),
            "more_count": int(found.is_more.sum()),
            "less_count": int(found.is_less.sum()),
        }


@strawberry.type(description="What became of an edge since another window.")
class FlowChangeEdge(OfPair):
    """In people a day, since windows may differ in length."""

    before_people: float = strawberry.field(description="How many passed in the other window.")
    after_people: float = strawberry.field(description="How many passed in this one.")
    rate_ratio: float | None = strawberry.field(
        description="People a day, after ÷ before; null for what was born."
    )
    moved: Moved = strawberry.field(description="What became of it.")
    p_value: float = strawberry.field(
        description="How likely so large a difference is by chance, corrected for all edges."
    )
    is_significant: bool = strawberry.field(description="Whether it is more than chance.")


def _change(answer: Answer, row: int) -> dict[str, Any]:
    found = answer.result
    p_value = float(found.p_corrected[row])
    return {
        "before_people": float(found.before_people[row]),
        "after_people": float(found.after_people[row]),
        "rate_ratio": number(found.rate_ratio[row]),
        "moved": MOVES[int(found.moved[row])],
        "p_value": p_value,
        "is_significant": p_value <= found.level,
    }


@strawberry.type(description="What moved since another window.")
class FlowChange(FlowAnswer):
    """Edges born, gone, grown and shrunk."""

    level: float = strawberry.field(description="Up to which corrected likelihood it moved.")
    before_days: int = strawberry.field(description="Days of the other window that are told.")
    after_days: int = strawberry.field(description="Days of this one.")
    significant_count: int = strawberry.field(
        description="How many edges moved by more than chance."
    )
    rows = rows_field(
        FlowChangeEdge,
        description="All edges of either window, those that moved most surely first.",
        ranking=lambda answer: by_pair(
            answer.parties,
            -answer.result.p_corrected,
            answer.result.source,
            answer.result.target,
        ),
        values=_change,
    )

    @classmethod
    def values(cls, _ctx: Context, answer: Answer) -> dict[str, Any]:
        found = answer.result
        return {
            "level": found.level,
            "before_days": found.before_days,
            "after_days": found.after_days,
            "significant_count": int(found.is_significant.sum()),
        }


@strawberry.type
class EdgeMetrics:
    """The fields of the network about its edges."""

    @relation(description="The edges that are more than noise.", cost=METRIC_COST_POINTS)
    @staticmethod
    async def backbone(
        parents: list[Any],
        ctx: Context,
        level: Annotated[
            float,
            strawberry.argument(description="Up to which likelihood by chance an edge is kept."),
        ] = LEVEL,
    ) -> Batched[FlowBackbone]:
        if not 0 < level < 1:
            raise InvalidInput(
                "level", ja="水準は0から1の間で指定してください。", en="A level is between 0 and 1."
            )
        return await each(
            parents, lambda parent: parent.ask(ctx, FlowBackbone, "backbone", level=level)
        )

    surprise = metric_field(
        FlowSurprise,
        "surprise",
        description="What is more, or less, than size alone explains.",
        cost=300,
    )

    @relation(
        description="What moved since another window: edges born, gone, grown and shrunk.",
        cost=METRIC_COST_POINTS,
    )
    @staticmethod
    async def change(
        parents: list[Any],
        ctx: Context,
        since_first_day: Annotated[
            dt.date, strawberry.argument(description="The first day of the other window.")
        ],
        since_last_day: Annotated[
            dt.date, strawberry.argument(description="The last day of the other window.")
        ],
    ) -> Batched[FlowChange]:
        return await each(
            parents, lambda parent: parent.changed(ctx, FlowChange, since_first_day, since_last_day)
        )
