"""The states things go through, and the steps that are allowed. Anything else is refused."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from models.errors import InvalidTransition


class OrganizationKind(StrEnum):
    COMPANY = "COMPANY"
    AGENCY = "AGENCY"


class MembershipStatus(StrEnum):
    INVITED = "INVITED"
    ACTIVE = "ACTIVE"
    LEFT = "LEFT"


class LinkStatus(StrEnum):
    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"


class RegistrationStatus(StrEnum):
    STARTED = "STARTED"
    COMPLETED = "COMPLETED"
    DUPLICATE = "DUPLICATE"
    EXPIRED = "EXPIRED"


class CountStatus(StrEnum):
    """What became of a registration's count. ``PENDING`` until the address is confirmed."""

    PENDING = "PENDING"
    COUNTED = "COUNTED"
    HELD = "HELD"
    NOT_COUNTED = "NOT_COUNTED"
    REVERSED = "REVERSED"


class ConsentStatus(StrEnum):
    ACTIVE = "ACTIVE"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"
    SUPERSEDED = "SUPERSEDED"


class ReferralStatus(StrEnum):
    REQUESTED = "REQUESTED"
    PROPOSED = "PROPOSED"
    AGREED = "AGREED"
    DELIVERED = "DELIVERED"
    ACCEPTED = "ACCEPTED"
    INTERVIEWING = "INTERVIEWING"
    OFFERED = "OFFERED"
    HIRED = "HIRED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"
    RECALLED = "RECALLED"
    EXPIRED = "EXPIRED"
    NO_SUITABLE_OPENING = "NO_SUITABLE_OPENING"


class Channel(StrEnum):
    RELAY_LINK = "RELAY_LINK"
    AGENCY_INTRODUCTION = "AGENCY_INTRODUCTION"
    PARTNER_SHARE = "PARTNER_SHARE"


class FreeHireStatus(StrEnum):
    """``TAKEN_BACK`` is where a reversal leaves a free hire that was still available."""

    AVAILABLE = "AVAILABLE"
    RESERVED = "RESERVED"
    SPENT = "SPENT"
    EXPIRED = "EXPIRED"
    TAKEN_BACK = "TAKEN_BACK"


class HireStatus(StrEnum):
    JOINED = "JOINED"
    LEFT_EARLY = "LEFT_EARLY"
    LEFT = "LEFT"


class CaseStatus(StrEnum):
    OPEN = "OPEN"
    CLOSED = "CLOSED"


class OpeningStatus(StrEnum):
    OPEN = "OPEN"
    CLOSED = "CLOSED"


class PartnershipStatus(StrEnum):
    PROPOSED = "PROPOSED"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    ENDED = "ENDED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"


class PartyStatus(StrEnum):
    """How a company stands to a partnership. ``INVITED`` until it has answered the proposal."""

    INVITED = "INVITED"
    JOINED = "JOINED"
    DECLINED = "DECLINED"
    LEFT = "LEFT"


class TermsStatus(StrEnum):
    """Where a version of a partnership's terms stands. It waits for every party's yes."""

    PROPOSED = "PROPOSED"
    IN_FORCE = "IN_FORCE"
    SUPERSEDED = "SUPERSEDED"
    REJECTED = "REJECTED"


class DeletionStatus(StrEnum):
    """Where a request to delete stands. ``LAPSED``: it was allowed anew before it was confirmed."""

    OPEN = "OPEN"
    CONFIRMED = "CONFIRMED"
    LAPSED = "LAPSED"


class MailingStatus(StrEnum):
    """``DRAFT`` can still be looked at; ``RUNNING`` sends; what is cancelled sends no more."""

    DRAFT = "DRAFT"
    RUNNING = "RUNNING"
    FINISHED = "FINISHED"
    CANCELLED = "CANCELLED"


class MailStatus(StrEnum):
    QUEUED = "QUEUED"
    SENT = "SENT"
    BOUNCED = "BOUNCED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


class MeetingStatus(StrEnum):
    """Where a feedback meeting stands. ``PREPARED``: its figures are frozen."""

    SCHEDULED = "SCHEDULED"
    PREPARED = "PREPARED"
    HELD = "HELD"
    DECIDED = "DECIDED"
    REVIEWED = "REVIEWED"
    CANCELLED = "CANCELLED"


class RequestStatus(StrEnum):
    """Where a candidate's request that needs a person stands."""

    OPEN = "OPEN"
    ANSWERED = "ANSWERED"
    REFUSED = "REFUSED"


