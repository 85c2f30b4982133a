"""Referrals, as those who gave and received them see them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, not_, or_, select, union_all

from models.access import Actor
from models.filters import matches
from models.paging import PageAsked, keyset, page_rows_by_parent
from models.reads.candidates import ShownCandidate, shown
from models.rules.lifecycles import Channel, FreeHireStatus, ReferralStatus
from models.session import ReadSession
from models.tables.ledger import FreeHire
from models.tables.referrals import DeclineReason, Referral
from models.visibility import given_referrals, received_referrals, visible_referrals

KEYS = (Referral.created_on, Referral.id)
"""The day, never the time: a referring company may learn no more."""

COLUMNS: tuple[Any, ...] = (
    Referral.id,
    Referral.candidate_id,
    Referral.channel,
    Referral.from_id,
    Referral.to_id,
    Referral.status,
    Referral.opening_id,
    Referral.previous_id,
    Referral.decline_reason,
    Referral.created_at,
    Referral.created_on,
    Referral.changed_at,
    Referral.delivered_at,
    Referral.respond_by,
    Referral.is_asked,
    Referral.shared_until,
)


@dataclass(frozen=True, slots=True)
class ReferralFilter:
    """Which referrals: any of the conditions, each None where nothing is asked."""

    channel: object | None = None
    status: object | None = None
    created_on: object | None = None


@dataclass(frozen=True, slots=True)
class ShownReferral:
    """One referral as the actor sees it.

    The company whose relay link it was learns the day, the agency and the channel; where it
    stands and when anything happened is None to it, and so is the candidate unless they agreed.
    """

    id: uuid.UUID
    channel: Channel
    from_id: uuid.UUID
    to_id: uuid.UUID
    created_on: date
    candidate_id: uuid.UUID
    """Not to be told: `candidates_of` decides whether it is."""
    is_relay_given: bool
    needs_name: bool
    """Whether it tells who came through one's own link: only who gave their name is told."""
    needs_listing: bool
    """Whether it was asked out of the pool and never came: the person is known from there only."""
    status: ReferralStatus | None
    opening_id: uuid.UUID | None
    previous_id: uuid.UUID | None
    decline_reason: DeclineReason | None
    created_at: datetime | None
    changed_at: datetime | None
    delivered_at: datetime | None
    respond_by: datetime | None
    shared_until: datetime | None
    is_asked: bool


def show(actor: Actor, row: Row[Any] | Any) -> ShownReferral:
    """A row as the actor sees it."""
    is_given = row.from_id == actor.organization_id
    is_relay_given = is_given and row.channel is Channel.RELAY_LINK
    told = None if is_relay_given else row
    # A partner asked for someone of one's own link: the day is told, and where it stands.
    timed = None if is_given and row.is_asked else told
    return ShownReferral(
        id=row.id,
        channel=row.channel,
        from_id=row.from_id,
        to_id=row.to_id,
        created_on=row.created_on,
        candidate_id=row.candidate_id,
        is_relay_given=is_relay_given,
        needs_name=is_given and row.channel is not Channel.AGENCY_INTRODUCTION,
        needs_listing=row.is_asked and not is_given and row.delivered_at is None,
        status=told and told.status,
        opening_id=timed and timed.opening_id,
        previous_id=timed.previous_id if timed and is_given else None,
        decline_reason=timed and timed.decline_reason,
        created_at=timed.created_at
        if timed and (is_given or row.is_asked or row.channel is Channel.RELAY_LINK)
        else None,
        changed_at=timed and timed.changed_at,
        delivered_at=timed and timed.delivered_at,
        respond_by=timed.respond_by if timed and (is_given or row.is_asked) else None,
        shared_until=timed and timed.shared_until,
        is_asked=row.is_asked,
    )


def _asked_for(actor: Actor, where: ReferralFilter) -> list[ColumnElement[bool]]:
    conditions = [
        *matches(Referral.channel, where.channel, "channel"),
        *matches(Referral.created_on, where.created_on, "createdOn"),
    ]
    by_status = matches(Referral.status, where.status, "status")
    if by_status:
        # What is hidden from the actor cannot be asked for either.
        hidden = and_(
            Referral.channel == Channel.RELAY_LINK, Referral.from_id == actor.organization_id
        )
        conditions += [*by_status, not_(hidden)]
    return conditions


async def referrals_page(
    read: ReadSession, actor: Actor, where: ReferralFilter, asked: PageAsked, *, descending: bool
) -> list[ShownReferral]:
    """One page of what the actor's organization gave and received, by day."""
    branches = []
    for side in (given_referrals(actor), received_referrals(actor)):
        # Each branch goes along its own index, and none is read further than the page.
        statement = select(*COLUMNS).where(side, *_asked_for(actor, where))
        branches.append(keyset(statement, KEYS, asked, descending=descending).subquery())
    both = union_all(*(select(branch) for branch in branches)).subquery()
    newest_first = descending != asked.backward
    order = [key.desc() if newest_first else key.asc() for key in (both.c.created_on, both.c.id)]
    rows = await read.execute(select(both).order_by(*order).limit(asked.limit_rows))
    return [show(actor, row) for row in rows]


