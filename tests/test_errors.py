"""How refusals are worded."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from models.errors import THINGS_IN_JAPANESE, InvalidTransition, NotFound

ROOT = Path(__file__).parent.parent
NAMED = re.compile(
    r"""what="([^"{]+)"|require_step\(\s*"([^"]+)"|key_from\([^,]+, "\w+", "([^"]+)\""""
)


def test_whatever_an_error_names_has_a_japanese_word() -> None:
    sources = [
        p.read_text() for folder in ("models", "gql") for p in ROOT.glob(f"{folder}/**/*.py")
    ]
    named = {"".join(found) for source in sources for found in NAMED.findall(source)}
    assert {"relay link", "free hire", "opening"} <= named
    assert named - THINGS_IN_JAPANESE.keys() == set()


@pytest.mark.parametrize(
    ("locale", "message"),
    [
        ("ja", "専用リンクが見つかりません。識別子をご確認ください。"),
        ("en", "No such relay link. Check its id."),
    ],
)
def test_what_was_not_found_is_named_in_the_readers_language(locale: str, message: str) -> None:
    assert NotFound("id", what="relay link").message(locale) == message


@pytest.mark.parametrize(
    ("allowed", "ja", "en"),
    [
        (
            "OFFERED",
            "紹介は現在「INTERVIEWING」です。この状態から可能なのは: OFFERED。",
            "The referral is INTERVIEWING; from there it can become: OFFERED.",
        ),
        (
            "",
            "紹介は現在「INTERVIEWING」のため、この操作はできません。",
            "The referral is INTERVIEWING, so this cannot be done any more.",
        ),
    ],
)
def test_a_step_that_is_refused_says_what_is_possible(allowed: str, ja: str, en: str) -> None:
    error = InvalidTransition(what="referral", state="INTERVIEWING", allowed=allowed)
    assert (error.message("ja"), error.message("en")) == (ja, en)
