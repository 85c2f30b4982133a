"""Whom a notice goes to, and what it says, as its reader may see it when it is sent."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from models.access import PERMISSIONS, Actor, Permission
from models.reads.deletions import deletions_by_id
from models.reads.hires import hires_by_id
from models.reads.meeting_calendars import calendar_event
from models.reads.meetings import meetings_by_id
from models.reads.members import members_by_id
from models.reads.partnerships import (
    acceptances_by_terms,
    parties_by_partnership,
    partnerships_by_id,
    terms_by_partnership,
)
from models.reads.rewards import fundings_by_id
from models.reads.sign_ins import acting_users, actor_of
from models.rules.calendar_files import CalendarEvent
from models.rules.deletions import is_overdue
from models.rules.lifecycles import (
    DeletionStatus,
    HireStatus,
    MeetingStatus,
    PartnershipStatus,
    PartyStatus,
    ReferralStatus,
    TermsStatus,
)
from models.rules.meetings import FOLLOWING
from models.rules.notices import NOTIFIED_MAX, NoticeKind
from models.rules.references import reference_of
from models.session import ReadSession
from models.tables.consortium import Consortium, Organization
from models.tables.referrals import Referral
from models.tables.users import User
from models.visibility import received_referrals
from models.vocabulary.text import Text

NEEDS: Mapping[NoticeKind, Permission] = {
    NoticeKind.PARTNERSHIP_PROPOSED: Permission.MANAGE_PARTNERSHIPS,
    NoticeKind.PARTNERSHIP_BEGAN: Permission.MANAGE_PARTNERSHIPS,
    NoticeKind.PARTNERSHIP_DECLINED: Permission.MANAGE_PARTNERSHIPS,
    NoticeKind.PARTNERSHIP_WITHDRAWN: Permission.MANAGE_PARTNERSHIPS,
    NoticeKind.TERMS_PROPOSED: Permission.MANAGE_PARTNERSHIPS,
    NoticeKind.FUNDING_ASKED: Permission.FUND_REWARDS,
    NoticeKind.PARTNERSHIP_SUSPENDED: Permission.MANAGE_PARTNERSHIPS,
    NoticeKind.PARTNERSHIP_RESUMED: Permission.MANAGE_PARTNERSHIPS,
    NoticeKind.PARTNERSHIP_ENDED: Permission.MANAGE_PARTNERSHIPS,
    NoticeKind.PARTNER_LEAVES: Permission.MANAGE_PARTNERSHIPS,
    NoticeKind.PARTNER_LEFT: Permission.MANAGE_PARTNERSHIPS,
    NoticeKind.CANDIDATE_DELIVERED: Permission.HANDLE_REFERRALS,
    NoticeKind.DELETION_ASKED: Permission.HANDLE_REFERRALS,
    NoticeKind.DELETION_DUE: Permission.HANDLE_REFERRALS,
    NoticeKind.DELETION_OVERDUE: Permission.HANDLE_REFERRALS,
    NoticeKind.EXIT_RECORDED: Permission.HANDLE_REFERRALS,
    NoticeKind.MEETING_SCHEDULED: Permission.READ_MEETINGS,
    NoticeKind.MEETING_CHANGED: Permission.READ_MEETINGS,
    NoticeKind.MEETING_CANCELLED: Permission.READ_MEETINGS,
    NoticeKind.MEETING_PREPARED: Permission.READ_MEETINGS,
}
"""The people of an organization who are told: those whose role can do something about it."""
CONSORTIUM_NEEDS = Permission.MANAGE_MEMBERS
"""Those of the consortium: its admins."""


@dataclass(frozen=True, slots=True)
class NoticeMail:
    """What a mail to one person says. It names a partnership where it is about one, no candidate:
    of a hand-over it names the reference, by which a company finds its files.

    ``thing`` is the type and the id of what its link leads to, and ``due_at`` a day to keep.
    """

    email: str
    locale: str
    name: str
    kind: NoticeKind
    thing: tuple[str, uuid.UUID]
    partnership: str | None
    proposer: Text | None
    """Who proposed the partnership; none where a consortium admin did."""
    companies: tuple[Text, ...]
    """Between whom it is, where the mail says so."""
    reference: str | None
    due_at: datetime | None
    for_consortium: bool
    time_zone: str
    meeting: CalendarEvent | None = None


@dataclass(frozen=True, slots=True)
class _About:
    thing: tuple[str, uuid.UUID]
    partnership: str | None = None
    proposer: Text | None = None
    companies: tuple[Text, ...] = ()
    reference: str | None = None
    due_at: datetime | None = None
    meeting: CalendarEvent | None = None


async def told_users(
    read: ReadSession,
    consortium_id: uuid.UUID,
    organization_id: uuid.UUID | None,
    kind: NoticeKind,
) -> Sequence[uuid.UUID]:
    """The people of an organization, or of the consortium, to whom it is told."""
    needed = NEEDS[kind] if organization_id is not None else CONSORTIUM_NEEDS
    roles = sorted({role for (_, role), held in PERMISSIONS.items() if needed in held})
    rows = await read.scalars(
        acting_users()
        .with_only_columns(User.id, maintain_column_froms=True)
        .where(
            User.consortium_id == consortium_id,
            User.organization_id == organization_id
            if organization_id is not None
            else User.organization_id.is_(None),
            User.role.in_(roles),
        )
        .order_by(User.created_at, User.id)
        .limit(NOTIFIED_MAX)
    )
    return rows.all()


async def notice_mail(
    read: ReadSession, kind: NoticeKind, subject_id: uuid.UUID, user_id: uuid.UUID
) -> NoticeMail | None:
    """While there is something to do about it, and the person may see it."""
    row = (
        await read.execute(
            acting_users()
            .add_columns(Consortium.time_zone)
            .join(Consortium, Consortium.id == User.consortium_id)
            .where(User.id == user_id)
        )
    ).one_or_none()
    if row is None:
        return None
    user, organization_kind, time_zone = row
    actor = actor_of(user, organization_kind)
    if not actor.may(NEEDS[kind] if actor.organization_id else CONSORTIUM_NEEDS):
        return None
    about = await _LOOKS[kind](read, actor, subject_id)
    if about is None:
        return None
    return NoticeMail(
        email=user.email,
        locale=user.locale,
        name=user.name,
        kind=kind,
        thing=about.thing,
        partnership=about.partnership,
        proposer=about.proposer,
        companies=about.companies,
        reference=about.reference,
        due_at=about.due_at,
        for_consortium=actor.organization_id is None,
        time_zone=time_zone,
        meeting=about.meeting,
    )


async def _proposed(read: ReadSession, actor: Actor, subject_id: uuid.UUID) -> _About | None:
    about = await _between(read, actor, subject_id, PartnershipStatus.PROPOSED)
    parties = (await parties_by_partnership(read, {subject_id: None})).get(subject_id, ())
    waits = any(
        one.company_id == actor.organization_id and one.status is PartyStatus.INVITED
        for one in parties
    )
    return about if waits else None


async def _began(read: ReadSession, actor: Actor, subject_id: uuid.UUID) -> _About | None:
    return await _between(read, actor, subject_id, PartnershipStatus.ACTIVE)


async def _declined(read: ReadSession, actor: Actor, subject_id: uuid.UUID) -> _About | None:
    return await _partnership(read, actor, subject_id, PartnershipStatus.DECLINED)


async def _withdrawn(read: ReadSession, actor: Actor, subject_id: uuid.UUID) -> _About | None:
    return await _partnership(read, actor, subject_id, PartnershipStatus.WITHDRAWN)


async def _resumed(read: ReadSession, actor: Actor, subject_id: uuid.UUID) -> _About | None:
    return await _partnership(read, actor, subject_id, PartnershipStatus.ACTIVE)


async def _terms_proposed(read: ReadSession, actor: Actor, subject_id: uuid.UUID) -> _About | None:
    found = await terms_by_partnership(read, actor, [subject_id], TermsStatus.PROPOSED)
    if subject_id not in found:
        return None
    terms_id = found[subject_id].row.id
    if actor.organization_id in (await acceptances_by_terms(read, {terms_id: None}))[terms_id]:
        return None
    return await _goes_on(read, actor, subject_id)


async def _funding_asked(read: ReadSession, actor: Actor, subject_id: uuid.UUID) -> _About | None:
    found = (await fundings_by_id(read, actor, [subject_id])).get(subject_id)
    if found is None or found.accepted_at or found.status is not TermsStatus.PROPOSED:
        return None
    return _About(("Funding", found.id), partnership=found.partnership_name)


async def _suspended(read: ReadSession, actor: Actor, subject_id: uuid.UUID) -> _About | None:
    return await _partnership(read, actor, subject_id, PartnershipStatus.SUSPENDED)


async def _ended(read: ReadSession, actor: Actor, subject_id: uuid.UUID) -> _About | None:
    return await _partnership(read, actor, subject_id, PartnershipStatus.ENDED)


async def _goes_on(read: ReadSession, actor: Actor, subject_id: uuid.UUID) -> _About | None:
    lasting = (PartnershipStatus.ACTIVE, PartnershipStatus.SUSPENDED)
    return await _partnership(read, actor, subject_id, *lasting)


async def _partnership(
    read: ReadSession, actor: Actor, subject_id: uuid.UUID, *statuses: PartnershipStatus
) -> _About | None:
    found = (await partnerships_by_id(read, actor, [subject_id])).get(subject_id)
    if found is None or found.status not in statuses:
        return None
    return _About(("Partnership", found.row.id), partnership=found.row.name)


async def _between(
    read: ReadSession, actor: Actor, subject_id: uuid.UUID, status: PartnershipStatus
) -> _About | None:
    """As `_partnership`, with the companies by name, who proposed it first."""
    found = (await partnerships_by_id(read, actor, [subject_id])).get(subject_id)
    if found is None or found.status is not status:
        return None
    parties = (await parties_by_partnership(read, {subject_id: None})).get(subject_id, ())
    rows = await members_by_id(read, actor, [one.company_id for one in parties])
    names = {key: _name(row.organization) for key, row in rows.items()}
    proposer = names.get(found.row.proposer_id) if found.row.proposer_id else None
    others = sorted((one for one in names.values() if one != proposer), key=lambda one: one.ja)
    return _About(
        ("Partnership", found.row.id),
        partnership=found.row.name,
        proposer=proposer,
        companies=(*([proposer] if proposer else []), *others),
    )


def _name(organization: Organization) -> Text:
    return Text(organization.name, organization.name_en or organization.name)


async def _delivered(read: ReadSession, actor: Actor, subject_id: uuid.UUID) -> _About | None:
    waits = await read.scalar(
        select(Referral.id).where(
            received_referrals(actor),
            Referral.id == subject_id,
            Referral.status == ReferralStatus.DELIVERED,
        )
    )
    if waits is None:
        return None
    return _About(("Referral", subject_id), reference=reference_of(subject_id))


async def _to_delete(read: ReadSession, actor: Actor, subject_id: uuid.UUID) -> _About | None:
    found = (await deletions_by_id(read, actor, [subject_id])).get(subject_id)
    if found is None or found.status is not DeletionStatus.OPEN:
        return None
    # Whose files an organization has to look for is for itself to know.
    is_told = actor.organization_id is not None and found.referral_id is not None
    return _About(
        ("DeletionRequest", found.id),
        reference=reference_of(found.referral_id) if is_told and found.referral_id else None,
        due_at=found.due_at,
    )


async def _overdue(read: ReadSession, actor: Actor, subject_id: uuid.UUID) -> _About | None:
    found = await _to_delete(read, actor, subject_id)
    if found is None or found.due_at is None:
        return None
    return found if is_overdue(DeletionStatus.OPEN, found.due_at, read.now) else None


async def _exit(read: ReadSession, actor: Actor, subject_id: uuid.UUID) -> _About | None:
    found = (await hires_by_id(read, actor, [subject_id])).get(subject_id)
    if found is None or found.status is HireStatus.JOINED:
        return None
    return _About(("Referral", found.referral_id), reference=reference_of(found.referral_id))


async def _meeting_to_come(read: ReadSession, actor: Actor, subject_id: uuid.UUID) -> _About | None:
    to_come = (MeetingStatus.SCHEDULED, MeetingStatus.PREPARED)
    return await _meeting(read, actor, subject_id, *to_come)


async def _meeting_prepared(
    read: ReadSession, actor: Actor, subject_id: uuid.UUID
) -> _About | None:
    return await _meeting(read, actor, subject_id, *FOLLOWING)


async def _meeting_cancelled(
    read: ReadSession, actor: Actor, subject_id: uuid.UUID
) -> _About | None:
    return await _meeting(read, actor, subject_id, MeetingStatus.CANCELLED)


async def _meeting(
    read: ReadSession, actor: Actor, subject_id: uuid.UUID, *statuses: MeetingStatus
) -> _About | None:
    found = (await meetings_by_id(read, actor, [subject_id])).get(subject_id)
    if found is None or found.status not in statuses:
        return None
    return _About(("Meeting", subject_id), meeting=calendar_event(found.row))


_LOOKS: Mapping[NoticeKind, Callable[[ReadSession, Actor, uuid.UUID], Awaitable[_About | None]]] = {
    NoticeKind.PARTNERSHIP_PROPOSED: _proposed,
    NoticeKind.PARTNERSHIP_BEGAN: _began,
    NoticeKind.PARTNERSHIP_DECLINED: _declined,
    NoticeKind.PARTNERSHIP_WITHDRAWN: _withdrawn,
    NoticeKind.TERMS_PROPOSED: _terms_proposed,
    NoticeKind.FUNDING_ASKED: _funding_asked,
    NoticeKind.PARTNERSHIP_SUSPENDED: _suspended,
    NoticeKind.PARTNERSHIP_RESUMED: _resumed,
    NoticeKind.PARTNERSHIP_ENDED: _ended,
    NoticeKind.PARTNER_LEAVES: _goes_on,
    NoticeKind.PARTNER_LEFT: _goes_on,
    NoticeKind.CANDIDATE_DELIVERED: _delivered,
    NoticeKind.DELETION_ASKED: _to_delete,
    NoticeKind.DELETION_DUE: _to_delete,
    NoticeKind.DELETION_OVERDUE: _overdue,
    NoticeKind.EXIT_RECORDED: _exit,
    NoticeKind.MEETING_SCHEDULED: _meeting_to_come,
    NoticeKind.MEETING_CHANGED: _meeting_to_come,
    NoticeKind.MEETING_CANCELLED: _meeting_cancelled,
    NoticeKind.MEETING_PREPARED: _meeting_prepared,
}
