"""What an export needs to know: who stands behind an address, and what the nodes are."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import orjson
from sqlalchemy import select

from models.access import Actor, ActorKind, Permission
from models.reads.sign_ins import actor_again
from models.rules.lifecycles import OrganizationKind
from models.rules.network_exports import NetworkExport, from_text
from models.session import ReadSession
from models.tables.consortium import Organization
from models.tokens import content_of_signed
from models.visibility import visible_organizations

ADDRESS_PURPOSE = "network-export"
TOKEN_CHARS_MAX = 2_048


@dataclass(frozen=True, slots=True)
class AskedExport:
    """An address that opens: who asked, as they may act now, and for what."""

    actor: Actor
    export: NetworkExport


async def export_asked(read: ReadSession, token: str) -> AskedExport | None:
    """What an address is for; None where it was never signed, is late, or its asker may no more.

    Who asked is looked up anew: a user who was disabled, a token that was revoked and an
    organization that left get nothing by an address from before.
    """
    if len(token) > TOKEN_CHARS_MAX:
        return None
    signed = content_of_signed(read.vault, ADDRESS_PURPOSE, token)
    if signed is None:
        return None
    consortium_id, content = signed
    kind, actor_id, locale, expires_s, question = orjson.loads(content)
    if datetime.fromtimestamp(expires_s, UTC) <= read.now:
        return None
    actor = await actor_again(read, ActorKind(kind), uuid.UUID(actor_id), consortium_id)
    if actor is None or not actor.may(Permission.READ_FLOWS):
        return None
    return AskedExport(replace(actor, locale=locale), from_text(question))


@dataclass(frozen=True, slots=True)
class Member:
    """What is told of an organization of the network."""

    kind: OrganizationKind
    name: str
    name_en: str | None
    industry: str | None
    prefecture: str | None


async def network_members(read: ReadSession, actor: Actor) -> Mapping[uuid.UUID, Member]:
    """All organizations that the actor sees, those that left included."""
    rows = await read.execute(
        select(
            Organization.id,
            Organization.kind,
            Organization.name,
            Organization.name_en,
            Organization.industry_division,
            Organization.prefecture,
        ).where(visible_organizations(actor))
    )
    return {row[0]: Member(*row[1:]) for row in rows}
