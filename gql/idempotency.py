"""Mutations that create or spend: asked again with the same key, they answer the same."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import strawberry

from gql.context import Context
from gql.payload import Payload, perform
from models.access import Actor
from models.operations.idempotency import once
from models.session import WriteSession

P = TypeVar("P", bound=Payload)


def idempotency_key() -> Any:
    """The input's field for the key."""
    return strawberry.field(
        default=None,
        description="Any 1 to 100 printable characters of your own. Asked again with the same "
        "key and the same input, the first answer comes back and nothing is done twice.",
    )


async def perform_once(
    ctx: Context,
    payload: type[P],
    *,
    key: str | None,
    command: Callable[[], Any],
    operation: Callable[[WriteSession, Actor, Any], Awaitable[uuid.UUID]],
    thing: str,
    type_name: str,
) -> P:
    """As `gql.payload.perform`, once for a key. ``command`` reads the input and may refuse it."""

    async def run(tx: WriteSession, actor: Actor) -> uuid.UUID:
        wanted = command()
        return await once(
            tx,
            actor,
            key=key,
            operation=operation.__name__,
            command=wanted,
            run=lambda: operation(tx, actor, wanted),
        )

    return await perform(ctx, payload, run, thing=thing, type_name=type_name)
