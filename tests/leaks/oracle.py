"""Who may see what of a scene's candidate, told from `domain.md` alone.

Invariant 7: consent ∩ role ∩, for a partner, the terms in force or an agreed referral's pinned
terms until its deadline. Invariant 8: what identifies opens only through an agreed hand-over.
Invariant 9: nothing to whom the candidate blocked, nor to the present employer. None of it is
taken from `models.visibility` or `models.rules.sharing`, which are what is tested.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from models.access import Role
from models.rules.sharing import ALL_FIELDS, CandidateField, Purpose
from tests.leaks.scenes import (
    AGENCIES,
    CHANGED,
    COVERED,
    NEW_TERMS,
    RECALLED,
    SHARED_DAYS,
    TERMS,
    TODAY,
    Scene,
    Step,
    Viewer,
)

F = CandidateField
IDENTIFY = frozenset({F.NAME, F.EMAIL, F.PHONE, F.WISHES})
EVERYTHING, NOTHING = frozenset(ALL_FIELDS), frozenset[CandidateField]()
IN_FORCE = {"partner": frozenset(NEW_TERMS)}
"""Between the giver and each other company, today."""
BEGINNINGS = ("offer", "ask", "introduce")


@dataclass(frozen=True)
class Ground:
    """Something by which an organization was provided with a candidate, and what it shows now."""

    fields: frozenset[CandidateField]


@dataclass(frozen=True)
class Handover:
    """A hand-over that was no link's: who began it, and how far it came."""

    kind: str
    giver: str
    receiver: str
    agreed_on: int | None
    is_over: bool
    """Whether it fell through: declined, stepped back from, withdrawn, or recalled."""
    is_hired: bool


def steps(scene: Scene, *deeds: str, of: str | None = None) -> list[Step]:
    """The steps of these kinds, about anyone or about one."""
    return [one for one in scene.steps if one.deed in deeds and of in (None, one.of)]


def is_erased(scene: Scene) -> bool:
    """Whether the candidate had everything erased."""
    return bool(steps(scene, "erase"))


def excludes(scene: Scene, organization: str) -> bool:
    """Whether the candidate blocked an organization, or works there."""
    return scene.employer == organization or bool(steps(scene, "block", "employ", of=organization))


def allows(scene: Scene, purpose: Purpose) -> bool:
    """Whether a consent was given and is good today."""
    ended = steps(scene, "withdraw", "expire", "run_out", of=purpose.value)
    # Who leaves the agency, or is erased, takes every consent back.
    return purpose in scene.consents and not ended and not steps(scene, "leave", "erase")


def handovers(scene: Scene) -> list[Handover]:
    """What the scene's steps brought about beside the links: at most one each."""
    return [_handover(scene, one) for one in steps(scene, *BEGINNINGS)]


def _handover(scene: Scene, began: Step) -> Handover:
    agreed = steps(scene, "agree")
    agreed_on = agreed[0].day if agreed else None
    hired = bool(steps(scene, "hire"))
    over = (
        bool(steps(scene, "refuse", "decline", "step_back", "leave", "erase"))
        or bool(steps(scene, "withdraw", of="INTRODUCTION"))
        or excludes(scene, began.of)
        or _recalled(began, agreed_on)
    )
    giver = scene.agency if began.deed == "introduce" else scene.link
    return Handover(began.deed, giver, began.of, agreed_on, over and not hired, hired)


def _recalled(began: Step, agreed_on: int | None) -> bool:
    """Whether it ended with the partnership: at once if not agreed to, else at its deadline."""
    if began.deed == "introduce" or began.of in IN_FORCE or began.day >= CHANGED:
        return False
    return agreed_on is None or agreed_on + SHARED_DAYS <= RECALLED


def grounds(scene: Scene, organization: str) -> Iterator[Ground]:
    """All by which a candidate is there for an organization."""
    yield from handed(scene, organization)
    if shown_in_pool(scene, organization):
        yield Ground(shown_in_pool(scene, organization))


def handed(scene: Scene, organization: str) -> Iterator[Ground]:
    """All by which an organization was ever provided with the candidate, the pool left out."""
    if organization == scene.agency:
        yield Ground(EVERYTHING if allows(scene, Purpose.AGENCY_SUPPORT) else NOTHING)
    if organization in came_through(scene) and Purpose.NAMED_TO_REFERRER in scene.consents:
        is_told = allows(scene, Purpose.NAMED_TO_REFERRER)
        yield Ground(frozenset({F.NAME}) if is_told else NOTHING)
    for one in handovers(scene):
        if one.receiver == organization and one.agreed_on is not None:
            yield Ground(_of_handover(scene, one))


