"""What came of hand-overs: how often, how soon, by month, and over which roads."""

from __future__ import annotations

from typing import Any

import numpy as np
import strawberry

from gql.context import Context
from gql.flow_rows import (
    FlowAnswer,
    FlowNode,
    OfNode,
    OfPair,
    Ranking,
    by_pair,
    flow_node,
    metric_field,
    number,
    rows_field,
)
from models.rules.flows import WAITING_DAYS
from models.rules.lifecycles import Channel, ReferralStatus
from network.answering import Answer
from network.metrics.conversion import Conversion
from network.months import month_name
from network.table import CHANNELS, EVENTS


@strawberry.type(description="Hires ÷ hand-overs, with its interval.")
class FlowConversionShare:
    """Null where nobody was handed over."""

    handed_people: int = strawberry.field(description="People who were handed over.")
    outcome_people: int = strawberry.field(description="People who were hired.")
    share: float | None = strawberry.field(description="Hired ÷ handed over, at most 1.")
    low: float | None = strawberry.field(description="The lower end of the Wilson interval.")
    high: float | None = strawberry.field(description="Its upper end.")


def _share(found: Conversion, row: int) -> FlowConversionShare:
    return FlowConversionShare(
        handed_people=int(np.atleast_1d(found.handed_people)[row]),
        outcome_people=int(np.atleast_1d(found.outcome_people)[row]),
        share=number(np.atleast_1d(found.share)[row]),
        low=number(np.atleast_1d(found.low)[row]),
        high=number(np.atleast_1d(found.high)[row]),
    )


@strawberry.type(description="The conversion of one channel.")
class FlowChannelConversion:
    """By which way people passed."""

    channel: Channel = strawberry.field(description="The channel.")
    conversion: FlowConversionShare = strawberry.field(description="Of its hand-overs.")


@strawberry.type(description="The conversion of one node.")
class FlowNodeConversionEdge(OfNode):
    """Of what it gave, and of what it took."""

    given: FlowConversionShare = strawberry.field(description="Of those it passed on.")
    taken: FlowConversionShare = strawberry.field(description="Of those it was passed.")


@strawberry.type(description="The conversion of one edge.")
class FlowEdgeConversionEdge(OfPair):
    """Of the hand-overs from one node to another."""

    conversion: FlowConversionShare = strawberry.field(description="Of its hand-overs.")


@strawberry.type(description="The conversion of every node.")
class FlowNodeConversions(FlowAnswer):
    """Those surest to lead to a hire first, by the lower end of the interval."""

    rows = rows_field(
        FlowNodeConversionEdge,
        description="The nodes, by the lower end of what became of those they took.",
        ranking=lambda answer: Ranking(
            answer.parties,
            answer.result.taken.low.astype(np.float64),
            (np.arange(answer.result.taken.low.size),),
        ),
        values=lambda answer, row: {
            "given": _share(answer.result.given, row),
            "taken": _share(answer.result.taken, row),
        },
    )


@strawberry.type(description="The conversion of every edge.")
class FlowEdgeConversions(FlowAnswer):
    """Those surest to lead to a hire first, by the lower end of the interval."""

    rows = rows_field(
        FlowEdgeConversionEdge,
        description="The edges, by the lower end of the interval.",
        ranking=lambda answer: by_pair(
            answer.parties,
            answer.result.conversion.low,
            answer.result.source,
            answer.result.target,
        ),
        values=lambda answer, row: {
            "conversion": _share(answer.result.conversion, row),
        },
    )


@strawberry.type(description="The conversion of every channel.")
class FlowChannelConversions(FlowAnswer):
    """One for each."""

    rows: list[FlowChannelConversion] = strawberry.field(description="All channels.")

    @classmethod
    def values(cls, _ctx: Context, answer: Answer) -> dict[str, Any]:
        rows = [
            FlowChannelConversion(channel=channel, conversion=_share(answer.result, place))
            for place, channel in enumerate(CHANNELS)
        ]
        return {"rows": rows}


