"""Relay links."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any

import strawberry

from gql.batch import relation
from gql.connection import Connection, PageArguments
from gql.context import Context
from gql.enums import Direction, described
from gql.filters import Filter, StringFilter
from gql.idempotency import idempotency_key, perform_once
from gql.lists import After, Before, First, Last, connect, counting, sorting
from gql.node import Node, encode_id, key_of, register_node
from gql.payload import Operation, Payload, key_from, mutation, perform
from models.access import Actor, Permission
from models.operations import links as operations
from models.reads import links as reads
from models.rules.lifecycles import LinkStatus
from models.rules.qr import qr_svg
from models.session import WriteSession
from models.tables import links as tables
from models.tables.links import LinkUsage


@strawberry.type(description="専用リンク: a secret URL of one company, put into rejection mails.")
class RelayLink(Node):
    """One link, as its company sees it."""

    key: strawberry.Private[uuid.UUID]
    campaign: str = strawberry.field(description="What the link is for, in the company's words.")
    opening_title: str | None = strawberry.field(description="The opening people applied to.")
    stage: str | None = strawberry.field(
        description="Where in the selection they were turned down."
    )
    usage: LinkUsage = strawberry.field(description="Where the link is used.")
    status: LinkStatus = strawberry.field(description="Where the link stands.")
    url: str = strawberry.field(description="The secret URL. Whoever has it can register.")
    expires_at: dt.datetime | None = strawberry.field(description="When it stops counting.")
    created_at: dt.datetime = strawberry.field(description="When it was made.")

    @relation(
        description="How many registered through it, rounded down; null below the smallest count."
    )
    @staticmethod
    async def registrations(parents: list[RelayLink], ctx: Context) -> list[int | None]:
        """Never a number from which one person could be told."""
        async with ctx.database.read() as read:
            told = await reads.registrations_by_link(read, ctx.signed_in())
        return [told.get(parent.key) for parent in parents]

    @relation(description="The QR code of a public link, as an SVG picture; null for others.")
    @staticmethod
    async def qr_svg(
        parents: list[RelayLink],
        ctx: Context,  # noqa: ARG004 - relations are given it
    ) -> list[str | None]:
        """Drawn only where it is asked for."""
        return [
            qr_svg(parent.url) if parent.usage is LinkUsage.PUBLIC else None for parent in parents
        ]


def relay_link(ctx: Context, row: tables.RelayLink) -> RelayLink:
    """A row as its company sees it."""
    return RelayLink(
        id=encode_id("RelayLink", row.id),
        key=row.id,
        campaign=row.campaign,
        opening_title=row.opening_title,
        stage=row.stage,
        usage=row.usage,
        status=row.status,
        url=reads.link_url(ctx.database.vault, ctx.base_url, row.id),
        expires_at=row.expires_at,
        created_at=row.created_at,
    )


async def _load(ctx: Context, keys: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, RelayLink]:
    async with ctx.database.read() as read:
        rows = await reads.links_by_id(read, ctx.signed_in(), keys)
    return {key: relay_link(ctx, row) for key, row in rows.items()}


register_node("RelayLink", _load)


@strawberry.input(description="Which relay links.")
class RelayLinkFilter:
    """All of the conditions that are given."""

    status: Filter[LinkStatus] | None = strawberry.field(
        default=None, description="By where they stand."
    )
    campaign: StringFilter | None = strawberry.field(default=None, description="By campaign.")


class RelayLinkOrderField(StrEnum):
    """What relay links can be sorted by."""

    CREATED_AT = "CREATED_AT"


described(
    RelayLinkOrderField, "What relay links can be sorted by.", CREATED_AT="When they were made."
)


@strawberry.input(description="How relay links are sorted.")
class RelayLinkOrder:
    """One order."""

    field: RelayLinkOrderField = strawberry.field(description="By what.")
    direction: Direction = strawberry.field(default=Direction.DESC, description="Which way.")


@strawberry.type
class LinkQuery:
    """The root fields about relay links."""

    @relation(description="The relay links of your company, the newest first where silent.")
    @staticmethod
    async def relay_links(
        parents: list[Any],
        ctx: Context,
        where: Annotated[
            RelayLinkFilter | None, strawberry.argument(description="Which of them.")
        ] = None,
        order_by: Annotated[
            list[RelayLinkOrder] | None, strawberry.argument(description="At most one order.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Connection[RelayLink]]:
        """Paged by age."""
        actor = ctx.permitted(Permission.READ_LINKS)
        asked = PageArguments.of(
            first=first, after=after, last=last, before=before, kinds=(dt.datetime, uuid.UUID)
        )
        chosen = reads.LinkFilter(**vars(where)) if where else reads.LinkFilter()
        _, direction = sorting(order_by, (RelayLinkOrderField.CREATED_AT, Direction.DESC))
        async with ctx.database.read() as read:
            rows = await reads.links_page(
                read, actor, chosen, asked, descending=direction is Direction.DESC
            )
        found = connect(
            rows,
            asked,
            node=lambda row: relay_link(ctx, row),
            position=lambda row: (row.created_at, row.id),
            count=counting(ctx, lambda read: reads.count_links(read, actor, chosen)),
        )
        return [found] * len(parents)


@strawberry.input(description="A relay link to be made.")
class CreateRelayLinkInput:
    """What the company says about it."""

    campaign: str = strawberry.field(description="What it is for, one line of at most 100.")
    opening_title: str | None = strawberry.field(
        default=None, description="The opening people applied to."
    )
    stage: str | None = strawberry.field(
        default=None, description="Where in the selection they were turned down."
    )
    usage: LinkUsage = strawberry.field(
        default=LinkUsage.REJECTION_MAIL, description="Where it will be used."
    )
    agency_id: strawberry.ID | None = strawberry.field(
        default=None, description="The agency that takes registrants on; else the default one."
    )
    expires_at: dt.datetime | None = strawberry.field(
        default=None, description="When it stops counting."
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="Which relay link.")
class RelayLinkInput:
    """One link of your company."""

    id: strawberry.ID = strawberry.field(description="The relay link's id.")


@strawberry.type(description="What became of the relay link.")
class RelayLinkPayload(Payload):
    """The link, or why not."""

    relay_link: RelayLink | None = strawberry.field(
        default=None, description="The link as it stands now."
    )


@strawberry.type
class LinkMutation:
    """What a company does with its relay links."""

    @mutation(Permission.MANAGE_LINKS, description="Make a relay link.")
    async def create_relay_link(
        self,
        info: strawberry.Info[Context],
        input: Annotated[
            CreateRelayLinkInput, strawberry.argument(description="What it is about.")
        ],
    ) -> RelayLinkPayload:
        """The new link with its URL."""
        agency_id = key_of(input.agency_id, "Agency") if input.agency_id else None
        command = operations.CreateRelayLink(
            campaign=input.campaign,
            opening_title=input.opening_title,
            stage=input.stage,
            usage=input.usage,
            agency_id=agency_id or (uuid.UUID(int=0) if input.agency_id else None),
            expires_at=input.expires_at,
        )
        return await perform_once(
            info.context,
            RelayLinkPayload,
            key=input.idempotency_key,
            command=lambda: command,
            operation=operations.create_relay_link,
            thing="relay_link",
            type_name="RelayLink",
        )

    @mutation(
        Permission.MANAGE_LINKS,
        description="Set a relay link aside: it serves candidates, uncounted.",
    )
    async def pause_relay_link(
        self,
        info: strawberry.Info[Context],
        input: Annotated[RelayLinkInput, strawberry.argument(description="Which.")],
    ) -> RelayLinkPayload:
        """`ACTIVE → PAUSED`."""
        return await _change(info, input, operations.pause_relay_link)

    @mutation(Permission.MANAGE_LINKS, description="Take a paused relay link into use again.")
    async def resume_relay_link(
        self,
        info: strawberry.Info[Context],
        input: Annotated[RelayLinkInput, strawberry.argument(description="Which.")],
    ) -> RelayLinkPayload:
        """`PAUSED → ACTIVE`."""
        return await _change(info, input, operations.resume_relay_link)

    @mutation(Permission.MANAGE_LINKS, description="Withdraw a relay link for good.")
    async def revoke_relay_link(
        self,
        info: strawberry.Info[Context],
        input: Annotated[RelayLinkInput, strawberry.argument(description="Which.")],
    ) -> RelayLinkPayload:
        """`ACTIVE, PAUSED → REVOKED`."""
        return await _change(info, input, operations.revoke_relay_link)

    @mutation(
        Permission.MANAGE_LINKS, description="Revoke a relay link that leaked and make one like it."
    )
    async def reissue_relay_link(
        self,
        info: strawberry.Info[Context],
        input: Annotated[RelayLinkInput, strawberry.argument(description="Which.")],
    ) -> RelayLinkPayload:
        """The new link."""
        return await _change(info, input, operations.reissue_relay_link)


async def _perform(info: strawberry.Info[Context], operation: Operation) -> RelayLinkPayload:
    return await perform(
        info.context, RelayLinkPayload, operation, thing="relay_link", type_name="RelayLink"
    )


async def _change(
    info: strawberry.Info[Context],
    input: RelayLinkInput,
    operation: Callable[[WriteSession, Actor, uuid.UUID], Awaitable[uuid.UUID]],
) -> RelayLinkPayload:
    async def run(tx: WriteSession, actor: Actor) -> uuid.UUID:
        key = key_from(input.id, "RelayLink", "relay link", "id")
        return await operation(tx, actor, key)

    return await _perform(info, run)
