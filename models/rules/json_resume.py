"""A person's details as a JSON Resume file (https://jsonresume.org/schema), read and written.

A file that comes in is anybody's: whatever it holds, what is read of it is within the bounds of
the form, and what is not is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import orjson

from models.errors import InvalidInput
from models.rules.addresses import EMAIL_MAX_CHARS, AddressRefused, check_email
from models.rules.registration_form import (
    EXPERIENCE_YEARS_MAX,
    SKILLS_MAX,
    OwnDetails,
    details_problems,
)
from models.vocabulary.job_categories import JOB_CATEGORIES
from models.vocabulary.prefectures import PREFECTURES, find_prefecture
from models.vocabulary.skills import SKILLS, find_skill

FILE_BYTES_MAX = 256 * 1024
DEPTH_MAX = 32
LIST_ITEMS_MAX = 500
"""So many jobs, skills and key words of a file are looked at."""
SCHEMA_URL = "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json"
OWN_META = "tasuki"
"""Where the standard has no field of its own, ours are under this name in ``meta``."""

_PARTIAL_DATE = re.compile(r"([12][0-9]{3})(?:-(0[1-9]|1[0-2]))?(?:-[0-3][0-9])?")
_BLANK = OwnDetails(
    name="-",
    phone=None,
    category=None,
    experience_years=None,
    skills=(),
    wishes=None,
    prefecture=None,
    desired_prefectures=(),
)


@dataclass(frozen=True, slots=True)
class FormValues:
    """What a file says of the fields of the form; nothing where it says nothing we can use."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    category: str | None = None
    experience_years: int | None = None
    prefecture: str | None = None
    skills: tuple[str, ...] = ()
    desired_prefectures: tuple[str, ...] = ()


def read_json_resume(data: bytes, on: date) -> FormValues:
    """What a file fills in. Work that has not ended is counted until ``on``.

    Raises `InvalidInput` for what is too large, no JSON, too deep, or no object.
    """
    resume = _object(data)
    basics, own = _mapping(resume.get("basics")), _own(resume)
    values = FormValues(
        name=_name(_text(basics.get("name"))),
        email=_email(_text(basics.get("email"))),
        phone=_phone(_text(basics.get("phone"))),
        category=_known(own.get("category"), JOB_CATEGORIES),
        experience_years=_years(own.get("experienceYears")),
        prefecture=_prefecture(_mapping(basics.get("location"))),
        skills=_skills(_items(resume.get("skills"))),
        desired_prefectures=_prefectures(_items(own.get("desiredPrefectures"))),
    )
    if values.experience_years is not None:
        return values
    return replace(values, experience_years=years_of_work(_items(resume.get("work")), on))


def write_json_resume(values: FormValues, locale: str) -> dict[str, Any]:
    """The same details as a file that others can read, and that fills our form again."""
    location = {}
    if values.prefecture:
        region = PREFECTURES[values.prefecture].name.in_(locale)
        location = {"location": {"countryCode": "JP", "region": region}}
    basics = {"name": values.name, "email": values.email, "phone": values.phone}
    return {
        "$schema": SCHEMA_URL,
        "basics": {name: value for name, value in basics.items() if value} | location,
        "skills": [{"name": SKILLS[code].name.in_(locale)} for code in values.skills],
        "meta": {
            OWN_META: {
                "category": values.category,
                "experienceYears": values.experience_years,
                "desiredPrefectures": list(values.desired_prefectures),
            }
        },
    }


