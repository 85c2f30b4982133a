"""The scalars of the schema: how a value is written, and what is refused.

Give `SCALARS` to the schema's configuration: `StrawberryConfig(scalar_map=SCALARS)`. Annotate
fields with `datetime.datetime`, `datetime.date` and the names below.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NewType
from urllib.parse import urlsplit

import strawberry
from email_validator import EmailNotValidError, validate_email
from graphql import GraphQLError
from stdnum.exceptions import ValidationError
from stdnum.jp import cn
from strawberry.types.scalar import ScalarDefinition

Yen = NewType("Yen", int)
YenDifference = NewType("YenDifference", int)
CorporateNumber = NewType("CorporateNumber", str)
EmailAddress = NewType("EmailAddress", str)
URL = NewType("URL", str)

MAX_YEN = 2**53 - 1
"""The largest amount that every client reads exactly; a JSON number is a double in browsers."""
MAX_EMAIL_CHARACTERS = 254
MAX_URL_CHARACTERS = 2_048
MAX_TIME_CHARACTERS = 40


def _refused(kind: str, why: str) -> GraphQLError:
    # The value stays out of the message: it may be a person's.
    return GraphQLError(f"{kind} {why}.")


def _text(kind: str, value: object, *, max_characters: int) -> str:
    if not isinstance(value, str):
        raise _refused(kind, "must be a string")
    if len(value) > max_characters:
        raise _refused(kind, f"must have at most {max_characters} characters")
    return value


def _parse_datetime(value: object) -> dt.datetime:
    text = _text("DateTime", value, max_characters=MAX_TIME_CHARACTERS)
    try:
        moment = dt.datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise _refused("DateTime", "must carry an offset, as in 2026-04-01T09:00:00+09:00")
        return moment.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise _refused("DateTime", "must be ISO 8601, as in 2026-04-01T00:00:00Z") from None


def _serialize_datetime(value: dt.datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("a time without an offset reached the schema")
    return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def _parse_date(value: object) -> dt.date:
    text = _text("Date", value, max_characters=MAX_TIME_CHARACTERS)
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise _refused("Date", "must be written YYYY-MM-DD")
    return day


def _yen(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _refused("Yen", "must be a whole number")
    if not 0 <= value <= MAX_YEN:
        raise _refused("Yen", f"must be between 0 and {MAX_YEN}")
    return value


def _yen_difference(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _refused("YenDifference", "must be a whole number")
    if not -MAX_YEN <= value <= MAX_YEN:
        raise _refused("YenDifference", f"must be between -{MAX_YEN} and {MAX_YEN}")
    return value


def _parse_corporate_number(value: object) -> str:
    text = _text("CorporateNumber", value, max_characters=13)
    if not (len(text) == 13 and text.isascii() and text.isdigit()):
        raise _refused("CorporateNumber", "must be 13 digits")
    try:
        return cn.validate(text)
    except ValidationError:
        raise _refused("CorporateNumber", "has a wrong check digit") from None


def _parse_email(value: object) -> str:
    text = _text("EmailAddress", value, max_characters=MAX_EMAIL_CHARACTERS)
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        raise _refused("EmailAddress", "must be an e-mail address") from None


def _parse_url(value: object) -> str:
    text = _text("URL", value, max_characters=MAX_URL_CHARACTERS)
    try:
        parts = urlsplit(text)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname)
        sound = sound and parts.username is None and parts.password is None
        _ = parts.port
    except ValueError:
        sound = False
    if not sound or any(c.isspace() or not c.isprintable() for c in text):
        raise _refused("URL", "must be an absolute http or https address without a user name")
    return text


SCALARS: Mapping[Any, ScalarDefinition] = {
    dt.datetime: strawberry.scalar(
        name="DateTime",
        description="A moment in UTC, ISO 8601, as in `2026-04-01T00:00:00Z`. "
        "What is sent must carry an offset; any offset will do.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
        serialize=_serialize_datetime,
        parse_value=_parse_datetime,
    ),
    dt.date: strawberry.scalar(
        name="Date",
        description="A day of the calendar, `YYYY-MM-DD`, in the consortium's time zone.",
        serialize=lambda day: day.isoformat(),
        parse_value=_parse_date,
    ),
    Yen: strawberry.scalar(
        name="Yen",
        description="An amount in Japanese yen: a whole number, never negative, "
        "at most 9007199254740991 so that every client reads it exactly.",
        serialize=_yen,
        parse_value=_yen,
    ),
    YenDifference: strawberry.scalar(
        name="YenDifference",
        description="An amount in Japanese yen that may be below zero: a whole number of at most "
        "9007199254740991 either way.",
        serialize=_yen_difference,
        parse_value=_yen_difference,
    ),
    CorporateNumber: strawberry.scalar(
        name="CorporateNumber",
        description="A Japanese corporate number (hōjin bangō): 13 digits, the first of them "
        "a check digit.",
        specified_by_url="https://www.houjin-bangou.nta.go.jp/",
        serialize=str,
        parse_value=_parse_corporate_number,
    ),
    EmailAddress: strawberry.scalar(
        name="EmailAddress",
        description="An e-mail address, at most 254 characters.",
        serialize=str,
        parse_value=_parse_email,
    ),
    URL: strawberry.scalar(
        name="URL",
        description="An absolute http or https address, at most 2048 characters.",
        serialize=str,
        parse_value=_parse_url,
    ),
}
