"""When a free hire can be put on an introduction, and when it is given back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

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

    The company got a count for the person. The words do not say so: who registered through whose
    link is personal data.
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
        ja="無料採用枠は、人材紹介会社からの紹介で、状態が{allowed}のものに使えます"
        "（現在: {state}）。",
        en="A free hire is for an agency's introduction that is {allowed}; this referral "
        "is {state}.",
    )


class FreeHireInUse(DomainError):
    """A free hire is on this introduction already."""

    code = "FREE_HIRE_IN_USE"
    text = Text(
        ja="この紹介には既に無料採用枠が使われています。",
        en="A free hire is on this introduction already.",
    )


class GuaranteeOver(DomainError):
    """The person left after the guarantee, or the hire was not free."""

    code = "GUARANTEE_OVER"
    text = Text(
        ja="保証期間内の退職ではないため、無料採用枠は返還されません。",
        en="The person did not leave within the guarantee, so no free hire is given back.",
    )


def check_redeemable(channel: Channel, status: ReferralStatus) -> None:
    """Raise `NotRedeemable` unless a free hire can be put on such a referral."""
    if channel is not Channel.AGENCY_INTRODUCTION or status not in REDEEMABLE:
        raise NotRedeemable(state=status.value, allowed=", ".join(REDEEMABLE))


def is_early_exit(joined_on: date, left_on: date, guarantee_days: int) -> bool:
    """Whether a person left within the guarantee: so many days from joining."""
    return joined_on <= left_on < joined_on + timedelta(days=guarantee_days)


def given_back_until(expires_at: datetime, now: datetime) -> datetime:
    """Until when a free hire given back can be used: its own time, but not too short."""
    return max(expires_at, now + timedelta(days=GIVEN_BACK_DAYS_MIN))
