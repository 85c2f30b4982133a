"""What may be said of a feedback meeting, and what it refuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from models.errors import DomainError, InvalidInput, NotFound
from models.rules.bounds import require_between, require_line, require_text
from models.rules.comparisons import Figure
from models.rules.lifecycles import MeetingStatus
from models.vocabulary.text import Text

TITLE_CHARS_MAX = 80
PLACE_CHARS_MAX = 200
URL_CHARS_MAX = 500
AGENDA_CHARS_MAX = 4_000
MINUTES_CHARS_MAX = 20_000
DECISION_CHARS_MAX = 500
OWNER_CHARS_MAX = 80
DURATION_MINUTES_MIN, DURATION_MINUTES_MAX = 5, 1_440
DECISIONS_MAX = 20
AHEAD_DAYS_MAX = 731
"""So far ahead a meeting is scheduled, and a decision is due."""
PACK_DAYS_MAX = 366
"""So far back the first pack goes."""
FOLLOWING = (
    MeetingStatus.PREPARED,
    MeetingStatus.HELD,
    MeetingStatus.DECIDED,
    MeetingStatus.REVIEWED,
)
"""The states of a meeting that has figures and was not called off."""


class PackTooSoon(DomainError):
    """No whole day has passed since the figures of the meeting before."""

    code = "PACK_TOO_SOON"
    text = Text(
        ja="前回の資料から、まだ1日分の記録もありません。明日以降に用意してください。",
        en="No whole day has passed since the last figures. Prepare them tomorrow or later.",
    )


class MonthNotFrozen(DomainError):
    """A month that is over is told once it is frozen, and what was frozen without it stays so."""

    code = "MONTH_NOT_FROZEN"
    text = Text(
        ja="終わった月の集計がまだ確定していません。月が明けて1時間ほどで確定します。"
        "しばらくしてから、もう一度お試しください。",
        en="A month that is over is not settled yet. That takes about an hour after its end. "
        "Please try again a little later.",
    )


class NotFollowed(DomainError):
    """What decisions changed is measured once the figures of the next meeting are frozen."""

    code = "NOT_FOLLOWED"
    text = Text(
        ja="決定の効果は、次の定例会の資料を用意してから測れます。",
        en="Effects are measured once the figures of the next meeting are prepared.",
    )


class AlreadyAmended(DomainError):
    """One amendment sprang from this decision already."""

    code = "ALREADY_AMENDED"
    text = Text(
        ja="この決定からは、既に条件の変更を提案しています。",
        en="Other terms were proposed from this decision already.",
    )


@dataclass(frozen=True, slots=True)
class MeetingPlan:
    """When and where a meeting is, and what it is about."""

    title: str
    starts_at: datetime
    duration_minutes: int
    place: str | None = None
    url: str | None = None
    agenda: str | None = None


@dataclass(frozen=True, slots=True)
class DecisionMade:
    """What was decided, who sees to it by when, and which figure it is meant to move."""

    text: str
    owner_id: UUID | None = None
    owner_name: str | None = None
    due_on: date | None = None
    figure: Figure | None = None
    giver_id: UUID | None = None
    receiver_id: UUID | None = None


def check_plan(plan: MeetingPlan, now: datetime) -> MeetingPlan:
    """The plan, tidied. Raises `InvalidInput`."""
    if not now < plan.starts_at <= now + timedelta(days=AHEAD_DAYS_MAX):
        raise InvalidInput(
            "plan",
            "startsAt",
            ja="開始は今から2年以内の日時にしてください。",
            en="Let it begin between now and two years ahead.",
        )
    minutes = require_between(
        ("plan", "durationMinutes"),
        plan.duration_minutes,
        DURATION_MINUTES_MIN,
        DURATION_MINUTES_MAX,
    )
    return MeetingPlan(
        _placed("title", require_line, plan.title, TITLE_CHARS_MAX),
        plan.starts_at.replace(second=0, microsecond=0),
        minutes,
        plan.place and _placed("place", require_line, plan.place, PLACE_CHARS_MAX),
        plan.url and _placed("url", require_line, plan.url, URL_CHARS_MAX),
        plan.agenda and _placed("agenda", require_text, plan.agenda, AGENDA_CHARS_MAX),
    )


def _placed(field: str, check: object, text: str, chars_max: int) -> str:
    """A text of the plan. Raises `InvalidInput` at its place."""
    try:
        found: str = check(field, text, chars_max)  # type: ignore[operator]
    except InvalidInput as refused:
        raise InvalidInput("plan", field, **refused.details) from None
    return found


def check_minutes(minutes: str) -> str:
    """The minutes. Raises `InvalidInput`."""
    return require_text("minutes", minutes, MINUTES_CHARS_MAX)


def check_decisions(
    decisions: Sequence[DecisionMade],
    *,
    owners: frozenset[UUID],
    sides: frozenset[UUID],
    figures: frozenset[Figure],
    today: date,
) -> list[DecisionMade]:
    """The decisions, tidied. Raises `InvalidInput`, and `NotFound` for who takes no part.

    ``owners`` may see to them, ``sides`` be named as giver or receiver of what is measured, and
    ``figures`` be measured.
    """
    if len(decisions) > DECISIONS_MAX:
        raise InvalidInput(
            "decisions",
            ja=f"決定は{DECISIONS_MAX}件までです。",
            en=f"A meeting has at most {DECISIONS_MAX} decisions.",
        )
    return [_checked(one, owners, sides, figures, today) for one in decisions]


def _checked(
    one: DecisionMade,
    owners: frozenset[UUID],
    sides: frozenset[UUID],
    figures: frozenset[Figure],
    today: date,
) -> DecisionMade:
    text = require_text("decisions", one.text, DECISION_CHARS_MAX)
    name = one.owner_name and require_line("decisions", one.owner_name, OWNER_CHARS_MAX)
    if one.due_on and not today <= one.due_on <= today + timedelta(days=AHEAD_DAYS_MAX):
        raise InvalidInput(
            "decisions",
            ja="期日は今日から2年以内の日付にしてください。",
            en="Let a decision be due between today and two years ahead.",
        )
    if not ({one.owner_id} - {None} <= owners and _sides(one) <= sides):
        raise NotFound("decisions", what="member")
    if one.figure not in figures and (one.figure is not None or _sides(one)):
        raise InvalidInput(
            "decisions",
            ja="測る指標を選び直してください。この定例会では測れないか、指定がありません。",
            en="Choose a figure that can be measured at this meeting.",
        )
    if one.giver_id is not None and one.giver_id == one.receiver_id:
        raise InvalidInput(
            "decisions",
            ja="紹介元と紹介先には別の企業を指定してください。",
            en="Name two different companies as giver and receiver.",
        )
    return DecisionMade(
        text, one.owner_id, name or None, one.due_on, one.figure, one.giver_id, one.receiver_id
    )


def _sides(one: DecisionMade) -> set[UUID | None]:
    return {one.giver_id, one.receiver_id} - {None}


def pack_days(
    *, begins_on: date | None, last_pack_ended_on: date | None, today: date
) -> tuple[date, date]:
    """From the day after the last pack, else from the beginning, to yesterday.

    Raises `PackTooSoon` where there is no such day.
    """
    last = today - timedelta(days=1)
    earliest = last - timedelta(days=PACK_DAYS_MAX - 1)
    if last_pack_ended_on is not None:
        first = last_pack_ended_on + timedelta(days=1)
    else:
        first = begins_on or earliest
    first = max(first, earliest)
    if first > last:
        raise PackTooSoon
    return first, last
