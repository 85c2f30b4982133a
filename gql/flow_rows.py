"""What every answer about the network shares: its nodes, its rows by value, its words."""

from __future__ import annotations

import asyncio
import uuid
from bisect import bisect_left
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import isfinite
from typing import Annotated, Any, TypeVar, cast

import numpy as np
import numpy.typing as npt
import strawberry

from gql.batch import Batched, relation
from gql.connection import Connection, PageArguments
from gql.consortium import Organization, load_organizations
from gql.context import Context
from gql.lists import After, Before, First, Last, connect
from network.answering import Answer
from network.directory import Parties

T = TypeVar("T")
R = TypeVar("R")
A = TypeVar("A", bound="FlowAnswer")

Values = npt.NDArray[np.float64]
METRIC_COST_POINTS = 100
"""Thousands of edges are looked at for each answer."""
NO_VALUE = -np.inf
"""Rows without a value come last."""


@strawberry.type(
    description="A node of the flow network: an organization, or all of one industry or "
    "prefecture, or a label of an imported history."
)
class FlowNode:
    """Known by its key within one level and source."""

    organization_key: strawberry.Private[uuid.UUID | None]
    key: str = strawberry.field(
        description="What `between` and `ego` take: an organization's, the code of an industry "
        "division or prefecture (empty where unknown), or a label."
    )
    name: str = strawberry.field(description="Its name, in the caller's language.")

    @relation(description="The organization; null for a group, and for a label.")
    @staticmethod
    async def organization(parents: list[FlowNode], ctx: Context) -> list[Organization | None]:
        keys = [p.organization_key for p in parents if p.organization_key is not None]
        found = await load_organizations(ctx, keys) if keys else {}
        return [found.get(p.organization_key) if p.organization_key else None for p in parents]


def flow_node(ctx: Context, parties: Parties, place: int) -> FlowNode:
    """The node at a place."""
    party = parties.party(int(place))
    return FlowNode(
        organization_key=party.organization_id, key=party.key, name=party.name.in_(ctx.locale)
    )


@strawberry.interface(description="What one metric says of the network.")
class FlowAnswer:
    """A metric's answer: what it says, and how long it took."""

    answer: strawberry.Private[Answer]

    took_ms: float = strawberry.field(
        description="How long it took to compute, in milliseconds, when it was."
    )

    @classmethod
    def values(cls, ctx: Context, answer: Answer) -> dict[str, Any]:  # noqa: ARG003
        """What its own fields hold."""
        return {}

    @relation(description="What it says in one or two sentences, in the caller's language.", cost=1)
    @staticmethod
    async def in_words(parents: list[Any], ctx: Context) -> list[str]:
        said = [ctx.analyses.in_thread(parent.answer.in_words) for parent in parents]
        return [text.in_(ctx.locale) for text in await asyncio.gather(*said)]


