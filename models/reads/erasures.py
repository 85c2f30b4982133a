"""What is remembered of the erased: for a list kept elsewhere, and for whoever may ask a name."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from models.rules.sharing import CandidateField
from models.session import Database, ReadSession
from models.tables.candidates import Candidate, Disclosure
from models.tables.erasures import RegisterKey, RegisterName
from models.vault import Tombstone
from models.visibility import names

TOMBSTONES_PER_READ = 500


async def every_tombstone(database: Database) -> AsyncIterator[Tombstone]:
    """The tombstones of the key store, in the order of their keys' ids."""
    after = None
    while True:
        page = await database.vault.tombstones(after=after, most=TOMBSTONES_PER_READ)
        for one in page:
            yield one
        if len(page) < TOMBSTONES_PER_READ:
            return
        after = page[-1].key_id


@dataclass(frozen=True, slots=True)
class KeptName:
    """The name of an erased person that the records of provision still need."""

    candidate_id: uuid.UUID
    name: str
    keep_until: datetime


async def kept_names(
    read: ReadSession, consortium_id: uuid.UUID, record_id: uuid.UUID | None = None
) -> list[KeptName]:
    """The names that a consortium's statutory registers keep, by who goes first.

    Of one record of provision only, where it is named, as the registers number them: nobody where
    its items are without a name.
    """
    key_id = await read.scalar(
        select(RegisterKey.key_id).where(RegisterKey.consortium_id == consortium_id)
    )
    if key_id is None:
        return []
    key = await read.vault.key(key_id)
    statement = (
        select(RegisterName)
        .join(Candidate, Candidate.id == RegisterName.candidate_id)
        .where(Candidate.consortium_id == consortium_id)
        .order_by(RegisterName.keep_until, RegisterName.candidate_id)
    )
    if record_id is not None:
        statement = statement.join(
            Disclosure, Disclosure.candidate_id == RegisterName.candidate_id
        ).where(Disclosure.id == record_id, names(Disclosure.fields, CandidateField.NAME.value))
    rows = await read.scalars(statement)
    return [
        KeptName(row.candidate_id, key.unseal(row.sealed)["name"], row.keep_until) for row in rows
    ]
