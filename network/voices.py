"""What is told of the surveys: whole months, rounded as flows are, and only of enough people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from models.rules.rounding import Draw, told_parts
from models.rules.surveys import QUESTION_NAMES, SCORES, SurveyCell, SurveyKind, SurveyQuestion
from models.vocabulary.text import Text

AGREEING = 4
"""The lowest score that says yes."""


@dataclass(frozen=True, slots=True)
class Voices:
    """What was answered to one question on one occasion. All None where too few answered.

    ``answers`` are people, told as multiples of the smallest count; ``scores`` are those who gave
    1 to 5, ``agreeing_percent`` those of them who gave 4 or 5.
    """

    kind: SurveyKind
    question: SurveyQuestion
    answers: int | None
    scores: tuple[int, ...] | None
    mean: float | None
    agreeing_percent: float | None


def voices(cells: Iterable[SurveyCell], draw: Draw) -> list[Voices]:
    r"""The answers of some months together, by occasion and question.

    Each month's cell of a company, occasion and question is told by `told_parts`, so that no sum of
    months, and no company beside all of them, reveals more. Nearly everyone answers both
    questions: they are two breakdowns of one number of people, and have the one draw of company,
    month and occasion, since two draws would tell that number twice. A question is told only
    where it is certain, from what is told alone, that as many people as the smallest count
    answered it:

    .. math:: \sum_{cells\,told\,above\,0} (told - (s - 1)) \ge s

    since a cell of n people is told as less than n + s. That rests on nothing but the told
    figures, so that being left out tells nothing either.

    >>> from datetime import date
    >>> import uuid
    >>> cell = SurveyCell(uuid.UUID(int=1), date(2026, 1, 1), SurveyKind.OUTCOME,
    ...                   SurveyQuestion.HELPED, 3, (0, 0, 1, 2, 3))
    >>> [_, _, _, found] = voices([cell], lambda name: bytes(8))
    >>> found.answers, found.scores, found.mean
    (6, (0, 0, 3, 0, 3), 4.0)
    """
    scores: dict[tuple[SurveyKind, SurveyQuestion], list[int]] = defaultdict(
        lambda: [0] * len(SCORES)
    )
    certain: dict[tuple[SurveyKind, SurveyQuestion], int] = defaultdict(int)
    least = 1
    for cell in cells:
        parts = told_parts(
            cell.answers, smallest_count=cell.smallest_count, cell=_name(cell), draw=draw
        )
        key = (cell.kind, cell.question)
        scores[key] = [before + more for before, more in zip(scores[key], parts, strict=True)]
        certain[key] += max(0, sum(parts) - cell.smallest_count + 1)
        least = max(least, cell.smallest_count)
    asked = [(kind, question) for kind in SurveyKind for question in SurveyQuestion]
    return [
        _voices(*key, scores[key])
        if certain[key] >= least
        else Voices(*key, None, None, None, None)
        for key in asked
    ]


def _name(cell: SurveyCell) -> str:
    return f"survey|{cell.month:%Y-%m}|{cell.company_id.hex}|{cell.kind.value}"


def _voices(kind: SurveyKind, question: SurveyQuestion, scores: list[int]) -> Voices:
    answers = sum(scores)
    agreeing = sum(scores[AGREEING - 1 :])
    mean = sum(score * number for score, number in enumerate(scores, 1)) / answers
    return Voices(
        kind, question, answers, tuple(scores), round(mean, 2), round(100 * agreeing / answers, 1)
    )


def voices_in_words(found: Voices) -> Text:
    """What the answers say."""
    name = QUESTION_NAMES[found.question]
    if found.answers is None or found.agreeing_percent is None:
        return Text(
            f"「{name.ja}」は、回答が少ないため表示しません。",
            f"“{name.en}”: too few people answered for anything to be told.",
        )
    return Text(
        f"「{name.ja}」と答えた方（5段階の4と5）は、およそ{found.answers:,}名のうち"
        f"{found.agreeing_percent:g}％、平均は{found.mean:g}です。",
        f"“{name.en}”: {found.agreeing_percent:g}% of about {found.answers:,} people agree (4 or 5 "
        f"of 5); the mean is {found.mean:g}.",
    )
