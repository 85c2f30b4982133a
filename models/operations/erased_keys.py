"""What follows an erasure in the key store, and what follows a restore.

An erasure is committed before its keys are destroyed: both stores keep that it happened, and each
brings the other up to date. A restored backup of the data brings nobody back, since its rows are
erased again; a restored backup of the keys brings none back, since they are destroyed again.
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import Select, select, update

from models.access import system
from models.errors import NotFound
from models.operations.erasures import erase
from models.rules.inactivity import ErasureReason
from models.rules.lifecycles import RegistrationStatus
from models.session import Database, WriteSession
from models.tables.candidates import Candidate
from models.tables.erasures import Erasure
from models.tables.registrations import Registration
from models.vault import Tombstone

TOMBSTONES_PER_PAGE = 500


async def destroy_erased_keys(database: Database) -> int:
    """Destroy the keys of who was erased, where that is still to be done. Answers how many."""
    waiting = (
        select(Erasure)
        .where(Erasure.key_destroyed_at.is_(None))
        .order_by(Erasure.key_id)
        .limit(TOMBSTONES_PER_PAGE)
    )
    tombstones = await _written(database, waiting)
    if tombstones:
        await database.vault.bury(tombstones)
        async with database.transaction() as tx:
            await _note_destroyed(tx, [one.key_id for one in tombstones])
    return len(tombstones)


async def _written(database: Database, erasures: Select[Erasure]) -> list[Tombstone]:
    async with database.read() as read:
        rows = (await read.scalars(erasures)).all()
    return [Tombstone(row.key_id, row.candidate_id, row.erased_at) for row in rows]


async def _note_destroyed(tx: WriteSession, key_ids: Collection[uuid.UUID]) -> None:
    await tx.execute(
        update(Erasure)
        .where(Erasure.key_id.in_(key_ids), Erasure.key_destroyed_at.is_(None))
        .values(key_destroyed_at=tx.now)
        .execution_options(synchronize_session=False)
    )


async def replay_erasures(database: Database, more: Sequence[Tombstone] = ()) -> int:
    """After a restore: destroy keys and erase rows again, as the two stores remember it.

    ``more`` are tombstones that neither remembers, from a list kept elsewhere. Answers how many
    persons were erased again.
    """
    await database.vault.bury(more)
    await _bury_all(database)
    again, after = 0, None
    while True:
        number, after = await replay_page(database, after)
        again += number
        if after is None:
            return again


async def _bury_all(database: Database) -> None:
    """Tell the key store of every erasure that the data knows of."""
    ordered = select(Erasure).order_by(Erasure.key_id).limit(TOMBSTONES_PER_PAGE)
    page = await _written(database, ordered)
    while page:
        await database.vault.bury(page)
        page = await _written(database, ordered.where(Erasure.key_id > page[-1].key_id))
    while await destroy_erased_keys(database) == TOMBSTONES_PER_PAGE:
        pass


async def replay_page(database: Database, after: uuid.UUID | None) -> tuple[int, uuid.UUID | None]:
    """Erase again whom the next tombstones of the key store name, if they are back.

    Answers how many were, and where to go on; none at the end.
    """
    page = await database.vault.tombstones(after=after, most=TOMBSTONES_PER_PAGE)
    again = await _back(database, page)
    if again:
        await _erase_again(database, again)
        while await destroy_erased_keys(database) == TOMBSTONES_PER_PAGE:
            pass
    is_last = len(page) < TOMBSTONES_PER_PAGE
    return len({one.candidate_id for one in again}), None if is_last else page[-1].key_id


async def _back(database: Database, page: Sequence[Tombstone]) -> list[Tombstone]:
    """The tombstones of those of whom the data holds anything."""
    if not page:
        return []
    async with database.read() as read:
        persons = set(
            await read.scalars(
                select(Candidate.id).where(
                    Candidate.id.in_({one.candidate_id for one in page}),
                    Candidate.erased_at.is_(None),
                )
            )
        )
        forms = set(
            await read.scalars(
                select(Registration.key_id).where(
                    Registration.key_id.in_([one.key_id for one in page]),
                    Registration.status == RegistrationStatus.STARTED,
                )
            )
        )
    return [one for one in page if one.candidate_id in persons or one.key_id in forms]


async def _erase_again(database: Database, tombstones: Sequence[Tombstone]) -> None:
    async with database.transaction() as tx:
        await _end_forms(tx, [one.key_id for one in tombstones])
    erased_at = {one.candidate_id: one.erased_at for one in tombstones}
    for candidate_id in sorted(erased_at):
        # Another process that starts now may have done it meanwhile.
        with contextlib.suppress(NotFound):
            async with database.transaction() as tx:
                person = await tx.get(Candidate, candidate_id)
                if person is None:
                    raise NotFound(what="candidate")
                actor = system(person.consortium_id)
                await erase(
                    tx,
                    actor,
                    candidate_id,
                    erased_at=erased_at[candidate_id],
                    reason=ErasureReason.RESTORED,
                )


async def _end_forms(tx: WriteSession, key_ids: Collection[uuid.UUID]) -> None:
    """Forms that wait under a destroyed key: nobody can confirm them any more."""
    await tx.execute(
        update(Registration)
        .where(
            Registration.key_id.in_(key_ids),
            Registration.status == RegistrationStatus.STARTED,
        )
        .values(
            status=RegistrationStatus.EXPIRED,
            sealed=None,
            email_hash=None,
            phone_hash=None,
            device_hash=None,
        )
        .execution_options(synchronize_session=False)
    )
