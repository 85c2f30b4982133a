"""Typed filters of lists, turned into conditions."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from models.errors import InvalidInput

IN_MAX = 100
CONTAINS_LENGTH_MAX = 100


def matches(
    column: InstrumentedAttribute[Any] | ColumnElement[Any],
    asked: object | None,
    path: str = "where",
) -> list[ColumnElement[bool]]:
    """The conditions of a filter: any of ``eq``, ``in_``, ``gte``, ``lte``, ``contains``.

    An operator that is absent or None asks nothing. Raises `InvalidInput` beyond the bounds.
    """
    if asked is None:
        return []
    found: list[ColumnElement[bool]] = []
    if (value := getattr(asked, "eq", None)) is not None:
        found.append(column == value)
    if (values := getattr(asked, "in_", None)) is not None:
        if len(values) > IN_MAX:
            raise InvalidInput(
                path,
                ja=f"in に指定できる値は{IN_MAX}個までです。",
                en=f"At most {IN_MAX} values can be given to in.",
            )
        found.append(column.in_(values))
    if (value := getattr(asked, "gte", None)) is not None:
        found.append(column >= value)
    if (value := getattr(asked, "lte", None)) is not None:
        found.append(column <= value)
    if (value := getattr(asked, "contains", None)) is not None:
        if not 1 <= len(value) <= CONTAINS_LENGTH_MAX:
            raise InvalidInput(
                path,
                ja=f"contains は1〜{CONTAINS_LENGTH_MAX}文字で指定してください。",
                en=f"Give contains 1 to {CONTAINS_LENGTH_MAX} characters.",
            )
        found.append(column.icontains(value, autoescape=True))
    return found
