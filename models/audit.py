"""The audit log: a keyed hash chain for each consortium.

An edited record breaks its own link, a missing one the next, and a cut-off end disagrees with the
published head.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

import orjson
from sqlalchemy import select, update

from models.access import Actor
from models.session import ReadSession, WriteSession
from models.tables.records import AuditEntry, AuditHead
from models.upsert import plain_insert
from models.vault import Vault

HASH_BYTES = 32
FIRST_LINK = b"\0" * HASH_BYTES
ENTRIES_PER_READ = 5_000


@dataclass(frozen=True, slots=True)
class PendingAudit:
    """A record that waits for the end of its transaction to be chained."""

    actor: Actor
    action: str
    subject: str
    subject_id: uuid.UUID
    details: Mapping[str, Any] = field(default_factory=dict)


def audit(
    tx: WriteSession, actor: Actor, action: str, subject: str, subject_id: uuid.UUID, **details: Any
) -> None:
    """Record who did what to which thing. ``details`` hold no personal data."""
    tx.audits.append(PendingAudit(actor, action, subject, subject_id, details))


async def seal_audits(tx: WriteSession) -> None:
    """Chain what the transaction recorded, in key order of the chains it extends."""
    ordered = sorted(tx.audits, key=lambda pending: pending.actor.consortium_id)
    for consortium_id, group in groupby(ordered, key=lambda pending: pending.actor.consortium_id):
        await _extend(tx, consortium_id, list(group))


async def _extend(tx: WriteSession, consortium_id: uuid.UUID, pending: list[PendingAudit]) -> None:
    head = (
        await tx.execute(
            select(AuditHead.number, AuditHead.hash)
            .where(AuditHead.consortium_id == consortium_id)
            .with_for_update()
        )
    ).one()
    number, previous = head.number, head.hash
    rows = []
    for record in pending:
        number += 1
        row = {
            "consortium_id": consortium_id,
            "number": number,
            "at": tx.now,
            "actor_kind": record.actor.kind.value,
            "actor_id": record.actor.id,
            "action": record.action,
            "subject": record.subject,
            "subject_id": record.subject_id,
            "details": dict(record.details),
        }
        previous = row["hash"] = link(tx.vault, previous, row)
        rows.append(row)
    await tx.execute(plain_insert(AuditEntry), rows)
    await tx.execute(
        update(AuditHead)
        .where(AuditHead.consortium_id == consortium_id)
        .values(number=number, hash=previous)
    )


def link(vault: Vault, previous: bytes, row: Mapping[str, Any]) -> bytes:
    """The keyed hash of one record and the link before it."""
    at: datetime = row["at"]
    content = orjson.dumps(
        [
            row["consortium_id"].hex,
            row["number"],
            round(at.timestamp() * 1_000_000),
            row["actor_kind"],
            row["actor_id"].hex if row["actor_id"] else None,
            row["action"],
            row["subject"],
            row["subject_id"].hex,
            row["details"],
        ],
        option=orjson.OPT_SORT_KEYS,
    )
    return vault.chain(previous, content)


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What `verify_chain` found. ``broken_at`` is the first number that does not hold."""

    consortium_id: uuid.UUID
    entries: int
    head: bytes
    broken_at: int | None


async def verify_chain(
    read: ReadSession, consortium_id: uuid.UUID, *, published: tuple[int, bytes] | None = None
) -> ChainReport:
    """Compute every link again and compare the last with the head.

    ``published`` is a head as it was told earlier, number and hash: a chain cut off behind it, or
    begun anew, does not have it.
    """
    head = (
        await read.execute(
            select(AuditHead.number, AuditHead.hash).where(AuditHead.consortium_id == consortium_id)
        )
    ).one()
    previous, number = FIRST_LINK, 0
    while True:
        rows = (
            (
                await read.execute(
                    select(*AuditEntry.__table__.columns)
                    .where(AuditEntry.consortium_id == consortium_id, AuditEntry.number > number)
                    .order_by(AuditEntry.number)
                    .limit(ENTRIES_PER_READ)
                )
            )
            .mappings()
            .all()
        )
        for row in rows:
            expected = link(read.vault, previous, dict(row))
            if row["number"] != number + 1 or row["hash"] != expected:
                return ChainReport(consortium_id, number, head.hash, number + 1)
            previous, number = expected, number + 1
            if published is not None and number == published[0] and expected != published[1]:
                return ChainReport(consortium_id, number, head.hash, number)
        if not rows:
            break
    intact = (number, previous) == (head.number, head.hash)
    if published is not None and published[0] > number:
        intact = False
    return ChainReport(consortium_id, number, head.hash, None if intact else number + 1)
