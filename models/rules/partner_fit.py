"""Which companies could be partners of one: what one turns down, the other seeks.

**The formula.** Each part that can be judged has a score from 0 to 1; the whole is their mean,
weighted by `WEIGHTS`, over those parts alone, in whole thousandths, rounded half up::

    giving   = people one turned down in categories that the other seeks ÷ all it turned down
    taking   = places one seeks in categories that the other turns down ÷ all it seeks
    industry = 1 for the same division, else 0
    region   = 1 for the same prefecture, else 0

A part is not judged where one turned nobody down, seeks nobody, or a side's industry or prefecture
is not known. Of the other company only *whether* it seeks or turns down a category enters, and that
as it is told (`network.needs`): the score says no more than the list beside it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from models.vocabulary.industries import INDUSTRIES
from models.vocabulary.job_categories import JOB_CATEGORIES
from models.vocabulary.prefectures import PREFECTURES
from models.vocabulary.text import Text

WHOLE_PERMILLE = 1_000
SOME_MIN = 10
MANY_MIN = 30


class NeedBand(StrEnum):
    """How much: the only figures that one company is told of another's needs."""

    FEW = "FEW"
    SOME = "SOME"
    MANY = "MANY"


BAND_NUMBERS: Mapping[NeedBand, int] = {
    NeedBand.FEW: 5,
    NeedBand.SOME: 20,
    NeedBand.MANY: 40,
}
"""The number that stands for all of a band, where one has to be reckoned with."""


class FitKind(StrEnum):
    """The parts of a suggestion."""

    GIVING = "GIVING"
    TAKING = "TAKING"
    INDUSTRY = "INDUSTRY"
    REGION = "REGION"


class IndustryChoice(StrEnum):
    """Partners of which industry are looked for."""

    SAME = "SAME"
    OTHER = "OTHER"


WEIGHTS: Mapping[FitKind, int] = {
    FitKind.GIVING: 40,
    FitKind.TAKING: 40,
    FitKind.INDUSTRY: 10,
    FitKind.REGION: 10,
}
"""What each part weighs, of 100: the needs come first, both ways alike."""


@dataclass(frozen=True, slots=True)
class Need:
    """Of one job category: how many people a company turned down, how many places it has."""

    turned_down: int = 0
    sought: int = 0


@dataclass(frozen=True, slots=True)
class FitCompany:
    """A company as the rule takes it. ``needs`` are by job category."""

    id: uuid.UUID
    industry_division: str | None
    prefecture: str | None
    needs: Mapping[str, Need]


@dataclass(frozen=True, slots=True)
class SharedNeed:
    """A category in which the two complement each other, with either side's band."""

    category: str
    own: NeedBand
    theirs: NeedBand


@dataclass(frozen=True, slots=True)
class FitPart:
    """One part of a suggestion. ``score_permille`` is None where it is not judged."""

    kind: FitKind
    weight: int
    score_permille: int | None
    reason: Text


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A company that could be a partner, and why."""

    company_id: uuid.UUID
    score_permille: int
    giving: tuple[SharedNeed, ...]
    """What one turns down and the other seeks."""
    taking: tuple[SharedNeed, ...]
    """What the other turns down and one seeks."""
    parts: tuple[FitPart, ...]

    @property
    def reasons(self) -> tuple[Text, ...]:
        """What speaks for it, the weightiest first."""
        return tuple(part.reason for part in self.parts if part.score_permille)

    @property
    def position(self) -> tuple[int, uuid.UUID]:
        """Where it stands in the list: by score, of equals the company that came first."""
        return -self.score_permille, self.company_id


def band(number: int) -> NeedBand | None:
    """The band of a number; None where there is nothing to tell."""
    if number < 1:
        return None
    if number < SOME_MIN:
        return NeedBand.FEW
    return NeedBand.SOME if number < MANY_MIN else NeedBand.MANY


def as_told(need: Need) -> Need:
    """A need of which no more is told than its bands: all of one band are the same number.

    >>> as_told(Need(turned_down=3, sought=1)) == as_told(Need(turned_down=9, sought=9))
    True
    """
    return Need(_of_band(need.turned_down), _of_band(need.sought))


def _of_band(number: int) -> int:
    found = band(number)
    return 0 if found is None else BAND_NUMBERS[found]


def suggest(
    own: FitCompany, others: Iterable[FitCompany], industry: IndustryChoice | None = None
) -> list[Suggestion]:
    """Those of the others whose needs overlap with one's own, in the order of their scores."""
    found = [
        one
        for other in others
        if _is_chosen(own, other, industry) and (one := _suggestion(own, other))
    ]
    return sorted(found, key=lambda one: one.position)


