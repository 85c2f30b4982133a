"""What came of a decision: the figure it was meant to move, as long before it as after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from models.rules.comparisons import (
    COUNTS,
    FIGURE_NAMES,
    Figure,
    Measured,
    compare,
    comparison_in_words,
    verdict_in_words,
)
from models.rules.lifecycles import Channel
from models.rules.meeting_figures import Days, HandOver, measure
from models.rules.meeting_packs import SeenComparison
from models.rules.told_figures import (
    BETWEEN_ORGANIZATIONS,
    ToldFigures,
    counts_by_event,
    measure_told,
    told_verdict,
)
from models.vocabulary.text import Text

EFFECT_DAYS_MAX = 365


class Obstacle(StrEnum):
    """Why nothing was measured."""

    TERMS_NOT_IN_FORCE = "TERMS_NOT_IN_FORCE"
    NO_TIME_SINCE = "NO_TIME_SINCE"


@dataclass(frozen=True, slots=True)
class PairEffect:
    """What was measured of one giver and one receiver."""

    giver_id: UUID
    receiver_id: UUID
    before: Measured
    after: Measured


@dataclass(frozen=True, slots=True)
class Effect:
    """What was measured of one decision: exactly by pair, and of all of it what is told.

    ``told`` is of the whole months in ``days``, each None where nothing is told.
    """

    figure: Figure
    obstacle: Obstacle | None
    days: tuple[Days, Days] | None
    pairs: tuple[PairEffect, ...]
    told: tuple[Measured | None, Measured | None]


def effect_days(begins_on: date, through: date) -> tuple[Days, Days] | None:
    """As many days before something began as after it; None where no day has passed since.

    It begins to count on the day after, and a year is enough.

    >>> effect_days(date(2026, 3, 10), date(2026, 3, 12))
    (Days(first=datetime.date(2026, 3, 8), last=datetime.date(2026, 3, 9)), \
Days(first=datetime.date(2026, 3, 11), last=datetime.date(2026, 3, 12)))
    """
    number = min((through - begins_on).days, EFFECT_DAYS_MAX)
    if number < 1:
        return None
    long = timedelta(days=number)
    day = timedelta(days=1)
    return Days(begins_on - long, begins_on - day), Days(begins_on + day, begins_on + long)


def unmeasured(figure: Figure, obstacle: Obstacle) -> Effect:
    """That nothing was measured, and why."""
    return Effect(figure, obstacle, None, (), (None, None))


def effect_of(
    figure: Figure,
    days: tuple[Days, Days],
    handovers: Sequence[HandOver],
    told: ToldFigures,
    *,
    giver_id: UUID | None = None,
    receiver_id: UUID | None = None,
) -> Effect:
    """The figure of the hand-overs that are meant, in both windows."""
    meant = [
        one
        for one in handovers
        if giver_id in (None, one.giver_id) and receiver_id in (None, one.receiver_id)
    ]
    pairs = tuple(
        PairEffect(
            *key,
            *(
                measure(figure, [one for one in meant if _key(one) == key], window)
                for window in days
            ),
        )
        for key in sorted({_key(one) for one in meant})
    )
    cells = [
        one
        for one in told.cells
        if one.channel is Channel.PARTNER_SHARE
        and giver_id in (None, one.giver_id)
        and receiver_id in (None, one.receiver_id)
    ]
    return Effect(figure, None, days, pairs, _told(figure, days, replace(told, cells=tuple(cells))))


def effect_of_consortium(figure: Figure, days: tuple[Days, Days], told: ToldFigures) -> Effect:
    """A consortium's count: only what is told of it."""
    cells = tuple(one for one in told.cells if one.channel in BETWEEN_ORGANIZATIONS)
    return Effect(figure, None, days, (), _told(figure, days, replace(told, cells=cells)))


def _told(
    figure: Figure, days: tuple[Days, Days], told: ToldFigures
) -> tuple[Measured | None, Measured | None]:
    before, after = (told.within(window) for window in days)
    return (
        measure_told(figure, counts_by_event(before.cells), before.months),
        measure_told(figure, counts_by_event(after.cells), after.months),
    )


def _key(one: HandOver) -> tuple[UUID, UUID]:
    return one.giver_id, one.receiver_id


def seen_effect(effect: Effect, reader_id: UUID | None) -> SeenComparison:
    """What a reader is told: numbers of hand-overs it took part in, else a verdict on told ones."""
    own = [one for one in effect.pairs if reader_id in (one.giver_id, one.receiver_id)]
    if not own:
        return SeenComparison(effect.figure, told_verdict(effect.figure, *effect.told), None)
    before = _added(effect.figure, (one.before for one in own))
    after = _added(effect.figure, (one.after for one in own))
    found = compare(effect.figure, before, after)
    return SeenComparison(effect.figure, found.verdict, found)


def _added(figure: Figure, found: Iterable[Measured]) -> Measured:
    rows = list(found)
    whole = None if figure in COUNTS else sum(one.whole or 0 for one in rows)
    return Measured(sum(one.part for one in rows), whole, rows[0].days)


def seen_in_words(seen: SeenComparison) -> Text:
    """With the numbers, or the verdict alone."""
    if seen.numbers is not None:
        return comparison_in_words(seen.numbers)
    return verdict_in_words(seen.figure, seen.verdict)


def effect_in_words(effect: Effect, seen: SeenComparison) -> Text:
    """What came of a decision, or why that cannot be said."""
    if effect.obstacle is None:
        return seen_in_words(seen)
    name = FIGURE_NAMES[effect.figure]
    ja, en = {
        Obstacle.TERMS_NOT_IN_FORCE: (
            "条件の変更がまだ有効になっていないため、測れません",
            "not measured, since the amended terms are not in force",
        ),
        Obstacle.NO_TIME_SINCE: (
            "決めてからまだ日が経っていないため、測れません",
            "not measured, since no day has passed since then",
        ),
    }[effect.obstacle]
    return Text(f"{name.ja}：{ja}。", f"{name.en}: {en}.")


def effect_document(effect: Effect) -> dict[str, Any]:
    """As it is stored: plain JSON."""
    return {
        "figure": effect.figure.value,
        "obstacle": effect.obstacle.value if effect.obstacle else None,
        "days": [[day.isoformat() for day in (one.first, one.last)] for one in effect.days]
        if effect.days
        else None,
        "pairs": [
            [str(one.giver_id), str(one.receiver_id), _plain(one.before), _plain(one.after)]
            for one in effect.pairs
        ],
        "told": [one and _plain(one) for one in effect.told],
    }


def effect_from(document: Mapping[str, Any]) -> Effect:
    """As it was stored."""
    days = document["days"]
    before, after = (Measured(*one) if one is not None else None for one in document["told"])
    return Effect(
        Figure(document["figure"]),
        Obstacle(document["obstacle"]) if document["obstacle"] else None,
        (_days(days[0]), _days(days[1])) if days else None,
        tuple(
            PairEffect(UUID(giver), UUID(receiver), Measured(*before), Measured(*after))
            for giver, receiver, before, after in document["pairs"]
        ),
        (before, after),
    )


def _plain(one: Measured) -> list[int | None]:
    return [one.part, one.whole, one.days]


def _days(plain: Sequence[str]) -> Days:
    return Days(*map(date.fromisoformat, plain))
