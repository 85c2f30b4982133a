"""Analyses apart from a request: what is asked of the network takes as long as it takes."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Annotated, Any

import strawberry

from gql.batch import relation
from gql.connection import Connection, PageArguments
from gql.context import Context
from gql.enums import described
from gql.flow_network import FlowNetwork, FlowNetworkFilter, kept_network, question_of
from gql.idempotency import idempotency_key, perform_once
from gql.kept_answers import KeptAnswer
from gql.lists import After, Before, First, Last, connect, counting
from gql.node import Node, encode_id, register_node
from gql.payload import Payload, key_from, mutation, perform
from models.access import Actor, Permission
from models.operations import analysis_jobs as operations
from models.reads import analysis_jobs as reads
from models.rules.lifecycles import AnalysisStatus
from models.session import WriteSession
from models.tables import analysis_jobs as tables
from network.questions import Question
from network.storing import question_read, question_written

described(
    AnalysisStatus,
    "Where an analysis stands.",
    QUEUED="It waits for its turn.",
    RUNNING="It is being computed.",
    DONE="Its answer is kept.",
    FAILED="There is no answer; `failure` says why.",
    CANCELLED="It was cancelled.",
)
_ASKED = {
    "strength": "Who gives and who takes.",
    "reciprocity": "Whether giving comes back.",
    "circulation": "Whether talent goes round.",
    "equity": "How evenly giving and taking are spread.",
    "pair_balance": "What goes to and fro between two.",
    "conversion": "Which part of the hand-overs leads to a hire.",
    "channel_conversion": "The same by channel.",
    "node_conversion": "The same by node.",
    "edge_conversion": "The same by edge.",
    "waiting": "Where people wait, and how long.",
    "months": "The flow month by month.",
    "hierarchy": "Whether there is a ladder.",
    "reach": "Whose candidates spread, where they gather.",
    "brokerage": "Who joins groups that would not meet.",
    "fragility": "Whom the network cannot lose.",
    "communities": "Who already works together.",
    "cohesion": "How tightly, and with what shape.",
    "backbone": "The edges that are more than noise.",
    "surprise": "What is more, or less, than size alone explains.",
}
AnalysisMetric = Enum("AnalysisMetric", {name.upper(): name for name in _ASKED})  # type: ignore[misc]
described(
    AnalysisMetric,
    "What an analysis can compute: the fields of the network of the same name.",
    **{name.upper(): meaning for name, meaning in _ASKED.items()},
)


@strawberry.type(description="Why an analysis has no answer.")
class AnalysisFailure:
    """A code and what it says."""

    code: str = strawberry.field(description="The stable code.")
    message: str = strawberry.field(description="What to do about it, in the caller's language.")


@strawberry.type(
    description="An analysis apart from a request. Only the organization that asked sees it."
)
class AnalysisJob(Node):
    """One question and its metrics."""

    key: strawberry.Private[uuid.UUID]
    question: strawberry.Private[Question]
    status: AnalysisStatus = strawberry.field(description="Where it stands.")
    first_day: dt.date = strawberry.field(description="The first day asked for.")
    last_day: dt.date = strawberry.field(description="The last day asked for.")
    metrics: list[AnalysisMetric] = strawberry.field(description="What is computed.")
    steps_done: int = strawberry.field(description="How many of its steps are done.")
    steps_total: int = strawberry.field(
        description="How many there are: to read, and one for each metric."
    )
    data_version: str | None = strawberry.field(description="What it was computed from, once done.")
    failure: AnalysisFailure | None = strawberry.field(description="Why it has no answer.")
    created_at: dt.datetime = strawberry.field(description="When it was asked for.")
    started_at: dt.datetime | None = strawberry.field(description="When it was begun last.")
    ended_at: dt.datetime | None = strawberry.field(description="When it ended.")
    kept_until: dt.datetime | None = strawberry.field(
        description="Until when it is kept, once it ended, unless many others end after it."
    )

    @relation(
        description="The answer: the network as it was then, with the metrics that were asked for. "
        "Null until it is done. Other metrics of it are refused, and so is a second job's answer "
        "in one request."
    )
    @staticmethod
    async def network(parents: list[AnalysisJob], ctx: Context) -> list[FlowNetwork | None]:
        ctx.permitted(Permission.READ_FLOWS)
        return [
            kept_network(parent.question, parent.data_version, KeptAnswer(parent.key))
            if parent.status is AnalysisStatus.DONE and parent.data_version is not None
            else None
            for parent in parents
        ]


def analysis_job(ctx: Context, row: tables.AnalysisJob) -> AnalysisJob:
    """A job as those who asked see it."""
    failure = row.failure
    return AnalysisJob(
        id=encode_id("AnalysisJob", row.id),
        key=row.id,
        question=question_read(row.question, row.consortium_id, row.organization_id),
        status=row.status,
        first_day=dt.date.fromisoformat(row.question["first"]),
        last_day=dt.date.fromisoformat(row.question["last"]),
        metrics=[AnalysisMetric(name) for name in row.metrics if name in _ASKED],
        steps_done=row.steps_done,
        steps_total=row.steps_total,
        data_version=row.data_version,
        failure=AnalysisFailure(code=failure["code"], message=failure[ctx.locale])
        if failure
        else None,
        created_at=row.created_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        kept_until=row.ended_at and row.ended_at + operations.KEPT_FOR,
    )


async def _load(ctx: Context, keys: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, AnalysisJob]:
    async with ctx.database.read() as read:
        rows = await reads.analysis_jobs_by_id(read, ctx.signed_in(), keys)
    return {key: analysis_job(ctx, row) for key, row in rows.items()}


register_node("AnalysisJob", _load)


@strawberry.type
class AnalysisJobQuery:
    """The root fields about analyses apart from a request."""

    @relation(description="The analyses of your organization, the newest first.")
    @staticmethod
    async def analysis_jobs(
        parents: list[Any],
        ctx: Context,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Connection[AnalysisJob]]:
        actor = ctx.permitted(Permission.READ_FLOWS)
        asked = PageArguments.of(
            first=first, after=after, last=last, before=before, kinds=(dt.datetime, uuid.UUID)
        )
        async with ctx.database.read() as read:
            rows = await reads.analysis_jobs_page(read, actor, asked)
        found = connect(
            rows,
            asked,
            node=lambda row: analysis_job(ctx, row),
            position=lambda row: (row.created_at, row.id),
            count=counting(ctx, lambda read: reads.count_analysis_jobs(read, actor)),
        )
        return [found] * len(parents)


@strawberry.input(description="What is to be analysed.")
class StartAnalysisInput:
    """A part of the network, and the metrics."""

    where: FlowNetworkFilter = strawberry.field(description="Which part of the network.")
    metrics: list[AnalysisMetric] = strawberry.field(
        description=f"What to compute, 1 to {operations.METRICS_MAX}, each once."
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="Which analysis.")
class AnalysisJobInput:
    """One of your organization's."""

    id: strawberry.ID = strawberry.field(description="Its id.")


