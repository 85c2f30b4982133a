"""When a free hire can be put on an introduction, and when it is given back."""

from __future__ import annotations

from datetime import datetime, timedelta

from models.errors import DomainError
from models.rules.lifecycles import Channel, ReferralStatus
from models.vocabulary.text import Text

REDEEMABLE = (ReferralStatus.ACCEPTED, ReferralStatus.INTERVIEWING, ReferralStatus.OFFERED)
"""The states of an introduction on which a free hire can be put."""

GIVEN_BACK_DAYS_MIN = 90
"""A free hire that is given back can be used for at least so long."""


class NoFreeHire(DomainError):
    """The company has no free hire that can be used now."""

    code = "NO_FREE_HIRE"
    text = Text(
        ja="利用できる無料採用枠がありません。",
        en="There is no free hire that can be used now.",
    )


class OwnCount(DomainError):
    """This introduction does not qualify for a free hire.

    The company got a count, or a bonus, for the person. The words do not say so: who registered
    through whose link is personal data.
    """

    code = "NOT_ELIGIBLE"
    text = Text(
        ja="この紹介は無料採用枠の対象外です。通常の手数料での採用は可能です。",
        en="This introduction does not qualify for a free hire. Hiring for a fee is possible.",
    )


class NotRedeemable(DomainError):
    """A free hire is for an agency's introduction that is under way."""

    code = "NOT_REDEEMABLE"
    text = Text(
        ja="無料採用枠は、状態が次のいずれかの紹介に使えます: {allowed}。"
        "この紹介は現在「{state}」です。",
        en="A free hire is for an introduction that is one of these: {allowed}. This one is "
        "“{state}”.",
    )


class NotByAgency(NotRedeemable):
    """A free hire is for an agency's introduction: others have no fee."""

    text = Text(
        ja="無料採用枠は、人材紹介会社からの紹介にだけ使えます。これは{channel}で、手数料はありません。",
        en="A free hire is only for an introduction by an agency. This is {channel}: there is no "
        "fee.",
    )


class FreeHireInUse(DomainError):
    """A free hire is on this introduction already."""

    code = "FREE_HIRE_IN_USE"
    text = Text(
        ja="この紹介には既に無料採用枠が使われています。",
        en="A free hire is on this introduction already.",
    )


class FreeHireMovedOn(DomainError):
    """The free hire that the exit gave back is no longer at hand."""

    code = "FREE_HIRE_MOVED_ON"
    text = Text(
        ja="この退職で返還された無料採用枠は現在「{state}」のため、取り消せません。紹介に予約中の"
        "場合は、先に枠を解除してください。使用済み・期限切れ・取り消しの場合、記録はそのまま残ります。",
        en="The free hire that this exit gave back is “{state}” now, so the exit stands. If it is "
        "reserved, release it first; if it was spent, ran out or was taken back, it cannot return.",
    )


def check_redeemable(channel: Channel, status: ReferralStatus) -> None:
    """Raise `NotRedeemable` unless a free hire can be put on such a referral."""
    if channel is not Channel.AGENCY_INTRODUCTION:
        raise NotByAgency(channel=channel.value)
    if status not in REDEEMABLE:
        raise NotRedeemable(state=status.value, allowed=", ".join(REDEEMABLE))


def given_back_until(expires_at: datetime, now: datetime) -> datetime:
    """Until when a free hire given back can be used: its own time, but not too short."""
    return max(expires_at, now + timedelta(days=GIVEN_BACK_DAYS_MIN))
