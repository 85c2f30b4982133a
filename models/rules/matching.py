"""How well a person and a position fit, with the reason of every part.

**The formula.** Each part that can be judged has a score from 0 to 1; the whole is their mean,
weighted by `WEIGHTS`, over those parts alone::

    score = Σ weight · score of the part ÷ Σ weight        over the parts that are judged

A part is not judged where the position asks for nothing, or where the person has not told it to
whoever asks: what is hidden weighs nothing, for or against. Scores are kept in whole thousandths,
rounded half up, so that they are the same on every machine and in every order of adding.

Only what a position asks for is looked at: category, skills, years, place. Nothing sensitive has a
field here, and free text is never read (`rules.sensitive`). Scores are for agencies with a licence
and for the candidate themselves; to show them to a company would be placement without a licence.
"""

from __future__ import annotations

import heapq
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from models.vocabulary.job_categories import JOB_CATEGORIES
from models.vocabulary.prefectures import PREFECTURES
from models.vocabulary.skills import SKILLS, with_implied
from models.vocabulary.text import Text

WHOLE_PERMILLE = 1_000
FITS_PERMILLE_MIN = 500
"""What scores less is told to no candidate as fitting, and allocated to nobody."""


class MatchKind(StrEnum):
    """The parts of a match."""

    CATEGORY = "CATEGORY"
    SKILLS = "SKILLS"
    EXPERIENCE = "EXPERIENCE"
    WISHES = "WISHES"
    PLACE = "PLACE"


WEIGHTS: Mapping[MatchKind, int] = {
    MatchKind.CATEGORY: 30,
    MatchKind.SKILLS: 30,
    MatchKind.EXPERIENCE: 15,
    MatchKind.WISHES: 15,
    MatchKind.PLACE: 10,
}
"""What each part weighs, of 100. `docs/decisions/0011-matches.md` says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone who seeks work, as far as whoever asks may see them: None is what is not known."""

    id: uuid.UUID
    category: str | None = None
    skills: frozenset[str] | None = None
    experience_years: int | None = None
    prefecture: str | None = None
    desired_prefectures: frozenset[str] | None = None
    excluded: frozenset[uuid.UUID] = frozenset()
    """The companies the person is never shown to: they match none of theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """An opening, as far as it says whom it seeks."""

    id: uuid.UUID
    company_id: uuid.UUID
    category: str
    skills: frozenset[str] = frozenset()
    experience_years_min: int | None = None
    prefecture: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a match. ``score_permille`` is None where it is not judged."""

    kind: MatchKind
    weight: int
    score_permille: int | None
    reason: Text
    missing: tuple[Text, ...] = ()
    """What the position asks for and the person does not have."""


@dataclass(frozen=True, slots=True)
class Match:
    """How a person and a position fit."""

    score_permille: int
    known_percent: int
    """The weight of the parts that could be judged."""
    parts: tuple[Part, ...]

    @property
    def reasons(self) -> tuple[Text, ...]:
        """What speaks for it, the weightiest first."""
        return tuple(part.reason for part in self.parts if part.score_permille)

    @property
    def missing(self) -> tuple[Text, ...]:
        """Everything that is missing."""
        return tuple(one for part in self.parts for one in part.missing)


