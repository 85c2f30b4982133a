"""Relay connections over keysets.

A cursor holds the sort values of its row, so that a page continues where the last one ended even
when rows come and go. A batch resolver uses it so::

    @relation(description="Referrals this company sent, newest first.")
    @staticmethod
    async def referrals(
        parents: list[Company], ctx: Context,
        first: First = None, after: After = None, last: Last = None, before: Before = None,
    ) -> list[Connection[Referral]]:
        wanted = PageArguments.of(first=first, after=after, last=last, before=before)
        rows = ...   # per parent, at most wanted.limit_rows beyond wanted.after / wanted.before,
                     # in reverse order where wanted.backward
        count = Count(partial(count_referrals, ctx))
        return [
            page(rows[p.id], wanted, lambda r: (r.sent_at, r.key), total=count.of(p.id))
            for p in parents
        ]
"""

from __future__ import annotations

import binascii
import datetime as dt
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeAlias, TypeVar
from uuid import UUID

import orjson
import strawberry

from gql.batch import relation
from gql.errors import RequestError, bad_user_input
from gql.limits import MAX_PAGE_ROWS, SILENT_PAGE_ROWS
from gql.storable import NUL

T = TypeVar("T")

MAX_CURSOR_CHARACTERS = 512
MAX_CURSOR_VALUES = 8
MAX_CURSOR_NUMBER = 2**31 - 1

Position: TypeAlias = tuple[Any, ...]
"""The sort values of a row: strings, numbers, booleans, None, datetimes, dates and UUIDs."""

First = Annotated[
    int | None, strawberry.argument(description="How many from the start: at most 100, usually 20.")
]
After = Annotated[str | None, strawberry.argument(description="Only what follows this cursor.")]
Last = Annotated[
    int | None, strawberry.argument(description="How many from the end, instead of `first`.")
]
Before = Annotated[str | None, strawberry.argument(description="Only what precedes this cursor.")]


def encode_cursor(position: Position) -> str:
    """An opaque cursor of a row's sort values."""
    written = orjson.dumps([_written(value) for value in position])
    return urlsafe_b64encode(written).decode().rstrip("=")


def _written(value: object) -> object:
    if isinstance(value, dt.datetime):
        return {"t": value.astimezone(dt.UTC).isoformat()}
    if isinstance(value, dt.date):
        return {"d": value.isoformat()}
    if isinstance(value, UUID):
        return {"u": str(value)}
    return value


def decode_cursor(argument: str, cursor: str) -> Position:
    """The sort values of a cursor. Raises BAD_CURSOR, naming the argument."""
    try:
        if len(cursor) > MAX_CURSOR_CHARACTERS:
            raise ValueError("too long")
        values = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or not 0 < len(values) <= MAX_CURSOR_VALUES:
            raise ValueError("not a list of sort values")
        return tuple(_read(value) for value in values)
    except (ValueError, KeyError, binascii.Error):
        raise RequestError(
            "BAD_CURSOR",
            f"{argument}: not a cursor of this list. Use one from its edges or pageInfo.",
            argument=argument,
        ) from None


def _read(value: object) -> object:
    if isinstance(value, list):
        raise ValueError("a list inside a cursor")  # noqa: TRY004 (one kind for all)
    if isinstance(value, str) and NUL in value:
        raise ValueError("a text that no row has")
    if isinstance(value, int) and abs(value) > MAX_CURSOR_NUMBER:
        raise ValueError("a number that no row has")
    if not isinstance(value, dict):
        return value
    (kind, text), *more = value.items() or [("", "")]
    if more or not isinstance(text, str):
        raise ValueError("not a sort value")
    return _READERS[kind](text)


