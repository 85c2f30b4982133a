"""What an organization sees of a candidate: one decision for every door, made when it is read."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CandidateField(StrEnum):
    """What there is to see of a candidate."""

    NAME = "NAME"
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    WISHES = "WISHES"
    CATEGORY = "CATEGORY"
    EXPERIENCE = "EXPERIENCE"
    SKILLS = "SKILLS"
    PREFECTURE = "PREFECTURE"
    DESIRED_PREFECTURES = "DESIRED_PREFECTURES"


IDENTIFYING = frozenset(
    {CandidateField.NAME, CandidateField.EMAIL, CandidateField.PHONE, CandidateField.WISHES}
)
ALL_FIELDS = tuple(CandidateField)


class Purpose(StrEnum):
    """What a consent is for. Each is asked and given separately."""

    AGENCY_SUPPORT = "AGENCY_SUPPORT"
    INTRODUCTION = "INTRODUCTION"
    PARTNER_SHARING = "PARTNER_SHARING"
    NAMED_TO_REFERRER = "NAMED_TO_REFERRER"


class Employment(StrEnum):
    """Whether a candidate has a present employer. It is asked before anything is shared."""

    NONE = "NONE"
    EMPLOYED = "EMPLOYED"


class ExclusionReason(StrEnum):
    BLOCKED = "BLOCKED"
    PRESENT_EMPLOYER = "PRESENT_EMPLOYER"


class Acquired(StrEnum):
    """How the provided data had been acquired, for the statutory record."""

    REGISTRATION_FORM = "REGISTRATION_FORM"
    AGENCY_CASE = "AGENCY_CASE"


class VisibilityReason(StrEnum):
    """Why a field is shown or not."""

    SHOWN = "SHOWN"
    NOT_PROVIDED = "NOT_PROVIDED"
    NO_CONSENT = "NO_CONSENT"
    NO_TERMS = "NO_TERMS"
    ROLE = "ROLE"
    ERASED = "ERASED"


@dataclass(frozen=True, slots=True)
class Provided:
    """One disclosure to the organization that looks, with the consent it stands on."""

    fields: frozenset[CandidateField]
    is_open: bool
    consented: frozenset[CandidateField]
    """The fields of that consent; empty where it is withdrawn, expired or superseded."""
    permitted: frozenset[CandidateField] | None = None
    """Between partners, the fields that terms show now; None where no terms are needed."""

    def shows(self, field: CandidateField) -> bool:
        """Whether consent and terms let it be read."""
        return field in self.consented and (self.permitted is None or field in self.permitted)


@dataclass(frozen=True, slots=True)
class Sight:
    """Who looks: whether the role may see persons, and what stands between."""

    role_sees_persons: bool
    is_excluded: bool
    is_erased: bool


def decide(sight: Sight, provided: Iterable[Provided]) -> Mapping[CandidateField, VisibilityReason]:
    """For each field, whether it is shown, and if not, why.

    Consent ∩ disclosure ∩ role, and between partners ∩ terms.
    """
    if sight.is_erased:
        return dict.fromkeys(ALL_FIELDS, VisibilityReason.ERASED)
    if sight.is_excluded:
        # It reads as if nothing had been provided: whom a candidate excludes is theirs to know.
        return dict.fromkeys(ALL_FIELDS, VisibilityReason.NOT_PROVIDED)
    provided = list(provided)
    return {field: _decide(field, sight, provided) for field in ALL_FIELDS}


def _decide(field: CandidateField, sight: Sight, provided: list[Provided]) -> VisibilityReason:
    covering = [one for one in provided if field in one.fields]
    if not any(one.is_open for one in covering):
        return _why_not_provided(field, provided)
    if not any(one.is_open and field in one.consented for one in covering):
        return VisibilityReason.NO_CONSENT
    if not any(one.is_open and one.shows(field) for one in covering):
        return VisibilityReason.NO_TERMS
    if field in IDENTIFYING and not sight.role_sees_persons:
        return VisibilityReason.ROLE
    return VisibilityReason.SHOWN


def _why_not_provided(field: CandidateField, provided: list[Provided]) -> VisibilityReason:
    """The terms, where they leave the field out of what a partner was provided with."""
    terms = [one.permitted for one in provided if one.is_open and one.permitted is not None]
    if terms and not any(field in permitted for permitted in terms):
        return VisibilityReason.NO_TERMS
    return VisibilityReason.NOT_PROVIDED


def permitted_by_terms(
    *,
    pinned: frozenset[CandidateField] | None,
    until: datetime | None,
    in_force: frozenset[CandidateField],
    at: datetime,
) -> frozenset[CandidateField]:
    """What partners' terms let the receiver read at an instant.

    An agreed referral keeps the terms it was ``pinned`` to ``until`` its deadline, or for good
    where it has none; a listing has nothing pinned. Else those ``in_force`` between the two count:
    none where their partnership is suspended or over.
    """
    if pinned is not None and (until is None or at < until):
        return pinned
    return in_force


CONSENTED_FIELDS: Mapping[Purpose, tuple[CandidateField, ...]] = {
    Purpose.AGENCY_SUPPORT: ALL_FIELDS,
    Purpose.INTRODUCTION: ALL_FIELDS,
    Purpose.PARTNER_SHARING: tuple(f for f in ALL_FIELDS if f not in IDENTIFYING),
    Purpose.NAMED_TO_REFERRER: (CandidateField.NAME,),
}
"""The fields that the texts of the consents name."""


def told_numbers(
    by_link: Mapping[uuid.UUID, int], smallest_count: int
) -> Mapping[uuid.UUID, int | None]:
    """What a company may learn of the registrations of each of its links.

    A number below ``smallest_count`` is not told, and a told one is rounded down to a multiple of
    it, so that a change never shows one person. Where what is told would give away, by difference
    from the company's own exact total, that the rest is below the smallest count, the smallest told
    number is withheld too.
    """
    total = sum(by_link.values())
    told: dict[uuid.UUID, int | None] = {
        link: number - number % smallest_count if number >= smallest_count else None
        for link, number in by_link.items()
    }
    while None in told.values():
        shown = {link: number for link, number in told.items() if number is not None}
        if not shown or total - sum(shown.values()) >= smallest_count:
            break
        told[min(shown, key=lambda link: (shown[link], link))] = None
    return told
