"""Relay links: made, paused, resumed, revoked, reissued by their company."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from models.access import Actor, Permission, require
from models.audit import audit
from models.errors import AlreadyExists, InvalidInput, NotFound
from models.rules.bounds import require_line
from models.rules.lifecycles import (
    LINK,
    LinkStatus,
    MembershipStatus,
    OrganizationKind,
    require_step,
)
from models.session import WriteSession
from models.tables.consortium import Membership, Organization
from models.tables.links import LinkUsage, RelayLink
from models.tokens import token_of
from models.visibility import visible_organizations, visible_relay_links

LINK_PURPOSE = "relay-link"
TEXT_LENGTH_MAX = 100


@dataclass(frozen=True, slots=True)
class CreateRelayLink:
    """A campaign's link; an opening, a stage, an agency and a last day where there is one."""

    campaign: str
    opening_title: str | None = None
    stage: str | None = None
    usage: LinkUsage = LinkUsage.REJECTION_MAIL
    agency_id: uuid.UUID | None = None
    expires_at: datetime | None = None


async def create_relay_link(tx: WriteSession, actor: Actor, command: CreateRelayLink) -> uuid.UUID:
    """Make a link. Its URL is secret: whoever has it can register."""
    require(actor, Permission.MANAGE_LINKS)
    _check(tx, command)
    if command.agency_id is not None:
        await _require_agency(tx, actor, command.agency_id)
    return await _insert(tx, actor, command, replaces_id=None)


def _check(tx: WriteSession, command: CreateRelayLink) -> None:
    texts = {
        "campaign": command.campaign,
        "openingTitle": command.opening_title,
        "stage": command.stage,
    }
    for path, text in texts.items():
        if text is not None:
            require_line(path, text, TEXT_LENGTH_MAX)
    if command.expires_at is not None and command.expires_at <= tx.now:
        raise InvalidInput(
            "expiresAt",
            ja="有効期限には将来の日時を指定してください。",
            en="Let the link expire in the future.",
        )


async def _require_agency(tx: WriteSession, actor: Actor, agency_id: uuid.UUID) -> None:
    found = await tx.scalar(
        select(Organization.id)
        .join(Membership, Membership.organization_id == Organization.id)
        .where(
            visible_organizations(actor),
            Organization.id == agency_id,
            Organization.kind == OrganizationKind.AGENCY,
            Membership.status == MembershipStatus.ACTIVE,
        )
    )
    if found is None:
        raise NotFound("agencyId", what="agency")


async def _insert(
    tx: WriteSession, actor: Actor, command: CreateRelayLink, *, replaces_id: uuid.UUID | None
) -> uuid.UUID:
    assert actor.organization_id is not None
    link = RelayLink(
        consortium_id=actor.consortium_id,
        company_id=actor.organization_id,
        token_hash=b"",
        campaign=command.campaign.strip(),
        opening_title=command.opening_title,
        stage=command.stage,
        usage=command.usage,
        agency_id=command.agency_id,
        expires_at=command.expires_at,
        replaces_id=replaces_id,
        created_at=tx.now,
    )
    link.token_hash = tx.vault.token_hash(token_of(tx.vault, LINK_PURPOSE, link.id))
    tx.add(link)
    await tx.flush()
    audit(tx, actor, "relay_link.created", "relay_link", link.id)
    return link.id


async def pause_relay_link(tx: WriteSession, actor: Actor, link_id: uuid.UUID) -> uuid.UUID:
    """Set a link aside: it still serves candidates, uncounted."""
    return await _move(tx, actor, link_id, LinkStatus.PAUSED)


async def resume_relay_link(tx: WriteSession, actor: Actor, link_id: uuid.UUID) -> uuid.UUID:
    """Take a paused link into use again."""
    return await _move(tx, actor, link_id, LinkStatus.ACTIVE)


async def revoke_relay_link(tx: WriteSession, actor: Actor, link_id: uuid.UUID) -> uuid.UUID:
    """Withdraw a link for good: it still serves candidates, uncounted."""
    return await _move(tx, actor, link_id, LinkStatus.REVOKED)


async def reissue_relay_link(tx: WriteSession, actor: Actor, link_id: uuid.UUID) -> uuid.UUID:
    """Revoke a link that leaked, and make one like it with a new URL. Answers the new link.

    Raises `AlreadyExists` where a new one has taken its place: that one can be reissued.
    """
    link = await _locked(tx, actor, link_id)
    if await tx.scalar(select(exists().where(RelayLink.replaces_id == link.id))):
        raise AlreadyExists("id", what="link in its place")
    if link.status is not LinkStatus.REVOKED:
        require_step("relay link", LINK, link.status, LinkStatus.REVOKED)
        link.status = LinkStatus.REVOKED
        audit(tx, actor, "relay_link.revoked", "relay_link", link.id)
    is_over = link.expires_at is not None and link.expires_at <= tx.now
    like_it = CreateRelayLink(
        campaign=link.campaign,
        opening_title=link.opening_title,
        stage=link.stage,
        usage=link.usage,
        agency_id=link.agency_id,
        expires_at=None if is_over else link.expires_at,
    )
    await tx.flush()
    return await _insert(tx, actor, like_it, replaces_id=link.id)


async def _move(tx: WriteSession, actor: Actor, link_id: uuid.UUID, to: LinkStatus) -> uuid.UUID:
    link = await _locked(tx, actor, link_id)
    require_step("relay link", LINK, link.status, to)
    link.status = to
    audit(tx, actor, f"relay_link.{to.value.lower()}", "relay_link", link.id)
    return link.id


async def _locked(tx: WriteSession, actor: Actor, link_id: uuid.UUID) -> RelayLink:
    require(actor, Permission.MANAGE_LINKS)
    link = await tx.scalar(
        select(RelayLink)
        .where(visible_relay_links(actor), RelayLink.id == link_id)
        .with_for_update()
    )
    if link is None:
        raise NotFound("id", what="relay link")
    return link
