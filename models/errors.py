"""What can be refused, and how it is said. Each refusal has a stable code and two languages."""

from __future__ import annotations

from typing import ClassVar

from models.vocabulary.codes import codes_in_words
from models.vocabulary.text import Text

THINGS_IN_JAPANESE = {
    "API token": "APIトークン",
    "agency": "人材紹介会社",
    "analysis": "分析",
    "candidate": "候補者",
    "case": "支援",
    "company": "企業",
    "consent": "同意",
    "consortium": "コンソーシアム",
    "count": "カウント",
    "deletion request": "削除の依頼",
    "export": "書き出し",
    "exclusion": "知らせない企業",
    "flow source": "取り込んだ履歴",
    "free hire": "無料採用枠",
    "held count": "保留中のカウント",
    "hire": "採用",
    "introduction": "紹介",
    "link in its place": "代わりのリンク",
    "mail template": "メールの文面",
    "mailing": "メール配信",
    "decision": "決定",
    "meeting": "定例会",
    "member": "会員",
    "membership": "会員の資格",
    "node": "企業またはグループ",
    "opening": "求人",
    "partnership": "提携",
    "program": "プログラム",
    "program version": "プログラムの版",
    "proposal": "紹介の提案",
    "referral": "紹介",
    "register": "帳簿",
    "relay link": "専用リンク",
    "report": "報告書",
    "reward terms": "報酬条項",
    "request": "申出",
    "support": "支援",
    "terms": "提携条件",
    "user": "利用者",
}
"""What ``what`` can name in an error, as Japanese readers know it."""


IN_CODES = frozenset({"state", "allowed", "permission", "channel"})
"""The details that are codes, or several with commas between them."""


class DomainError(Exception):
    """An expected failure: it undoes the whole operation and becomes data for the caller.

    ``path`` points into the input, ``details`` fill the placeholders of ``text``: codes among them
    (`IN_CODES`) are said in words.
    """

    code: ClassVar[str]
    text: ClassVar[Text]

    def __init__(self, *path: str, **details: object) -> None:
        self.path = path
        self.details = details
        super().__init__(self.message("en"))

    def message(self, locale: str) -> str:
        """What went wrong and what can be done about it, in the reader's language."""
        return self.text.in_(locale).format(**self._details_in(locale))

    def _details_in(self, locale: str) -> dict[str, object]:
        what = self.details.get("what")
        of = what if isinstance(what, str) else None
        told = {
            name: codes_in_words(value, of, locale)
            if name in IN_CODES and isinstance(value, str)
            else value
            for name, value in self.details.items()
        }
        if of is not None and locale != "en":
            told["what"] = THINGS_IN_JAPANESE.get(of, of)
        return told

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.path, self.details))


def _rebuild(kind: type[DomainError], path: tuple[str, ...], details: dict[str, object]) -> object:
    return kind(*path, **details)


class NotFound(DomainError):
    """Unseen or absent: the two read alike."""

    code = "NOT_FOUND"
    text = Text(
        ja="{what}が見つかりません。識別子をご確認ください。",
        en="No such {what}. Check its id.",
    )


class Forbidden(DomainError):
    """Seen, but not for this actor to do."""

    code = "FORBIDDEN"
    text = Text(
        ja="この操作には「{permission}」の権限が必要です。組織の管理者にご相談ください。",
        en="This needs the permission to {permission}. Ask an administrator of your organization.",
    )


class Unauthenticated(DomainError):
    """Nobody has signed in."""

    code = "UNAUTHENTICATED"
    text = Text(ja="サインインしてください。", en="Sign in first.")


class TokenNotValid(Unauthenticated):
    """The API token that was sent is mistyped, expired or revoked, or its maker may no longer."""

    text = Text(
        ja="APIトークンが正しくないか、期限切れか、取り消されています。",
        en="The API token is mistyped, expired or revoked.",
    )


class InvalidInput(DomainError):
    """An input is outside its bounds."""

    code = "INVALID_INPUT"
    text = Text(ja="{ja}", en="{en}")