def _instant(text: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    try:
        return moment.astimezone(dt.UTC)
    except OverflowError:
        raise ValueError("an instant outside the calendar") from None


_READERS: Mapping[str, Callable[[str], object]] = {
    "t": _instant,
    "d": dt.date.fromisoformat,
    "u": UUID,
}


@dataclass(frozen=True, kw_only=True)
class PageArguments:
    """Which rows of a list are asked for, checked."""

    rows: int
    backward: bool
    after: Position | None
    before: Position | None

    @property
    def limit_rows(self) -> int:
        """How many rows to fetch: one more than asked, to know whether there are others."""
        return self.rows + 1

    @classmethod
    def of(
        cls,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        kinds: Sequence[type] | None = None,
    ) -> PageArguments:
        """Check a field's arguments. Raises BAD_USER_INPUT or BAD_CURSOR, naming the argument.

        `kinds` are the types of the list's sort values; a cursor of another list is then refused.
        """
        if first is not None and last is not None:
            raise bad_user_input("last", "cannot be used together with first")
        return cls(
            rows=_rows("last", last) if last is not None else _rows("first", first),
            backward=last is not None,
            after=_position("after", after, kinds),
            before=_position("before", before, kinds),
        )


def _rows(argument: str, asked: int | None) -> int:
    if asked is None:
        return SILENT_PAGE_ROWS
    if not 0 <= asked <= MAX_PAGE_ROWS:
        raise bad_user_input(argument, f"must be between 0 and {MAX_PAGE_ROWS}, not {asked}")
    return asked


def _position(argument: str, cursor: str | None, kinds: Sequence[type] | None) -> Position | None:
    if cursor is None:
        return None
    position = decode_cursor(argument, cursor)
    if kinds is not None and not (
        len(position) == len(kinds)
        and all(
            value is None or type(value) is kind
            for value, kind in zip(position, kinds, strict=True)
        )
    ):
        raise RequestError(
            "BAD_CURSOR", f"{argument}: this cursor belongs to another list.", argument=argument
        )
    return position


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    """Relay's PageInfo."""

    has_next_page: bool = strawberry.field(description="Whether more follows this page.")
    has_previous_page: bool = strawberry.field(description="Whether more precedes this page.")
    start_cursor: str | None = strawberry.field(description="Cursor of the first edge.")
    end_cursor: str | None = strawberry.field(description="Cursor of the last edge.")


def _cursor(root: Any) -> str:
    # Written only when it is asked for.
    return encode_cursor(root.position)


def _nodes(root: Any) -> Any:
    return [edge.node for edge in root.edges]


@strawberry.type(description="One thing of a list, and its place.")
class Edge(Generic[T]):
    """Relay's edge: `Edge[Referral]` is named ReferralEdge."""

    node: T = strawberry.field(description="The thing itself.")
    cursor: str = strawberry.field(
        resolver=_cursor, description="Its place, for `after` and `before`."
    )
    position: strawberry.Private[Position]


class Count:
    """Counts for all parents of a batch by one call, made only if a `totalCount` is asked for."""

    def __init__(self, count: Callable[[Sequence[Any]], Awaitable[Mapping[Any, int]]]) -> None:
        self.count = count

    def of(self, key: Hashable) -> Total:
        """The count of one parent; a key without a count has 0."""
        return Total(self, key)


@dataclass(frozen=True)
class Total:
    """The count of one connection, not yet counted."""

    counter: Count
    key: Hashable


@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):
    """Relay's connection: `Connection[Referral]` is named ReferralConnection."""

    edges: list[Edge[T]] = strawberry.field(description="The page, with cursors.")
    page_info: PageInfo = strawberry.field(description="Where the page stands in the list.")
    nodes: list[T] = strawberry.field(resolver=_nodes, description="The page, without cursors.")
    total: strawberry.Private[Total]

    @relation(description="How many the whole list has; counted only when asked.", cost=1)
    @staticmethod
    async def total_count(parents: list[Any], ctx: Any) -> list[int]:  # noqa: ARG004
        """One call of each counter for all its connections."""
        keys: dict[Count, dict[Hashable, None]] = {}
        for parent in parents:
            keys.setdefault(parent.total.counter, {})[parent.total.key] = None
        counts = {counter: await counter.count(list(asked)) for counter, asked in keys.items()}
        return [counts[p.total.counter].get(p.total.key, 0) for p in parents]


def page(
    rows: Sequence[T], arguments: PageArguments, key: Callable[[T], Position], *, total: Total
) -> Connection[T]:
    """A connection of the rows fetched: up to `arguments.limit_rows`, reversed if `backward`.

    `key` gives the sort values of a row, in the order the list is sorted by.
    """
    kept = list(rows[: arguments.rows])
    more = len(rows) > arguments.rows
    if arguments.backward:
        kept.reverse()
    edges = [Edge(node=row, position=key(row)) for row in kept]
    return Connection(
        edges=edges,
        page_info=PageInfo(
            has_next_page=arguments.before is not None if arguments.backward else more,
            has_previous_page=more if arguments.backward else arguments.after is not None,
            start_cursor=encode_cursor(edges[0].position) if edges else None,
            end_cursor=encode_cursor(edges[-1].position) if edges else None,
        ),
        total=total,
    )
