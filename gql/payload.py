"""Mutations: one input, one operation in one transaction, one payload with its errors."""

from __future__ import annotations

import importlib
import pkgutil
import uuid
from collections.abc import Awaitable, Callable
from enum import Enum
from typing import Any, TypeVar, cast

import strawberry

import models.operations
import network
from gql.context import Context
from gql.enums import described
from gql.node import decode_id, encode_id, load_nodes
from models.access import Actor, Permission
from models.errors import DomainError, NotFound
from models.session import WriteSession

P = TypeVar("P", bound="Payload")
F = TypeVar("F", bound=Callable[..., Any])

PERMISSION = "permission"


class Anyone(Enum):
    """Who may do what needs no permission: everyone, or everyone who has signed in."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"


def mutation(permission: Permission | Anyone, *, description: str) -> Callable[[F], F]:
    """A mutation field, and the permission that it needs. The operation checks it again."""
    decorate = strawberry.mutation(description=description, metadata={PERMISSION: permission})
    return cast("Callable[[F], F]", decorate)


def _every_error() -> dict[str, type[DomainError]]:
    """Each code and its class, once every operation and all of the network is imported."""
    for package in (models.operations, network):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    found: dict[str, type[DomainError]] = {}
    waiting = [DomainError]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            if "code" in vars(kind) and found.setdefault(kind.code, kind) is not kind:
                raise TypeError(f"two errors have the code {kind.code}")
    return dict(sorted(found.items()))


_ERRORS = _every_error()
ErrorCode = Enum("ErrorCode", {code: code for code in _ERRORS})  # type: ignore[misc]
described(
    ErrorCode,
    "Why something was refused. The codes are stable; the messages are for people.",
    **{code: (kind.__doc__ or "").strip().splitlines()[0] for code, kind in _ERRORS.items()},
)


@strawberry.type(description="Why a mutation was refused, and what to do about it.")
class UserError:
    """One expected failure."""

    code: ErrorCode = strawberry.field(description="The stable code.")
    message: str = strawberry.field(description="What to do about it, in the caller's language.")
    path: list[str] = strawberry.field(description="Where in the input it lies.")

    @classmethod
    def of(cls, error: DomainError, locale: str) -> UserError:
        """The failure as the caller reads it."""
        return cls(
            code=ErrorCode(error.code),
            message=error.message(locale),
            path=["input", *error.path] if error.path else [],
        )


@strawberry.interface(description="What a mutation answers.")
class Payload:
    """Every payload: its things are null where there are errors."""

    errors: list[UserError] = strawberry.field(
        default_factory=list, description="Why it was refused; empty where it was done."
    )


Operation = Callable[[WriteSession, Actor], Awaitable[uuid.UUID]]


async def perform(
    ctx: Context, payload: type[P], operation: Operation, *, thing: str, type_name: str
) -> P:
    """Run one operation in one transaction, and read what it made or changed as the actor may.

    ``thing`` is the payload's field for it. Anything expected becomes an entry of ``errors``.
    """
    actor = ctx.signed_in()
    try:
        async with ctx.database.transaction() as tx:
            row_id = await operation(tx, actor)
    except DomainError as error:
        return refused(ctx, payload, error)
    [found] = await load_nodes(ctx, [encode_id(type_name, row_id)])
    answer = payload()
    setattr(answer, thing, found)
    return answer


async def do(
    ctx: Context, payload: type[P], operation: Callable[[WriteSession, Actor], Awaitable[Any]]
) -> tuple[Any, P | None]:
    """Run one operation whose answer is no node: the answer, or the payload that refuses it."""
    actor = ctx.signed_in()
    try:
        async with ctx.database.transaction() as tx:
            return await operation(tx, actor), None
    except DomainError as error:
        return None, refused(ctx, payload, error)


def refused(ctx: Context, payload: type[P], error: DomainError) -> P:
    """The payload of a refusal."""
    return payload(errors=[UserError.of(error, ctx.locale)])


def key_from(global_id: str, type_name: str, what: str, *path: str) -> uuid.UUID:
    """The row's key. Raises `NotFound` for an id of another type, or of none."""
    found = decode_id(global_id)
    if found is None or found[0] != type_name:
        raise NotFound(*path, what=what)
    return found[1]
