"""What parties of a partnership, and consortium admins, do with feedback meetings."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import strawberry

from gql.context import Context
from gql.idempotency import idempotency_key, perform_once
from gql.meetings import Meeting, MeetingDecision
from gql.node import decode_id
from gql.partnership_changes import TermsInput
from gql.payload import Payload, key_from, mutation, perform
from gql.scalars import URL
from models.access import Actor, Permission
from models.errors import NotFound
from models.operations import meeting_decisions as decisions
from models.operations import meetings as operations
from models.operations.meeting_packs import PrepareMeeting, prepare_meeting
from models.rules.comparisons import Figure
from models.rules.meetings import DecisionMade, MeetingPlan
from models.session import WriteSession
from network.meetings import TELLING


@strawberry.input(description="When and where a meeting is, and what it is about.")
class MeetingPlanInput:
    """No candidate's name belongs in it."""

    title: str = strawberry.field(description="What it is called, one line of at most 80.")
    starts_at: dt.datetime = strawberry.field(
        description="When it begins: between now and two years ahead."
    )
    duration_minutes: int = strawberry.field(
        default=60, description="How long it takes, 5 to 1440 minutes."
    )
    place: str | None = strawberry.field(
        default=None, description="Where it is, one line of at most 200."
    )
    url: URL | None = strawberry.field(
        default=None, description="Where it is on the web, at most 500 characters."
    )
    agenda: str | None = strawberry.field(
        default=None, description="What it is about, at most 4000 characters."
    )

    def plan(self) -> MeetingPlan:
        """As the operations take it."""
        return MeetingPlan(
            self.title, self.starts_at, self.duration_minutes, self.place, self.url, self.agenda
        )


@strawberry.input(description="A meeting to be scheduled.")
class ScheduleMeetingInput:
    """Of whom, and when."""

    partnership_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Of which partnership; the consortium's own, by its admins, where silent.",
    )
    plan: MeetingPlanInput = strawberry.field(description="When and where, and about what.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="Another plan for a meeting.")
class RescheduleMeetingInput:
    """The whole plan takes the place of the one before."""

    id: strawberry.ID = strawberry.field(description="The meeting's id.")
    plan: MeetingPlanInput = strawberry.field(description="When and where, and about what.")


@strawberry.input(description="Which meeting.")
class MeetingInput:
    """One that you see."""

    id: strawberry.ID = strawberry.field(description="The meeting's id.")


@strawberry.input(description="What was said at a meeting.")
class MeetingMinutesInput:
    """No candidate's name belongs in it."""

    id: strawberry.ID = strawberry.field(description="The meeting's id.")
    minutes: str = strawberry.field(description="What was said, at most 20000 characters.")


@strawberry.input(description="Something that was decided.")
class DecisionInput:
    """Who sees to it by when, and which figure it is meant to move."""

    text: str = strawberry.field(description="What was decided, at most 500 characters.")
    owner_id: strawberry.ID | None = strawberry.field(
        default=None, description="The organization that sees to it, one that takes part."
    )
    owner_name: str | None = strawberry.field(
        default=None, description="The person there, one line of at most 80."
    )
    due_on: dt.date | None = strawberry.field(
        default=None, description="By when, from today to two years ahead."
    )
    figure: Figure | None = strawberry.field(
        default=None,
        description="What it is meant to move. Of the consortium's meetings only counts are "
        "measured.",
    )
    giver_id: strawberry.ID | None = strawberry.field(
        default=None, description="Of whose hand-overs; of all parties' where silent."
    )
    receiver_id: strawberry.ID | None = strawberry.field(
        default=None, description="Of hand-overs to whom; to all parties where silent."
    )

    def made(self) -> DecisionMade:
        """As the operations take it. Raises `NotFound`."""
        return DecisionMade(
            self.text,
            _organization(self.owner_id, "ownerId"),
            self.owner_name,
            self.due_on,
            self.figure,
            _organization(self.giver_id, "giverId"),
            _organization(self.receiver_id, "receiverId"),
        )


def _organization(global_id: str | None, field: str) -> uuid.UUID | None:
    if global_id is None:
        return None
    kind, key = decode_id(global_id) or ("", None)
    if kind not in ("Company", "Agency"):
        raise NotFound("decisions", field, what="member")
    return key


@strawberry.input(description="What a meeting decided.")
class DecideMeetingInput:
    """All of it at once."""

    id: strawberry.ID = strawberry.field(description="The meeting's id.")
    decisions: list[DecisionInput] = strawberry.field(description="At most 20; it may be none.")


@strawberry.input(description="Other terms that spring from a decision.")
class ProposeDecidedTermsInput:
    """Which decision, and what they say."""

    decision_id: strawberry.ID = strawberry.field(description="The decision's id.")
    terms: TermsInput = strawberry.field(description="What they say.")
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="What became of the meeting.")
class MeetingPayload(Payload):
    """The meeting, or why not."""

    meeting: Meeting | None = strawberry.field(
        default=None, description="The meeting as it stands now."
    )


@strawberry.type(description="What became of the decision.")
class MeetingDecisionPayload(Payload):
    """The decision, or why not."""

    decision: MeetingDecision | None = strawberry.field(
        default=None, description="The decision as it stands now."
    )


