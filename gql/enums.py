"""The enums of the domain, described for the schema. The Python classes stay the models'."""

from __future__ import annotations

from enum import Enum, StrEnum
from typing import TypeVar

import strawberry

from models.rules.counting import CountRule, HoldReason, NotCountedReason, OpenLinks
from models.rules.lifecycles import CountStatus, LinkStatus, OrganizationKind
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
described(
    CountStatus,
    "What became of a registration's count. The person is served whatever it is.",
    PENDING="The address is not confirmed yet.",
    COUNTED="It counts.",
    HELD="It waits for a consortium admin.",
    NOT_COUNTED="It does not count.",
    REVERSED="It counted and was taken back.",
)
described(
    NotCountedReason,
    "Why a registration does not count.",
    COUNTED_BEFORE="The company got a count for this person before.",
    COUNTED_ELSEWHERE="Another company got a count for this person within the window.",
    LINK_NOT_ACTIVE="The link was not in use.",
    LINK_NOT_OPEN="The rules do not count links of this kind.",
    COMPANY_NOT_ACTIVE="The company was not a member.",
    REVIEWED="A consortium admin refused it.",
)
described(
    HoldReason,
    "Why a count waits for a consortium admin.",
    COMPANY_DOMAIN="The address is of the company's own mail domain.",
    LINK_SPEED="Many came through the link within ten minutes.",
    MANY_FROM_ONE_DEVICE="Many came from the device within a day.",
    LIKELY_SAME_PERSON="Someone with the same telephone number was counted.",
)
described(
    CountRule,
    "Which companies get a count for a person.",
    EACH_COMPANY="Each company whose link the person registers through.",
    FIRST_WITHIN_WINDOW="Only the first within the window.",
)
described(
    OpenLinks,
    "Which relay links count.",
    ALL="Those in rejection mails and public ones.",
    REJECTION_MAIL_ONLY="Only those in rejection mails.",
    NONE="None, for the time being.",
)
