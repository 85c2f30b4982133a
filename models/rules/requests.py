"""What a candidate can ask of the consortium that needs a person, and its bounds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from models.errors import DomainError
from models.vocabulary.text import Text

TEXT_CHARS_MAX = 2_000
OPEN_REQUESTS_MAX = 5
"""So many of a candidate's requests can wait at once."""
REQUEST_DAYS_MAX = 60


class RequestKind(StrEnum):
    """What a request is about."""

    DISCLOSURE = "DISCLOSURE"
    CORRECTION = "CORRECTION"
    STOP_OF_USE = "STOP_OF_USE"
    SHOWING = "SHOWING"
    COMPLAINT = "COMPLAINT"


KIND_NAMES: Mapping[RequestKind, Text] = {
    RequestKind.DISCLOSURE: Text(
        "別の形での開示（書面など）", "To be given what is held in another form, on paper say"
    ),
    RequestKind.CORRECTION: Text(
        "自分ではできない訂正（メールアドレスなど）",
        "A correction that you cannot make yourself, of your address say",
    ),
    RequestKind.STOP_OF_USE: Text("利用や提供の停止", "To stop a use, or that it is passed on"),
    RequestKind.SHOWING: Text(
        "誰に見られたかについての質問", "A question about who was shown your data"
    ),
    RequestKind.COMPLAINT: Text("苦情・相談", "A complaint"),
}


class TooManyRequests(DomainError):
    """As many requests as can wait at once are waiting."""

    code = "TOO_MANY_REQUESTS"
    text = Text(
        ja="回答待ちの申出は{most}件までです。回答をお待ちください。",
        en="At most {most} requests can wait at once. Please wait for an answer.",
    )


def due_on(sent_on: date, days: int) -> date:
    """The last day on which a request is to be answered.

    >>> due_on(date(2026, 1, 5), 14)
    datetime.date(2026, 1, 19)
    """
    return sent_on + timedelta(days=days)


def is_overdue(due: date, today: date) -> bool:
    """Whether the day has passed on which an open request was to be answered."""
    return today > due
