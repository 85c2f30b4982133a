"""What stands against an introduction, a hire or the end of a case, and their bounds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from models.errors import DomainError, Forbidden, InvalidInput
from models.rules.company_names import company_name_key
from models.vocabulary.text import Text

FEE_YEN_MAX = 100_000_000
NOTE_LENGTH_MAX = 4_000
ANSWER_DAYS = 14
"""So long a candidate has to answer a proposal."""


class NotReceiver(Forbidden):
    """Only the receiver of a referral answers it."""

    text = Text(
        ja="この紹介に回答できるのは、紹介を受けた側だけです。",
        en="Only the organization that received this referral can answer it.",
    )


class NotIntroducer(Forbidden):
    """Only the agency that made a proposal takes it back."""

    text = Text(
        ja="この提案を取り下げられるのは、提案した人材紹介会社だけです。",
        en="Only the agency that made this proposal can withdraw it.",
    )


class RelayGiven(Forbidden):
    """What became of a registrant is not for the company whose link it was."""

    text = Text(
        ja="専用リンクによる紹介のその後は、人材紹介会社だけが扱います。",
        en="What follows a relay link is handled by the agency alone.",
    )


class NoOpenCase(DomainError):
    """The agency no longer looks after the candidate."""

    code = "NO_OPEN_CASE"
    text = Text(
        ja="この候補者の担当は終了しています。担当中の候補者だけを紹介できます。",
        en="The case of this candidate is closed. Only candidates with an open case "
        "can be introduced.",
    )


class LicenceNotValid(DomainError):
    """The agency may not introduce at present."""

    code = "LICENCE_NOT_VALID"
    text = Text(
        ja="有料職業紹介の許可が有効なコンソーシアム参加中の人材紹介会社だけが紹介できます。"
        "許可の期限を運営者にご確認ください。",
        en="Only an active agency with a valid licence can introduce. "
        "Ask the operator to check the licence's expiry.",
    )


class CannotIntroduce(DomainError):
    """The candidate cannot be introduced to this company. Why is theirs to know."""

    code = "CANNOT_INTRODUCE"
    text = Text(
        ja="この候補者をこの企業に紹介することはできません。別の企業をお選びください。",
        en="The candidate cannot be introduced to this company. Choose another one.",
    )


class IntroductionsOpen(DomainError):
    """Introductions are under way, so there may yet be a suitable opening."""

    code = "INTRODUCTIONS_OPEN"
    text = Text(
        ja="進行中の紹介があります。終了してから担当を閉じてください。",
        en="Introductions are still under way. Let them end before you close the case.",
    )


def is_same_company(employer: str | None, names: Iterable[str | None]) -> bool:
    """Whether the employer a candidate named is a company of one of these names."""
    key = company_name_key(employer) if employer else ""
    return bool(key) and key in {company_name_key(name) for name in names if name}


def has_valid_licence(expires_on: date | None, on: date) -> bool:
    """Whether an agency's licence is valid on a day; one without an end is."""
    return expires_on is None or expires_on >= on


def check_note(note: str) -> None:
    """Raise `InvalidInput` for a note that is too long."""
    if len(note) > NOTE_LENGTH_MAX:
        raise InvalidInput(
            "note",
            ja=f"メモは{NOTE_LENGTH_MAX}文字以内で入力してください。",
            en=f"Use at most {NOTE_LENGTH_MAX} characters for the note.",
        )


def check_joined_on(joined_on: date, *, introduced_on: date, today: date) -> None:
    """Raise `InvalidInput` for a day before the introduction or after today."""
    if not introduced_on <= joined_on <= today:
        raise InvalidInput(
            "joinedOn",
            ja="入社日には、紹介の日から本日までの日付を入力してください。",
            en="Let the day of joining be between the introduction and today.",
        )


def partner_fee_of(fee_yen: int | None) -> int:
    """The fee of a hire through a partner: none, since paying a company would be unlicensed
    placement. Raises `InvalidInput` for any.
    """
    if fee_yen:
        raise InvalidInput(
            "feeYen",
            ja="提携企業からの紹介による採用に手数料はありません。空欄にしてください。",
            en="A hire through a partner has no fee. Leave it out.",
        )
    return 0


def fee_of(fee_yen: int | None, *, is_free: bool) -> int:
    """The fee of a hire in yen: none under a free hire, else the one that was told.

    Raises `InvalidInput` for a fee on a free hire, a missing one, or one outside its bounds.
    """
    if is_free:
        if fee_yen:
            raise InvalidInput(
                "feeYen",
                ja="無料採用枠を使う採用に手数料は発生しません。0円とするか、"
                "先に枠を解除してください。",
                en="A hire with a free hire has no fee. Leave it out, or release the "
                "free hire first.",
            )
        return 0
    if fee_yen is None or not 0 <= fee_yen <= FEE_YEN_MAX:
        raise InvalidInput(
            "feeYen",
            ja=f"手数料を0〜{FEE_YEN_MAX:,}円で入力してください。",
            en=f"Give the fee in yen, from 0 to {FEE_YEN_MAX:,}.",
        )
    return fee_yen
