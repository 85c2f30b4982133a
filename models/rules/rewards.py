"""What a partnership's terms may promise for a referral between partners, and to whom.

Bonus counts and free hires go to the company that gave the candidate on, and an agency funds them:
it has agreed to. Yen go from the company that received the candidate to an agency, never to a
company, which would be placing people without a licence. Nothing ever goes to a candidate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from models.errors import DomainError, InvalidInput
from models.rules.handovers import has_valid_licence
from models.rules.ledger import Unit
from models.rules.lifecycles import MembershipStatus
from models.vocabulary.text import Text

CLAUSES_MAX = 10
AMOUNT_MAX = {Unit.COUNT: 10, Unit.FREE_HIRE: 3, Unit.REWARD: 10_000_000}
"""The most that one clause promises, of each unit."""

STAYED_DAYS = 90
"""The days stayed that a clause may reward."""


class RewardEvent(StrEnum):
    """What a clause rewards of a referral between partners.

    A referral is rewarded when the receiver takes it up: then it wanted the person to be shown.
    """

    REFERRAL = "REFERRAL"
    HIRE = "HIRE"
    STAYED_90 = "STAYED_90"


class RewardWithheld(StrEnum):
    """Why what a clause promises was not posted when its event came."""

    LICENCE_LAPSED = "LICENCE_LAPSED"
    AGENCY_LEFT = "AGENCY_LEFT"
    COMPANY_LEFT = "COMPANY_LEFT"


class AgencyUnfit(DomainError):
    """A clause names an agency that may not be named."""

    code = "AGENCY_UNFIT"
    text = Text(
        ja="報酬条項には、参加中で許可が有効な人材紹介会社を指定してください。",
        en="A reward names an agency that is an active member with a valid licence.",
    )


@dataclass(frozen=True, slots=True)
class ClauseOffered:
    """One promise: at which event so much of a unit is posted, and the agency that is part of it.

    The agency funds counts and free hires; it receives yen.
    """

    event: RewardEvent
    unit: Unit
    amount: int
    agency_id: UUID


PLACE = ("terms", "rewards")
"""Where a refusal says that rewards stand."""


def check_clauses(clauses: Sequence[ClauseOffered]) -> tuple[ClauseOffered, ...]:
    """The clauses. Raises `InvalidInput` for too many, too much, or the same promise twice."""
    if len(clauses) > CLAUSES_MAX:
        raise InvalidInput(
            *PLACE,
            ja=f"報酬条項は{CLAUSES_MAX}件までです。",
            en=f"Terms hold at most {CLAUSES_MAX} rewards.",
        )
    for clause in clauses:
        most = AMOUNT_MAX[clause.unit]
        if not 1 <= clause.amount <= most:
            ja, en = _BOUNDS[clause.unit]
            raise InvalidInput(
                *PLACE,
                ja=f"{ja}は1〜{most:,}の整数で指定してください。",
                en=f"Give {en} as a whole number from 1 to {most:,}.",
            )
    if len({(one.event, one.unit, one.agency_id) for one in clauses}) < len(clauses):
        raise InvalidInput(
            *PLACE,
            ja="同じ出来事・種類・人材紹介会社の報酬条項は1つにまとめてください。",
            en="Put what one agency has part in, at one event and in one unit, into one reward.",
        )
    return tuple(clauses)


_BOUNDS = {
    Unit.COUNT: ("ボーナスカウント", "bonus counts"),
    Unit.FREE_HIRE: ("無料採用枠", "free hires"),
    Unit.REWARD: ("金額（円）", "the sum in yen"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How an organization stands on the day of an event."""

    status: MembershipStatus
    licence_expires_on: date | None

    @property
    def is_member(self) -> bool:
        """Whether it is a member."""
        return self.status is MembershipStatus.ACTIVE


def why_withheld(agency: Standing, company: Standing, on: date) -> RewardWithheld | None:
    """Why nothing is posted on a day; none where it is.

    ``company`` is the one whose balance the reward changes: who gets a bonus, or who pays.
    """
    if not agency.is_member:
        return RewardWithheld.AGENCY_LEFT
    if not has_valid_licence(agency.licence_expires_on, on):
        return RewardWithheld.LICENCE_LAPSED
    if not company.is_member:
        return RewardWithheld.COMPANY_LEFT
    return None