class Judged(NamedTuple):
    """A match in numbers alone. ``wish_permille`` is None where the wish is not known."""

    score_permille: int
    known_percent: int
    wish_permille: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one position stood among all that were considered for a person."""

    rank: int
    score_permille: int
    considered: int


Scores = tuple[int | None, ...]
"""The score of each part, in the order of `WEIGHTS`."""
_WISHES = list(WEIGHTS).index(MatchKind.WISHES)

NOT_ASKED = Text("求人に条件はありません", "The opening asks for nothing here")
NOT_KNOWN = Text("情報がありません", "Not known")


def match(person: Person, position: Position) -> Match | None:
    """How a person and a position fit.

    None where the person is never shown to the company, or nothing can be judged.
    """
    judged = judge(person, position)
    if judged is None:
        return None
    scores = zip(WEIGHTS, _scores(person, position), strict=True)
    parts = tuple(_part(kind, score, person, position) for kind, score in scores)
    return Match(judged.score_permille, judged.known_percent, parts)


def judge(person: Person, position: Position) -> Judged | None:
    """The numbers of `match` without its words: for very many at once."""
    scores = _scores(person, position)
    weighed = weight = 0
    for score, of in zip(scores, WEIGHTS.values(), strict=True):
        if score is not None:
            weighed += of * score
            weight += of
    if not weight or position.company_id in person.excluded:
        return None
    return Judged(_rounded(weighed, weight), weight, scores[_WISHES])


def best_positions(
    person: Person, positions: Iterable[Position], most: int
) -> list[tuple[Position, Match]]:
    """The positions that fit a person best, best first; never one that fits not at all."""
    best = heapq.nsmallest(most, positions, key=lambda one: _order(person, one, one.id))
    return [(one, found) for one in best if (found := _worth(person, one))]


def best_people(
    position: Position, people: Iterable[Person], most: int
) -> list[tuple[Person, Match]]:
    """The people who fit a position best, best first; never one who fits not at all."""
    best = heapq.nsmallest(most, people, key=lambda one: _order(one, position, one.id))
    return [(one, found) for one in best if (found := _worth(one, position))]


def standing(
    person: Person, positions: Sequence[Position], position_id: uuid.UUID
) -> Standing | None:
    """Where a position stands among these for a person; None where it is not among them."""
    orders = {one.id: _order(person, one, one.id) for one in positions}
    if position_id not in orders or orders[position_id][0] == _LAST:
        return None
    own = orders[position_id]
    rank = 1 + sum(order < own for order in orders.values())
    judged = sum(order[0] < _LAST for order in orders.values())
    return Standing(rank, -own[0], judged)


_Order = tuple[int, int, uuid.UUID]
_LAST = 1
"""In the place of a negated score: after every score there is."""


def _order(person: Person, position: Position, by: uuid.UUID) -> _Order:
    """The best first; among equals the one of which more is known, then the id decides."""
    judged = judge(person, position)
    if judged is None:
        return _LAST, 0, by
    return -judged.score_permille, -judged.known_percent, by


def _worth(person: Person, position: Position) -> Match | None:
    found = match(person, position)
    return found if found and found.score_permille else None


def _rounded(of: int, by: int) -> int:
    """A quotient of whole numbers, rounded half up."""
    return (2 * of + by) // (2 * by)


def _scores(person: Person, position: Position) -> Scores:
    place = position.prefecture
    return (
        None if person.category is None else _whole(person.category == position.category),
        _skills_score(person, position),
        _experience_score(person, position),
        None
        if place is None or not person.desired_prefectures
        else _whole(place in person.desired_prefectures),
        None if place is None or person.prefecture is None else _whole(place == person.prefecture),
    )


def _whole(fits: bool) -> int:  # noqa: FBT001  (the one thing it says)
    return WHOLE_PERMILLE if fits else 0


def _skills_score(person: Person, position: Position) -> int | None:
    if person.skills is None or not position.skills:
        return None
    held = len(position.skills & with_implied(person.skills))
    return _rounded(WHOLE_PERMILLE * held, len(position.skills))


def _experience_score(person: Person, position: Position) -> int | None:
    years, least = person.experience_years, position.experience_years_min
    if years is None or least is None:
        return None
    if years >= least:
        return WHOLE_PERMILLE
    return _rounded(WHOLE_PERMILLE * years, least)


def _part(kind: MatchKind, score: int | None, person: Person, position: Position) -> Part:
    weight = WEIGHTS[kind]
    if score is None:
        return Part(kind, weight, None, NOT_KNOWN if _asks(position, kind) else NOT_ASKED)
    reason, missing = _WORDS[kind](person, position)
    return Part(kind, weight, score, reason, missing)


def _asks(position: Position, kind: MatchKind) -> bool:
    asked: Mapping[MatchKind, object] = {
        MatchKind.CATEGORY: True,
        MatchKind.SKILLS: position.skills,
        MatchKind.EXPERIENCE: position.experience_years_min is not None,
        MatchKind.WISHES: position.prefecture,
        MatchKind.PLACE: position.prefecture,
    }
    return bool(asked[kind])


_Words = tuple[Text, tuple[Text, ...]]


def _category_words(person: Person, position: Position) -> _Words:
    name = _name(JOB_CATEGORIES, position.category)
    if person.category == position.category:
        return Text(f"同じ職種（{name.ja}）", f"The same job category: {name.en}"), ()
    return Text(f"求人の職種は{name.ja}", f"The opening's job category is {name.en}"), (name,)


def _skills_words(person: Person, position: Position) -> _Words:
    held = position.skills & with_implied(person.skills or frozenset())
    has, lacks = _names(held), _names(position.skills - held)
    asked = len(position.skills)
    if not has:
        return Text(
            f"求めるスキル{asked}件のうち0件", f"None of the {asked} skills asked for"
        ), lacks
    return (
        Text(
            f"求めるスキル{asked}件のうち{len(has)}件: {'、'.join(one.ja for one in has)}",
            f"{len(has)} of {asked} skills asked for: {', '.join(one.en for one in has)}",
        ),
        lacks,
    )


def _experience_words(person: Person, position: Position) -> _Words:
    years, least = person.experience_years or 0, position.experience_years_min or 0
    reason = Text(
        f"経験{years}年（求人は{least}年以上）",
        f"{years} years of experience; {least} or more are asked for",
    )
    if years >= least:
        return reason, ()
    lacks = Text(f"経験あと{least - years}年", f"{least - years} more years of experience")
    return reason, (lacks,)


def _wishes_words(person: Person, position: Position) -> _Words:
    name = _name(PREFECTURES, position.prefecture or "")
    if position.prefecture in (person.desired_prefectures or ()):
        return Text(f"希望の勤務地（{name.ja}）", f"Where work is wished for: {name.en}"), ()
    return Text(
        f"希望の勤務地ではない（{name.ja}）", f"Not where work is wished for: {name.en}"
    ), ()


def _place_words(person: Person, position: Position) -> _Words:
    name = _name(PREFECTURES, position.prefecture or "")
    if position.prefecture == person.prefecture:
        return Text(f"住まいと同じ都道府県（{name.ja}）", f"In the home prefecture: {name.en}"), ()
    return Text(f"住まいと別の都道府県（{name.ja}）", f"Not in the home prefecture: {name.en}"), ()


_WORDS = {
    MatchKind.CATEGORY: _category_words,
    MatchKind.SKILLS: _skills_words,
    MatchKind.EXPERIENCE: _experience_words,
    MatchKind.WISHES: _wishes_words,
    MatchKind.PLACE: _place_words,
}


def _names(codes: Iterable[str]) -> tuple[Text, ...]:
    return tuple(_name(SKILLS, code) for code in sorted(codes))


def _name(vocabulary: Mapping[str, object], code: str) -> Text:
    """The word of a code; the code itself where the vocabulary no longer has it."""
    name = getattr(vocabulary.get(code), "name", None)
    return name if isinstance(name, Text) else Text(code, code)