@strawberry.type(
    description="Which hand-overs lead to jobs. What came of those handed over before the window "
    "is among the outcomes too."
)
class FlowConversion(FlowAnswer):
    """Of the whole network."""

    whole: FlowConversionShare = strawberry.field(description="Of all hand-overs.")
    confidence: float = strawberry.field(description="How sure the intervals are, from 0 to 1.")

    @classmethod
    def values(cls, _ctx: Context, answer: Answer) -> dict[str, Any]:
        return {"whole": _share(answer.result, 0), "confidence": answer.result.confidence}


@strawberry.type(description="The time from one state to the next step.")
class FlowWaitingRow:
    """Quartiles are buckets of days: from (included) and to (not included)."""

    state: ReferralStatus = strawberry.field(description="The state that people wait in.")
    entered_people: int = strawberry.field(description="People who came to it.")
    left_people: int = strawberry.field(description="Those who left it.")
    open_people: int = strawberry.field(description="Those who had not left it at the end.")
    quartiles: list[FlowWaitingQuartile] = strawberry.field(
        description="When a quarter, a half and three quarters had left."
    )
    waiting_shares: list[FlowWaitingShare] = strawberry.field(
        description="The part that still waits after so many days (Kaplan–Meier)."
    )


@strawberry.type(description="When one quarter more of those in a state had left it.")
class FlowWaitingQuartile:
    """Null where so many have not left."""

    share: float = strawberry.field(description="The part that had left: 0.25, 0.5 or 0.75.")
    from_days: int | None = strawberry.field(description="After at least so many days.")
    to_days: int | None = strawberry.field(
        description="And fewer than so many; null where the bucket has no end."
    )


@strawberry.type(description="The part of those in a state who still wait.")
class FlowWaitingShare:
    """One step of the curve."""

    days: int = strawberry.field(description="At the end of the bucket that begins at this day.")
    share: float | None = strawberry.field(description="The part that still waits.")


def _days(value: Any) -> int | None:
    found = number(value)
    return None if found is None else int(found)


def _waiting(answer: Answer, row: int) -> FlowWaitingRow:
    found = answer.result
    return FlowWaitingRow(
        state=EVENTS[int(found.state[row])],
        entered_people=int(found.entered_people[row]),
        left_people=int(found.left_people[row]),
        open_people=int(found.open_people[row]),
        quartiles=[
            FlowWaitingQuartile(
                share=(place + 1) / 4,
                from_days=_days(found.quartile_from_days[row, place]),
                to_days=_days(found.quartile_to_days[row, place]),
            )
            for place in range(found.quartile_from_days.shape[1])
        ],
        waiting_shares=[
            FlowWaitingShare(days=days, share=number(found.waiting_share[row, place]))
            for place, days in enumerate(WAITING_DAYS)
        ],
    )


@strawberry.type(description="Where people wait: the time to the next step, for each state.")
class FlowWaiting(FlowAnswer):
    """Those who have not left yet are counted as such."""

    rows: list[FlowWaitingRow] = strawberry.field(description="Each state with anybody in it.")

    @classmethod
    def values(cls, _ctx: Context, answer: Answer) -> dict[str, Any]:
        return {"rows": [_waiting(answer, row) for row in range(answer.result.state.size)]}


@strawberry.type(description="How many came to a state.")
class FlowEventPeople:
    """In one month."""

    event: ReferralStatus = strawberry.field(description="The state.")
    people: int = strawberry.field(description="How many.")


@strawberry.type(description="One month of the flow.")
class FlowMonth:
    """Of others, a month that is not closed has nothing in it yet."""

    month: str = strawberry.field(description="The month, YYYY-MM.")
    handed_people: int = strawberry.field(description="People who were handed over.")
    hired_people: int = strawberry.field(description="People who were hired.")
    events: list[FlowEventPeople] = strawberry.field(
        description="How many came to each state that anybody came to."
    )


