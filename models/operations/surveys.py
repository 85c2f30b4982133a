"""What candidates answer to the two questions they are mailed, and that they want none.

An answer goes into counters of the month alone, and its invitation goes: no audit record, no
event, no time of the candidate tells that or when they answered.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select

from models.access import Actor, candidate
from models.audit import audit
from models.errors import InvalidInput, LinkUnknown
from models.operations.agreements import candidate_of
from models.rules.flows import local_day
from models.rules.surveys import SCORES, SurveyKind, SurveyQuestion, month_of
from models.session import WriteSession
from models.tables.candidates import Candidate
from models.tables.consortium import Consortium
from models.tables.surveys import SurveyInvitation, SurveyMonth, SurveyOptOut
from models.upsert import insert_for


@dataclass(frozen=True, slots=True)
class AnswerSurvey:
    """What the link's form says: a score for each question, those left open missing."""

    token: str
    scores: Mapping[SurveyQuestion, int]


async def answer_survey(tx: WriteSession, command: AnswerSurvey) -> None:
    """Count the answers of one mail, once. Nothing says afterwards whose they were.

    Raises `LinkUnknown` for a link that was used, ran out or never was, and `InvalidInput` where
    no question is answered or a score is none.
    """
    if not command.scores or not set(command.scores.values()) <= SCORES.keys():
        raise InvalidInput(
            "scores",
            ja="少なくとも一つの質問に、5段階でお答えください。",
            en="Answer at least one question, on the scale of five.",
        )
    used = (
        await tx.execute(
            delete(SurveyInvitation)
            .where(
                SurveyInvitation.token_hash == tx.vault.token_hash(command.token),
                SurveyInvitation.is_mailed,
                SurveyInvitation.due_at > tx.now,
            )
            .returning(
                SurveyInvitation.consortium_id, SurveyInvitation.company_id, SurveyInvitation.kind
            )
            .execution_options(synchronize_session=False)
        )
    ).one_or_none()
    if used is None:
        raise LinkUnknown
    await count_answers(
        tx,
        consortium_id=used.consortium_id,
        company_id=used.company_id,
        kind=used.kind,
        scores=command.scores,
    )


async def count_answers(
    tx: WriteSession,
    *,
    consortium_id: uuid.UUID,
    company_id: uuid.UUID,
    kind: SurveyKind,
    scores: Mapping[SurveyQuestion, int],
) -> None:
    """Add to the counters of this month, in the order of their keys."""
    consortium = (
        await tx.execute(
            select(Consortium.time_zone, Consortium.smallest_count).where(
                Consortium.id == consortium_id
            )
        )
    ).one()
    month = month_of(local_day(tx.now, consortium.time_zone))
    for question in sorted(scores):
        key = {
            "consortium_id": consortium_id,
            "company_id": company_id,
            "month": month,
            "kind": kind,
            "question": question,
            "score": scores[question],
        }
        await tx.execute(
            insert_for(tx, SurveyMonth)
            .values(**key, answers=1, smallest_count=consortium.smallest_count)
            .on_conflict_do_update(
                index_elements=list(key), set_={"answers": SurveyMonth.answers + 1}
            )
        )


async def decline_surveys(tx: WriteSession, actor: Actor) -> None:
    """A candidate does not want to be asked any more: what waits goes too."""
    await _opt_out(tx, actor, candidate_of(actor))


async def decline_surveys_by_link(tx: WriteSession, token: str, locale: str) -> None:
    """The same by the link of a mail. Raises `LinkUnknown` for a link that works no more."""
    row = (
        await tx.execute(
            select(SurveyInvitation.consortium_id, SurveyInvitation.candidate_id).where(
                SurveyInvitation.token_hash == tx.vault.token_hash(token),
                SurveyInvitation.is_mailed,
                SurveyInvitation.due_at > tx.now,
            )
        )
    ).one_or_none()
    if row is None:
        raise LinkUnknown
    await _opt_out(tx, candidate(row.consortium_id, row.candidate_id, locale), row.candidate_id)


async def _opt_out(tx: WriteSession, actor: Actor, candidate_id: uuid.UUID) -> None:
    here = await tx.scalar(
        select(Candidate.id)
        .where(Candidate.id == candidate_id, Candidate.erased_at.is_(None))
        .with_for_update(read=True, key_share=True)
    )
    if here is None:
        raise LinkUnknown
    await tx.execute(
        insert_for(tx, SurveyOptOut)
        .values(candidate_id=candidate_id, since=tx.now)
        .on_conflict_do_nothing(index_elements=["candidate_id"])
    )
    await tx.execute(
        delete(SurveyInvitation)
        .where(SurveyInvitation.candidate_id == candidate_id)
        .execution_options(synchronize_session=False)
    )
    audit(tx, actor, "surveys.declined", "candidate", candidate_id)


async def accept_surveys(tx: WriteSession, actor: Actor) -> None:
    """A candidate may be asked again."""
    candidate_id = candidate_of(actor)
    gone = await tx.execute(
        delete(SurveyOptOut)
        .where(SurveyOptOut.candidate_id == candidate_id)
        .returning(SurveyOptOut.candidate_id)
        .execution_options(synchronize_session=False)
    )
    if gone.one_or_none() is not None:
        audit(tx, actor, "surveys.accepted", "candidate", candidate_id)
