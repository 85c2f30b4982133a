"""How refusals are worded."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

import pytest

from models.access import Permission, Role
from models.errors import THINGS_IN_JAPANESE, Forbidden, InvalidTransition, NotFound
from models.rules import lifecycles
from models.rules.free_hires import NotRedeemable, check_redeemable
from models.vocabulary import codes

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
            "OFFERED, DECLINED",
            "紹介は現在「面接中」です。この状態から可能なのは: 内定、見送り。",
            "The referral is “in interviews”; from there it can become: offered, declined.",
        ),
        (
            "",
            "紹介は現在「面接中」のため、この操作はできません。",
            "The referral is “in interviews”, so this cannot be done any more.",
        ),
    ],
)
def test_a_step_that_is_refused_says_what_is_possible(allowed: str, ja: str, en: str) -> None:
    error = InvalidTransition(what="referral", state="INTERVIEWING", allowed=allowed)
    assert (error.message("ja"), error.message("en")) == (ja, en)


def test_every_state_channel_role_and_permission_has_words() -> None:
    states = {
        state.value
        for name, kind in vars(lifecycles).items()
        if name.endswith("Status") and issubclass(kind, StrEnum)
        for state in kind
    }
    assert {"OFFERED", "SUSPENDED", "RESERVED"} <= states
    assert states - codes.STATES.keys() == set()
    assert {state for _, state in codes.STATES_OF} - codes.STATES.keys() == set()
    assert {of for of, _ in codes.STATES_OF} - THINGS_IN_JAPANESE.keys() <= {"meeting"}
    assert {one.value for one in lifecycles.Channel} == codes.CHANNELS.keys()
    assert {one.value for one in Role} == codes.ROLES.keys()
    assert {one.name for one in Permission} - codes.PERMISSIONS.keys() == set()
    known = (codes.STATES, codes.CHANNELS, codes.ROLES, codes.PERMISSIONS)
    words = [text for some in (*known, codes.STATES_OF) for text in some.values()]
    assert not [one for one in words if re.search("[A-Z]{2,}", "".join(one).replace("API", ""))]


@pytest.mark.parametrize(
    ("channel", "ja", "en"),
    [
        (lifecycles.Channel.PARTNER_SHARE, "提携先からの紹介", "an introduction between partners"),
        (lifecycles.Channel.RELAY_LINK, "専用リンクによる登録", "through a relay link"),
    ],
)
def test_a_free_hire_on_no_agencys_introduction_says_that_the_channel_is_why(
    channel: lifecycles.Channel, ja: str, en: str
) -> None:
    with pytest.raises(NotRedeemable) as refused:
        check_redeemable(channel, lifecycles.ReferralStatus.OFFERED)
    assert refused.value.code == "NOT_REDEEMABLE"
    assert ja in refused.value.message("ja")
    assert en in refused.value.message("en")
    assert "内定" not in refused.value.message("ja")
    with pytest.raises(NotRedeemable) as refused:
        check_redeemable(
            lifecycles.Channel.AGENCY_INTRODUCTION, lifecycles.ReferralStatus.DELIVERED
        )
    assert refused.value.message("ja") == (
        "無料採用枠は、状態が次のいずれかの紹介に使えます: 受け入れ済み、面接中、内定。"
        "この紹介は現在「新着」です。"
    )


def test_a_permission_that_is_missing_is_said_in_words() -> None:
    refused = Forbidden(permission="MANAGE_PARTNERSHIPS")
    assert refused.message("ja").startswith("この操作には「提携の管理」の権限が必要です。")
    assert refused.message("en").startswith("This needs the permission to manage partnerships.")
