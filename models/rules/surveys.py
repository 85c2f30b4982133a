"""The two questions that candidates are asked by mail, and how an answer is kept.

An answer is a number added to a counter: of a company, a month, an occasion, a question and a
score. It has no text, no time and no order, and nothing that leads back to who gave it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from models.rules.lifecycles import ReferralStatus
from models.vocabulary.text import Text


class SurveyKind(StrEnum):
    """On which occasion."""

    REGISTRATION = "REGISTRATION"
    OUTCOME = "OUTCOME"


class SurveyQuestion(StrEnum):
    """What is asked."""

    TREATED_WELL = "TREATED_WELL"
    HELPED = "HELPED"


QUESTIONS: Mapping[SurveyQuestion, Text] = {
    SurveyQuestion.TREATED_WELL: Text(
        "{company}の選考で、丁寧に対応してもらえたと感じましたか。",
        "Did you feel treated well by {company}, which turned you down?",
    ),
    SurveyQuestion.HELPED: Text(
        "このリンクから登録したことは、役に立ちましたか。",
        "Did registering through its link help you?",
    ),
}
QUESTION_NAMES: Mapping[SurveyQuestion, Text] = {
    SurveyQuestion.TREATED_WELL: Text("丁寧に対応された", "Felt treated well"),
    SurveyQuestion.HELPED: Text("登録が役に立った", "Registering helped"),
}
KIND_NAMES: Mapping[SurveyKind, Text] = {
    SurveyKind.REGISTRATION: Text("登録のあと", "after registration"),
    SurveyKind.OUTCOME: Text("結果が出たあと", "after an outcome"),
}
SCORES: Mapping[int, Text] = {
    5: Text("とてもそう思う", "Very much"),
    4: Text("そう思う", "Rather yes"),
    3: Text("どちらともいえない", "Neither yes nor no"),
    2: Text("そう思わない", "Rather not"),
    1: Text("まったくそう思わない", "Not at all"),
}

ASKED_AFTER: Mapping[SurveyKind, timedelta] = {
    SurveyKind.REGISTRATION: timedelta(days=7),
    SurveyKind.OUTCOME: timedelta(days=14),
}
"""How long after the occasion the mail goes."""
ASKED_LATE = timedelta(days=21)
"""A mail that is later than this, because nothing ran meanwhile, does not go at all."""
ANSWERED_WITHIN = timedelta(days=30)
"""So long the link of a mail can be used."""

OUTCOMES = frozenset({ReferralStatus.HIRED, ReferralStatus.NO_SUITABLE_OPENING})
"""The ends of a registration after which somebody is asked. Who withdrew is left in peace."""


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


@dataclass(frozen=True, slots=True)
class SurveyCell:
    """How often each score was given: exact, for telling by `network.voices` only."""

    company_id: uuid.UUID
    month: date
    kind: SurveyKind
    question: SurveyQuestion
    smallest_count: int
    """The consortium's when the month was counted: a later change draws nothing anew."""
    answers: tuple[int, ...]
    """Of the scores 1 to 5."""
