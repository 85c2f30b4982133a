"""Scalars: what is read, how it is written, what is refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig

from gql.errors import Schema, present
from gql.scalars import SCALARS, URL, CorporateNumber, EmailAddress, Yen

BY_NAME = {definition.name: definition for definition in SCALARS.values()}


def _read(name: str, value: object) -> Any:
    parse = BY_NAME[name].parse_value
    assert parse is not None
    return parse(value)


def _written(name: str, value: object) -> Any:
    serialize = BY_NAME[name].serialize
    assert serialize is not None
    return serialize(value)


@pytest.mark.parametrize(
    ("name", "sent", "read", "written"),
    [
        (
            "DateTime",
            "2026-04-01T09:00:00+09:00",
            dt.datetime(2026, 4, 1, tzinfo=dt.UTC),
            "2026-04-01T00:00:00Z",
        ),
        (
            "DateTime",
            "2026-04-01T00:00:00.5Z",
            dt.datetime(2026, 4, 1, 0, 0, 0, 500_000, tzinfo=dt.UTC),
            "2026-04-01T00:00:00.500000Z",
        ),
        ("Date", "2026-04-01", dt.date(2026, 4, 1), "2026-04-01"),
        ("Yen", 0, 0, 0),
        ("Yen", 2**53 - 1, 2**53 - 1, 2**53 - 1),
        ("YenDifference", -(2**53) + 1, -(2**53) + 1, -(2**53) + 1),
        ("YenDifference", 7, 7, 7),
        ("CorporateNumber", "5835678256246", "5835678256246", "5835678256246"),
        ("EmailAddress", "Taro@EXAMPLE.co.jp", "Taro@example.co.jp", "Taro@example.co.jp"),
        ("URL", "https://a.example:8443/x?y=1", "https://a.example:8443/x?y=1", None),
    ],
)
def test_values_read_and_written(name: str, sent: object, read: object, written: object) -> None:
    assert _read(name, sent) == read
    assert _written(name, read) == (sent if written is None else written)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "DateTime",
            "2026-04-01T09:00:00",
            "DateTime must carry an offset, as in 2026-04-01T09:00:00+09:00.",
        ),
        ("DateTime", "soon", "DateTime must be ISO 8601, as in 2026-04-01T00:00:00Z."),
        (
            "DateTime",
            "0001-01-01T00:00:00+09:00",
            "DateTime must be ISO 8601, as in 2026-04-01T00:00:00Z.",
        ),
        ("DateTime", 5, "DateTime must be a string."),
        ("DateTime", "2" * 41, "DateTime must have at most 40 characters."),
        ("Date", "2026-02-30", "Date must be written YYYY-MM-DD."),
        ("Date", "20260401", "Date must be written YYYY-MM-DD."),
        ("Yen", -1, "Yen must be between 0 and 9007199254740991."),
        ("Yen", 2**53, "Yen must be between 0 and 9007199254740991."),
        ("Yen", True, "Yen must be a whole number."),
        ("Yen", 1.0, "Yen must be a whole number."),
        ("Yen", "1", "Yen must be a whole number."),
        (
            "YenDifference",
            -(2**53),
            "YenDifference must be between -9007199254740991 and 9007199254740991.",
        ),
        ("YenDifference", False, "YenDifference must be a whole number."),
        ("YenDifference", 0.5, "YenDifference must be a whole number."),
        ("CorporateNumber", "583567825624", "CorporateNumber must be 13 digits."),
        ("CorporateNumber", "５８３５６７８２５６２４６", "CorporateNumber must be 13 digits."),
        ("CorporateNumber", "5835678256247", "CorporateNumber has a wrong check digit."),
        ("CorporateNumber", 5835678256246, "CorporateNumber must be a string."),
        ("EmailAddress", "taro", "EmailAddress must be an e-mail address."),
        (
            "EmailAddress",
            "a@b.example\r\nBcc: c@d.example",
            "EmailAddress must be an e-mail address.",
        ),
        (
            "EmailAddress",
            "a" * 250 + "@b.jp",
            "EmailAddress must have at most 254 characters.",
        ),
        *(
            ("URL", url, "URL must be an absolute http or https address without a user name.")
            for url in (
                "javascript:alert(1)",
                "//a.example",
                "/x",
                "https://",
                "https://u:p@a.example",
                "https://a.example/\nx",
                "https://a.example:99999",
                "https://[x",
            )
        ),
    ],
)
def test_values_refused_without_repeating_them(name: str, value: object, message: str) -> None:
    with pytest.raises(GraphQLError) as caught:
        _read(name, value)
    assert caught.value.message == message


def test_a_time_without_an_offset_never_leaves() -> None:
    with pytest.raises(ValueError, match="a time without an offset reached the schema"):
        _written("DateTime", dt.datetime(2026, 4, 1))  # noqa: DTZ001


@strawberry.type
class Query:
    @strawberry.field
    def tell(
        self,
        fee: Yen | None = None,
        mail: EmailAddress | None = None,
        number: CorporateNumber | None = None,
        url: URL | None = None,
        at: dt.datetime | None = None,
        on: dt.date | None = None,
    ) -> Yen | None:
        return fee


SCHEMA = Schema(Query, config=StrawberryConfig(scalar_map=SCALARS))


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("query", "variables", "code"),
    [
        ("{ tell(fee: 5000000000) }", {}, None),
        ("query ($f: Yen) { tell(fee: $f) }", {"f": 5_000_000_000}, None),
        ("query ($f: Yen) { tell(fee: $f) }", {"f": -1}, "BAD_USER_INPUT"),
        ("{ tell(fee: -1) }", {}, "BAD_USER_INPUT"),
        ('{ tell(mail: "x") }', {}, "BAD_USER_INPUT"),
    ],
)
async def test_bad_values_are_errors_of_the_request(
    query: str, variables: dict[str, Any], code: str | None
) -> None:
    result = await SCHEMA.execute(query, variables)
    told = present(result.errors or [], request_id="r")
    assert [e["extensions"]["code"] for e in told] == ([code] if code else [])
    if code is None:
        assert result.data == {"tell": 5_000_000_000}


def test_every_scalar_is_described() -> None:
    assert sorted(BY_NAME) == [
        "CorporateNumber",
        "Date",
        "DateTime",
        "EmailAddress",
        "URL",
        "Yen",
        "YenDifference",
    ]
    assert all(definition.description for definition in BY_NAME.values())
