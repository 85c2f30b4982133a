"""Telling an organization's people by mail what waits for them. Workers write one to each.

An event names the organization and the thing, no person and nothing of a candidate: what a mail
says is looked up when it is sent, as its reader may see it then.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from models.outbox import Event, EventType, emit
from models.reads.notices import told_users
from models.rules.notices import NoticeKind
from models.session import WriteSession

CONSORTIUM = ""
"""In place of an organization: the consortium's admins."""


@dataclass(frozen=True, slots=True)
class QueueNotices:
    """Whom to tell of what: an organization, or the consortium's admins."""

    consortium_id: uuid.UUID
    kind: NoticeKind
    subject_id: uuid.UUID
    organization_id: uuid.UUID | None


async def notify(
    tx: WriteSession,
    consortium_id: uuid.UUID,
    kind: NoticeKind,
    subject_id: uuid.UUID,
    organizations: Iterable[uuid.UUID | None],
) -> None:
    """Let the people of these organizations know; None stands for the consortium's admins."""
    events = [
        Event(
            EventType.NOTICE_DUE,
            consortium_id,
            {
                "kind": kind.value,
                "subject": subject_id.hex,
                "organization": one.hex if one is not None else CONSORTIUM,
            },
        )
        for one in organizations
    ]
    await emit(tx, *events)


async def queue_notices(tx: WriteSession, command: QueueNotices) -> None:
    """A mail to each of the people whose role it is."""
    users = await told_users(tx, command.consortium_id, command.organization_id, command.kind)
    refs = {"kind": command.kind.value, "subject": command.subject_id.hex}
    events = [
        Event(EventType.NOTICE_QUEUED, command.consortium_id, refs | {"user": user_id.hex})
        for user_id in users
    ]
    await emit(tx, *events)