async def count_referrals(read: ReadSession, actor: Actor, where: ReferralFilter) -> int:
    """How many there are."""
    counts = [
        select(func.count())
        .select_from(Referral)
        .where(side, *_asked_for(actor, where))
        .scalar_subquery()
        for side in (given_referrals(actor), received_referrals(actor))
    ]
    return (await read.scalar(select(counts[0] + counts[1]))) or 0


async def referrals_by_id(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, ShownReferral]:
    """Those of the ids that the actor sees."""
    rows = await read.execute(
        select(*COLUMNS).where(visible_referrals(actor), Referral.id.in_(ids))
    )
    return {row.id: show(actor, row) for row in rows}


def _sides(
    actor: Actor, organization_ids: Sequence[uuid.UUID]
) -> Iterable[tuple[Any, ColumnElement[bool], list[uuid.UUID]]]:
    """For each column an organization can stand in: what the actor sees there, and of whom.

    Of its own organization the actor sees all that it gave and received; of another, what passed
    between the two.
    """
    own = [one for one in organization_ids if one == actor.organization_id]
    others = [one for one in organization_ids if one != actor.organization_id]
    yield Referral.from_id, given_referrals(actor), own
    yield Referral.to_id, received_referrals(actor), own
    yield Referral.from_id, received_referrals(actor), others
    yield Referral.to_id, given_referrals(actor), others


async def referrals_by_organization(
    read: ReadSession,
    actor: Actor,
    organization_ids: Sequence[uuid.UUID],
    where: ReferralFilter,
    asked: PageAsked,
    *,
    descending: bool,
) -> dict[uuid.UUID, list[ShownReferral]]:
    """The same page of the referrals of many organizations: at most four statements."""
    found: dict[uuid.UUID, list[ShownReferral]] = {one: [] for one in organization_ids}
    for column, side, parents in _sides(actor, list(found)):
        if not parents:
            continue
        statement = select(*COLUMNS).where(side, *_asked_for(actor, where))
        pages = await page_rows_by_parent(
            read, statement, KEYS, asked, parents=parents, parent=column, descending=descending
        )
        for organization_id, page in pages.items():
            found[organization_id] += [show(actor, row) for row in page]
    newest_first = descending != asked.backward
    for rows in found.values():
        rows.sort(key=lambda row: (row.created_on, row.id), reverse=newest_first)
        del rows[asked.limit_rows :]
    return found


async def count_referrals_by_organization(
    read: ReadSession,
    actor: Actor,
    organization_ids: Sequence[uuid.UUID],
    where: ReferralFilter,
) -> dict[uuid.UUID, int]:
    """How many referrals of each organization the actor sees: at most four statements."""
    found = dict.fromkeys(organization_ids, 0)
    for column, side, parents in _sides(actor, list(found)):
        if not parents:
            continue
        statement: Select[Any] = (
            select(column, func.count())
            .where(side, column.in_(parents), *_asked_for(actor, where))
            .group_by(column)
        )
        for organization_id, number in await read.execute(statement):
            found[organization_id] += number
    return found


async def candidates_of(
    read: ReadSession, actor: Actor, referrals: Sequence[ShownReferral]
) -> list[ShownCandidate | None]:
    """The candidate of each referral, None where the actor may not learn who it was.

    That someone came through a company's relay link is theirs to tell, also where the company
    knows the person from elsewhere. So it is with whom a company asked for out of the pool, until
    they are delivered: the two together would tell which partner had turned them down.
    """
    people = await shown(read, actor, (referral.candidate_id for referral in referrals))
    return [_who(referral, people.get(referral.candidate_id)) for referral in referrals]


def _who(referral: ShownReferral, person: ShownCandidate | None) -> ShownCandidate | None:
    if person is None or (referral.needs_name and not person.is_named_to_referrer):
        return None
    if referral.needs_listing and not person.is_only_listed:
        return None
    return person


async def free_referrals(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> frozenset[uuid.UUID]:
    """Those of the referrals seen by the actor that a free hire is reserved for or spent on.

    Both sides are told: the agency honours it.
    """
    rows = await read.scalars(
        select(FreeHire.referral_id)
        .join(Referral, Referral.id == FreeHire.referral_id)
        .where(
            visible_referrals(actor),
            Referral.id.in_(ids),
            or_(
                FreeHire.status == FreeHireStatus.RESERVED,
                FreeHire.status == FreeHireStatus.SPENT,
            ),
        )
    )
    return frozenset(row for row in rows if row is not None)


async def told_of_changes(
    read: ReadSession, actor: Actor, ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, ShownReferral]:
    """Those of the referrals whose changes the actor may follow as they happen.

    What follows a relay link is not told to the company that gave it: not even that it changed.
    """
    seen = await referrals_by_id(read, actor, ids)
    return {key: row for key, row in seen.items() if not row.is_relay_given}
