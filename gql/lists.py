"""What every paged list shares: its arguments, and the way from rows to a connection."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

import strawberry

from gql.connection import Connection, Count, PageArguments, PageInfo, Position, page
from gql.context import Context
from gql.enums import Direction
from gql.errors import RequestError
from models.errors import InvalidInput
from models.session import ReadSession

T = TypeVar("T")
R = TypeVar("R")
K = TypeVar("K", bound=Hashable)

First = Annotated[
    int | None, strawberry.argument(description="So many from the start, at most 100.")
]
After = Annotated[str | None, strawberry.argument(description="What follows this cursor.")]
Last = Annotated[int | None, strawberry.argument(description="So many from the end, at most 100.")]
Before = Annotated[str | None, strawberry.argument(description="What precedes this cursor.")]
FirstMatches = Annotated[
    int, strawberry.argument(description="So many of the best, 1 to 50; 10 where silent.")
]
MATCHES_SILENT = 10
MATCHES_COST_POINTS = 100
"""Thousands are compared for each answer."""


def connect(
    rows: Sequence[R],
    asked: PageArguments,
    *,
    node: Callable[[R], T],
    position: Callable[[R], Position],
    count: Callable[[], Awaitable[int]],
) -> Connection[T]:
    """A connection of rows; ``count`` is called only where a total is asked for."""

    async def count_for(keys: Sequence[Any]) -> Mapping[Any, int]:
        return dict.fromkeys(keys, await count())

    paged = page(rows, asked, position, total=Count(count_for).of(None))
    for edge in paged.edges:
        edge.node = node(edge.node)  # type: ignore[assignment]
    return paged  # type: ignore[return-value]


def connect_each(
    keys: Sequence[K],
    pages: Mapping[K, Sequence[R]],
    asked: PageArguments,
    *,
    node: Callable[[R], T],
    position: Callable[[R], Position],
    count: Callable[[Sequence[K]], Awaitable[Mapping[K, int]]],
) -> list[Connection[T]]:
    """A connection for each parent; one call of ``count`` serves all totals that are asked for."""
    counted = Count(count)
    found = []
    for key in keys:
        paged = page(pages.get(key, ()), asked, position, total=counted.of(key))
        for edge in paged.edges:
            edge.node = node(edge.node)  # type: ignore[assignment]
        found.append(paged)
    return found  # type: ignore[return-value]


def counting_each(
    ctx: Context, count: Callable[[ReadSession, Sequence[K]], Awaitable[Mapping[K, int]]]
) -> Callable[[Sequence[K]], Awaitable[Mapping[K, int]]]:
    """Counts for many parents in a read of its own."""

    async def run(keys: Sequence[K]) -> Mapping[K, int]:
        async with ctx.database.read() as read:
            return await count(read, keys)

    return run


def counting(ctx: Context, count: Callable[[ReadSession], Awaitable[int]]) -> Callable[[], Any]:
    """A count in a read of its own."""

    async def run() -> int:
        async with ctx.database.read() as read:
            return await count(read)

    return run


def sorting(
    order_by: Sequence[Any] | None, default: tuple[Any, Direction]
) -> tuple[Any, Direction]:
    """The field and direction of a list. Raises `InvalidInput` for more than one order."""
    if not order_by:
        return default
    if len(order_by) > 1:
        raise InvalidInput(
            "orderBy",
            ja="並び順は1つだけ指定してください。",
            en="Give one order only.",
        )
    return order_by[0].field, order_by[0].direction


@dataclass(frozen=True)
class Slice(Generic[R]):
    """One page of a list that is in memory: its rows in order, and where it stands."""

    rows: list[R]
    page_info: PageInfo


def slice_of(
    found: Sequence[R], asked: PageArguments, position: Callable[[R], Position]
) -> Slice[R]:
    """The page that is asked for of a sorted list. Raises BAD_CURSOR for a place with a gap."""
    paged = page(
        _between(found, asked, position), asked, position, total=Count(_uncounted).of(None)
    )
    return Slice([edge.node for edge in paged.edges], paged.page_info)


def _between(
    found: Sequence[R], asked: PageArguments, position: Callable[[R], Position]
) -> list[R]:
    for argument, cursor in (("after", asked.after), ("before", asked.before)):
        if cursor is not None and None in cursor:
            raise RequestError(
                "BAD_CURSOR", f"{argument}: this cursor belongs to another list.", argument=argument
            )
    rows = [
        row
        for row in found
        if (asked.after is None or position(row) > asked.after)
        and (asked.before is None or position(row) < asked.before)
    ]
    if asked.backward:
        rows.reverse()
    return rows[: asked.limit_rows]


async def _uncounted(_: Sequence[Any]) -> Mapping[Any, int]:
    return {}
