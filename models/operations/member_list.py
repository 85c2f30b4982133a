"""Who is a member, and who is a partner of whom: held by some, changed by one at a time."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from models.session import WriteSession
from models.tables.consortium import Consortium


async def hold_member_list(tx: WriteSession, consortium_id: uuid.UUID) -> None:
    """Until this transaction ends nobody joins or is renamed, and no partnership changes.

    Without it, a company that joins at the moment in which it is named would be missed by both.
    It comes before every other lock, as in the changes of the member list.
    """
    await tx.execute(
        select(Consortium.id).where(Consortium.id == consortium_id).with_for_update(read=True)
    )


async def lock_member_list(tx: WriteSession, consortium_id: uuid.UUID) -> None:
    """One change at a time of who is a member, and of who is a partner of whom.

    Registrations, which refer to the row, go on; what holds the list waits. It comes before every
    other lock.
    """
    await tx.execute(
        select(Consortium.id).where(Consortium.id == consortium_id).with_for_update(key_share=True)
    )
