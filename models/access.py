"""Who may do what: actors, roles and the permissions they carry.

What an actor may *see* of a row is decided by the ``visible_*`` functions of
`models.visibility`; what of a candidate, by `models.rules.sharing`.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum

from models.errors import Forbidden, Unauthenticated
from models.rules.lifecycles import OrganizationKind


class ActorKind(StrEnum):
    """Who acts: a person or a program signed in, a candidate on their pages, Tasuki itself."""

    USER = "USER"
    TOKEN = "TOKEN"
    CANDIDATE = "CANDIDATE"
    SYSTEM = "SYSTEM"


class Role(StrEnum):
    ADMIN = "ADMIN"
    RECRUITER = "RECRUITER"
    VIEWER = "VIEWER"
    CONSORTIUM_ADMIN = "CONSORTIUM_ADMIN"
    ANALYST = "ANALYST"


ORGANIZATION_ROLES = frozenset({Role.ADMIN, Role.RECRUITER, Role.VIEWER})
CONSORTIUM_ROLES = frozenset({Role.CONSORTIUM_ADMIN, Role.ANALYST})


class Permission(StrEnum):
    """What can be permitted, as resource and verb."""

    READ_CONSORTIUM = "consortium:read"
    MANAGE_PROGRAM = "program:manage"
    MANAGE_MEMBERS = "members:manage"
    REVIEW_COUNTS = "counts:review"
    READ_AUDIT = "audit:read"
    MANAGE_USERS = "users:manage"
    MANAGE_TOKENS = "tokens:manage"
    READ_LINKS = "links:read"
    MANAGE_LINKS = "links:manage"
    READ_MAILINGS = "mailings:read"
    MANAGE_MAILINGS = "mailings:manage"
    READ_LEDGER = "ledger:read"
    SPEND_FREE_HIRES = "free_hires:spend"
    READ_REFERRALS = "referrals:read"
    HANDLE_REFERRALS = "referrals:handle"
    READ_CASES = "cases:read"
    HANDLE_CASES = "cases:handle"
    READ_OPENINGS = "openings:read"
    MANAGE_OPENINGS = "openings:manage"
    READ_FLOWS = "flows:read"
    IMPORT_FLOWS = "flows:import"
    READ_PARTNERSHIPS = "partnerships:read"
    MANAGE_PARTNERSHIPS = "partnerships:manage"
    READ_POOL = "pool:read"
    SHARE_CANDIDATES = "candidates:share"
    STATE_BASELINE = "baseline:state"
    READ_REWARDS = "rewards:read"
    FUND_REWARDS = "rewards:fund"
    EXPORT_REGISTERS = "registers:export"
    ANSWER_REQUESTS = "requests:answer"
    READ_DELETIONS = "deletions:read"
    READ_MEETINGS = "meetings:read"
    MANAGE_MEETINGS = "meetings:manage"
    READ_IMPACT = "impact:read"
    STATE_ASSUMPTIONS = "assumptions:state"


_P = Permission
_COMPANY_READS = frozenset(
    {
        _P.READ_CONSORTIUM,
        _P.READ_LINKS,
        _P.READ_MAILINGS,
        _P.READ_LEDGER,
        _P.READ_REFERRALS,
        _P.READ_OPENINGS,
        _P.READ_FLOWS,
        _P.READ_PARTNERSHIPS,
        _P.READ_POOL,
        _P.READ_REWARDS,
        _P.READ_DELETIONS,
        _P.READ_MEETINGS,
        _P.READ_IMPACT,
    }
)
_COMPANY_WORK = frozenset(
    {
        _P.MANAGE_LINKS,
        _P.MANAGE_MAILINGS,
        _P.SPEND_FREE_HIRES,
        _P.HANDLE_REFERRALS,
        _P.MANAGE_OPENINGS,
        _P.SHARE_CANDIDATES,
    }
)
_AGENCY_READS = frozenset(
    {
        _P.READ_CONSORTIUM,
        _P.READ_REFERRALS,
        _P.READ_CASES,
        _P.READ_OPENINGS,
        _P.READ_FLOWS,
        _P.READ_REWARDS,
        _P.READ_DELETIONS,
        _P.READ_MEETINGS,
    }
)
_AGENCY_WORK = frozenset({_P.HANDLE_REFERRALS, _P.HANDLE_CASES, _P.MANAGE_OPENINGS})
_ADMINISTRATION = frozenset({_P.MANAGE_USERS, _P.MANAGE_TOKENS})

PERMISSIONS: dict[tuple[OrganizationKind | None, Role], frozenset[Permission]] = {
    (OrganizationKind.COMPANY, Role.VIEWER): _COMPANY_READS,
    (OrganizationKind.COMPANY, Role.RECRUITER): _COMPANY_READS | _COMPANY_WORK,
    (OrganizationKind.COMPANY, Role.ADMIN): _COMPANY_READS
    | _COMPANY_WORK
    | _ADMINISTRATION
    | {
        _P.MANAGE_PARTNERSHIPS,
        _P.MANAGE_MEETINGS,
        _P.STATE_BASELINE,
        _P.STATE_ASSUMPTIONS,
        _P.EXPORT_REGISTERS,
    },
    (OrganizationKind.AGENCY, Role.VIEWER): _AGENCY_READS,
    (OrganizationKind.AGENCY, Role.RECRUITER): _AGENCY_READS | _AGENCY_WORK,
    (OrganizationKind.AGENCY, Role.ADMIN): _AGENCY_READS
    | _AGENCY_WORK
    | _ADMINISTRATION
    | {_P.FUND_REWARDS, _P.EXPORT_REGISTERS},
    (None, Role.ANALYST): frozenset({_P.READ_CONSORTIUM, _P.READ_FLOWS, _P.READ_IMPACT}),
    (None, Role.CONSORTIUM_ADMIN): _ADMINISTRATION
    | {
        _P.READ_CONSORTIUM,
        _P.MANAGE_PROGRAM,
        _P.MANAGE_MEMBERS,
        _P.REVIEW_COUNTS,
        _P.ANSWER_REQUESTS,
        _P.READ_AUDIT,
        _P.READ_LEDGER,
        _P.READ_OPENINGS,
        _P.READ_FLOWS,
        _P.IMPORT_FLOWS,
        _P.READ_PARTNERSHIPS,
        _P.MANAGE_PARTNERSHIPS,
        _P.READ_REWARDS,
        _P.READ_DELETIONS,
        _P.READ_MEETINGS,
        _P.MANAGE_MEETINGS,
        _P.READ_IMPACT,
    },
}


@dataclass(frozen=True, slots=True)
class Actor:
    """On whose behalf something is read or done. ``id`` is the user's, token's or candidate's."""

    kind: ActorKind
    consortium_id: uuid.UUID
    id: uuid.UUID | None = None
    role: Role | None = None
    organization_id: uuid.UUID | None = None
    organization_kind: OrganizationKind | None = None
    locale: str = "ja"

    def may(self, permission: Permission) -> bool:
        """Whether the role carries the permission."""
        if self.role is None:
            return False
        return permission in PERMISSIONS.get((self.organization_kind, self.role), frozenset())

    @property
    def acts_for_consortium(self) -> bool:
        """Whether this actor belongs to no organization."""
        return self.organization_id is None and self.role in CONSORTIUM_ROLES


def require(actor: Actor, permission: Permission) -> None:
    """Raise `Forbidden` unless the actor's role carries the permission."""
    if not actor.may(permission):
        raise Forbidden(permission=permission.name)


def require_signed_in(actor: Actor | None) -> Actor:
    """The actor. Raises `Unauthenticated` where nobody has signed in."""
    if actor is None:
        raise Unauthenticated
    return actor


def system(consortium_id: uuid.UUID) -> Actor:
    """Tasuki itself, for timers and workers."""
    return Actor(kind=ActorKind.SYSTEM, consortium_id=consortium_id)


def candidate(consortium_id: uuid.UUID, candidate_id: uuid.UUID, locale: str) -> Actor:
    """A candidate on pages of their own."""
    return Actor(
        kind=ActorKind.CANDIDATE, consortium_id=consortium_id, id=candidate_id, locale=locale
    )
