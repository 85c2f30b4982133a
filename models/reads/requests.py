"""The queue of candidates' requests for a consortium's admins, and a candidate's own."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from models.access import Actor
from models.filters import matches
from models.operations.agreements import candidate_of
from models.paging import PageAsked, page_rows
from models.rules.flows import local_day
from models.rules.lifecycles import RequestStatus
from models.rules.requests import RequestKind, is_overdue
from models.session import ReadSession
from models.tables.candidates import Candidate
from models.tables.consortium import Consortium
from models.tables.requests import CandidateRequest
from models.visibility import visible_requests

KEYS = (CandidateRequest.due_on, CandidateRequest.id)
OWN_REQUESTS_MAX = 500


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """Which requests; each None where nothing is asked."""

    status: object | None = None
    kind: object | None = None


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """A request as those read it to whom it is addressed, or by whom it was sent.

    Its texts are None where the candidate's key is gone at this moment.
    """

    id: uuid.UUID
    candidate_id: uuid.UUID
    kind: RequestKind
    status: RequestStatus
    question: str | None
    answer: str | None
    sent_at: datetime
    due_on: date
    ended_at: datetime | None
    is_overdue: bool


async def requests_page(
    read: ReadSession, actor: Actor, where: RequestFilter, asked: PageAsked, *, descending: bool
) -> list[ReadRequest]:
    """One page of the requests, by the day on which they are due."""
    statement = _requests(_conditions(actor, where))
    return await _readable(
        read, await page_rows(read, statement, KEYS, asked, descending=descending)
    )


async def count_requests(read: ReadSession, actor: Actor, where: RequestFilter) -> int:
    """How many there are."""
    statement = select(func.count()).select_from(CandidateRequest).where(*_conditions(actor, where))
    return (await read.scalar(statement)) or 0


async def requests_by_id(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, ReadRequest]:
    """Those of the ids that the actor sees."""
    conditions = [visible_requests(actor), CandidateRequest.id.in_(ids)]
    rows = (await read.execute(_requests(conditions))).all()
    return {one.id: one for one in await _readable(read, rows)}


async def own_requests(read: ReadSession, actor: Actor) -> list[ReadRequest]:
    """A candidate's own, the newest first."""
    statement = (
        _requests([CandidateRequest.candidate_id == candidate_of(actor)])
        .order_by(CandidateRequest.sent_at.desc(), CandidateRequest.id)
        .limit(OWN_REQUESTS_MAX)
    )
    return await _readable(read, (await read.execute(statement)).all())


def _conditions(actor: Actor, where: RequestFilter) -> list[ColumnElement[bool]]:
    return [
        visible_requests(actor),
        *matches(CandidateRequest.status, where.status, "status"),
        *matches(CandidateRequest.kind, where.kind, "kind"),
    ]


def _requests(conditions: Sequence[ColumnElement[bool]]) -> Any:
    return (
        select(CandidateRequest, Candidate.key_id, Consortium.time_zone)
        .join(Candidate, Candidate.id == CandidateRequest.candidate_id)
        .join(Consortium, Consortium.id == CandidateRequest.consortium_id)
        .where(*conditions)
    )


async def _readable(read: ReadSession, rows: Sequence[Any]) -> list[ReadRequest]:
    keys = await read.vault.keys(row.key_id for row in rows)
    found = []
    for request, key_id, zone in rows:
        key = keys.get(key_id)
        waits = request.status is RequestStatus.OPEN
        found.append(
            ReadRequest(
                id=request.id,
                candidate_id=request.candidate_id,
                kind=request.kind,
                status=request.status,
                question=key.unseal(request.question)["text"] if key else None,
                answer=key.unseal(request.answer)["text"] if key and request.answer else None,
                sent_at=request.sent_at,
                due_on=request.due_on,
                ended_at=request.ended_at,
                is_overdue=waits and is_overdue(request.due_on, local_day(read.now, zone)),
            )
        )
    return found
