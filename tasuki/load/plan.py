"""How large a load is, and what is decided before its parts are made side by side.

A load is cut into chunks of registrations, in order of time. Which company a registration counts
for, and as which count of that company, is planned here in one pass; everything else of a chunk
follows from the seed and the chunk's number alone, whichever process makes it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from itertools import accumulate

from models.errors import InvalidInput

COMPANIES_MIN, COMPANIES_MAX = 2, 20_000
REFERRALS_MIN, REFERRALS_MAX = 1, 50_000_000
REGISTRATIONS_PER_CHUNK = 2_000
HISTORY_DAYS = 720
"""Shorter than a free hire is valid, so that none has expired."""

INTRODUCTIONS_PER_HUNDRED = 20
NOT_COUNTED_SHARE = 0.02
HELD_SHARE = 0.01
HELD_DAYS = 30
"""What was held longer ago has been released, and counts."""

SECOND_US = 1_000_000
DAY_US = 86_400 * SECOND_US


class Fate(IntEnum):
    """What becomes of a registration's count."""

    COUNTED = 0
    NOT_COUNTED = 1
    HELD = 2


@dataclass(frozen=True, slots=True)
class Size:
    """How much is asked for. Raises `InvalidInput` outside the bounds."""

    companies: int
    referrals: int
    seed: int

    def __post_init__(self) -> None:
        _require("companies", self.companies, COMPANIES_MIN, COMPANIES_MAX)
        _require("referrals", self.referrals, REFERRALS_MIN, REFERRALS_MAX)

    @property
    def agencies(self) -> int:
        """One for forty companies, and at least two."""
        return max(2, self.companies // 40)

    @property
    def introductions(self) -> int:
        """The referrals from agencies to companies; the others come through relay links."""
        return self.referrals * INTRODUCTIONS_PER_HUNDRED // 100

    @property
    def registrations(self) -> int:
        """The referrals through relay links."""
        return self.referrals - self.introductions

    @property
    def chunks(self) -> int:
        """How many parts the load is made in."""
        return -(-self.registrations // REGISTRATIONS_PER_CHUNK)


def _require(path: str, number: int, least: int, most: int) -> None:
    if not least <= number <= most:
        raise InvalidInput(
            path,
            ja=f"{least:,}から{most:,}までの数を指定してください。",
            en=f"Give a number from {least:,} to {most:,}.",
        )


@dataclass(frozen=True, slots=True)
class Span:
    """The time a history covers, in microseconds since 1970 (UTC)."""

    start_us: int
    end_us: int


def span_until(now: datetime) -> Span:
    """The history that ends with the day before ``now``, so that a day's loads are all alike."""
    end = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return Span(_us(end - timedelta(days=HISTORY_DAYS)), _us(end))


def _us(instant: datetime) -> int:
    return round(instant.timestamp()) * SECOND_US


@dataclass(frozen=True, slots=True)
class Planned:
    """One registration: the company's place in the list, and its how-manieth count it makes.

    ``ordinal`` is 0 where it makes none.
    """

    company: int
    fate: Fate
    ordinal: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of the history: when it begins and ends, and what happens in it."""

    number: int
    first_person: int
    start_us: int
    end_us: int
    registrations: list[Planned]
    introductions: int


def weights(size: Size) -> list[float]:
    """How much each company takes part: a few much, many a little. Cumulative."""
    rng = random.Random(f"{size.seed}/weights")
    return list(accumulate(rng.lognormvariate(0, 0.8) for _ in range(size.companies)))


def plan(size: Size, span: Span, counts: list[int]) -> Iterator[Chunk]:
    """Every chunk in order of time. ``counts`` of each company are brought along."""
    cumulative = weights(size)
    everyone = range(size.companies)
    length_us = span.end_us - DAY_US - span.start_us
    held_from = size.registrations * (HISTORY_DAYS - HELD_DAYS) // HISTORY_DAYS
    for number in range(size.chunks):
        first = number * REGISTRATIONS_PER_CHUNK
        many = min(REGISTRATIONS_PER_CHUNK, size.registrations - first)
        start_us, end_us = (
            span.start_us + length_us * place // size.registrations
            for place in (first, first + many)
        )
        rng = random.Random(f"{size.seed}/plan/{number}")
        registrations = []
        for place, company in enumerate(rng.choices(everyone, cum_weights=cumulative, k=many)):
            fate = _fate(rng.random(), may_be_held=first + place >= held_from)
            if fate is Fate.COUNTED:
                counts[company] += 1
            registrations.append(
                Planned(company, fate, counts[company] if fate is Fate.COUNTED else 0)
            )
        introductions = (
            size.introductions * (first + many) // size.registrations
            - size.introductions * first // size.registrations
        )
        yield Chunk(number, first, start_us, end_us, registrations, introductions)


def _fate(chance: float, *, may_be_held: bool) -> Fate:
    if chance < NOT_COUNTED_SHARE:
        return Fate.NOT_COUNTED
    if may_be_held and chance < NOT_COUNTED_SHARE + HELD_SHARE:
        return Fate.HELD
    return Fate.COUNTED
