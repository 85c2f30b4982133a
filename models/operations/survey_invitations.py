"""Whom to ask two questions by mail, and when.

An invitation says who is to be asked about which company. It goes with the answer
(`models.operations.surveys`), with an opt-out, with the person, or once nobody answered in time.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, or_, select, update

from models.base import random_id
from models.outbox import Event, EventType, emit
from models.rules.lifecycles import RegistrationStatus
from models.rules.surveys import ANSWERED_WITHIN, ASKED_AFTER, ASKED_LATE, SurveyKind
from models.session import WriteSession
from models.tables.candidates import Candidate, Exclusion
from models.tables.registrations import Registration
from models.tables.surveys import SurveyInvitation, SurveyOptOut
from models.tokens import token_of
from models.upsert import insert_for

SURVEY_PURPOSE = "survey"
INVITATIONS_PER_BATCH = 200


async def invite(
    tx: WriteSession,
    *,
    consortium_id: uuid.UUID,
    candidate_id: uuid.UUID,
    company_id: uuid.UUID,
    kind: SurveyKind,
) -> None:
    """A candidate is to be asked about a company some days from now; once while that waits."""
    invitation_id = random_id()
    await tx.execute(
        insert_for(tx, SurveyInvitation)
        .values(
            id=invitation_id,
            consortium_id=consortium_id,
            candidate_id=candidate_id,
            company_id=company_id,
            kind=kind,
            token_hash=tx.vault.token_hash(token_of(tx.vault, SURVEY_PURPOSE, invitation_id)),
            is_mailed=False,
            due_at=tx.now + ASKED_AFTER[kind],
        )
        .on_conflict_do_nothing(index_elements=["candidate_id", "company_id", "kind"])
    )


async def invite_registered(tx: WriteSession, registration_id: uuid.UUID) -> None:
    """A candidate was welcomed: they are to be asked. Not one who registered there before."""
    row = (
        await tx.execute(
            select(Registration.consortium_id, Registration.candidate_id, Registration.company_id)
            .join(Candidate, Candidate.id == Registration.candidate_id)
            .where(
                Registration.id == registration_id,
                Registration.status == RegistrationStatus.COMPLETED,
                Candidate.erased_at.is_(None),
            )
            .with_for_update(read=True, key_share=True, of=Candidate)
        )
    ).one_or_none()
    if row is not None:
        await invite(
            tx,
            consortium_id=row.consortium_id,
            candidate_id=row.candidate_id,
            company_id=row.company_id,
            kind=SurveyKind.REGISTRATION,
        )


async def mail_surveys(tx: WriteSession) -> int:
    """Mail what is due, and let go what nobody is to be asked, or nobody answered in time.

    The timers call it. Answers how many invitations it looked at.
    """
    rows = (
        await tx.execute(
            select(
                SurveyInvitation.id,
                SurveyInvitation.consortium_id,
                SurveyInvitation.is_mailed,
                SurveyInvitation.due_at,
                or_(
                    exists(
                        select(SurveyOptOut.candidate_id).where(
                            SurveyOptOut.candidate_id == SurveyInvitation.candidate_id
                        )
                    ),
                    exists(
                        select(Exclusion.candidate_id).where(
                            Exclusion.candidate_id == SurveyInvitation.candidate_id,
                            Exclusion.organization_id == SurveyInvitation.company_id,
                        )
                    ),
                ).label("is_unwanted"),
            )
            .where(SurveyInvitation.due_at <= tx.now)
            .order_by(SurveyInvitation.due_at, SurveyInvitation.id)
            .limit(INVITATIONS_PER_BATCH)
            .with_for_update(skip_locked=True, of=SurveyInvitation)
        )
    ).all()
    asked = [row for row in rows if _is_to_be_asked(row, tx.now)]
    await _let_go(tx, [row.id for row in rows if row not in asked])
    if asked:
        await tx.execute(
            update(SurveyInvitation)
            .where(SurveyInvitation.id.in_([row.id for row in asked]))
            .values(is_mailed=True, due_at=tx.now + ANSWERED_WITHIN)
            .execution_options(synchronize_session=False)
        )
    await emit(
        tx,
        *(Event(EventType.SURVEY_DUE, row.consortium_id, {"survey": row.id.hex}) for row in asked),
    )
    return len(rows)


def _is_to_be_asked(row: Any, now: datetime) -> bool:
    return not row.is_mailed and not row.is_unwanted and row.due_at > now - ASKED_LATE


async def _let_go(tx: WriteSession, ids: list[uuid.UUID]) -> None:
    if ids:
        await tx.execute(
            delete(SurveyInvitation)
            .where(SurveyInvitation.id.in_(ids))
            .execution_options(synchronize_session=False)
        )
