"""Where a company stands: what is missing to the next free hire, and why a count is or is not."""

from __future__ import annotations

from models.rules.counting import NotCountedReason
from models.rules.ledger import Holding
from models.rules.lifecycles import CountStatus
from models.vocabulary.text import Text

WHY_COUNTED = Text(
    ja="メールアドレスの確認と同意があり、有効なリンクからの初めての登録のためカウントされました。",
    en="Counted: an address confirmed, consent given, and the first registration of this person "
    "through an active link of yours.",
)
WHY_HELD = Text(
    ja="運営者の確認待ちです。候補者の支援は既に始まっています。",
    en="Held: the consortium's administrators look at it first. The person is being supported "
    "meanwhile.",
)
WHY_REVERSED = Text(
    ja="確認の結果、カウントは取り消されました。",
    en="Counted at first, and taken back after a review.",
)
WHY_NOT_COUNTED = {
    NotCountedReason.COUNTED_BEFORE: Text(
        ja="この方は以前に貴社でカウント済みです。1人につき1回だけカウントされます。",
        en="Not counted: this person was counted for you before. A person counts once.",
    ),
    NotCountedReason.COUNTED_ELSEWHERE: Text(
        ja="プログラムの規則により、期間内に最初に紹介した企業だけがカウントされます。",
        en="Not counted: by the program's rules only the first company within the window counts "
        "a person.",
    ),
    NotCountedReason.LINK_NOT_ACTIVE: Text(
        ja="登録時にリンクが有効ではありませんでした（停止・期限切れ・取り消し）。",
        en="Not counted: the link was paused, expired or revoked when the person registered.",
    ),
    NotCountedReason.LINK_NOT_OPEN: Text(
        ja="プログラムの規則により、この種類のリンクはカウントの対象外です。",
        en="Not counted: by the program's rules links of this kind do not count.",
    ),
    NotCountedReason.COMPANY_NOT_ACTIVE: Text(
        ja="登録時に貴社はコンソーシアムに参加していませんでした。",
        en="Not counted: your company was not an active member when the person registered.",
    ),
    NotCountedReason.REVIEWED: Text(
        ja="運営者の確認の結果、カウントされませんでした。",
        en="Not counted: the consortium's administrators decided so after a review.",
    ),
}


def why_counted(status: CountStatus) -> Text | None:
    """Why a registration counts; none where it does not."""
    return WHY_COUNTED if status is CountStatus.COUNTED else None


def why_not_counted(status: CountStatus, reason: NotCountedReason | None) -> Text | None:
    """Why a completed registration does not count, or not yet; none where it does.

    What made it be held stays with the reviewers: it can tell who the person is.
    """
    if status is CountStatus.HELD:
        return WHY_HELD
    if status is CountStatus.REVERSED:
        return WHY_REVERSED
    return WHY_NOT_COUNTED[reason] if reason is not None else None


def missing_counts(holding: Holding, counts_per_free_hire: int) -> int:
    """How many more counts make the next free hire: a debt is filled first.

    At least one: a version that lowered the threshold judges at its first count.
    """
    return holding.debt + max(counts_per_free_hire - holding.counts, 1)
