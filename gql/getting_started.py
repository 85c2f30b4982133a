"""What a new company does next."""

from __future__ import annotations

from typing import Any

import strawberry

from gql.batch import relation
from gql.context import Context
from gql.enums import described
from models.access import Permission
from models.reads import getting_started as reads
from models.reads.getting_started import GettingStartedStepName

described(
    GettingStartedStepName,
    "A step from the first sign-in to the first registration.",
    MAKE_LINK="A relay link is there.",
    LOOK_AT_TEMPLATE="A template was saved, or one was chosen for a mailing.",
    LOAD_PEOPLE="A list of people was loaded.",
    SEND_MAILS="A mailing was started.",
    FIRST_REGISTRATION="Someone registered through one of the links.",
)


@strawberry.type(description="One step of a new company.")
class GettingStartedStep:
    """One step."""

    name: GettingStartedStepName = strawberry.field(description="Which step.")
    title: str = strawberry.field(description="What to do, in the caller's language.")
    hint: str = strawberry.field(description="What helps in doing it, in the caller's language.")
    done: bool = strawberry.field(description="Whether it is done.")
    is_next: bool = strawberry.field(description="Whether it is the one to do now.")


@strawberry.type(description="The way to the first registration.")
class GettingStarted:
    """All steps."""

    steps: list[GettingStartedStep] = strawberry.field(description="The steps in their order.")
    done: bool = strawberry.field(description="Whether nothing is left to do.")


@strawberry.type
class GettingStartedQuery:
    """The root field of the way to the first registration."""

    @relation(description="What your company does next, until someone has registered.")
    @staticmethod
    async def first_steps(parents: list[Any], ctx: Context) -> list[GettingStarted]:
        """Worked out from what is there."""
        actor = ctx.permitted(Permission.READ_MAILINGS)
        async with ctx.database.read() as read:
            found = await reads.getting_started(read, actor)
        steps = [
            GettingStartedStep(
                name=step.name,
                title=step.title.in_(ctx.locale),
                hint=step.hint.in_(ctx.locale),
                done=step.done,
                is_next=step.next,
            )
            for step in found
        ]
        return [GettingStarted(steps=steps, done=all(step.done for step in steps))] * len(parents)
