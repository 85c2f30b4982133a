"""What an organization sees of candidates, field by field. Reading writes nothing."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, or_, select
from sqlalchemy.orm import aliased

from models.access import Actor, Permission
from models.rules.lifecycles import ConsentStatus, TermsStatus
from models.rules.sharing import (
    ALL_FIELDS,
    IDENTIFYING,
    CandidateField,
    Provided,
    Purpose,
    Sight,
    VisibilityReason,
    decide,
    permitted_by_terms,
)
from models.session import ReadSession
from models.tables.candidates import (
    Candidate,
    Consent,
    ConsentRecipient,
    Disclosure,
    Exclusion,
)
from models.tables.partnerships import Terms
from models.tables.referrals import Referral
from models.vault import PersonKey
from models.visibility import terms_bind, terms_cover, visible_candidates

PLAIN = (
    CandidateField.CATEGORY,
    CandidateField.EXPERIENCE,
    CandidateField.SKILLS,
    CandidateField.PREFECTURE,
    CandidateField.DESIRED_PREFECTURES,
)
"""What is kept in plain words, in the order of `DescribedCandidate`."""

FieldVisibility = tuple[CandidateField, bool, VisibilityReason]


@dataclass(frozen=True, slots=True)
class ShownCandidate:
    """One candidate as one organization sees them: what is not shown is None."""

    id: uuid.UUID
    """Not to be told: ``told_id`` is."""
    told_id: uuid.UUID
    """By what the organization knows them: an id of its own while it sees them in the pool only."""
    name: str | None
    email: str | None
    phone: str | None
    wishes: str | None
    category: str | None
    experience_years: int | None
    skills: tuple[str, ...] | None
    prefecture: str | None
    desired_prefectures: tuple[str, ...] | None
    visibility: tuple[FieldVisibility, ...]
    """For each field whether it is shown, and why or why not."""
    is_named_to_referrer: bool
    """Whether the organization may learn that this person came through its relay link."""

    @property
    def is_only_listed(self) -> bool:
        """Whether the organization sees them in the pool, and nowhere else."""
        return self.told_id != self.id

    def sees(self, field: CandidateField) -> bool:
        """Whether a field is shown."""
        return (field, True, VisibilityReason.SHOWN) in self.visibility


@dataclass(frozen=True, slots=True)
class DescribedCandidate:
    """What is plain of one candidate, as one organization sees it: what is not shown is None."""

    id: uuid.UUID
    category: str | None
    experience_years: int | None
    skills: tuple[str, ...] | None
    prefecture: str | None
    desired_prefectures: tuple[str, ...] | None


def sees_persons(actor: Actor) -> bool:
    """Whether the role works with persons: recruiters and administrators do."""
    return actor.may(Permission.HANDLE_REFERRALS)


async def shown(
    read: ReadSession, actor: Actor, candidate_ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, ShownCandidate]:
    """The candidates that the actor sees, with the fields that are decided to be shown.

    Two statements, whatever the number, and one look into the key store where anything sealed
    is to be shown. Only what is shown is unsealed.
    """
    ids = list(dict.fromkeys(candidate_ids))
    if not ids or actor.organization_id is None:
        return {}
    rows = await _rows(read, actor, ids)
    provided = await _provided(read, actor, [row.id for row in rows])
    decisions = {row.id: _decide(actor, row, provided.get(row.id, ())) for row in rows}
    keys = await read.vault.keys(
        row.key_id for row in rows if row.sealed and _shows(decisions[row.id], IDENTIFYING)
    )
    return {
        row.id: _show(
            row,
            _told_id(read, actor.organization_id, row.id, provided.get(row.id, ())),
            decisions[row.id],
            keys.get(row.key_id),
            provided.get(row.id, ()),
        )
        for row in rows
    }


async def shown_by_told_id(
    read: ReadSession, actor: Actor, told_ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, ShownCandidate]:
    """As `shown`, by the ids that the actor's organization was told, which holds for each alone.

    Whom it sees in the pool only is not there by the id that others know them by; nor is the id
    that the pool told there any more, once it sees them elsewhere or not at all.
    """
    if actor.organization_id is None:
        return {}
    ids = list(dict.fromkeys(told_ids))
    listed = [read.vault.listed_candidate(actor.organization_id, one) for one in ids]
    found = await shown(read, actor, [*ids, *listed])
    by_told_id = {one.told_id: one for one in found.values()}
    return {one: by_told_id[one] for one in ids if one in by_told_id}


def _told_id(
    read: ReadSession,
    organization_id: uuid.UUID,
    candidate_id: uuid.UUID,
    provided: Sequence[Offered],
) -> uuid.UUID:
    if any(one.purpose is not Purpose.PARTNER_SHARING for one in provided):
        return candidate_id
    return read.vault.listing_id(organization_id, candidate_id)


async def described(
    read: ReadSession, actor: Actor, candidate_ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, DescribedCandidate]:
    """As `shown`, but only what is plain, for very many at once: nothing is unsealed.

    That a key was destroyed is not seen here. Whoever tells of one of them asks `shown` as well.
    """
    ids = list(dict.fromkeys(candidate_ids))
    if not ids or actor.organization_id is None:
        return {}
    rows = await _rows(read, actor, ids)
    provided = await _provided(read, actor, [row.id for row in rows])
    found: dict[uuid.UUID, DescribedCandidate] = {}
    for row in rows:
        told = _told(_decide(actor, row, provided.get(row.id, ())), _plain(row))
        found[row.id] = DescribedCandidate(row.id, *(told[field] for field in PLAIN))
    return found


async def _rows(read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]) -> Sequence[Row[Any]]:
    is_excluded = exists(
        select(Exclusion.candidate_id).where(
            Exclusion.candidate_id == Candidate.id,
            Exclusion.organization_id == actor.organization_id,
        )
    )
    columns: tuple[Any, ...] = (
        Candidate.id,
        Candidate.key_id,
        Candidate.sealed,
        Candidate.category,
        Candidate.experience_years,
        Candidate.skills,
        Candidate.prefecture,
        Candidate.desired_prefectures,
        Candidate.erased_at,
        is_excluded.label("is_excluded"),
    )
    statement = select(*columns).where(
        visible_candidates(actor, read.now),
        Candidate.consortium_id == actor.consortium_id,
        Candidate.id.in_(ids),
    )
    return (await read.execute(statement)).all()


async def _provided(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, Sequence[Offered]]:
    """What was ever provided of each, with whether consent and terms are good now."""
    found: dict[uuid.UUID, list[Offered]] = {}
    if not ids:
        return found
    pinned, in_force = aliased(Terms), aliased(Terms)
    statement = (
        select(
            Disclosure.candidate_id,
            Disclosure.purpose,
            Disclosure.fields,
            Disclosure.closed_at,
            Disclosure.terms_id,
            Consent.fields.label("consented"),
            _consent_is_good(read).label("is_good"),
            Referral.shared_until,
            pinned.fields.label("pinned"),
            in_force.fields.label("in_force"),
        )
        .join(Consent, Consent.id == Disclosure.consent_id)
        .outerjoin(
            Referral, and_(Referral.id == Disclosure.referral_id, Referral.terms_id.is_not(None))
        )
        .outerjoin(pinned, pinned.id == Referral.terms_id)
        .outerjoin(in_force, _terms_are_in_force(in_force))
        .where(
            Disclosure.recipient_id == actor.organization_id,
            Disclosure.candidate_id.in_(ids),
        )
    )
    for row in await read.execute(statement):
        found.setdefault(row.candidate_id, []).append(_as_offered(row, read.now))
    return found


def _consent_is_good(read: ReadSession) -> ColumnElement[bool]:
    names_recipient = exists(
        select(ConsentRecipient.consent_id).where(
            ConsentRecipient.consent_id == Consent.id,
            ConsentRecipient.organization_id == Disclosure.recipient_id,
        )
    )
    return and_(
        Consent.candidate_id == Disclosure.candidate_id,
        Consent.purpose == Disclosure.purpose,
        Consent.status == ConsentStatus.ACTIVE,
        or_(Consent.expires_at.is_(None), Consent.expires_at > read.now),
        # Who was a member when it was given is looked up when a listing is opened.
        or_(Disclosure.purpose == Purpose.PARTNER_SHARING, names_recipient),
    )


def _terms_are_in_force(terms: Any) -> ColumnElement[bool]:
    """The terms of the partnership that something was provided in, while they bind both sides."""
    return and_(
        terms.partnership_id == Disclosure.partnership_id,
        terms.status == TermsStatus.IN_FORCE,
        terms_bind(Disclosure.partnership_id, Disclosure.provider_id, Disclosure.recipient_id),
        or_(
            Disclosure.purpose != Purpose.PARTNER_SHARING,
            exists(
                select(Candidate.id).where(
                    Candidate.id == Disclosure.candidate_id, terms_cover(terms, Candidate.category)
                )
            ),
        ),
    )


@dataclass(frozen=True, slots=True)
class Offered:
    """One record of something provided, as it counts now."""

    purpose: Purpose
    provided: Provided


def _as_offered(row: Any, at: datetime) -> Offered:
    permitted = None
    if row.terms_id is not None:
        permitted = permitted_by_terms(
            pinned=_fields(row.pinned) if row.pinned is not None else None,
            until=row.shared_until,
            in_force=_fields(row.in_force or ()),
            at=at,
        )
    provided = Provided(
        fields=_fields(row.fields),
        is_open=row.closed_at is None,
        consented=_fields(row.consented) if row.is_good else frozenset(),
        permitted=permitted,
    )
    return Offered(row.purpose, provided)


def _decide(
    actor: Actor, row: Row[Any], provided: Sequence[Offered]
) -> Mapping[CandidateField, VisibilityReason]:
    sight = Sight(
        role_sees_persons=sees_persons(actor),
        is_excluded=bool(row.is_excluded),
        is_erased=row.erased_at is not None,
    )
    return decide(sight, [one.provided for one in provided])


def _fields(names: Iterable[str]) -> frozenset[CandidateField]:
    return frozenset(CandidateField(name) for name in names)


def _shows(
    decision: Mapping[CandidateField, VisibilityReason], fields: Iterable[CandidateField]
) -> bool:
    return any(decision[field] is VisibilityReason.SHOWN for field in fields)


def _show(
    row: Row[Any],
    told_id: uuid.UUID,
    decision: Mapping[CandidateField, VisibilityReason],
    key: PersonKey | None,
    provided: Sequence[Offered],
) -> ShownCandidate:
    if row.sealed and key is None and _shows(decision, IDENTIFYING):
        # The key was destroyed: whatever the row says, the person is gone.
        decision = dict.fromkeys(ALL_FIELDS, VisibilityReason.ERASED)
    sealed = key.unseal(row.sealed) if key and row.sealed else {}
    values: dict[CandidateField, Any] = {
        CandidateField.NAME: sealed.get("name"),
        CandidateField.EMAIL: sealed.get("email"),
        CandidateField.PHONE: sealed.get("phone"),
        CandidateField.WISHES: sealed.get("wishes"),
        **_plain(row),
    }
    told = _told(decision, values)
    return ShownCandidate(
        id=row.id,
        told_id=told_id,
        name=told[CandidateField.NAME],
        email=told[CandidateField.EMAIL],
        phone=told[CandidateField.PHONE],
        wishes=told[CandidateField.WISHES],
        category=told[CandidateField.CATEGORY],
        experience_years=told[CandidateField.EXPERIENCE],
        skills=told[CandidateField.SKILLS],
        prefecture=told[CandidateField.PREFECTURE],
        desired_prefectures=told[CandidateField.DESIRED_PREFECTURES],
        visibility=tuple(
            (field, decision[field] is VisibilityReason.SHOWN, decision[field])
            for field in ALL_FIELDS
        ),
        is_named_to_referrer=_is_named(decision, provided),
    )


def _plain(row: Row[Any]) -> dict[CandidateField, Any]:
    return {
        CandidateField.CATEGORY: row.category,
        CandidateField.EXPERIENCE: row.experience_years,
        CandidateField.SKILLS: tuple(row.skills or ()),
        CandidateField.PREFECTURE: row.prefecture,
        CandidateField.DESIRED_PREFECTURES: tuple(row.desired_prefectures or ()),
    }


def _told(
    decision: Mapping[CandidateField, VisibilityReason], values: Mapping[CandidateField, Any]
) -> dict[CandidateField, Any]:
    """The values that are shown, None in the place of the others."""
    return {
        field: value if decision[field] is VisibilityReason.SHOWN else None
        for field, value in values.items()
    }


def _is_named(
    decision: Mapping[CandidateField, VisibilityReason], provided: Sequence[Offered]
) -> bool:
    gone = (VisibilityReason.ERASED, VisibilityReason.NOT_PROVIDED)
    if decision[CandidateField.NAME] in gone:
        return False
    named = (one.provided for one in provided if one.purpose is Purpose.NAMED_TO_REFERRER)
    name = CandidateField.NAME
    return any(one.is_open and name in one.fields & one.consented for one in named)