class AnalysisStatus(StrEnum):
    """Where an analysis apart from a request stands."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


Steps = Mapping[StrEnum, tuple[StrEnum, ...]]

_L, _R, _F, _P = LinkStatus, ReferralStatus, FreeHireStatus, PartnershipStatus
_ENDS = (_R.DECLINED, _R.WITHDRAWN, _R.RECALLED, _R.EXPIRED)

MEMBERSHIP: Steps = {
    MembershipStatus.INVITED: (MembershipStatus.ACTIVE, MembershipStatus.LEFT),
    MembershipStatus.ACTIVE: (MembershipStatus.LEFT,),
}
LINK: Steps = {
    _L.ACTIVE: (_L.PAUSED, _L.EXPIRED, _L.REVOKED),
    _L.PAUSED: (_L.ACTIVE, _L.EXPIRED, _L.REVOKED),
}
REGISTRATION: Steps = {
    RegistrationStatus.STARTED: (
        RegistrationStatus.COMPLETED,
        RegistrationStatus.DUPLICATE,
        RegistrationStatus.EXPIRED,
    ),
}
COUNT: Steps = {
    CountStatus.PENDING: (CountStatus.COUNTED, CountStatus.HELD, CountStatus.NOT_COUNTED),
    CountStatus.HELD: (CountStatus.COUNTED, CountStatus.NOT_COUNTED),
    CountStatus.COUNTED: (CountStatus.REVERSED,),
}
CONSENT: Steps = {
    ConsentStatus.ACTIVE: (
        ConsentStatus.WITHDRAWN,
        ConsentStatus.EXPIRED,
        ConsentStatus.SUPERSEDED,
    ),
}
REFERRAL: Steps = {
    _R.REQUESTED: (_R.AGREED, *_ENDS),
    _R.PROPOSED: (_R.AGREED, *_ENDS),
    _R.AGREED: (_R.DELIVERED, *_ENDS),
    _R.DELIVERED: (_R.ACCEPTED, *_ENDS),
    _R.ACCEPTED: (_R.INTERVIEWING, *_ENDS),
    _R.INTERVIEWING: (_R.OFFERED, *_ENDS),
    _R.OFFERED: (_R.HIRED, *_ENDS),
}
RELAY_REFERRAL: Steps = {
    _R.ACCEPTED: (_R.HIRED, _R.WITHDRAWN, _R.NO_SUITABLE_OPENING),
}
FREE_HIRE: Steps = {
    _F.AVAILABLE: (_F.RESERVED, _F.EXPIRED, _F.TAKEN_BACK),
    _F.RESERVED: (_F.SPENT, _F.AVAILABLE),
    _F.SPENT: (_F.AVAILABLE,),
}
HIRE: Steps = {
    HireStatus.JOINED: (HireStatus.LEFT_EARLY, HireStatus.LEFT),
    # Back again where the exit had been recorded by mistake.
    HireStatus.LEFT_EARLY: (HireStatus.JOINED,),
    HireStatus.LEFT: (HireStatus.JOINED,),
}
DELETION: Steps = {
    DeletionStatus.OPEN: (DeletionStatus.CONFIRMED, DeletionStatus.LAPSED),
}
PARTNERSHIP: Steps = {
    _P.PROPOSED: (_P.ACTIVE, _P.DECLINED, _P.WITHDRAWN),
    _P.ACTIVE: (_P.SUSPENDED, _P.ENDED),
    _P.SUSPENDED: (_P.ACTIVE, _P.ENDED),
}
TERMS: Steps = {
    TermsStatus.PROPOSED: (TermsStatus.IN_FORCE, TermsStatus.REJECTED),
    TermsStatus.IN_FORCE: (TermsStatus.SUPERSEDED,),
}
MAILING: Steps = {
    MailingStatus.DRAFT: (MailingStatus.RUNNING, MailingStatus.CANCELLED),
    MailingStatus.RUNNING: (MailingStatus.FINISHED, MailingStatus.CANCELLED),
}

REQUEST: Steps = {
    RequestStatus.OPEN: (RequestStatus.ANSWERED, RequestStatus.REFUSED),
}

ANALYSIS: Steps = {
    AnalysisStatus.QUEUED: (AnalysisStatus.RUNNING, AnalysisStatus.CANCELLED),
    AnalysisStatus.RUNNING: (
        AnalysisStatus.QUEUED,
        AnalysisStatus.DONE,
        AnalysisStatus.FAILED,
        AnalysisStatus.CANCELLED,
    ),
}

MEETING: Steps = {
    MeetingStatus.SCHEDULED: (MeetingStatus.PREPARED, MeetingStatus.CANCELLED),
    MeetingStatus.PREPARED: (MeetingStatus.HELD, MeetingStatus.CANCELLED),
    MeetingStatus.HELD: (MeetingStatus.DECIDED,),
    MeetingStatus.DECIDED: (MeetingStatus.REVIEWED,),
}

OPEN_REFERRAL = tuple(state for state in REFERRAL)
"""The states from which a referral can still go on."""

LASTING = (_P.PROPOSED, _P.ACTIVE, _P.SUSPENDED)
"""The states of a partnership that is not over."""

FALLEN_THROUGH = frozenset(_ENDS)
"""The ends of a referral that did not work."""


def steps_of(channel: Channel) -> Steps:
    """The lifecycle of a referral: a registrant cannot be turned away by the agency."""
    return RELAY_REFERRAL if channel is Channel.RELAY_LINK else REFERRAL


def require_step(what: str, steps: Steps, at: StrEnum, to: StrEnum) -> None:
    """Raise `InvalidTransition`, naming the state and what it allows, unless ``at → to`` is."""
    allowed = steps.get(at, ())
    if to not in allowed:
        raise InvalidTransition(what=what, state=at.value, allowed=", ".join(allowed))
