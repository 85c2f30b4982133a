"""The enums of the domain, described for the schema. The Python classes stay the models'."""

from __future__ import annotations

from enum import Enum, StrEnum
from typing import TypeVar

import strawberry

from models.rules.lifecycles import LinkStatus, OrganizationKind
from models.tables.links import LinkUsage

E = TypeVar("E", bound=Enum)


def described(kind: type[E], description: str, **values: str) -> type[E]:
    """Make an enum of the models one of the schema. Every value must have its description."""
    strawberry.enum(kind, description=description)
    definition = kind.__strawberry_definition__  # type: ignore[attr-defined]
    if set(values) != {value.name for value in definition.values}:
        raise TypeError(f"{kind.__name__} must have each of its values described")
    for value in definition.values:
        value.description = values[value.name]
    return kind


class Direction(StrEnum):
    """Which way a list is sorted."""

    ASC = "ASC"
    DESC = "DESC"


described(
    Direction,
    "Which way a list is sorted.",
    ASC="The smallest, or earliest, first.",
    DESC="The largest, or latest, first.",
)
described(
    OrganizationKind,
    "What an organization is.",
    COMPANY="A company that hires.",
    AGENCY="A staffing agency that looks after candidates.",
)
described(
    LinkStatus,
    "Where a relay link stands. A link that is not active serves candidates, uncounted.",
    ACTIVE="In use.",
    PAUSED="Set aside for a while.",
    EXPIRED="Past its date.",
    REVOKED="Withdrawn for good.",
)
described(
    LinkUsage,
    "Where a relay link is used.",
    REJECTION_MAIL="In rejection mails.",
    PUBLIC="In public: on a page or a poster.",
)