Info = strawberry.Info[Context]
Which = Annotated[MeetingInput, strawberry.argument(description="Which.")]
WhichMinutes = Annotated[
    MeetingMinutesInput, strawberry.argument(description="Which, and what was said.")
]


async def _change(
    info: Info,
    operation: Callable[[WriteSession, Actor, Any], Awaitable[uuid.UUID]],
    global_id: str,
    command: Callable[[uuid.UUID], Any],
) -> MeetingPayload:
    async def run(tx: WriteSession, actor: Actor) -> uuid.UUID:
        return await operation(tx, actor, command(key_from(global_id, "Meeting", "meeting", "id")))

    return await perform(info.context, MeetingPayload, run, thing="meeting", type_name="Meeting")


@strawberry.type
class MeetingMutation:
    """From the plan to the review."""

    @mutation(
        Permission.MANAGE_MEETINGS,
        description="Set a meeting of a partnership that you take part in, or as an admin of the "
        "consortium. Everybody who takes part is mailed a calendar file.",
    )
    async def schedule_meeting(
        self,
        info: Info,
        input: Annotated[
            ScheduleMeetingInput, strawberry.argument(description="Of whom, and when.")
        ],
    ) -> MeetingPayload:
        def command() -> operations.ScheduleMeeting:
            key = None
            if input.partnership_id is not None:
                key = key_from(input.partnership_id, "Partnership", "partnership", "partnershipId")
            return operations.ScheduleMeeting(key, input.plan.plan())

        return await perform_once(
            info.context,
            MeetingPayload,
            key=input.idempotency_key,
            command=command,
            operation=operations.schedule_meeting,
            thing="meeting",
            type_name="Meeting",
        )

    @mutation(
        Permission.MANAGE_MEETINGS,
        description="Change the plan of a meeting that is to come. Everybody's calendar is told.",
    )
    async def reschedule_meeting(
        self,
        info: Info,
        input: Annotated[
            RescheduleMeetingInput, strawberry.argument(description="Which, and its plan.")
        ],
    ) -> MeetingPayload:
        return await _change(
            info,
            operations.reschedule_meeting,
            input.id,
            lambda key: operations.RescheduleMeeting(key, input.plan.plan()),
        )

    @mutation(Permission.MANAGE_MEETINGS, description="Call a meeting off that was not held.")
    async def cancel_meeting(self, info: Info, input: Which) -> MeetingPayload:
        return await _change(info, operations.cancel_meeting, input.id, lambda key: key)

    @mutation(
        Permission.MANAGE_MEETINGS,
        description="Freeze a meeting's figures: from the day after the last meeting's to "
        "yesterday.",
    )
    async def prepare_meeting(self, info: Info, input: Which) -> MeetingPayload:
        return await _change(
            info, prepare_meeting, input.id, lambda key: PrepareMeeting(key, TELLING)
        )

    @mutation(
        Permission.MANAGE_MEETINGS,
        description="Say that a prepared meeting took place, with its minutes.",
    )
    async def hold_meeting(self, info: Info, input: WhichMinutes) -> MeetingPayload:
        return await _change(
            info,
            operations.hold_meeting,
            input.id,
            lambda key: operations.RecordMinutes(key, input.minutes),
        )

    @mutation(
        Permission.MANAGE_MEETINGS,
        description="Write other minutes, until the meeting's decisions are made.",
    )
    async def amend_minutes(self, info: Info, input: WhichMinutes) -> MeetingPayload:
        return await _change(
            info,
            operations.amend_minutes,
            input.id,
            lambda key: operations.RecordMinutes(key, input.minutes),
        )

    @mutation(
        Permission.MANAGE_MEETINGS,
        description="Write down what a held meeting decided. Its minutes stand from then on.",
    )
    async def decide_meeting(
        self,
        info: Info,
        input: Annotated[
            DecideMeetingInput, strawberry.argument(description="Which, and what was decided.")
        ],
    ) -> MeetingPayload:
        return await _change(
            info,
            decisions.decide_meeting,
            input.id,
            lambda key: decisions.DecideMeeting(key, tuple(d.made() for d in input.decisions)),
        )

    @mutation(
        Permission.MANAGE_MEETINGS,
        description="Propose the terms that a decision asks for, and link them to it. The parties "
        "answer them as any others.",
    )
    async def propose_decided_terms(
        self,
        info: Info,
        input: Annotated[
            ProposeDecidedTermsInput,
            strawberry.argument(description="Of which decision, and what they say."),
        ],
    ) -> MeetingDecisionPayload:
        def command() -> decisions.ProposeDecidedTerms:
            key = key_from(input.decision_id, "MeetingDecision", "decision", "decisionId")
            return decisions.ProposeDecidedTerms(key, input.terms.offered())

        return await perform_once(
            info.context,
            MeetingDecisionPayload,
            key=input.idempotency_key,
            command=command,
            operation=decisions.propose_decided_terms,
            thing="decision",
            type_name="MeetingDecision",
        )

    @mutation(
        Permission.MANAGE_MEETINGS,
        description="Measure what a meeting's decisions changed, once the figures of the next "
        "meeting are frozen.",
    )
    async def review_meeting(self, info: Info, input: Which) -> MeetingPayload:
        return await _change(
            info,
            decisions.review_meeting,
            input.id,
            lambda key: decisions.ReviewMeeting(key, TELLING),
        )
