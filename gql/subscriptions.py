"""What is told as it happens. Each event is authorised anew when it is sent."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator, Callable
from typing import Any, TypeVar, cast

import strawberry

from gql.candidates import Candidate, load_candidates
from gql.context import Context
from gql.free_hires import FreeHire, load_free_hires
from gql.partnerships import Partnership, load_partnerships
from gql.referrals import Referral, load_referrals
from models.access import Permission
from models.outbox import Event, EventType
from models.reads.referrals import candidates_of
from network.edges import data_version

F = TypeVar("F", bound=Callable[..., Any])


def subscription(*, description: str) -> Callable[[F], F]:
    """A subscription field, typed."""
    return cast("Callable[[F], F]", strawberry.subscription(description=description))


async def own_events(
    ctx: Context, kind: EventType, permission: Permission
) -> AsyncGenerator[Event, None]:
    """The events of one kind in the consortium of whoever is signed in, while they are.

    Raises `Unauthenticated` and `Forbidden` at the start; a later end of the sign-in ends it.
    """
    ctx.permitted(permission)
    if ctx.events is None:
        return
    async for event in ctx.events():
        if event.type is not kind:
            continue
        if ctx.again is not None:
            ctx.actor = await ctx.again()
        if ctx.actor is None or not ctx.actor.may(permission):
            return
        if event.consortium_id == ctx.actor.consortium_id:
            yield event


@strawberry.type(description="That answers about the network may be others now.")
class NetworkChange:
    """No figure is in it."""

    data_version: str = strawberry.field(
        description="What is told of others now is of this version."
    )


@strawberry.type(description="Everything that can be followed as it happens.")
class Subscription:
    """The root of subscriptions."""

    @subscription(
        description="A referral that you see was made, or came to another state. What a company "
        "may not learn the time of is not told: registrations through its own links."
    )
    async def referral_changed(
        self, info: strawberry.Info[Context]
    ) -> AsyncGenerator[Referral, None]:
        """Each referral as the actor sees it now."""
        ctx = info.context
        async for event in own_events(ctx, EventType.REFERRAL_CHANGED, Permission.READ_REFERRALS):
            key = uuid.UUID(event.refs["referral"])
            found = (await load_referrals(ctx, [key])).get(key)
            if found is not None and found.changed_at is not None:
                yield found

    @subscription(description="A partnership that you see was proposed, or changed.")
    async def partnership_changed(
        self, info: strawberry.Info[Context]
    ) -> AsyncGenerator[Partnership, None]:
        """Each partnership as the actor sees it now."""
        ctx = info.context
        permission = Permission.READ_PARTNERSHIPS
        async for event in own_events(ctx, EventType.PARTNERSHIP_CHANGED, permission):
            key = uuid.UUID(event.refs["partnership"])
            found = (await load_partnerships(ctx, [key])).get(key)
            # A company that left is not told that something happened since.
            if found is not None and not found.changed_since:
                yield found

    @subscription(
        description="A partner asked for someone whom your company turned down, and whom it may "
        "know: of others you learn no time."
    )
    async def introduction_requested(
        self, info: strawberry.Info[Context]
    ) -> AsyncGenerator[Referral, None]:
        """Each request as the company whose link it was sees it now."""
        ctx = info.context
        kind = EventType.INTRODUCTION_REQUESTED
        async for event in own_events(ctx, kind, Permission.READ_REFERRALS):
            key, actor = uuid.UUID(event.refs["referral"]), ctx.signed_in()
            found = (await load_referrals(ctx, [key])).get(key)
            if found is None or found.row.from_id != actor.organization_id:
                continue
            async with ctx.database.read() as read:
                [person] = await candidates_of(read, actor, [found.row])
            # Of whom it may not name, that something is told now would tell the time.
            if person is not None:
                yield found

    @subscription(
        description="A candidate withdrew a consent on which your organization had been shown "
        "something of them. What you may still see of them is shown, and nothing else."
    )
    async def consent_withdrawn(
        self, info: strawberry.Info[Context]
    ) -> AsyncGenerator[Candidate, None]:
        """The candidate as the actor sees them now."""
        ctx = info.context
        kind = EventType.CONSENT_WITHDRAWN
        async for event in own_events(ctx, kind, Permission.READ_REFERRALS):
            if uuid.UUID(event.refs["organization"]) != ctx.signed_in().organization_id:
                continue
            key = uuid.UUID(event.refs["candidate"])
            found = (await load_candidates(ctx, [key])).get(key)
            if found is not None:
                yield found

    @subscription(
        description="There is more to be told of the flow network: a month was closed, or a "
        "history imported. Ask again for what you show; of your own rows nothing is told here."
    )
    async def network_changed(
        self, info: strawberry.Info[Context]
    ) -> AsyncGenerator[NetworkChange, None]:
        """The data version of now, whatever happened in between."""
        ctx = info.context
        async for _ in own_events(ctx, EventType.NETWORK_CHANGED, Permission.READ_FLOWS):
            async with ctx.database.read() as read:
                version = await data_version(read, ctx.signed_in().consortium_id)
            yield NetworkChange(data_version=version)

    @subscription(description="Your company has earned a free hire.")
    async def free_hire_earned(
        self, info: strawberry.Info[Context]
    ) -> AsyncGenerator[FreeHire, None]:
        """Each free hire as the actor sees it now."""
        ctx = info.context
        async for event in own_events(ctx, EventType.FREE_HIRE_EARNED, Permission.READ_LEDGER):
            key = uuid.UUID(event.refs["free_hire"])
            found = (await load_free_hires(ctx, [key])).get(key)
            if found is not None:
                yield found
