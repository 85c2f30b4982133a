"""The words that pages use for what the code names in capitals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from models.reads.candidate_pages import Introduction
from models.rules.consent_texts import FIELD_NAMES
from models.rules.deletions import DUE_DAYS
from models.rules.lifecycles import (
    CaseStatus,
    ConsentStatus,
    DeletionStatus,
    HireStatus,
    ReferralStatus,
    RegistrationStatus,
    RequestStatus,
)
from models.rules.requests import KIND_NAMES
from models.rules.sharing import ExclusionReason, Purpose
from models.rules.surveys import KIND_NAMES as SURVEY_KIND_NAMES
from models.vocabulary.days import in_words
from models.vocabulary.text import Text

REFERRAL: Mapping[ReferralStatus, Text] = {
    ReferralStatus.REQUESTED: Text("あなたの返事を待っています", "Waiting for your answer"),
    ReferralStatus.PROPOSED: Text("あなたの返事を待っています", "Waiting for your answer"),
    ReferralStatus.AGREED: Text("紹介に同意しました", "You agreed"),
    ReferralStatus.DELIVERED: Text("企業に紹介しました", "You were introduced"),
    ReferralStatus.ACCEPTED: Text("企業が選考を始めました", "The company wants to meet you"),
    ReferralStatus.INTERVIEWING: Text("面接が進んでいます", "Interviews are under way"),
    ReferralStatus.OFFERED: Text("内定が出ています", "You have an offer"),
    ReferralStatus.HIRED: Text("入社しました", "You joined"),
    ReferralStatus.DECLINED: Text("見送りになりました", "The company decided otherwise"),
    ReferralStatus.WITHDRAWN: Text("辞退しました", "You withdrew"),
    ReferralStatus.RECALLED: Text("取り下げられました", "Taken back"),
    ReferralStatus.EXPIRED: Text("期限が過ぎました", "The time ran out"),
    ReferralStatus.NO_SUITABLE_OPENING: Text("合う求人がありませんでした", "No suitable opening"),
}
UNASKED = Text("お尋ねしません", "You are not asked")


def introduction_state(introduction: Introduction) -> Text:
    """Where an introduction stands, as the candidate is told."""
    waits = introduction.status in (ReferralStatus.REQUESTED, ReferralStatus.PROPOSED)
    return UNASKED if waits and introduction.is_unasked else REFERRAL[introduction.status]


SURVEY = SURVEY_KIND_NAMES
PURPOSE: Mapping[Purpose, Text] = {
    Purpose.AGENCY_SUPPORT: Text("転職支援", "Help with finding work"),
    Purpose.INTRODUCTION: Text("企業への紹介", "Introduction to a company"),
    Purpose.PARTNER_SHARING: Text("提携企業への公開", "Seen by partner companies"),
    Purpose.NAMED_TO_REFERRER: Text("登録のお知らせ", "Your registration made known"),
}
CONSENT: Mapping[ConsentStatus, Text] = {
    ConsentStatus.ACTIVE: Text("同意中", "In force"),
    ConsentStatus.WITHDRAWN: Text("撤回済み", "Withdrawn"),
    ConsentStatus.EXPIRED: Text("期限切れ", "Ended"),
    ConsentStatus.SUPERSEDED: Text("新しい同意に更新", "Replaced by a newer one"),
}
DELETION: Mapping[DeletionStatus, Text] = {
    DeletionStatus.OPEN: Text("確認待ち", "Waiting for it to confirm"),
    DeletionStatus.CONFIRMED: Text("削除済みとの確認あり", "Confirmed as deleted"),
    DeletionStatus.LAPSED: Text("新しい同意により終了", "Ended by a newer consent"),
}
CASE: Mapping[CaseStatus, Text] = {
    CaseStatus.OPEN: Text("支援中", "Supporting you"),
    CaseStatus.CLOSED: Text("支援終了", "Support ended"),
}
REGISTRATION: Mapping[RegistrationStatus, Text] = {
    RegistrationStatus.STARTED: Text("確認待ち", "Waiting to be confirmed"),
    RegistrationStatus.COMPLETED: Text("登録", "Registered"),
    RegistrationStatus.DUPLICATE: Text("再登録", "Registered again"),
    RegistrationStatus.EXPIRED: Text("期限切れ", "Never confirmed"),
}
HIRE: Mapping[HireStatus, Text] = {
    HireStatus.JOINED: Text("入社", "Joined"),
    HireStatus.LEFT_EARLY: Text("早期退職", "Left early"),
    HireStatus.LEFT: Text("退職", "Left"),
}
EXCLUSION: Mapping[ExclusionReason, Text] = {
    ExclusionReason.BLOCKED: Text("あなたの指定", "Named by you"),
    ExclusionReason.PRESENT_EMPLOYER: Text("現在の勤務先", "Your present employer"),
}
REQUEST: Mapping[RequestStatus, Text] = {
    RequestStatus.OPEN: Text("回答待ち", "Waiting for an answer"),
    RequestStatus.ANSWERED: Text("回答済み", "Answered"),
    RequestStatus.REFUSED: Text("応じられませんでした", "Refused"),
}
REQUEST_KIND = KIND_NAMES
DELETED_WITHIN_DAYS = DUE_DAYS
FIELDS = FIELD_NAMES

NOTICES: Mapping[str, Text] = {
    "surveys": Text("アンケートのメールをお送りします。", "You are asked by mail again."),
    "no-surveys": Text(
        "アンケートのメールは、今後お送りしません。", "You are sent no more questions by mail."
    ),
    "registered": Text("登録が完了しました。", "You are registered."),
    "confirmed": Text(
        "このメールアドレスは確認済みです。サインインしてご覧ください。",
        "This address is confirmed already. Sign in to see your page.",
    ),
    "agreed": Text(
        "紹介に同意しました。企業に情報をお渡ししました。",
        "You agreed, and the company has your data now.",
    ),
    "declined": Text(
        "辞退しました。企業にあなたの情報は渡っていません。",
        "You declined. The company got nothing.",
    ),
    "withdrawn": Text(
        "辞退しました。企業はあなたの情報を見られなくなりました。",
        "You withdrew. The company can no longer see your data.",
    ),
    "consent": Text(
        "同意を撤回しました。今から見られなくなります。",
        "Your consent is withdrawn. From now on nobody can look.",
    ),
    "shared": Text(
        "提携企業への公開についての同意を保存しました。",
        "Your consent to be seen by partner companies is saved.",
    ),
    "blocked": Text(
        "この企業には知らせません。まだ参加していない企業の場合も、参加した時点から知らせません。",
        "You are never shown to this company, also if it takes part only later.",
    ),
    "unblocked": Text("設定を解除しました。", "You can be introduced to this company again."),
    "employer": Text("現在の勤務先を保存しました。", "Your present employer is saved."),
    "corrected": Text("訂正を保存しました。", "Your corrections are saved."),
    "requested": Text(
        "お申し出を受け付けました。回答はメールとこのページでお知らせします。",
        "Your request was sent. The answer comes by mail, and stands on this page.",
    ),
    "moved": Text(
        "担当の人材紹介会社を変更しました。",
        "Another agency looks after you from now on.",
    ),
    "left": Text(
        "支援を終了しました。あなたの情報は誰にも見られません。",
        "The support has ended. Nobody can see your data.",
    ),
    "signed-out": Text("サインアウトしました。", "You are signed out."),
}
"""What the page after a form says, by the word in its address."""


def local_day(instant: datetime, time_zone: str) -> date:
    """The day of an instant where the consortium is."""
    return instant.astimezone(ZoneInfo(time_zone)).date()


def moment(instant: datetime, time_zone: str, locale: str) -> str:
    """An instant where the consortium is, to the minute."""
    local = instant.astimezone(ZoneInfo(time_zone))
    return f"{in_words(local.date(), locale)} {local:%H:%M}"
