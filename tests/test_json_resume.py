"""A JSON Resume file is read within the bounds of the form, whatever it holds."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import InvalidInput
from models.rules.addresses import check_email
from models.rules.json_resume import (
    DEPTH_MAX,
    FILE_BYTES_MAX,
    FormValues,
    read_json_resume,
    write_json_resume,
    years_of_work,
)
from models.rules.registration_form import EXPERIENCE_YEARS_MAX, OwnDetails, details_problems
from models.vocabulary.job_categories import JOB_CATEGORIES
from models.vocabulary.prefectures import PREFECTURES
from models.vocabulary.skills import SKILLS

TODAY = date(2026, 11, 25)


def read(resume: Any) -> FormValues:
    return read_json_resume(orjson.dumps(resume), TODAY)


def test_a_resume_fills_the_form() -> None:
    found = read(
        {
            "basics": {
                "name": " Hanako Sato ",
                "email": "hanako@example.jp",
                "phone": "090-1234-5678",
                "location": {"region": "Tokyo", "countryCode": "JP"},
            },
            "skills": [
                {"name": "Web", "keywords": ["python3", "ＪａｖａＳｃｒｉｐｔ", "juggling"]},
                {"name": "SQL"},
                "Rust",
            ],
            "work": [{"startDate": "2020-04-01", "endDate": "2024-03-31"}],
        }
    )
    assert found == FormValues(
        name="Hanako Sato",
        email="hanako@example.jp",
        phone="090-1234-5678",
        experience_years=4,
        prefecture="13",
        skills=("PYTHON", "JAVASCRIPT", "SQL", "RUST"),
    )


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ({"region": "東京都"}, "13"),
        ({"region": "東京"}, "13"),
        ({"region": "Osaka-fu", "countryCode": "jp"}, "27"),
        ({"region": "Kanagawa Prefecture"}, "14"),
        ({"region": "JP-01"}, "01"),
        ({"region": "13"}, "13"),
        ({"region": "California", "countryCode": "US"}, None),
        ({"region": "Tokyo", "countryCode": "US"}, None),
        ({"region": ["Tokyo"]}, None),
        ({"city": "Tokyo"}, None),
        ("Tokyo", None),
    ],
)
def test_a_region_is_a_prefecture_where_it_names_one(location: Any, code: str | None) -> None:
    assert read({"basics": {"location": location}}).prefecture == code


@pytest.mark.parametrize(
    ("work", "years"),
    [
        ([], None),
        ([{"name": "no dates"}], None),
        ([{"startDate": "2020"}], 6),
        ([{"startDate": "2020", "endDate": "2020"}], 1),
        ([{"startDate": "2020-01", "endDate": "2020-11"}], 0),
        # Two jobs at once are one time, and a gap is none.
        ([{"startDate": "2020", "endDate": "2021"}, {"startDate": "2020", "endDate": "2022"}], 3),
        ([{"startDate": "2010", "endDate": "2011"}, {"startDate": "2020", "endDate": "2020"}], 3),
        ([{"startDate": "2030"}], 0),
        ([{"startDate": "2021", "endDate": "2020"}], 0),
        ([{"startDate": "1000"}], EXPERIENCE_YEARS_MAX),
        ([{"startDate": "April 2020"}, {"startDate": 2020}, "2020", None], None),
    ],
)
def test_years_are_counted_from_the_dates_of_work(work: list[Any], years: int | None) -> None:
    assert years_of_work(work, TODAY) == years


def test_what_the_form_would_refuse_is_left_out() -> None:
    basics = {"name": "x\u0000y", "email": "no address", "phone": "12"}
    assert read({"basics": basics}) == FormValues()
    assert read({"basics": {"name": "x" * 101, "email": ["a@example.jp"]}}) == FormValues()
    assert read({"meta": {"tasuki": {"category": "NONE", "experienceYears": True}}}) == FormValues()


def nested(depth: int) -> bytes:
    return b'{"basics":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b" " * (FILE_BYTES_MAX + 1), "too large"),
        (b"", "Choose a file first"),
        (b"{", "cannot be read"),
        (b"\xff\xfe{}", "cannot be read"),
        (b'{"a": NaN}', "cannot be read"),
        (b"PK\x03\x04", "cannot be read"),
        (b"[]", "no JSON Resume"),
        (b'"x"', "no JSON Resume"),
        (b"null", "no JSON Resume"),
        (b"1", "no JSON Resume"),
        (nested(DEPTH_MAX + 1), "too deeply"),
        (nested(1_000), "too deeply"),
        (nested(100_000), "too deeply"),
    ],
)
def test_what_is_no_resume_is_refused_and_said_why(data: bytes, said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_json_resume(data, TODAY)
    assert refused.value.path == ("resume",)
    assert said in refused.value.message("en")
    assert refused.value.message("ja") != refused.value.message("en")


def test_a_file_may_be_as_deep_as_is_said_and_begin_with_a_mark() -> None:
    assert read_json_resume(nested(DEPTH_MAX), TODAY) == FormValues()
    assert read_json_resume(b'\xef\xbb\xbf{"basics":{"name":"Hana"}}', TODAY).name == "Hana"


# Hostile files

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=300)
    | st.sampled_from(["2020-04", "9999-12", "0000", "Tokyo", "Python", "a@example.jp", "\u0000"])
)
NAMES = st.sampled_from(
    [
        *("basics", "name", "email", "phone", "location", "region", "countryCode", "skills"),
        *("keywords", "work", "startDate", "endDate", "meta", "tasuki", "experienceYears"),
        *("category", "desiredPrefectures"),
    ]
) | st.text(max_size=5)
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=6) | st.dictionaries(NAMES, inner, max_size=6)
)
RESUME_LIKE = st.fixed_dictionaries(
    {},
    optional={
        "basics": ANYTHING
        | st.fixed_dictionaries(
            {},
            optional={"name": ANYTHING, "email": ANYTHING, "phone": ANYTHING, "location": ANYTHING},
        ),
        "skills": ANYTHING | st.lists(ANYTHING, max_size=5),
        "work": ANYTHING
        | st.lists(
            st.fixed_dictionaries({}, optional={"startDate": ANYTHING, "endDate": ANYTHING}),
            max_size=5,
        ),
        "meta": ANYTHING | st.fixed_dictionaries({"tasuki": ANYTHING}),
    },
)


def within_bounds(values: FormValues) -> bool:
    """The form would take what was read."""
    if values.email is not None:
        check_email(values.email)
    details = OwnDetails(
        name=values.name or "x",
        phone=values.phone,
        category=values.category,
        experience_years=values.experience_years,
        skills=values.skills,
        wishes=None,
        prefecture=values.prefecture,
        desired_prefectures=values.desired_prefectures,
    )
    return details_problems(details) == []


def read_or_refused(data: bytes) -> bool:
    """What is read is within bounds, or the file is refused as a whole."""
    try:
        return within_bounds(read_json_resume(data, TODAY))
    except InvalidInput as refused:
        return refused.path == ("resume",)


@settings(max_examples=300, deadline=None)
@given(RESUME_LIKE | ANYTHING)
def test_whatever_a_file_holds_is_read_within_bounds_or_refused(resume: Any) -> None:
    assert read_or_refused(orjson.dumps(resume))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_whatever_bytes_come_are_read_or_refused(data: bytes) -> None:
    assert read_or_refused(data)


@settings(max_examples=200, deadline=None)
@given(
    st.builds(
        FormValues,
        name=st.sampled_from(["佐藤 花子", "Hanako Sato"]),
        email=st.sampled_from([None, "hanako@example.jp"]),
        phone=st.sampled_from([None, "090-1234-5678"]),
        category=st.none() | st.sampled_from(sorted(JOB_CATEGORIES)),
        experience_years=st.none() | st.integers(0, EXPERIENCE_YEARS_MAX),
        prefecture=st.none() | st.sampled_from(sorted(PREFECTURES)),
        skills=st.lists(st.sampled_from(sorted(SKILLS)), unique=True, max_size=30).map(tuple),
        desired_prefectures=st.lists(
            st.sampled_from(sorted(PREFECTURES)), unique=True, max_size=5
        ).map(tuple),
    ),
    st.sampled_from(["ja", "en"]),
)
def test_what_is_written_fills_the_form_again(values: FormValues, locale: str) -> None:
    assert read(write_json_resume(values, locale)) == values
