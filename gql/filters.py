"""The operators that filters of lists share. `models.filters.matches` reads them."""

from __future__ import annotations

import datetime as dt
from typing import Generic, TypeVar

import strawberry

T = TypeVar("T")


@strawberry.input(description="Conditions on a text.")
class StringFilter:
    """Text operators."""

    eq: str | None = strawberry.field(default=None, description="Equal to this.")
    in_: list[str] | None = strawberry.field(
        default=None, name="in", description="One of these, at most 100."
    )
    contains: str | None = strawberry.field(
        default=None, description="Has this somewhere in it, in capitals or not."
    )


@strawberry.input(description="Conditions on a whole number.")
class IntFilter:
    """Number operators."""

    eq: int | None = strawberry.field(default=None, description="Equal to this.")
    gte: int | None = strawberry.field(default=None, description="This or more.")
    lte: int | None = strawberry.field(default=None, description="This or less.")


@strawberry.input(description="Conditions on a day.")
class DateFilter:
    """Day operators."""

    eq: dt.date | None = strawberry.field(default=None, description="On this day.")
    gte: dt.date | None = strawberry.field(default=None, description="On this day or later.")
    lte: dt.date | None = strawberry.field(default=None, description="On this day or earlier.")


@strawberry.input(description="Conditions on a value of a fixed list.")
class Filter(Generic[T]):
    """Enum operators: `Filter[LinkStatus]` is named LinkStatusFilter."""

    eq: T | None = strawberry.field(default=None, description="Equal to this.")
    in_: list[T] | None = strawberry.field(
        default=None, name="in", description="One of these, at most 100."
    )
