"""The audit chain."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any

import orjson
import strawberry

from gql.batch import relation
from gql.connection import Connection, PageArguments
from gql.context import Context
from gql.enums import Direction, described
from gql.filters import StringFilter
from gql.lists import After, Before, First, Last, connect, counting, sorting
from gql.node import Node, encode_id, register_node
from models.access import ActorKind, Permission
from models.reads import audit as reads
from models.tables import records as tables

described(
    ActorKind,
    "Who acted.",
    USER="A person who had signed in.",
    TOKEN="A program with an API token.",  # noqa: S106  (a description)
    CANDIDATE="A candidate, on pages of their own.",
    SYSTEM="Tasuki itself.",
)


NUMBER_LIMIT = 2**63

TOLD = frozenset({ActorKind.USER, ActorKind.TOKEN})
"""The actors whose keys are told: which candidate it was is not for consortium admins."""


@strawberry.type(description="One link of the audit chain: who did what to which thing.")
class AuditEntry(Node):
    """It holds no personal data."""

    number: int = strawberry.field(description="1, 2, 3 … within the consortium.")
    at: dt.datetime = strawberry.field(description="When it was done.")
    actor_kind: ActorKind = strawberry.field(description="Who did it.")
    actor_key: str | None = strawberry.field(
        description="The key of the user or token; null for candidates and Tasuki itself."
    )
    action: str = strawberry.field(description="What was done, as in relay_link.created.")
    subject: str = strawberry.field(description="What kind of thing it was done to.")
    subject_key: str = strawberry.field(description="The key of that thing.")
    details: str = strawberry.field(description="More about it, as JSON.")
    hash: str = strawberry.field(description="The keyed hash of this link, in hexadecimal.")


def key_of_number(consortium_id: uuid.UUID, number: int) -> uuid.UUID:
    """The key of a link: its number, told apart from other consortia's by their own key."""
    return uuid.UUID(int=consortium_id.int ^ number)


async def _load(ctx: Context, keys: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, AuditEntry]:
    actor = ctx.signed_in()
    numbers = {key: actor.consortium_id.int ^ key.int for key in keys}
    known = {key: number for key, number in numbers.items() if 0 < number < NUMBER_LIMIT}
    async with ctx.database.read() as read:
        rows = await reads.audit_entries_by_number(read, actor, list(known.values()))
    return {key: audit_entry(rows[number]) for key, number in known.items() if number in rows}


register_node("AuditEntry", _load)


def audit_entry(row: tables.AuditEntry) -> AuditEntry:
    """A record as it is told."""
    kind = ActorKind(row.actor_kind)
    return AuditEntry(
        id=encode_id("AuditEntry", key_of_number(row.consortium_id, row.number)),
        number=row.number,
        at=row.at,
        actor_kind=kind,
        actor_key=str(row.actor_id) if row.actor_id and kind in TOLD else None,
        action=row.action,
        subject=row.subject,
        subject_key=str(row.subject_id),
        details=orjson.dumps(row.details, option=orjson.OPT_SORT_KEYS).decode(),
        hash=row.hash.hex(),
    )


@strawberry.type(description="The last link of the audit chain: what is published of it.")
class AuditHead:
    """A chain that was cut off or edited disagrees with a head noted earlier."""

    number: int = strawberry.field(description="How many links the chain has.")
    hash: str = strawberry.field(description="The keyed hash of the last, in hexadecimal.")


@strawberry.input(description="Which audit entries.")
class AuditEntryFilter:
    """All of the conditions that are given."""

    action: StringFilter | None = strawberry.field(default=None, description="By what was done.")
    subject: StringFilter | None = strawberry.field(
        default=None, description="By the kind of thing it was done to."
    )


class AuditEntryOrderField(StrEnum):
    """What audit entries can be sorted by."""

    NUMBER = "NUMBER"


described(
    AuditEntryOrderField, "What audit entries can be sorted by.", NUMBER="Their order in time."
)


@strawberry.input(description="How audit entries are sorted.")
class AuditEntryOrder:
    """One order."""

    field: AuditEntryOrderField = strawberry.field(description="By what.")
    direction: Direction = strawberry.field(default=Direction.DESC, description="Which way.")


@strawberry.type
class AuditQuery:
    """The root fields about the audit chain."""

    @relation(description="The audit entries of the consortium, the latest first where silent.")
    @staticmethod
    async def audit_entries(
        parents: list[Any],
        ctx: Context,
        where: Annotated[
            AuditEntryFilter | None, strawberry.argument(description="Which of them.")
        ] = None,
        order_by: Annotated[
            list[AuditEntryOrder] | None, strawberry.argument(description="At most one order.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> list[Connection[AuditEntry]]:
        """Paged by number."""
        actor = ctx.permitted(Permission.READ_AUDIT)
        asked = PageArguments.of(first=first, after=after, last=last, before=before, kinds=(int,))
        chosen = reads.AuditFilter(**vars(where)) if where else reads.AuditFilter()
        _, direction = sorting(order_by, (AuditEntryOrderField.NUMBER, Direction.DESC))
        async with ctx.database.read() as read:
            rows = await reads.audit_page(
                read, actor, chosen, asked, descending=direction is Direction.DESC
            )
        found: Connection[AuditEntry] = connect(
            rows,
            asked,
            node=audit_entry,
            position=lambda row: (row.number,),
            count=counting(ctx, lambda read: reads.count_audit_entries(read, actor, chosen)),
        )
        return [found] * len(parents)

    @relation(description="The last link of the consortium's audit chain.")
    @staticmethod
    async def audit_head(parents: list[Any], ctx: Context) -> list[AuditHead]:
        """To be noted where nobody can edit it."""
        actor = ctx.permitted(Permission.READ_AUDIT)
        async with ctx.database.read() as read:
            head = await reads.audit_head(read, actor)
        return [AuditHead(number=head.number, hash=head.hash.hex())] * len(parents)