def _of_handover(scene: Scene, one: Handover) -> frozenset[CandidateField]:
    if one.is_over or steps(scene, "run_out", "expire", of="INTRODUCTION"):
        return NOTHING
    if one.kind == "introduce":
        return EVERYTHING
    assert one.agreed_on is not None
    agreed_to = frozenset(TERMS[one.receiver] if one.agreed_on < CHANGED else NEW_TERMS)
    if one.is_hired or one.agreed_on + SHARED_DAYS > TODAY:
        return agreed_to
    return agreed_to & IN_FORCE.get(one.receiver, NOTHING)


def came_through(scene: Scene) -> list[str]:
    """The companies whose links the candidate followed."""
    return [one for one in (scene.link.partition(",")[0], scene.also) if one is not None]


def _between(
    terms: Mapping[str, Collection[CandidateField]], one: str, other: str
) -> frozenset[CandidateField]:
    """What terms show between two companies, of which one is always the giver."""
    names = {one, other} - {"giver"}
    return frozenset(terms.get(names.pop(), ())) if len(names) == 1 else NOTHING


def providers(scene: Scene, organization: str) -> list[str]:
    """Its partners, ever, through whose links the candidate came: they list them for it."""
    others = (one for one in came_through(scene) if one != organization)
    return [one for one in others if _between(TERMS, one, organization)]


def was_listed(scene: Scene, organization: str) -> bool:
    """Whether the candidate was ever in the pool of a company: every registration was on day 0."""
    return (
        bool(providers(scene, organization))
        and scene.category == COVERED
        and Purpose.PARTNER_SHARING in scene.consents
        and scene.employer != organization
    )


def shown_in_pool(scene: Scene, organization: str) -> frozenset[CandidateField]:
    """What the pool shows a company of the candidate today; nothing where they are not in it."""
    is_in = (
        was_listed(scene, organization)
        and allows(scene, Purpose.PARTNER_SHARING)
        and not excludes(scene, organization)
        # Nobody seeks who has been hired; whose name was told is not shown without it again.
        and not steps(scene, "hire")
        and not _was_named_to(scene, organization)
    )
    if not is_in:
        return NOTHING
    found = (_between(IN_FORCE, one, organization) for one in providers(scene, organization))
    return frozenset().union(*found) - IDENTIFY


def _was_named_to(scene: Scene, organization: str) -> bool:
    if organization in came_through(scene) and Purpose.NAMED_TO_REFERRER in scene.consents:
        return True
    return any(
        one.receiver == organization and one.agreed_on is not None for one in handovers(scene)
    )


def is_known(viewer: Viewer, scene: Scene) -> bool:
    """Whether the candidate is there at all for someone who looks."""
    return viewer.of is not None and not viewer.is_foreign and any(grounds(scene, viewer.of))


def is_only_listed(viewer: Viewer, scene: Scene) -> bool:
    """Whether someone sees the candidate in the pool, and knows them from nowhere else."""
    return is_known(viewer, scene) and not any(handed(scene, viewer.of or ""))


def sees(viewer: Viewer, scene: Scene, wanted: CandidateField) -> bool:
    """Whether a field is shown to someone who looks."""
    if viewer.of is None or viewer.is_foreign:
        return False
    if is_erased(scene) or excludes(scene, viewer.of):
        return False
    if wanted in IDENTIFY and viewer.role is Role.VIEWER:
        return False
    return any(wanted in one.fields for one in grounds(scene, viewer.of))


def may_know_who_came(viewer: Viewer, scene: Scene) -> bool:
    """Whether a company may learn that this person came through its link."""
    return (
        viewer.of is not None
        and not is_erased(scene)
        and not excludes(scene, viewer.of)
        and allows(scene, Purpose.NAMED_TO_REFERRER)
    )


def sees_handover(viewer: Viewer, kind: str, giver: str, receiver: str, *, delivered: bool) -> bool:
    """Whether a referral is there for someone: its giver, and its receiver once it may know.

    ``kind`` is how it began: `relay`, or one of `BEGINNINGS`. Who asked knows that it asked.
    """
    if viewer.of is None or viewer.is_foreign:
        return False
    return viewer.of == giver or (viewer.of == receiver and (delivered or kind == "ask"))


def sees_case(viewer: Viewer, scene: Scene) -> bool:
    """Whether the agency's case is there: for that agency."""
    return viewer.of == scene.agency and viewer.of in AGENCIES and not viewer.is_foreign


def sees_hire(viewer: Viewer, kind: str, giver: str, receiver: str) -> bool:
    """Whether a hire is there: for the company, and for the agency that introduced.

    What became of whom a company gave to a partner is between the partner and the person.
    """
    if viewer.of is None or viewer.is_foreign:
        return False
    return viewer.of == receiver or (viewer.of == giver and kind == "introduce")
