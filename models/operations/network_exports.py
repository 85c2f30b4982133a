"""Exports of the flow network: an address signed for whoever asks, and the record of its use."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import orjson

from models.access import Actor, Permission, require
from models.audit import audit
from models.errors import InvalidInput, NotFound
from models.reads.flow_sources import flow_sources_by_id
from models.reads.network_exports import ADDRESS_PURPOSE
from models.rules.flows import Level
from models.rules.network_exports import ADDRESS_LASTS, NetworkExport, as_text
from models.session import WriteSession
from models.tokens import signed_token


@dataclass(frozen=True, slots=True)
class SignedAddress:
    """The secret part of an address, and until when it opens."""

    token: str
    expires_at: datetime


async def sign_network_export(
    tx: WriteSession, actor: Actor, command: NetworkExport
) -> SignedAddress:
    """Sign an address for this actor; what is in the file is read when it is fetched.

    Raises `Forbidden`, `NotFound` for a source that the actor does not see, and `InvalidInput` for
    one by groups: its nodes are names, and in no industry or prefecture.
    """
    require(actor, Permission.READ_FLOWS)
    if command.source_id is not None:
        await _require_source(tx, actor, command, command.source_id)
    assert actor.id is not None, "only someone signed in is given an address"
    # To the second, as the token carries it.
    expires_at = tx.now.replace(microsecond=0) + ADDRESS_LASTS
    who = [actor.kind, str(actor.id), actor.locale, int(expires_at.timestamp())]
    content = orjson.dumps([*who, as_text(command)]).decode()
    token = signed_token(tx.vault, ADDRESS_PURPOSE, actor.consortium_id, content)
    _record(tx, actor, "network.export_signed", command)
    return SignedAddress(token, expires_at)


async def _require_source(
    tx: WriteSession, actor: Actor, command: NetworkExport, source_id: uuid.UUID
) -> None:
    if source_id not in await flow_sources_by_id(tx, actor, [source_id]):
        raise NotFound("where", "sourceId", what="flow source")
    if command.level is not Level.ORGANIZATION:
        raise InvalidInput(
            "where",
            "level",
            ja="取り込んだ流れは、業種や都道府県ごとにまとめられません。",
            en="Imported flows cannot be grouped by industry or prefecture.",
        )


async def record_network_export(tx: WriteSession, actor: Actor, command: NetworkExport) -> None:
    """Record that a file is taken out. Raises `Forbidden`."""
    require(actor, Permission.READ_FLOWS)
    _record(tx, actor, "network.exported", command)


def _record(tx: WriteSession, actor: Actor, action: str, export: NetworkExport) -> None:
    audit(
        tx,
        actor,
        action,
        "consortium",
        actor.consortium_id,
        format=export.format.value,
        first=export.first.isoformat(),
        last=export.last.isoformat(),
        level=export.level.value,
        **({} if export.source_id is None else {"source": str(export.source_id)}),
    )