def _is_chosen(own: FitCompany, other: FitCompany, industry: IndustryChoice | None) -> bool:
    if industry is None:
        return True
    return bool(_same(own.industry_division, other.industry_division)) is (
        industry is IndustryChoice.SAME
    )


def _suggestion(own: FitCompany, other: FitCompany) -> Suggestion | None:
    giving, taking = [], []
    for category in JOB_CATEGORIES:
        mine = own.needs.get(category, Need())
        theirs = other.needs.get(category, Need())
        if (ours := band(mine.turned_down)) and (sought := band(theirs.sought)):
            giving.append(SharedNeed(category, ours, sought))
        if (wanted := band(mine.sought)) and (turned_down := band(theirs.turned_down)):
            taking.append(SharedNeed(category, wanted, turned_down))
    if not giving and not taking:
        return None
    parts = (
        _needs_part(FitKind.GIVING, giving, {c: n.turned_down for c, n in own.needs.items()}),
        _needs_part(FitKind.TAKING, taking, {c: n.sought for c, n in own.needs.items()}),
        _same_part(FitKind.INDUSTRY, own.industry_division, other.industry_division),
        _same_part(FitKind.REGION, own.prefecture, other.prefecture),
    )
    return Suggestion(other.id, _whole(parts), tuple(giving), tuple(taking), parts)


def _whole(parts: Iterable[FitPart]) -> int:
    judged = [(p.weight, p.score_permille) for p in parts if p.score_permille is not None]
    weights = sum(weight for weight, _ in judged)
    total = sum(weight * score for weight, score in judged)
    return (2 * total + weights) // (2 * weights)


def _needs_part(kind: FitKind, shared: list[SharedNeed], own: Mapping[str, int]) -> FitPart:
    whole = sum(own.values())
    reached = sum(own[one.category] for one in shared)
    score = (2 * WHOLE_PERMILLE * reached + whole) // (2 * whole) if whole else None
    return FitPart(kind, WEIGHTS[kind], score, _needs_reason(kind, shared, whole))


def _needs_reason(kind: FitKind, shared: list[SharedNeed], whole: int) -> Text:
    names = [JOB_CATEGORIES[one.category].name for one in shared]
    ja, en = "・".join(n.ja for n in names), ", ".join(n.en for n in names)
    if kind is FitKind.GIVING:
        if not whole:
            return Text("貴社が見送った方の記録がありません", "Your company turned nobody down")
        if not names:
            return Text(
                "貴社が見送った職種の募集はありません",
                "Does not seek the job categories your company turned people down for",
            )
        return Text(
            f"貴社が見送った職種を募集しています：{ja}",
            f"Seeks what your company turned people down for: {en}",
        )
    if not whole:
        return Text("貴社の求人がありません", "Your company has sought nobody")
    if not names:
        return Text(
            "貴社が募集する職種での見送りは伝えられていません",
            "Nothing is told of people turned down for what your company seeks",
        )
    return Text(
        f"貴社が募集する職種で見送りがあります：{ja}",
        f"Turns people down for what your company seeks: {en}",
    )


def _same(own: str | None, other: str | None) -> bool | None:
    """Whether two codes are the same; None where one is not known."""
    return None if own is None or other is None else own == other


_NAMES: Mapping[FitKind, Mapping[str, Text]] = {
    FitKind.INDUSTRY: {code: one.name for code, one in INDUSTRIES.items()},
    FitKind.REGION: {code: one.name for code, one in PREFECTURES.items()},
}
_SAME_WORDS = {
    FitKind.INDUSTRY: (Text("同じ業種です", "Same industry"), Text("異業種です", "Other industry")),
    FitKind.REGION: (
        Text("同じ都道府県です", "Same prefecture"),
        Text("別の都道府県です", "Other prefecture"),
    ),
}


def _same_part(kind: FitKind, own: str | None, other: str | None) -> FitPart:
    same = _same(own, other)
    if same is None:
        return FitPart(kind, WEIGHTS[kind], None, Text("情報がありません", "Not known"))
    words = _SAME_WORDS[kind][0 if same else 1]
    name = _NAMES[kind].get(other or "")
    if name is not None:
        words = Text(f"{words.ja}：{name.ja}", f"{words.en}: {name.en}")
    return FitPart(kind, WEIGHTS[kind], WHOLE_PERMILLE if same else 0, words)
