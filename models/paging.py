"""Pages of a list by keyset, for one parent or for many by one statement."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, Protocol

import orjson
from sqlalchemy import Row, Select, Uuid, cast, func, literal, select, true, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute

from models.session import ReadSession

Keys = Sequence[InstrumentedAttribute[Any]]
"""The columns a list is sorted by, none of them nullable, the last one unique."""


class PageAsked(Protocol):
    """Which rows of a list are asked for: at most ``limit_rows``, between two positions."""

    @property
    def limit_rows(self) -> int: ...
    @property
    def backward(self) -> bool: ...
    @property
    def after(self) -> Sequence[Any] | None: ...
    @property
    def before(self) -> Sequence[Any] | None: ...


def keyset(
    statement: Select[Any], keys: Keys, asked: PageAsked, *, descending: bool
) -> Select[Any]:
    """Restrict a statement to one page. A backward page comes in reverse, from its end."""
    position = tuple_(*keys)
    if asked.after is not None:
        after = tuple_(*_typed(keys, asked.after))
        statement = statement.where(position < after if descending else position > after)
    if asked.before is not None:
        before = tuple_(*_typed(keys, asked.before))
        statement = statement.where(position > before if descending else position < before)
    return statement.order_by(*ordering(keys, asked, descending=descending)).limit(asked.limit_rows)


def ordering(keys: Keys, asked: PageAsked, *, descending: bool) -> list[Any]:
    """The order in which a page is read."""
    return [key.desc() if descending != asked.backward else key.asc() for key in keys]


def _typed(keys: Keys, values: Sequence[Any]) -> list[Any]:
    return [literal(value, key.type) for key, value in zip(keys, values, strict=True)]


async def page_rows(
    read: ReadSession,
    statement: Select[Any],
    keys: Keys,
    asked: PageAsked,
    *,
    descending: bool = False,
) -> Sequence[Row[Any]]:
    """One page of a list."""
    rows: Sequence[Row[Any]] = (
        await read.execute(keyset(statement, keys, asked, descending=descending))
    ).all()
    return rows


async def page_rows_by_parent(
    read: ReadSession,
    statement: Select[Any],
    keys: Keys,
    asked: PageAsked,
    *,
    parents: Sequence[uuid.UUID],
    parent: InstrumentedAttribute[uuid.UUID],
    descending: bool = False,
) -> dict[uuid.UUID, list[Row[Any]]]:
    """The same page of many parents' lists, by one statement that reads no more than the pages.

    ``statement`` selects columns of one table, ``parent`` among them.
    """
    found: dict[uuid.UUID, list[Row[Any]]] = {one: [] for one in parents}
    if not found:
        return found
    make = _lateral if read.get_bind().dialect.name == "postgresql" else _correlated
    paged = make(list(found), statement, keys, asked, parent, descending)
    for row in await read.execute(paged):
        found[getattr(row, parent.key)].append(row)
    return found


def _lateral(
    parents: list[uuid.UUID],
    statement: Select[Any],
    keys: Keys,
    asked: PageAsked,
    parent: InstrumentedAttribute[uuid.UUID],
    descending: bool,  # noqa: FBT001  (handed through)
) -> Select[Any]:
    listed = func.unnest(cast(parents, ARRAY(Uuid())))
    asked_for = listed.table_valued("id").render_derived(name="asked_for")
    inner = statement.where(parent == asked_for.c.id).correlate(asked_for)
    page = keyset(inner, keys, asked, descending=descending).lateral("page")
    return select(page).select_from(asked_for).join(page, true())


def _correlated(
    parents: list[uuid.UUID],
    statement: Select[Any],
    keys: Keys,
    asked: PageAsked,
    parent: InstrumentedAttribute[uuid.UUID],
    descending: bool,  # noqa: FBT001  (handed through)
) -> Select[Any]:
    # SQLite has no LATERAL, but takes a correlated list of keys with its own limit.
    listed = literal(orjson.dumps([one.hex for one in parents]).decode())
    asked_for = func.json_each(listed).table_valued("value").alias("asked_for")
    unique = keys[-1]
    inner = (
        statement.with_only_columns(unique)
        .where(parent == cast(asked_for.c.value, parent.type))
        .correlate(asked_for)
    )
    page = keyset(inner, keys, asked, descending=descending)
    return (
        statement.with_only_columns(*statement.selected_columns)
        .join(asked_for, true())
        .where(unique.in_(page))
        .order_by(*ordering(keys, asked, descending=descending))
    )
