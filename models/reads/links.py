"""A company's relay links."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from models.access import Actor
from models.filters import matches
from models.operations.links import LINK_PURPOSE
from models.paging import PageAsked, page_rows
from models.reads.members import smallest_count_of
from models.rules.sharing import told_numbers
from models.session import ReadSession
from models.tables.links import RelayLink
from models.tables.registrations import Registration
from models.tokens import token_of
from models.vault import Vault
from models.visibility import visible_relay_links

KEYS = (RelayLink.created_at, RelayLink.id)


@dataclass(frozen=True, slots=True)
class LinkFilter:
    """Which links: any of the conditions, each None where nothing is asked."""

    status: object | None = None
    campaign: object | None = None


def _conditions(actor: Actor, where: LinkFilter) -> list[ColumnElement[bool]]:
    return [
        visible_relay_links(actor),
        *matches(RelayLink.status, where.status, "status"),
        *matches(RelayLink.campaign, where.campaign, "campaign"),
    ]


async def links_page(
    read: ReadSession, actor: Actor, where: LinkFilter, asked: PageAsked, *, descending: bool
) -> Sequence[RelayLink]:
    """One page of the actor's links, by age."""
    statement = select(RelayLink).where(*_conditions(actor, where))
    rows = await page_rows(read, statement, KEYS, asked, descending=descending)
    return [row[0] for row in rows]


async def count_links(read: ReadSession, actor: Actor, where: LinkFilter) -> int:
    """How many there are."""
    statement = select(func.count()).select_from(RelayLink).where(*_conditions(actor, where))
    return (await read.scalar(statement)) or 0


async def links_by_id(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, RelayLink]:
    """Those of the ids that the actor sees."""
    rows = await read.scalars(
        select(RelayLink).where(visible_relay_links(actor), RelayLink.id.in_(ids))
    )
    return {row.id: row for row in rows}


async def registrations_by_link(read: ReadSession, actor: Actor) -> Mapping[uuid.UUID, int | None]:
    """What the actor's company may learn of the registrations through each of its links."""
    smallest = await smallest_count_of(read, actor.consortium_id)
    rows = await read.execute(
        select(RelayLink.id, func.count(Registration.completed_on))
        .outerjoin(Registration, Registration.link_id == RelayLink.id)
        .where(visible_relay_links(actor))
        .group_by(RelayLink.id)
    )
    return told_numbers({row[0]: row[1] for row in rows}, smallest)


def link_url(vault: Vault, base_url: str, link_id: uuid.UUID) -> str:
    """The secret URL that goes into a mail."""
    return f"{base_url}/r/{token_of(vault, LINK_PURPOSE, link_id)}"
