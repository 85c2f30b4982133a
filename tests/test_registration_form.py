"""What is asked of a registration form, of its free text, and of its QR code."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from models.errors import InvalidInput
from models.rules.consent_texts import introduction_consent, registration_consents
from models.rules.qr import qr_svg
from models.rules.registration_form import check_form, form_problems
from models.rules.sensitive import SensitiveKind, sensitive_kinds
from models.rules.sharing import Employment, Purpose
from tests.world import FORM


def test_a_good_form_has_no_problems() -> None:
    assert form_problems(replace(FORM, name="佐藤\u3000花子", phone="090-1234-5678")) == []


def test_all_problems_are_told_at_once_in_the_order_of_the_form() -> None:
    form = replace(
        FORM,
        name=" ",
        email="hanako",
        phone="12",
        category="NONE",
        experience_years=61,
        skills=("NONE",),
        wishes="x" * 1_001,
        prefecture="48",
        desired_prefectures=("00",),
        employment=Employment.EMPLOYED,
        employer=" ",
        excluded=("x",) * 11,
        purposes=frozenset(),
    )
    problems = form_problems(form)
    assert [problem.path for problem in problems] == [
        ("name",),
        ("email",),
        ("phone",),
        ("category",),
        ("experienceYears",),
        ("skills",),
        ("wishes",),
        ("prefecture",),
        ("desiredPrefectures",),
        ("employer",),
        ("excluded",),
        ("purposes",),
    ]
    with pytest.raises(InvalidInput) as caught:
        check_form(form)
    assert caught.value.path == ("name",)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"name": "x" * 101}, "name"),
        ({"name": "佐藤\n花子"}, "name"),
        ({"experience_years": -1}, "experienceYears"),
        ({"skills": ("PYTHON",) * 31}, "skills"),
        ({"desired_prefectures": ("13",) * 48}, "desiredPrefectures"),
        ({"employer": "Sample"}, "employer"),
        ({"excluded": ("x" * 201,)}, "excluded"),
        ({"purposes": frozenset({Purpose.PARTNER_SHARING})}, "purposes"),
        ({"purposes": frozenset({Purpose.AGENCY_SUPPORT, Purpose.INTRODUCTION})}, "purposes"),
    ],
)
def test_each_bound_is_refused_alone(change: dict[str, Any], path: str) -> None:
    assert [problem.path for problem in form_problems(replace(FORM, **change))] == [(path,)]


TURNS = ("\u200e", "\u200f", *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A)))
"""Characters that turn the direction of a text."""


@pytest.mark.parametrize("character", TURNS)
@pytest.mark.parametrize("field", ["name", "wishes", "employer", "excluded"])
def test_text_that_is_turned_round_is_refused_with_its_reason(field: str, character: str) -> None:
    text = f"a{character}b"
    sent = replace(FORM, employment=Employment.EMPLOYED, employer="a")
    change: dict[str, Any] = {field: (text,) if field == "excluded" else text}
    [problem] = form_problems(replace(sent, **change))
    assert problem.path == (field,)
    assert problem.message("en").endswith("ontrol characters cannot be used.")
    assert "制御文字は使えません" in problem.message("ja")


def test_joined_emoji_are_text_and_wishes_have_lines() -> None:
    form = replace(FORM, name="花子👩\u200d💻", wishes="一行目\r\n\t二行目👩\u200d💻")
    form = replace(form, employment=Employment.EMPLOYED, employer="a\u200db")
    assert form_problems(replace(form, excluded=("a\u200cb",))) == []


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("駅に近く、残業の少ない職場を希望します", ()),
        ("システム障害対応の経験を活かしたい", ()),
        ("I want to work in healthcare, near a station.", ()),
        ("race condition debugging", ()),
        ("持病があり通院しています", (SensitiveKind.HEALTH,)),
        ("ｌａｂｏｒ ｕｎｉｏｎ", (SensitiveKind.UNION,)),
        ("本籍は京都、宗教上の理由で", (SensitiveKind.CREED, SensitiveKind.ORIGIN)),
        ("I have two children.", (SensitiveKind.FAMILY,)),
        ("アイヌ民族です", (SensitiveKind.RACE,)),
        ("前科はありません", (SensitiveKind.CRIME,)),
    ],
)
def test_sensitive_words_are_found(text: str, kinds: tuple[SensitiveKind, ...]) -> None:
    assert sensitive_kinds(text) == kinds


def test_a_qr_code_is_an_svg_that_scales() -> None:
    root = ET.fromstring(qr_svg("https://tasuki.example/r/abcdefghijklmnopqrstuv"))  # noqa: S314
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.get("viewBox") == "0 0 45 45"
    assert root.get("width") is None
    with pytest.raises(ValueError, match="at most"):
        qr_svg("https://tasuki.example/" + "x" * 2_000)


def test_consents_name_who_gets_what_and_only_the_agencys_support_is_required() -> None:
    texts = registration_consents("サンプル社", "キャリア社")
    assert [(text.purpose, text.required) for text in texts] == [
        (Purpose.AGENCY_SUPPORT, True),
        (Purpose.NAMED_TO_REFERRER, False),
        (Purpose.PARTNER_SHARING, False),
    ]
    assert texts[0].recipients.ja == "キャリア社"
    assert "登録人数が1人増える" in texts[0].explanation.ja
    assert "count of registrations" in texts[0].explanation.en
    assert texts[2].fields.en == (
        "job category, years of experience, skills and qualifications, prefecture you live in, "
        "places you want to work"
    )
    assert introduction_consent("A社", "B社").recipients.ja == "A社"
