"""Who is there, and what happened to each candidate: said once, and read twice.

`stage` plays it through the real operations; `oracle` tells from it, by itself, who may see what.
A scene is one candidate in one state. Everyone registered on day 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from models.access import Role
from models.rules.sharing import ALL_FIELDS, CandidateField, Purpose

SUPPORT = frozenset({Purpose.AGENCY_SUPPORT})
SHARING = SUPPORT | {Purpose.PARTNER_SHARING}
NAMED = SUPPORT | {Purpose.NAMED_TO_REFERRER}
EVERY = SHARING | NAMED

COMPANIES = ("giver", "partner", "paused", "former", "stranger")
"""Whose link most came through; its partner; those whose partnership with it rests, or is over;
one of the same consortium that is nobody's partner.
"""
AGENCIES = ("agency", "other agency")

F = CandidateField
FIRST_TERMS = (F.NAME, F.EMAIL, F.PHONE, F.CATEGORY, F.SKILLS, F.PREFECTURE)
"""What giver and partner agreed to at first, and what every share began under."""
NEW_TERMS = (F.NAME, F.EMAIL, F.CATEGORY, F.SKILLS, F.EXPERIENCE)
"""What is in force between them from day `CHANGED` on."""
COVERED, UNCOVERED = "SALES", "IT_INFRASTRUCTURE"
SHARED_DAYS = 30
CHANGED, RECALLED, TODAY = 25, 32, 41
"""The days: terms change, one partnership is suspended and one ends; what is overdue then is
recalled; and the day on which everyone looks.
"""
TERMS: dict[str, tuple[CandidateField, ...]] = {
    "partner": FIRST_TERMS,
    "paused": ALL_FIELDS,
    "former": ALL_FIELDS,
}


@dataclass(frozen=True)
class Step:
    """Something that happens to the candidate of a scene on a day."""

    day: int
    deed: str
    """A method of `stage.Player`."""
    of: str = ""
    """The organization it is about, or the purpose of a consent."""


@dataclass(frozen=True)
class Scene:
    """One candidate: through whose link, with which consents, and what happened since."""

    steps: tuple[Step, ...] = ()
    consents: frozenset[Purpose] = SHARING
    link: str = "giver"
    also: str | None = None
    """Another link that the same person came through, a day later."""
    agency: str = "agency"
    category: str = COVERED
    employer: str | None = None


def _shared(to: str, on: int, *more: Step) -> Scene:
    return Scene((Step(on, "offer", to), Step(on, "agree", to), *more), EVERY)


def _introduced(to: str, *more: Step, consents: frozenset[Purpose] = SUPPORT) -> Scene:
    return Scene((Step(20, "introduce", to), Step(20, "agree", to), *more), consents)


SCENES: dict[str, Scene] = {
    # No partner's way: neither consent nor terms, one of them, both.
    "unshared": Scene(consents=SUPPORT),
    "named": Scene(consents=NAMED),
    "named no more": Scene((Step(20, "withdraw", "NAMED_TO_REFERRER"),), EVERY),
    "uncovered": Scene(category=UNCOVERED),
    "of no partner": Scene(link="stranger"),
    "of no partner, unshared": Scene(link="stranger", consents=NAMED),
    "pooled": Scene(),
    "pooled and named": Scene(consents=EVERY),
    "pooled, of two links": Scene(also="partner"),
    "pooled, of another agency": Scene(link="giver, other agency", agency="other agency"),
    # The pool's way, ended.
    "withdrawn": Scene((Step(20, "withdraw", "PARTNER_SHARING"),)),
    "expired": Scene((Step(20, "expire", "PARTNER_SHARING"),)),
    "expired just now": Scene((Step(TODAY, "run_out", "PARTNER_SHARING"),)),
    "blocking": Scene((Step(20, "block", "partner"),)),
    "employed": Scene(employer="partner"),
    "employed now": Scene((Step(20, "employ", "partner"),)),
    "erased": Scene((Step(20, "erase"),)),
    "left": Scene((Step(20, "leave"),)),
    "blocking the giver": Scene((Step(20, "block", "giver"),), EVERY),
    # Between partners: asked, agreed, ended.
    "offered": Scene((Step(TODAY, "offer", "partner"),), EVERY),
    "offered, blocking": Scene(
        (Step(20, "block", "partner"), Step(TODAY, "offer", "partner")), EVERY
    ),
    "offered, employed": Scene((Step(TODAY, "offer", "partner"),), EVERY, employer="partner"),
    "offered, on the way": Scene(
        (Step(TODAY, "introduce", "partner"), Step(TODAY, "offer", "partner")), NAMED
    ),
    "asked for, on the way": Scene(
        (Step(TODAY, "introduce", "partner"), Step(TODAY, "ask", "partner"))
    ),
    "asked for, offered": Scene(
        (Step(TODAY, "offer", "partner"), Step(TODAY, "ask", "partner")), EVERY
    ),
    "asked for": Scene((Step(TODAY, "ask", "partner"),)),
    "asked for and named": Scene((Step(TODAY, "ask", "partner"),), EVERY),
    "refused": Scene((Step(20, "offer", "partner"), Step(20, "refuse", "partner")), EVERY),
    "shared": _shared("partner", 20),
    "shared when asked": Scene((Step(20, "ask", "partner"), Step(20, "agree", "partner"))),
    "shared, overdue": _shared("partner", 10),
    "shared, declined": _shared("partner", 20, Step(21, "decline", "partner")),
    "shared, stepped back": _shared("partner", 20, Step(21, "step_back", "partner")),
    "shared, withdrawn": _shared("partner", 20, Step(21, "withdraw", "INTRODUCTION")),
    "shared, run out": _shared("partner", 20, Step(TODAY, "run_out", "INTRODUCTION")),
    "shared, not in the pool": _shared("partner", 20, Step(21, "withdraw", "PARTNER_SHARING")),
    "shared, blocking": _shared("partner", 20, Step(21, "block", "partner")),
    "shared, employed": _shared("partner", 20, Step(21, "employ", "partner")),
    "shared, erased": _shared("partner", 20, Step(21, "erase")),
    "shared, hired": _shared("partner", 20, Step(21, "accept", "partner"), Step(22, "hire")),
    # Over a partnership that rests, or is over.
    "offered, paused": Scene((Step(20, "offer", "paused"),), EVERY),
    "shared, paused": _shared("paused", 20),
    "shared, paused, overdue": _shared("paused", 10),
    "shared, paused, recalled": _shared("paused", 1),
    "shared, former": _shared("former", 20),
    "shared, former, overdue": _shared("former", 10),
    "shared, former, recalled": _shared("former", 1),
    # Through the agency.
    "introduction asked": Scene((Step(TODAY, "introduce", "stranger"),), SUPPORT),
    "introduced": _introduced("stranger"),
    "introduced to the giver": _introduced("giver"),
    "introduced to the giver, named": _introduced("giver", consents=NAMED),
    "introduced to the partner": _introduced("partner", consents=SHARING),
    "introduced, declined": _introduced("stranger", Step(21, "decline", "stranger")),
    "introduced, stepped back": _introduced("stranger", Step(21, "step_back", "stranger")),
    "introduced, blocking": _introduced("stranger", Step(21, "block", "stranger")),
    "introduced, hired free": _introduced(
        "stranger", Step(21, "accept", "stranger"), Step(22, "redeem", "stranger"), Step(22, "hire")
    ),
    "introduced, left early": _introduced(
        "stranger", Step(21, "accept", "stranger"), Step(22, "hire"), Step(30, "exit", "stranger")
    ),
}


@dataclass(frozen=True)
class Viewer:
    """Someone who looks: of which organization, in which role, by hand or by a program."""

    of: str | None
    """None of the consortium itself."""
    role: Role
    is_token: bool = False
    is_foreign: bool = False
    """Whether of another consortium, whose organizations have the same names."""
    name: str = field(init=False)

    def __post_init__(self) -> None:
        parts = (self.of or "", self.role.value, "token" * self.is_token)
        elsewhere = " elsewhere" * self.is_foreign
        object.__setattr__(self, "name", " ".join(filter(None, parts)) + elsewhere)


_ORGANIZATION_ROLES = (Role.ADMIN, Role.RECRUITER, Role.VIEWER)
VIEWERS = (
    *(Viewer(of, role) for of in ("giver", "partner", "agency") for role in _ORGANIZATION_ROLES),
    *(
        Viewer(of, role)
        for of in ("paused", "former", "stranger", "other agency")
        for role in (Role.RECRUITER, Role.VIEWER)
    ),
    *(
        Viewer(of, role, is_token=True)
        for of in (*COMPANIES, *AGENCIES)
        for role in (Role.RECRUITER,)
    ),
    Viewer("partner", Role.VIEWER, is_token=True),
    Viewer(None, Role.CONSORTIUM_ADMIN),
    Viewer(None, Role.ANALYST),
    Viewer(None, Role.ANALYST, is_token=True),
    *(
        Viewer(of, Role.RECRUITER, is_foreign=True)
        for of in ("giver", "partner", "paused", "former", "agency")
    ),
    Viewer("partner", Role.RECRUITER, is_token=True, is_foreign=True),
    Viewer(None, Role.CONSORTIUM_ADMIN, is_foreign=True),
    Viewer(None, Role.ANALYST, is_foreign=True),
)
EACH_SIGHT = tuple(
    {(one.of, one.role is Role.VIEWER, one.is_foreign): one for one in VIEWERS}.values()
)
"""One of those who see the same: of an organization all but `VIEWER`, by hand or by a program."""
BY_NAME = {viewer.name: viewer for viewer in VIEWERS}
