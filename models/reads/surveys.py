"""The surveys: a mail's link, what a candidate chose, and the counters of whole months."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, select

from models.operations.survey_invitations import SURVEY_PURPOSE
from models.reads.agency_moves import name_of
from models.reads.outgoing_mails import unsealed
from models.rules.surveys import SCORES, SurveyCell, SurveyKind, SurveyQuestion
from models.session import ReadSession
from models.tables.candidates import Candidate
from models.tables.consortium import Consortium, Organization
from models.tables.surveys import SurveyInvitation, SurveyMonth, SurveyOptOut
from models.tokens import token_of
from models.vocabulary.text import Text


@dataclass(frozen=True, slots=True)
class SurveyMail:
    """Somebody is asked two questions about a company."""

    email: str
    locale: str
    name: str
    company: Text
    kind: SurveyKind
    expires_at: datetime
    time_zone: str
    token: str


async def survey_mail(read: ReadSession, invitation_id: uuid.UUID) -> SurveyMail | None:
    """While nobody has answered, declined or gone."""
    row = (
        await read.execute(
            select(SurveyInvitation, Candidate, Organization, Consortium.time_zone)
            .join(Candidate, Candidate.id == SurveyInvitation.candidate_id)
            .join(Organization, Organization.id == SurveyInvitation.company_id)
            .join(Consortium, Consortium.id == SurveyInvitation.consortium_id)
            .where(
                SurveyInvitation.id == invitation_id,
                SurveyInvitation.is_mailed,
                SurveyInvitation.due_at > read.now,
                Candidate.erased_at.is_(None),
                ~exists(
                    select(SurveyOptOut.candidate_id).where(
                        SurveyOptOut.candidate_id == SurveyInvitation.candidate_id
                    )
                ),
            )
        )
    ).one_or_none()
    person = await unsealed(read, row[1].key_id, row[1].sealed) if row else None
    if row is None or person is None:
        return None
    invitation, asked, company, zone = row
    return SurveyMail(
        email=person["email"],
        locale=asked.locale,
        name=person["name"],
        company=name_of(company),
        kind=invitation.kind,
        expires_at=invitation.due_at,
        time_zone=zone,
        token=token_of(read.vault, SURVEY_PURPOSE, invitation_id),
    )


async def read_survey_link(read: ReadSession, token: str) -> Text | None:
    """The company that a link asks about; None for any link that works no more, or never did."""
    company = await read.scalar(
        select(Organization)
        .join(SurveyInvitation, SurveyInvitation.company_id == Organization.id)
        .where(
            SurveyInvitation.token_hash == read.vault.token_hash(token),
            SurveyInvitation.is_mailed,
            SurveyInvitation.due_at > read.now,
        )
    )
    return None if company is None else name_of(company)


async def declines_surveys(read: ReadSession, candidate_id: uuid.UUID) -> bool:
    """Whether a candidate does not want to be asked."""
    since = await read.scalar(
        select(SurveyOptOut.since).where(SurveyOptOut.candidate_id == candidate_id)
    )
    return since is not None


async def survey_cells(
    read: ReadSession,
    consortium_id: uuid.UUID,
    *,
    first: date,
    last: date,
    company_id: uuid.UUID | None = None,
) -> Sequence[SurveyCell]:
    """The counters of the months from ``first`` to ``last``, of one company or of all.

    They are exact: what is told of them is for `network.voices` to say.
    """
    grain = (SurveyMonth.company_id, SurveyMonth.month, SurveyMonth.kind, SurveyMonth.question)
    statement = select(
        *grain, SurveyMonth.score, SurveyMonth.answers, SurveyMonth.smallest_count
    ).where(
        SurveyMonth.consortium_id == consortium_id,
        SurveyMonth.month >= first,
        SurveyMonth.month <= last,
    )
    if company_id is not None:
        statement = statement.where(SurveyMonth.company_id == company_id)
    counted: dict[tuple[uuid.UUID, date, SurveyKind, SurveyQuestion], list[int]] = defaultdict(
        lambda: [0] * len(SCORES)
    )
    smallest: dict[tuple[uuid.UUID, date, SurveyKind, SurveyQuestion], int] = defaultdict(int)
    for row in await read.execute(statement):
        key = (row.company_id, row.month, row.kind, row.question)
        counted[key][row.score - 1] += row.answers
        smallest[key] = max(smallest[key], row.smallest_count)
    return [
        SurveyCell(*key, smallest[key], tuple(numbers)) for key, numbers in sorted(counted.items())
    ]