@strawberry.type(description="An analysis that was asked for, or cancelled.")
class AnalysisJobPayload(Payload):
    """The job."""

    job: AnalysisJob | None = strawberry.field(default=None, description="The job.")


@strawberry.type
class AnalysisJobMutation:
    """What can be done about analyses apart from a request."""

    @mutation(
        Permission.READ_FLOWS,
        description="Analyse a part of the network apart from a request: it may be larger, and "
        "take longer. The answer is kept for 30 days, and no more than "
        f"{operations.KEPT_MAX} of one organization.",
    )
    async def start_analysis(
        self,
        info: strawberry.Info[Context],
        input: Annotated[StartAnalysisInput, strawberry.argument(description="What.")],
    ) -> AnalysisJobPayload:
        ctx = info.context

        def command() -> operations.StartAnalysis:
            question = question_of(ctx, input.where)
            metrics = tuple(str(one.value) for one in input.metrics)
            source_id = question.scope.source_id
            return operations.StartAnalysis(question_written(question), metrics, source_id)

        return await perform_once(
            ctx,
            AnalysisJobPayload,
            key=input.idempotency_key,
            command=command,
            operation=operations.start_analysis,
            thing="job",
            type_name="AnalysisJob",
        )

    @mutation(Permission.READ_FLOWS, description="Compute an analysis no further.")
    async def cancel_analysis(
        self,
        info: strawberry.Info[Context],
        input: Annotated[AnalysisJobInput, strawberry.argument(description="Which.")],
    ) -> AnalysisJobPayload:
        async def run(tx: WriteSession, actor: Actor) -> uuid.UUID:
            job_id = key_from(input.id, "AnalysisJob", "analysis", "id")
            return await operations.cancel_analysis(tx, actor, job_id)

        return await perform(
            info.context, AnalysisJobPayload, run, thing="job", type_name="AnalysisJob"
        )
