"""What a candidate asks of the consortium that needs a person, and what an admin answers."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import func, select

from models.access import Actor, Permission, require
from models.audit import audit
from models.errors import NotFound
from models.operations.agreements import candidate_of
from models.outbox import Event, EventType, emit
from models.rules.bounds import require_text
from models.rules.flows import local_day
from models.rules.lifecycles import REQUEST, RequestStatus, require_step
from models.rules.requests import (
    OPEN_REQUESTS_MAX,
    TEXT_CHARS_MAX,
    RequestKind,
    TooManyRequests,
    due_on,
)
from models.session import WriteSession
from models.tables.candidates import Candidate
from models.tables.consortium import Consortium
from models.tables.requests import CandidateRequest
from models.visibility import visible_requests


@dataclass(frozen=True, slots=True)
class SendRequest:
    """What is asked, in the candidate's own words."""

    kind: RequestKind
    text: str


@dataclass(frozen=True, slots=True)
class EndRequest:
    """One request and what its candidate is told: the answer, or why it is refused."""

    request_id: uuid.UUID
    text: str


async def send_request(tx: WriteSession, actor: Actor, command: SendRequest) -> uuid.UUID:
    """Put a request into the queue of the consortium's admins.

    Raises `InvalidInput`, `NotFound` once erased, and `TooManyRequests`.
    """
    text = require_text("text", command.text, TEXT_CHARS_MAX)
    person = await _locked(tx, candidate_of(actor))
    waiting = await tx.scalar(
        select(func.count())
        .select_from(CandidateRequest)
        .where(
            CandidateRequest.candidate_id == person.id,
            CandidateRequest.status == RequestStatus.OPEN,
        )
    )
    if (waiting or 0) >= OPEN_REQUESTS_MAX:
        raise TooManyRequests("text", most=OPEN_REQUESTS_MAX)
    consortium = await tx.get_one(Consortium, person.consortium_id)
    key = await tx.vault.key(person.key_id)
    request = CandidateRequest(
        consortium_id=consortium.id,
        candidate_id=person.id,
        kind=command.kind,
        question=key.seal({"text": text}),
        sent_at=tx.now,
        due_on=due_on(local_day(tx.now, consortium.time_zone), consortium.request_days),
    )
    tx.add(request)
    person.last_active_at = tx.now
    await tx.flush()
    audit(tx, actor, "request.sent", "request", request.id, kind=command.kind.value)
    return request.id


async def _locked(tx: WriteSession, candidate_id: uuid.UUID) -> Candidate:
    person = await tx.scalar(
        select(Candidate)
        .where(Candidate.id == candidate_id, Candidate.erased_at.is_(None))
        .with_for_update(key_share=True)
    )
    if person is None:
        raise NotFound(what="candidate")
    return person


async def answer_request(tx: WriteSession, actor: Actor, command: EndRequest) -> uuid.UUID:
    """Answer a request. The candidate gets the answer by mail, and finds it on their page.

    Raises `InvalidInput`, `InvalidTransition` and `NotFound`.
    """
    return await _end(tx, actor, command, RequestStatus.ANSWERED)


async def refuse_request(tx: WriteSession, actor: Actor, command: EndRequest) -> uuid.UUID:
    """Refuse a request, with the reason, which reaches the candidate as an answer does.

    Raises `InvalidInput`, `InvalidTransition` and `NotFound`.
    """
    return await _end(tx, actor, command, RequestStatus.REFUSED)


async def _end(tx: WriteSession, actor: Actor, command: EndRequest, to: RequestStatus) -> uuid.UUID:
    require(actor, Permission.ANSWER_REQUESTS)
    text = require_text("text", command.text, TEXT_CHARS_MAX)
    asker = await tx.scalar(
        select(CandidateRequest.candidate_id).where(
            visible_requests(actor), CandidateRequest.id == command.request_id
        )
    )
    if asker is None:
        raise NotFound("id", what="request")
    # The person first, as where one is erased: their requests go after that.
    person = await _locked(tx, asker)
    request = await tx.scalar(
        select(CandidateRequest).where(CandidateRequest.id == command.request_id).with_for_update()
    )
    if request is None:
        raise NotFound("id", what="request")
    require_step("request", REQUEST, request.status, to)
    key = await tx.vault.key(person.key_id)
    request.answer = key.seal({"text": text})
    request.status, request.ended_at = to, tx.now
    refs = {"request": request.id.hex}
    await emit(tx, Event(EventType.REQUEST_ENDED, request.consortium_id, refs))
    audit(tx, actor, f"request.{to.value.lower()}", "request", request.id)
    return request.id