def told(ctx: Context, kind: type[A], answer: Answer) -> A:
    """An answer as the caller reads it."""
    return kind(answer=answer, took_ms=answer.took_ms, **kind.values(ctx, answer))


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Rows by their value, the largest first, then by the keys of their nodes.

    ``places`` has a column of places for each node that a row is of: one, or two for a pair.
    """

    parties: Parties
    values: Values
    places: tuple[npt.NDArray[Any], ...]

    def rows(self, asked: PageArguments) -> list[int]:
        """The numbers of the rows on a page, as `gql.lists.connect` wants them."""
        values = np.where(np.isnan(self.values), NO_VALUE, self.values)
        kept = np.ones(values.shape, bool)
        if asked.after is not None:
            kept &= self._beyond(values, asked.after)
        if asked.before is not None:
            kept &= ~self._beyond(values, asked.before) & ~self._at(values, asked.before)
        [numbers] = np.nonzero(kept)
        order = np.lexsort((*(c[numbers] for c in reversed(self.places)), -values[numbers]))
        ordered = numbers[order][::-1] if asked.backward else numbers[order]
        return cast("list[int]", ordered[: asked.limit_rows].tolist())

    def position(self, row: int) -> tuple[Any, ...]:
        """The sort values of a row."""
        value = float(self.values[row])
        keys = (self.parties.keys_in_order[int(column[row])] for column in self.places)
        return (None if np.isnan(value) else value, *keys)

    def _beyond(self, values: Values, position: tuple[Any, ...]) -> npt.NDArray[np.bool_]:
        """Which rows come after a position."""
        value = NO_VALUE if position[0] is None else float(position[0])
        beyond = values < value
        same = values == value
        for column, key in zip(self.places, position[1:], strict=True):
            place = self._place(key)
            beyond |= same & (column > place)
            same &= column == place
        return beyond

    def _at(self, values: Values, position: tuple[Any, ...]) -> npt.NDArray[np.bool_]:
        value = NO_VALUE if position[0] is None else float(position[0])
        at = values == value
        for column, key in zip(self.places, position[1:], strict=True):
            at &= column == self._place(key)
        return cast("npt.NDArray[np.bool_]", at)

    def _place(self, key: object) -> float:
        """Where a key stands among the keys; between two of them where it is none."""
        known = self.parties.place_of(str(key))
        return bisect_left(self.parties.keys_in_order, str(key)) - 0.5 if known is None else known


def by_node(parties: Parties, values: npt.NDArray[Any]) -> Ranking:
    """A row for each node."""
    return Ranking(parties, values.astype(np.float64), (np.arange(values.size),))


def by_pair(
    parties: Parties,
    values: npt.NDArray[Any],
    source: npt.NDArray[Any],
    target: npt.NDArray[Any],
) -> Ranking:
    """A row for each pair."""
    return Ranking(parties, values.astype(np.float64), (source, target))


def rows_asked(
    width: int, first: int | None, after: str | None, last: int | None, before: str | None
) -> PageArguments:
    """The page of rows that are of one node, or of two."""
    kinds = (float, *(str for _ in range(width)))
    return PageArguments.of(first=first, after=after, last=last, before=before, kinds=kinds)


async def ranked(
    ctx: Context, ranking: Ranking, asked: PageArguments, node: Callable[[int], T]
) -> Connection[T]:
    """A page of the rows; ``node`` makes one of its number."""
    rows = await ctx.analyses.in_thread(partial(ranking.rows, asked))

    async def count() -> int:
        return int(ranking.values.size)

    return connect(rows, asked, node=node, position=ranking.position, count=count)


async def each(parents: Sequence[R], answer: Callable[[R], Awaitable[T]]) -> Batched[T]:
    """One answer for each parent, side by side; one that fails fails alone."""
    found = await asyncio.gather(*map(answer, parents), return_exceptions=True)
    for one in found:
        if isinstance(one, BaseException) and not isinstance(one, Exception):
            raise one
    return cast("Batched[T]", found)


NodeKey = Annotated[str, strawberry.argument(description="The key of a node.")]


def number(value: Any) -> float | None:
    """A number, None for one that is not: JSON has no infinity."""
    found = float(value)
    return found if isfinite(found) else None


def rows_field(
    kind: type[Any],
    *,
    description: str,
    ranking: Callable[[Answer], Ranking],
    row: Callable[[Context, Answer, int], Any],
) -> Any:
    """A paged list of an answer's rows, the largest value of ``ranking`` first.

    ``row`` makes one of its number: an object of ``kind``.
    """

    async def rows(
        parents: list[Any],
        ctx: Context,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Any:
        async def page(parent: Any) -> Any:
            found = ranking(parent.answer)
            asked = rows_asked(len(found.places), first, after, last, before)
            return await ranked(ctx, found, asked, partial(row, ctx, parent.answer))

        return await each(parents, page)

    rows.__annotations__["return"] = list[Connection[kind]]  # type: ignore[valid-type]
    return relation(description=description)(rows)


def metric_field(
    kind: type[FlowAnswer], metric: str, *, description: str, cost: int = METRIC_COST_POINTS
) -> Any:
    """A metric of the network that has no parameters of its own."""

    async def ask(parents: list[Any], ctx: Context) -> Any:
        return await each(parents, lambda parent: parent.ask(ctx, kind, metric))

    ask.__annotations__["return"] = list[kind]  # type: ignore[valid-type]
    return relation(description=description, cost=cost)(ask)
