"""Who is listed for whom in the shared pool: where a consent and a partnership's terms overlap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models.rules.partnerships import covers
from models.rules.sharing import IDENTIFYING, CandidateField


@dataclass(frozen=True, slots=True)
class Basis:
    """A partnership in force: who takes part, what its terms show, for which job categories."""

    partnership_id: UUID
    terms_id: UUID
    since: datetime
    companies: frozenset[UUID]
    fields: frozenset[CandidateField]
    categories: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sharing:
    """One person's consent to partner sharing: what it covers, since when, in which words."""

    consent_id: UUID
    fields: frozenset[CandidateField]
    given_at: datetime
    text_version: str = ""


def stands_for(
    sharing: Sharing | None, *, shown: frozenset[CandidateField], joined_at: datetime | None
) -> bool:
    """Whether a consent lets a company know the person at once, under terms that show this much.

    It does where it covers what identifies them, all that is shown, and the company: those that
    were members when it was given; ``joined_at`` says since when this one is.
    """
    if sharing is None or joined_at is None or not sharing.fields & IDENTIFYING:
        return False
    return shown <= sharing.fields and joined_at <= sharing.given_at


@dataclass(frozen=True, slots=True)
class Listed:
    """One person as they can be shown to one company in the pool."""

    provider_id: UUID
    partnership_id: UUID
    terms_id: UUID
    consent_id: UUID
    fields: frozenset[CandidateField]


@dataclass(frozen=True, slots=True)
class Person:
    """What decides about one person's listings.

    ``is_seeking``: an agency looks after them still. ``relayed_by``: the companies whose links
    they came through; none of them is shown who came through its own alone. ``known_to`` were
    given the name once: listed for them, it and who turned the person down could be put together.
    """

    is_seeking: bool
    category: str | None
    sharing: Sharing | None
    relayed_by: frozenset[UUID]
    known_to: frozenset[UUID]
    excluded: frozenset[UUID]


def listings(
    person: Person, bases: Iterable[Basis], joined_at: Mapping[UUID, datetime]
) -> dict[UUID, Listed]:
    """For each company that may see the person in the pool, on which grounds and which fields.

    A consent is for the companies that were members when it was given; ``joined_at`` says since
    when each is. Of several partnerships the one that has been in force longest provides.
    """
    found: dict[UUID, Listed] = {}
    if person.sharing is None or not person.is_seeking:
        return found
    for basis in sorted(bases, key=lambda one: (one.since, one.partnership_id)):
        fields = (basis.fields & person.sharing.fields) - IDENTIFYING
        if not fields or not covers(basis.categories, person.category):
            continue
        for company in basis.companies - person.known_to - person.excluded:
            # Whose own link it was too must not show: that somebody leaves the pool would tell.
            providers = sorted((basis.companies & person.relayed_by) - {company})
            was_member = company in joined_at and joined_at[company] <= person.sharing.given_at
            if providers and was_member:
                ground = (providers[0], basis.partnership_id, basis.terms_id)
                found.setdefault(company, Listed(*ground, person.sharing.consent_id, fields))
    return found
