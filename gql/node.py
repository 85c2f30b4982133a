"""Global ids, and the one door through which anything is found by its id.

An id is base64url("Type:uuid") and opaque to clients. Each feature registers how its type is
loaded, through its own visibility; what is malformed, unknown or unseen reads alike: null.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any, TypeAlias
from uuid import UUID

import strawberry

from gql.batch import relation
from gql.errors import bad_user_input

MAX_NODE_IDS = 100
MAX_ID_CHARACTERS = 128

Loader: TypeAlias = Callable[[Any, Sequence[UUID]], Awaitable[Mapping[UUID, Any]]]
"""`async (ctx, ids) -> {id: object}`: only what the actor of `ctx` may see; the rest is absent."""


@strawberry.interface(description="Anything that has a global id.")
class Node:
    """Every entity implements it: `id = encode_id("Referral", row.id)`."""

    id: strawberry.ID = strawberry.field(description="Opaque and unique among all types.")


def encode_id(type_name: str, key: UUID) -> strawberry.ID:
    """The global id of a row."""
    return strawberry.ID(urlsafe_b64encode(f"{type_name}:{key}".encode()).decode().rstrip("="))


def decode_id(global_id: str) -> tuple[str, UUID] | None:
    """(type name, key), or None for anything `encode_id` would not have written."""
    if len(global_id) > MAX_ID_CHARACTERS or not global_id.isascii():
        return None
    try:
        padded = global_id + "=" * (-len(global_id) % 4)
        type_name, _, key = urlsafe_b64decode(padded).decode().partition(":")
        found = type_name, UUID(key)
    except (binascii.Error, ValueError):
        return None
    return found if encode_id(*found) == global_id else None


def key_of(global_id: str, type_name: str) -> UUID | None:
    """The key of an id that must be of one type, or None: then answer as for an absent one."""
    found = decode_id(global_id)
    return found[1] if found and found[0] == type_name else None


_loaders: dict[str, Loader] = {}


def register_node(type_name: str, loader: Loader) -> None:
    """Make a type reachable by `node(id:)` and `nodes(ids:)`."""
    if type_name in _loaders:
        raise ValueError(f"the type {type_name} has a node loader already")
    _loaders[type_name] = loader


async def load_nodes(ctx: Any, global_ids: Sequence[str]) -> list[Any | None]:
    """The objects behind the ids, in their order, None where there is none to be seen."""
    decoded = [decode_id(global_id) for global_id in global_ids]
    wanted: dict[str, dict[UUID, None]] = {}
    for found in decoded:
        if found and found[0] in _loaders:
            wanted.setdefault(found[0], {})[found[1]] = None
    loaded = {name: await _loaders[name](ctx, list(keys)) for name, keys in wanted.items()}
    return [loaded.get(found[0], {}).get(found[1]) if found else None for found in decoded]


@strawberry.type
class NodeQuery:
    """The root fields `node` and `nodes`; the schema's Query inherits them."""

    @relation(description="The thing with this id, null if there is none that you may see.")
    @staticmethod
    async def node(
        parents: list[Any],
        ctx: Any,
        id: Annotated[strawberry.ID, strawberry.argument(description="A global id.")],
    ) -> list[Node | None]:
        """One thing by its id."""
        return await load_nodes(ctx, [id]) * len(parents)

    @relation(description="The things with these ids, in their order, null for each unseen one.")
    @staticmethod
    async def nodes(
        parents: list[Any],
        ctx: Any,
        ids: Annotated[
            list[strawberry.ID], strawberry.argument(description="At most 100 global ids.")
        ],
    ) -> list[list[Node | None]]:
        """Many things by their ids."""
        if len(ids) > MAX_NODE_IDS:
            raise bad_user_input("ids", f"at most {MAX_NODE_IDS}, not {len(ids)}")
        return [await load_nodes(ctx, ids)] * len(parents)
