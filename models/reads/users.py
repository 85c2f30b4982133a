"""People and programs that sign in, as administrators and they themselves see them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from models.access import Actor, ActorKind
from models.filters import matches
from models.paging import PageAsked, page_rows
from models.session import ReadSession
from models.tables.users import ApiToken, User
from models.visibility import visible_api_tokens, visible_users

USER_KEYS = (User.name, User.id)
TOKEN_KEYS = (ApiToken.created_at, ApiToken.id)


@dataclass(frozen=True, slots=True)
class UserFilter:
    """Which users: any of the conditions, each None where nothing is asked."""

    status: object | None = None
    role: object | None = None
    name: object | None = None


def _conditions(actor: Actor, where: UserFilter) -> list[ColumnElement[bool]]:
    return [
        visible_users(actor),
        *matches(User.status, where.status, "status"),
        *matches(User.role, where.role, "role"),
        *matches(User.name, where.name, "name"),
    ]


async def users_page(
    read: ReadSession, actor: Actor, where: UserFilter, asked: PageAsked, *, descending: bool
) -> Sequence[User]:
    """One page of the people the actor sees, by name."""
    statement = select(User).where(*_conditions(actor, where))
    rows = await page_rows(read, statement, USER_KEYS, asked, descending=descending)
    return [row[0] for row in rows]


async def count_users(read: ReadSession, actor: Actor, where: UserFilter) -> int:
    """How many there are."""
    statement = select(func.count()).select_from(User).where(*_conditions(actor, where))
    return (await read.scalar(statement)) or 0


async def users_by_id(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, User]:
    """Those of the ids that the actor sees."""
    rows = await read.scalars(select(User).where(visible_users(actor), User.id.in_(ids)))
    return {row.id: row for row in rows}


async def own_user(read: ReadSession, actor: Actor) -> User | None:
    """The person themselves; None for a program."""
    if actor.kind is not ActorKind.USER or actor.id is None:
        return None
    return (await users_by_id(read, actor, [actor.id])).get(actor.id)


async def api_tokens_page(
    read: ReadSession, actor: Actor, asked: PageAsked, *, descending: bool
) -> Sequence[ApiToken]:
    """One page of the tokens the actor sees, by age."""
    statement = select(ApiToken).where(visible_api_tokens(actor))
    rows = await page_rows(read, statement, TOKEN_KEYS, asked, descending=descending)
    return [row[0] for row in rows]


async def count_api_tokens(read: ReadSession, actor: Actor) -> int:
    """How many there are."""
    statement = select(func.count()).select_from(ApiToken).where(visible_api_tokens(actor))
    return (await read.scalar(statement)) or 0


async def api_tokens_by_id(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, ApiToken]:
    """Those of the ids that the actor sees."""
    rows = await read.scalars(
        select(ApiToken).where(visible_api_tokens(actor), ApiToken.id.in_(ids))
    )
    return {row.id: row for row in rows}
