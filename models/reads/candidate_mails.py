"""What the mails to candidates about their requests and their record's end are made of."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from models.operations.inactivity import KEEP_PURPOSE
from models.reads.outgoing_mails import unsealed
from models.rules.lifecycles import RequestStatus
from models.rules.requests import RequestKind
from models.session import ReadSession
from models.tables.candidates import Candidate
from models.tables.consortium import Consortium
from models.tables.inactivity import DeletionNotice
from models.tables.requests import CandidateRequest
from models.tokens import token_of


@dataclass(frozen=True, slots=True)
class DeletionMail:
    """A record goes on a day, unless its candidate keeps it by the link."""

    email: str
    locale: str
    name: str
    consortium: str
    goes_on: date
    token: str


async def deletion_mail(read: ReadSession, notice_id: uuid.UUID) -> DeletionMail | None:
    """While the candidate is still silent."""
    row = (
        await read.execute(
            select(
                Candidate.key_id,
                Candidate.sealed,
                Candidate.locale,
                Consortium.name,
                DeletionNotice.goes_on,
            )
            .join(Candidate, Candidate.id == DeletionNotice.candidate_id)
            .join(Consortium, Consortium.id == DeletionNotice.consortium_id)
            .where(
                DeletionNotice.id == notice_id,
                Candidate.erased_at.is_(None),
                Candidate.last_active_at <= DeletionNotice.silent_since,
            )
        )
    ).one_or_none()
    person = await unsealed(read, row.key_id, row.sealed) if row else None
    if row is None or person is None:
        return None
    return DeletionMail(
        email=person["email"],
        locale=row.locale,
        name=person["name"],
        consortium=row.name,
        goes_on=row.goes_on,
        token=token_of(read.vault, KEEP_PURPOSE, notice_id),
    )


@dataclass(frozen=True, slots=True)
class RequestMail:
    """A candidate's request was answered, or refused with a reason."""

    email: str
    locale: str
    name: str
    consortium: str
    kind: RequestKind
    is_refused: bool
    answer: str


async def request_mail(read: ReadSession, request_id: uuid.UUID) -> RequestMail | None:
    """While the candidate is there."""
    row = (
        await read.execute(
            select(
                Candidate.key_id,
                Candidate.sealed,
                Candidate.locale,
                Consortium.name,
                CandidateRequest.kind,
                CandidateRequest.status,
                CandidateRequest.answer,
            )
            .join(Candidate, Candidate.id == CandidateRequest.candidate_id)
            .join(Consortium, Consortium.id == CandidateRequest.consortium_id)
            .where(CandidateRequest.id == request_id, CandidateRequest.status != RequestStatus.OPEN)
        )
    ).one_or_none()
    person = await unsealed(read, row.key_id, row.sealed) if row else None
    told = await unsealed(read, row.key_id, row.answer) if row else None
    if row is None or person is None or told is None:
        return None
    return RequestMail(
        email=person["email"],
        locale=row.locale,
        name=person["name"],
        consortium=row.name,
        kind=row.kind,
        is_refused=row.status is RequestStatus.REFUSED,
        answer=told["text"],
    )