class InvalidTransition(DomainError):
    """A lifecycle does not allow the step."""

    code = "INVALID_TRANSITION"
    text = Text(
        ja="{what}は現在「{state}」です。この状態から可能なのは: {allowed}。",
        en="The {what} is “{state}”; from there it can become: {allowed}.",
    )
    text_without_steps = Text(
        ja="{what}は現在「{state}」のため、この操作はできません。",
        en="The {what} is “{state}”, so this cannot be done any more.",
    )

    def message(self, locale: str) -> str:
        """As of every error; without a list of steps where there is none."""
        if self.details["allowed"]:
            return super().message(locale)
        return self.text_without_steps.in_(locale).format(**self._details_in(locale))


class AlreadyExists(DomainError):
    """A unique thing is there already."""

    code = "ALREADY_EXISTS"
    text = Text(ja="{what}は既に登録されています。", en="The {what} exists already.")


class IdempotencyConflict(DomainError):
    """The key was used before with another payload."""

    code = "IDEMPOTENCY_CONFLICT"
    text = Text(
        ja="この冪等キーは別の内容で使用済みです。新しいキーをお使いください。",
        en="This idempotency key was used with another payload. Use a new key.",
    )


class LinkUnknown(DomainError):
    """No relay link has this token."""

    code = "LINK_UNKNOWN"
    text = Text(
        ja="このリンクは使われていません。メールのリンクをもう一度ご確認ください。",
        en="This link is not in use. Check the link in your mail once more.",
    )


class ConfirmationExpired(DomainError):
    """The address was not confirmed in time."""

    code = "CONFIRMATION_EXPIRED"
    text = Text(
        ja="確認の期限が過ぎました。メールのリンクからもう一度ご登録ください。",
        en="The time to confirm has passed. Register once more through the link in your mail.",
    )


class NoAgency(DomainError):
    """No agency with a valid licence can take the candidate on."""

    code = "NO_AGENCY"
    text = Text(
        ja="現在お引き受けできる人材紹介会社がありません。運営者にご連絡ください。",
        en="No agency can take you on at present. Please tell the operator.",
    )


class DefaultAgencyNeeded(DomainError):
    """The program's default agency cannot leave."""

    code = "DEFAULT_AGENCY_NEEDED"
    text = Text(
        ja="この人材紹介会社はプログラムの標準の紹介先です。"
        "先に別の会社を標準とする版を公開してください。",
        en="This is the program's default agency. Publish a version with another one first.",
    )


class DefaultAgencyUnfit(DomainError):
    """The default agency must be a member with a valid licence."""

    code = "DEFAULT_AGENCY_UNFIT"
    text = Text(
        ja="標準の紹介先には、参加中で許可が有効な人材紹介会社を指定してください。",
        en="The default agency must be an active member whose licence is valid.",
    )


class PersonErased(DomainError):
    """What was known of the person is gone, so that a count can no longer be decided."""

    code = "PERSON_ERASED"
    text = Text(
        ja="この登録者のデータは削除済みのため、カウントできません。却下してください。",
        en="This person's data has been erased, so it cannot be counted. Refuse it instead.",
    )


class AnalysisTooLarge(DomainError):
    """The network asked about is larger than one may ask for at once."""

    code = "ANALYSIS_TOO_LARGE"
    text = Text(
        ja="対象のネットワークが大きすぎます（{edges}、上限{limit}）。"
        "期間や経路を絞るか、startAnalysis でお試しください。",
        en="The network asked about is too large: {edges} nodes and edges, and the limit is "
        "{limit}. Ask for a shorter window or fewer channels, or start a job by startAnalysis.",
    )


class TakesTooLong(DomainError):
    """An analysis was stopped at its time limit."""

    code = "TAKES_TOO_LONG"
    text = Text(
        ja="計算が{seconds:.0f}秒で終わらなかったため中断しました。"
        "期間や経路を絞るか、startAnalysis でお試しください。",
        en="The analysis was stopped after {seconds:.0f} seconds. Ask for a shorter window or "
        "fewer channels, or start a job by startAnalysis.",
    )
