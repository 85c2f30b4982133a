"""What every answer about the network shares: its nodes, its rows by value, its words."""

from __future__ import annotations

import asyncio
import uuid
from bisect import bisect_left
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import isfinite
from typing import Annotated, Any, TypeVar, cast

import numpy as np
import numpy.typing as npt
import strawberry

from gql.batch import Batched, relation
from gql.connection import Count, PageArguments, PageInfo, encode_cursor, page
from gql.consortium import Organization, load_organizations
from gql.context import Context
from gql.lists import After, Before, First, Last
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
        return await organizations_of(ctx, parents)


def flow_node(ctx: Context, parties: Parties, place: int) -> FlowNode:
    """The node at a place."""
    party = parties.party(int(place))
    return FlowNode(
        organization_key=party.organization_id, key=party.key, name=party.name.in_(ctx.locale)
    )


@strawberry.type
class OfNode:
    """A row about one node."""

    cursor: str = strawberry.field(description="Its place, for `after` and `before`.")
    of: FlowNode = strawberry.field(description="What it is about.")

    @relation(description="The organization that it is about; null for a group, and for a label.")
    @staticmethod
    async def node(parents: list[Any], ctx: Context) -> list[Organization | None]:
        return await organizations_of(ctx, [parent.of for parent in parents])


@strawberry.type
class OfPair:
    """A row about two nodes."""

    cursor: str = strawberry.field(description="Its place, for `after` and `before`.")
    from_: FlowNode = strawberry.field(name="from", description="Where they came from.")
    to: FlowNode = strawberry.field(description="Where they went.")

    @relation(description="The organization they went to; null for a group, and for a label.")
    @staticmethod
    async def node(parents: list[Any], ctx: Context) -> list[Organization | None]:
        return await organizations_of(ctx, [parent.to for parent in parents])


async def organizations_of(ctx: Context, nodes: Sequence[FlowNode]) -> list[Organization | None]:
    """The organizations of many nodes at once."""
    keys = [node.organization_key for node in nodes if node.organization_key is not None]
    found = await load_organizations(ctx, keys) if keys else {}
    return [found.get(node.organization_key) if node.organization_key else None for node in nodes]


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


async def each(parents: Sequence[R], answer: Callable[[R], Awaitable[T]]) -> Batched[T]:
    """One answer for each parent, side by side; one that fails fails alone."""
    found = await asyncio.gather(*map(answer, parents), return_exceptions=True)
    for one in found:
        if isinstance(one, BaseException) and not isinstance(one, Exception):
            raise one
    return cast("Batched[T]", found)


NodeKey = Annotated[
    strawberry.ID, strawberry.argument(description="A node, by its key or an organization's id.")
]


def number(value: Any) -> float | None:
    """A number, None for one that is not: JSON has no infinity."""
    found = float(value)
    return found if isfinite(found) else None


def rows_field(
    kind: type[Any],
    *,
    description: str,
    ranking: Callable[[Answer], Ranking],
    values: Callable[[Answer, int], dict[str, Any]],
) -> Any:
    """A paged list of an answer's rows, the largest value of ``ranking`` first.

    ``kind`` is an `OfNode` or an `OfPair`, ``values`` what it has beside its nodes, for the number
    of a row.
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
            return await page_of(ctx, kind, found, asked, partial(values, parent.answer))

        return await each(parents, page)

    rows.__annotations__["return"] = list[connection_type(kind)]  # type: ignore[misc]
    return relation(description=description)(rows)


_connections: dict[type[Any], type[Any]] = {}


def connection_type(kind: type[Any]) -> type[Any]:
    """The connection of an edge type: `FlowStrengthEdge` has `FlowStrengthConnection`."""
    if kind not in _connections:
        _connections[kind] = _made_connection(kind)
    return _connections[kind]


def _made_connection(kind: type[Any]) -> type[Any]:
    name = f"{kind.__name__.removesuffix('Edge')}Connection"
    fields = {
        "edges": strawberry.field(description="The page."),
        "page_info": strawberry.field(description="Where the page stands in the list."),
        "total_count": strawberry.field(description="How many there are in all."),
    }
    annotations = {"edges": list[kind], "page_info": PageInfo, "total_count": int}  # type: ignore[valid-type]
    made = type(name, (), {**fields, "__annotations__": annotations, "__module__": __name__})
    return strawberry.type(made, description="A page of rows, by their value.")


async def page_of(
    ctx: Context,
    kind: type[Any],
    ranking: Ranking,
    asked: PageArguments,
    values: Callable[[int], dict[str, Any]],
) -> Any:
    """A page of the rows, as the connection of their kind."""
    rows = await ctx.analyses.in_thread(partial(ranking.rows, asked))
    shown = page(rows, asked, ranking.position, total=Count(_uncounted).of(None))

    def edge(row: int) -> Any:
        places = [flow_node(ctx, ranking.parties, column[row]) for column in ranking.places]
        nodes = dict(zip(("from_", "to") if len(places) > 1 else ("of",), places, strict=True))
        cursor = encode_cursor(ranking.position(row))
        return kind(cursor=cursor, **nodes, **values(row))

    return connection_type(kind)(
        edges=[edge(one.node) for one in shown.edges],
        page_info=shown.page_info,
        total_count=int(ranking.values.size),
    )


async def _uncounted(_: Sequence[Any]) -> Mapping[Any, int]:
    return {}


def metric_field(
    kind: type[FlowAnswer], metric: str, *, description: str, cost: int = METRIC_COST_POINTS
) -> Any:
    """A metric of the network that has no parameters of its own."""

    async def ask(parents: list[Any], ctx: Context) -> Any:
        return await each(parents, lambda parent: parent.ask(ctx, kind, metric))

    ask.__annotations__["return"] = list[kind]  # type: ignore[valid-type]
    return relation(description=description, cost=cost)(ask)
