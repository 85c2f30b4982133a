"""Which of several people to which of several openings: advice, with the proof that it is stable.

Candidate-proposing deferred acceptance (Gale and Shapley 1962): everyone asks for their openings in
the order of their own preference; an opening keeps the best of those who ask, up to the number of
people it seeks, and turns the rest down; whoever is turned down asks for the next. The result is
stable: no person and opening would both rather have each other. Among all stable results it is the
one that every candidate likes best.

A person prefers places they wish for, then what fits better. An opening prefers who fits better.
The id decides between equals, so that the same question always has the same answer.

With a bound for each company, a company keeps the best of those who ask for any of its openings,
up to the bound and to what each opening seeks. Those sets are a matroid, so turning down the worst
stays right whoever asks later, and the result is stable in the same sense.
"""

from __future__ import annotations

import uuid
from bisect import insort
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from models.vocabulary.text import Text

CANDIDATES_MAX = 200
OPENINGS_MAX = 200

RULE = Text(
    "候補者が希望順に応募し、求人は適合度の高い人から採用予定人数まで仮に受け入れます。"
    "断られた候補者は次の求人に応募し、断られる人がいなくなるまで続けます。"
    "どの候補者と求人の組も、今の相手より互いを望むことはありません。",
    "Candidates ask for openings in the order of their preference; an opening keeps those who fit "
    "best, up to the number it seeks. Whoever is turned down asks for the next, until nobody is. "
    "No candidate and opening would both rather have each other than what they have.",
)
"""The rule, as people read it beside a result."""

_WISH_UNKNOWN_PERMILLE = 500
"""A place of which nothing is known comes after those wished for and before the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A person and an opening that may come together: score in thousandths, and the wish."""

    candidate_id: uuid.UUID
    opening_id: uuid.UUID
    score_permille: int
    wish_permille: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seats:
    """How many people an opening seeks, and whose it is."""

    company_id: uuid.UUID
    headcount: int


@dataclass(frozen=True, slots=True)
class Pair:
    """A candidate and the opening they get: their ``choice``-th of ``choices`` that fit."""

    fit: Fit
    choice: int
    choices: int


@dataclass(frozen=True, slots=True)
class Allocation:
    """Who gets what, and how that was checked."""

    pairs: tuple[Pair, ...]
    pairs_checked: int
    blocking: tuple[Fit, ...]
    """The pairs that would rather have each other: there are none."""


def allocate(
    fits: Iterable[Fit],
    seats: Mapping[uuid.UUID, Seats],
    *,
    per_company_max: int | None = None,
) -> Allocation:
    """The stable result that candidates like best. Who and what has no fit stays alone."""
    every = list(fits)
    wanted = _preferences(every)
    deciding = _deciding(seats, per_company_max)
    kept: dict[uuid.UUID, list[Fit]] = {one: [] for one in deciding.values()}
    asked: Counter[uuid.UUID] = Counter()
    waiting = deque(sorted(wanted))
    while waiting:
        candidate_id = waiting.popleft()
        if asked[candidate_id] == len(wanted[candidate_id]):
            continue
        fit = wanted[candidate_id][asked[candidate_id]]
        asked[candidate_id] += 1
        askers = kept[deciding[fit.opening_id]]
        insort(askers, fit, key=_as_receiver)
        turned_down = _beyond(askers, seats, per_company_max)
        if turned_down is not None:
            askers.remove(turned_down)
            waiting.append(turned_down.candidate_id)
    held = sorted((fit for some in kept.values() for fit in some), key=lambda fit: fit.candidate_id)
    blocking = blocking_pairs(every, seats, held, per_company_max=per_company_max)
    pairs = tuple(Pair(fit, asked[fit.candidate_id], len(wanted[fit.candidate_id])) for fit in held)
    return Allocation(pairs, len(every), tuple(blocking))


def blocking_pairs(
    fits: Iterable[Fit],
    seats: Mapping[uuid.UUID, Seats],
    held: Iterable[Fit],
    *,
    per_company_max: int | None = None,
) -> list[Fit]:
    """The pairs that would both rather have each other than what they have: the proof.

    The candidate prefers the opening to the one they have, or have none; and the opening, or under
    a bound its company, would take them: in the place of someone who fits worse, or on a seat that
    is empty.
    """
    own = {fit.candidate_id: fit for fit in held}
    deciding = _deciding(seats, per_company_max)
    kept: dict[uuid.UUID, list[Fit]] = {}
    for fit in own.values():
        kept.setdefault(deciding[fit.opening_id], []).append(fit)
    return [
        fit
        for fit in fits
        if _rather(fit, own.get(fit.candidate_id))
        and _would_take(fit, seats, kept.get(deciding[fit.opening_id], ()), per_company_max)
    ]


def _deciding(
    seats: Mapping[uuid.UUID, Seats], per_company_max: int | None
) -> Mapping[uuid.UUID, uuid.UUID]:
    """Who keeps and turns down for each opening: itself, or under a bound its company."""
    if per_company_max is None:
        return {opening: opening for opening in seats}
    return {opening: of.company_id for opening, of in seats.items()}


def _rather(fit: Fit, own: Fit | None) -> bool:
    return own is None or _as_candidate(fit) < _as_candidate(own)


def _would_take(
    fit: Fit,
    seats: Mapping[uuid.UUID, Seats],
    kept: Iterable[Fit],
    per_company_max: int | None,
) -> bool:
    """Whether fewer than the seats are held by those who come before, and none by the same."""
    before = [one for one in kept if _as_receiver(one) < _as_receiver(fit)]
    if any(one.candidate_id == fit.candidate_id for one in before):
        return False
    if per_company_max is not None and len(before) >= per_company_max:
        return False
    there = sum(one.opening_id == fit.opening_id for one in before)
    return there < seats[fit.opening_id].headcount


def _preferences(fits: Sequence[Fit]) -> dict[uuid.UUID, list[Fit]]:
    wanted: dict[uuid.UUID, list[Fit]] = {}
    for fit in fits:
        wanted.setdefault(fit.candidate_id, []).append(fit)
    for own in wanted.values():
        own.sort(key=_as_candidate)
    return wanted


def _as_candidate(fit: Fit) -> tuple[int, int, uuid.UUID]:
    wish = _WISH_UNKNOWN_PERMILLE if fit.wish_permille is None else fit.wish_permille
    return -wish, -fit.score_permille, fit.opening_id


def _as_receiver(fit: Fit) -> tuple[int, uuid.UUID, uuid.UUID]:
    return -fit.score_permille, fit.candidate_id, fit.opening_id


def _beyond(
    ordered: Sequence[Fit], seats: Mapping[uuid.UUID, Seats], per_company_max: int | None
) -> Fit | None:
    """Of those who ask, the best first, the one for whom there is no seat.

    One asks at a time, so there is at most one.
    """
    taken: Counter[uuid.UUID] = Counter()
    for number, fit in enumerate(ordered):
        if taken[fit.opening_id] == seats[fit.opening_id].headcount:
            return fit
        if number == per_company_max:
            return fit
        taken[fit.opening_id] += 1
    return None
