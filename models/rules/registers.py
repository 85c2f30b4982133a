"""The statutory registers: which there are, for whom, for how long, and their columns.

APPI 29 and 30 ask for the records of provision and of receipt; the Employment Security Act asks an
agency for the registers of openings, of seekers and of fees (its enforcement rules, 24-7). What
Tasuki does not hold has its column all the same, empty, for the organization to fill in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from models.errors import InvalidInput
from models.rules.lifecycles import OrganizationKind, ReferralStatus
from models.rules.sharing import Acquired, Purpose
from models.vocabulary.text import Text

PERIOD_DAYS_MAX = 366
FIRST_DAY_EVER = date(2000, 1, 1)
NO_POACHING_YEARS = 2
"""So long an agency may not move whom it placed on to another job (Employment Security Act)."""


class Register(StrEnum):
    """A register that an organization keeps."""

    PROVISION = "PROVISION"
    RECEIPT = "RECEIPT"
    OPENINGS = "OPENINGS"
    SEEKERS = "SEEKERS"
    FEES = "FEES"


class RegisterFormat(StrEnum):
    """How a register is written."""

    CSV = "CSV"
    PDF = "PDF"


REGISTERS_OF: Mapping[OrganizationKind, tuple[Register, ...]] = {
    OrganizationKind.COMPANY: (Register.PROVISION, Register.RECEIPT),
    OrganizationKind.AGENCY: tuple(Register),
}
"""Who keeps which: only an agency places people."""


@dataclass(frozen=True, slots=True)
class Period:
    """Local days, both included."""

    first: date
    last: date


def require_period(first: date, last: date, today: date) -> Period:
    """The period. Raises `InvalidInput` where it ends before it begins, is too long or to come."""
    if first < FIRST_DAY_EVER or first > today:
        raise InvalidInput(
            "from",
            ja=f"開始日は{FIRST_DAY_EVER}から今日までの日付にしてください。",
            en=f"Begin on a day from {FIRST_DAY_EVER} to today.",
        )
    if not timedelta(0) <= last - first < timedelta(days=PERIOD_DAYS_MAX):
        raise InvalidInput(
            "to",
            ja=f"終了日は開始日以降、{PERIOD_DAYS_MAX}日以内の期間になるようにしてください。",
            en=f"End on or after the first day: a period has at most {PERIOD_DAYS_MAX} days.",
        )
    return Period(first, last)


def no_poaching_until(joined_on: date) -> date:
    """The last day on which the agency may not move the person on."""
    try:
        ends = joined_on.replace(year=joined_on.year + NO_POACHING_YEARS)
    except ValueError:  # 29 February
        ends = date(joined_on.year + NO_POACHING_YEARS, 3, 1)
    return ends - timedelta(days=1)


TITLES: Mapping[Register, Text] = {
    Register.PROVISION: Text("第三者提供に係る記録", "Records of provision"),
    Register.RECEIPT: Text("第三者提供を受けた際の記録", "Records of receipt"),
    Register.OPENINGS: Text("求人管理簿", "Register of openings"),
    Register.SEEKERS: Text("求職管理簿", "Register of seekers"),
    Register.FEES: Text("手数料管理簿", "Register of fees"),
}

_RECORD = Text("記録番号", "Record")
_NUMBER = Text("法人番号", "Corporate number")
_ADDRESS = Text("住所", "Address")
_REPRESENTATIVE = Text("代表者氏名", "Representative")
_PERSON = Text("本人の氏名（現在閲覧できる場合）", "Person (where you may read the name)")
_ABOUT = (
    _PERSON,
    Text("項目", "Items"),
    Text("目的", "Purpose"),
    Text("本人の同意（文面の版）", "Consent (version of its text)"),
    Text("取得の経緯", "How it was acquired"),
)
_PLACED = (
    Text("採否", "Outcome"),
    Text("採用年月日", "Joined on"),
    Text("無期雇用の別", "Permanent employment"),
    Text("転職勧奨禁止期間（末日）", "Not to be moved on until"),
    Text("離職年月日", "Left on"),
    Text("返戻金（円）", "Refund (yen)"),
)

COLUMNS: Mapping[Register, Sequence[Text]] = {
    Register.PROVISION: (
        _RECORD,
        Text("提供年月日", "Provided on"),
        _NUMBER,
        Text("提供先の名称", "Recipient"),
        _ADDRESS,
        _REPRESENTATIVE,
        *_ABOUT,
    ),
    Register.RECEIPT: (
        _RECORD,
        Text("受領年月日", "Received on"),
        _NUMBER,
        Text("提供元の名称", "Provider"),
        _ADDRESS,
        _REPRESENTATIVE,
        *_ABOUT,
    ),
    Register.OPENINGS: (
        Text("求人受付年月日", "Received on"),
        _NUMBER,
        Text("求人者の名称", "Company"),
        Text("求人者の所在地", "Where it is"),
        Text("連絡先", "Contact"),
        Text("求人の有効期間（末日）", "Open until"),
        Text("求人数", "Headcount"),
        Text("求人名", "Opening"),
        Text("職種", "Job category"),
        Text("就業場所", "Place of work"),
        Text("雇用期間", "Term of employment"),
        Text("賃金", "Wages"),
        Text("紹介年月日", "Introduced on"),
        Text("紹介した求職者の氏名", "Seeker"),
        *_PLACED,
    ),
    Register.SEEKERS: (
        Text("求職受付年月日", "Received on"),
        Text("求職者の氏名", "Seeker"),
        Text("住所（都道府県）", "Address (prefecture)"),
        Text("生年月日", "Date of birth"),
        Text("希望職種", "Job category wanted"),
        Text("求職の有効期間（終了日）", "Ended on"),
        Text("紹介年月日", "Introduced on"),
        Text("紹介先の求人者の名称", "Company"),
        Text("求人名", "Opening"),
        *_PLACED,
    ),
    Register.FEES: (
        _NUMBER,
        Text("手数料を支払う者の名称", "Who pays"),
        Text("徴収年月日", "Collected on"),
        Text("手数料の種類", "Kind of fee"),
        Text("手数料の額（円）", "Fee (yen)"),
        Text("採用年月日", "Joined on"),
        Text("職種", "Job category"),
        Text("賃金額", "Wages"),
        Text("算出の根拠", "How it was worked out"),
        Text("離職年月日", "Left on"),
        Text("返戻金（円）", "Refund (yen)"),
    ),
}

THE_PERSON = Text("本人", "the person")
REFERRAL_FEE = Text("紹介手数料", "fee for an introduction")
FREE_HIRE = Text("無料採用枠のため手数料なし", "no fee: a free hire")
PURPOSE_NAMES: Mapping[Purpose, Text] = {
    Purpose.AGENCY_SUPPORT: Text("転職支援", "support by the agency"),
    Purpose.INTRODUCTION: Text("企業への紹介", "introduction to a company"),
    Purpose.PARTNER_SHARING: Text("提携企業への公開", "shown to partners"),
    Purpose.NAMED_TO_REFERRER: Text("登録の通知", "registration made known"),
}
ACQUIRED_NAMES: Mapping[Acquired, Text] = {
    Acquired.REGISTRATION_FORM: Text("本人が登録フォームに入力", "from the person, by the form"),
    Acquired.AGENCY_CASE: Text(
        "本人の登録と、人材紹介会社による支援", "from the person, and the agency's support"
    ),
}
_UNDER_WAY = Text("選考中", "under way")
OUTCOMES: Mapping[ReferralStatus, Text] = {
    ReferralStatus.REQUESTED: Text("本人の回答待ち", "asked"),
    ReferralStatus.PROPOSED: Text("本人の回答待ち", "asked"),
    ReferralStatus.AGREED: _UNDER_WAY,
    ReferralStatus.DELIVERED: _UNDER_WAY,
    ReferralStatus.ACCEPTED: _UNDER_WAY,
    ReferralStatus.INTERVIEWING: _UNDER_WAY,
    ReferralStatus.OFFERED: Text("内定", "offered"),
    ReferralStatus.HIRED: Text("採用", "hired"),
    ReferralStatus.DECLINED: Text("不採用", "declined"),
    ReferralStatus.WITHDRAWN: Text("辞退", "withdrawn"),
    ReferralStatus.RECALLED: Text("取下げ", "recalled"),
    ReferralStatus.EXPIRED: Text("期限切れ", "expired"),
}
"""What became of an introduction, as a register says it."""