def years_of_work(work: Iterable[object], on: date) -> int | None:
    """Whole years in which there was any work, each month once; none where no job has a date.

    >>> years_of_work([{"startDate": "2020-04", "endDate": "2023-03"}], date(2026, 1, 1))
    3
    """
    months: set[int] = set()
    dated = False
    today = on.year * 12 + on.month - 1
    earliest = today - EXPERIENCE_YEARS_MAX * 12
    for job in work:
        period = _mapping(job)
        start = _month(period.get("startDate"), last=False)
        if start is None:
            continue
        end = _month(period.get("endDate"), last=True)
        dated = True
        months.update(range(max(start, earliest), min(today if end is None else end, today) + 1))
    return min(len(months) // 12, EXPERIENCE_YEARS_MAX) if dated else None


def _object(data: bytes) -> Mapping[str, Any]:
    if not data:
        raise _refused("ファイルを選んでください。", "Choose a file first.")
    if len(data) > FILE_BYTES_MAX:
        kib = FILE_BYTES_MAX // 1024
        raise _refused(
            f"ファイルが大きすぎます。{kib} KB以内のファイルを選んでください。",
            f"The file is too large. Choose one of at most {kib} kB.",
        )
    try:
        found = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        if "depth" in str(error):
            raise _too_deep() from None
        raise _refused(
            "ファイルを読み取れません。JSON Resume形式（JSON、UTF-8）のファイルを選んでください。",
            "The file cannot be read. Choose one in the JSON Resume format: JSON, in UTF-8.",
        ) from None
    if not isinstance(found, dict):
        raise _refused(
            "JSON Resume形式ではありません。全体が1つのオブジェクト { … } の形式です。",
            "This is no JSON Resume: the whole of it must be one object { … }.",
        )
    _require_shallow(found)
    return found


def _require_shallow(found: object) -> None:
    level: list[object] = [found]
    for _ in range(DEPTH_MAX):
        level = [child for one in level for child in _children(one)]
        if not level:
            return
    raise _too_deep()


def _children(one: object) -> Iterable[object]:
    if isinstance(one, dict):
        return one.values()
    return one if isinstance(one, list) else ()


def _too_deep() -> InvalidInput:
    return _refused(
        f"ファイルの入れ子が深すぎます（{DEPTH_MAX}段まで）。別のファイルを選んでください。",
        f"The file is nested too deeply, more than {DEPTH_MAX} levels. Choose another one.",
    )


def _refused(ja: str, en: str) -> InvalidInput:
    return InvalidInput("resume", ja=ja, en=en)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _items(value: object) -> list[Any]:
    return value[:LIST_ITEMS_MAX] if isinstance(value, list) else []


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _own(resume: Mapping[str, Any]) -> Mapping[str, Any]:
    return _mapping(_mapping(resume.get("meta")).get(OWN_META))


def _name(text: str | None) -> str | None:
    return None if text is None or details_problems(replace(_BLANK, name=text)) else text


def _phone(text: str | None) -> str | None:
    return None if text is None or details_problems(replace(_BLANK, phone=text)) else text


def _email(text: str | None) -> str | None:
    if text is None or len(text) > EMAIL_MAX_CHARS:
        return None
    try:
        check_email(text)
    except AddressRefused:
        return None
    return text


def _known(value: object, vocabulary: Mapping[str, Any]) -> str | None:
    return value if isinstance(value, str) and value in vocabulary else None


def _years(value: object) -> int | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 <= value <= EXPERIENCE_YEARS_MAX else None


def _prefecture(location: Mapping[str, Any]) -> str | None:
    country, region = _text(location.get("countryCode")), _text(location.get("region"))
    if region is None or (country or "JP").upper() != "JP":
        return None
    named = re.sub(r"^jp-|[ -](?:ken|to|fu|prefecture|pref\.?)$", "", region, flags=re.IGNORECASE)
    return find_prefecture(named)


def _prefectures(codes: Iterable[object]) -> tuple[str, ...]:
    known = (_known(code, PREFECTURES) for code in codes)
    return tuple(dict.fromkeys(code for code in known if code is not None))


def _skills(listed: Iterable[object]) -> tuple[str, ...]:
    found = (find_skill(word) for word in _words(listed))
    return tuple(dict.fromkeys(code for code in found if code is not None))[:SKILLS_MAX]


def _words(listed: Iterable[object]) -> Iterator[str]:
    for skill in listed:
        named = _mapping(skill)
        for word in (skill, named.get("name"), *_items(named.get("keywords"))):
            if isinstance(word, str):
                yield word[:100]


def _month(value: object, *, last: bool) -> int | None:
    """A month, counted from the year 0; of a year alone its first or its last."""
    found = _PARTIAL_DATE.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        return None
    month = int(found[2]) if found[2] else (12 if last else 1)
    return int(found[1]) * 12 + month - 1