def months_of(found: Any) -> list[FlowMonth]:
    """A series as the caller reads it."""
    hired = EVENTS.index(ReferralStatus.HIRED)
    return [
        FlowMonth(
            month=month_name(month),
            handed_people=int(found.handed_people[column]),
            hired_people=int(found.event_people[hired, column]),
            events=[
                FlowEventPeople(event=event, people=int(found.event_people[place, column]))
                for place, event in enumerate(EVENTS)
                if found.event_people[place, column]
            ],
        )
        for column, month in enumerate(found.months)
    ]


@strawberry.type(description="The flow month by month.")
class FlowMonths(FlowAnswer):
    """Of the whole network."""

    months: list[FlowMonth] = strawberry.field(description="All months of the window.")

    @classmethod
    def values(cls, _ctx: Context, answer: Answer) -> dict[str, Any]:
        return {"months": months_of(answer.result)}


@strawberry.type(description="A chain of nodes that people went through.")
class FlowRoad:
    """The nodes in order."""

    chain: list[FlowNode] = strawberry.field(description="The nodes, the first one first.")
    journeys: int = strawberry.field(description="How many journeys took it.")
    hires: int = strawberry.field(description="How many of them ended with a hire.")
    share: float | None = strawberry.field(description="Of all journeys.")


@strawberry.type(description="Journeys of one length.")
class FlowLength:
    """A chain of three has two hand-overs."""

    hand_overs: int = strawberry.field(description="How many hand-overs.")
    journeys: int = strawberry.field(description="How many journeys.")
    hires: int = strawberry.field(description="How many of them ended with a hire.")


@strawberry.type(description="The roads people take: the most frequent chains, and all lengths.")
class FlowJourneys(FlowAnswer):
    """Of the journeys that ended in the window."""

    journeys: int = strawberry.field(description="All journeys.")
    mean_hire_length: float | None = strawberry.field(
        description="Hand-overs up to a hire, on the average."
    )
    roads: list[FlowRoad] = strawberry.field(
        description="The chains taken most often, at most 20, the most frequent first."
    )
    lengths: list[FlowLength] = strawberry.field(description="All journeys by their length.")

    @classmethod
    def values(cls, ctx: Context, answer: Answer) -> dict[str, Any]:
        found, hired = answer.result, EVENTS.index(ReferralStatus.HIRED)
        return {
            "journeys": int(found.journeys),
            "mean_hire_length": number(found.mean_hire_length),
            "roads": [_road(ctx, answer, row) for row in range(len(found.chains))],
            "lengths": [
                FlowLength(
                    hand_overs=int(length),
                    journeys=int(found.length_journeys[row].sum()),
                    hires=int(found.length_journeys[row, hired]),
                )
                for row, length in enumerate(found.lengths)
            ],
        }


def _road(ctx: Context, answer: Answer, row: int) -> FlowRoad:
    found = answer.result
    return FlowRoad(
        chain=[flow_node(ctx, answer.parties, place) for place in found.chains[row]],
        journeys=int(found.chain_journeys[row]),
        hires=int(found.chain_hires[row]),
        share=number(found.chain_share[row]),
    )


@strawberry.type
class OutcomeMetrics:
    """The fields of the network about what came of hand-overs; these, whatever the view is."""

    conversion = metric_field(
        FlowConversion, "conversion", description="Which part of the hand-overs leads to a hire."
    )
    channel_conversion = metric_field(
        FlowChannelConversions, "channel_conversion", description="The same by channel."
    )
    node_conversion = metric_field(
        FlowNodeConversions, "node_conversion", description="The same by node."
    )
    edge_conversion = metric_field(
        FlowEdgeConversions, "edge_conversion", description="The same by edge."
    )
    journeys = metric_field(
        FlowJourneys,
        "journeys",
        description="The roads people take. The channels asked for are not looked at.",
    )
    waiting = metric_field(FlowWaiting, "waiting", description="Where people wait, and how long.")
    months = metric_field(FlowMonths, "months", description="The flow month by month.")
