"""API tokens."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import strawberry

from gql.batch import relation
from gql.connection import Connection, PageArguments
from gql.consortium import Organization
from gql.context import Context
from gql.idempotency import idempotency_key
from gql.lists import After, Before, First, Last, connect, counting
from gql.node import Node, encode_id, register_node
from gql.payload import Payload, key_from, mutation, perform
from gql.users import organizations_of
from models.access import Actor, Permission, Role
from models.operations import api_tokens as operations
from models.operations.idempotency import once
from models.reads import users as reads
from models.session import WriteSession
from models.tables import users as tables


@strawberry.type(description="A program that acts for one organization or for the consortium.")
class ApiToken(Node):
    """One token, without its secret."""

    key: strawberry.Private[uuid.UUID]
    organization_key: strawberry.Private[uuid.UUID | None]
    name: str = strawberry.field(description="What it is for.")
    prefix: str = strawberry.field(description="The first letters of its secret.")
    role: Role = strawberry.field(description="What it may do.")
    created_at: dt.datetime = strawberry.field(description="When it was made.")
    expires_at: dt.datetime | None = strawberry.field(
        description="When it stops working; null if only by being revoked."
    )
    revoked_at: dt.datetime | None = strawberry.field(description="When it was revoked.")

    @relation(description="The organization it acts for; null for the consortium's own.")
    @staticmethod
    async def organization(parents: list[ApiToken], ctx: Context) -> list[Organization | None]:
        """All organizations by one read."""
        return await organizations_of(ctx, [parent.organization_key for parent in parents])


def api_token(row: tables.ApiToken) -> ApiToken:
    """A row as administrators see it."""
    return ApiToken(
        id=encode_id("ApiToken", row.id),
        key=row.id,
        organization_key=row.organization_id,
        name=row.name,
        prefix=row.prefix,
        role=row.role,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )


async def _load_tokens(ctx: Context, keys: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, ApiToken]:
    async with ctx.database.read() as read:
        rows = await reads.api_tokens_by_id(read, ctx.signed_in(), keys)
    return {key: api_token(row) for key, row in rows.items()}


register_node("ApiToken", _load_tokens)


@strawberry.type
class ApiTokenQuery:
    """The root fields about API tokens."""

    @relation(
        description="The API tokens of your organization, newest first; for consortium admins, "
        "of all. Revoked ones stay listed."
    )
    @staticmethod
    async def api_tokens(
        parents: list[Any],
        ctx: Context,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Connection[ApiToken]]:
        """Paged by age."""
        actor = ctx.permitted(Permission.MANAGE_TOKENS)
        asked = PageArguments.of(
            first=first, after=after, last=last, before=before, kinds=(dt.datetime, uuid.UUID)
        )
        async with ctx.database.read() as read:
            rows = await reads.api_tokens_page(read, actor, asked, descending=True)
        found = connect(
            rows,
            asked,
            node=api_token,
            position=lambda row: (row.created_at, row.id),
            count=counting(ctx, lambda read: reads.count_api_tokens(read, actor)),
        )
        return [found] * len(parents)


@strawberry.input(description="An API token to be made.")
class CreateApiTokenInput:
    """What it is for."""

    name: str = strawberry.field(description="What it is for, one line of at most 100.")
    role: Role = strawberry.field(description="What it may do; at most what you may give.")
    expires_at: dt.datetime | None = strawberry.field(
        default=None, description="When it stops working."
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="Which API token.")
class RevokeApiTokenInput:
    """One token of your organization."""

    id: strawberry.ID = strawberry.field(description="The API token's id.")


@strawberry.type(description="The API token that was made.")
class CreateApiTokenPayload(Payload):
    """The token with its secret, or why not."""

    api_token: ApiToken | None = strawberry.field(default=None, description="The new token.")
    secret: str | None = strawberry.field(
        default=None,
        description="What a program sends as `Authorization: Bearer`. Told only now: "
        "null where the same idempotency key made the token before.",
    )


@strawberry.type(description="What became of the API token.")
class RevokeApiTokenPayload(Payload):
    """The token, or why not."""

    api_token: ApiToken | None = strawberry.field(
        default=None, description="The token as it is now."
    )


@strawberry.type
class ApiTokenMutation:
    """What administrators do with API tokens."""

    @mutation(Permission.MANAGE_TOKENS, description="Make an API token for your organization.")
    async def create_api_token(
        self,
        info: strawberry.Info[Context],
        input: Annotated[CreateApiTokenInput, strawberry.argument(description="For what.")],
    ) -> CreateApiTokenPayload:
        """The secret is told once."""
        ctx = info.context
        command = operations.CreateApiToken(input.name, input.role, input.expires_at)
        secret: str | None = None

        async def run(tx: WriteSession, actor: Actor) -> uuid.UUID:
            async def create() -> uuid.UUID:
                nonlocal secret
                made = await operations.create_api_token(tx, actor, command)
                secret = made.secret
                return made.id

            return await once(
                tx,
                actor,
                key=input.idempotency_key,
                operation="create_api_token",
                command=command,
                run=create,
            )

        answer = await perform(
            ctx, CreateApiTokenPayload, run, thing="api_token", type_name="ApiToken"
        )
        answer.secret = secret if answer.api_token else None
        return answer

    @mutation(Permission.MANAGE_TOKENS, description="Stop an API token for good.")
    async def revoke_api_token(
        self,
        info: strawberry.Info[Context],
        input: Annotated[RevokeApiTokenInput, strawberry.argument(description="Which.")],
    ) -> RevokeApiTokenPayload:
        """It stays listed."""

        async def run(tx: WriteSession, actor: Actor) -> uuid.UUID:
            key = key_from(input.id, "ApiToken", "API token", "id")
            return await operations.revoke_api_token(tx, actor, key)

        return await perform(
            info.context, RevokeApiTokenPayload, run, thing="api_token", type_name="ApiToken"
        )
