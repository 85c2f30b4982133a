"""What a look at one thing is judged by: who looks, at which row, of which scene.

The functions here are what `table` states of fields and doors. They answer from the scenes and
from `oracle`; the rows only give the values that are shown where something is shown.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from models.rules.lifecycles import Channel
from models.rules.sharing import CandidateField
from tests.leaks import oracle
from tests.leaks.scenes import SCENES, Scene, Viewer
from tests.leaks.stage import Stage


@dataclass(frozen=True)
class Look:
    """One thing and who looks at it."""

    stage: Stage
    viewer: Viewer
    type_name: str
    key: uuid.UUID

    @property
    def row(self) -> Any:
        """The row of a referral, a case or a hire."""
        by_type: dict[str, Any] = {
            "Referral": self.stage.referrals,
            "Case": self.stage.cases,
            "Hire": self.stage.hires,
        }
        return by_type[self.type_name][self.key]

    @property
    def candidate_id(self) -> uuid.UUID:
        """Whom it is about."""
        if self.type_name in ("Candidate", "PoolListing"):
            return self.key
        row = self.row
        if self.type_name == "Hire":
            row = self.stage.referrals[row.referral_id]
        found: uuid.UUID = row.candidate_id
        return found

    @property
    def scene(self) -> Scene:
        """The scene it is of."""
        return SCENES[self.stage.scene_of(self.candidate_id)]

    def at(self, type_name: str, key: uuid.UUID) -> Look:
        """The same eyes on another thing."""
        return Look(self.stage, self.viewer, type_name, key)

    @property
    def kind(self) -> str:
        """How a referral began: `relay`, or one of `oracle.BEGINNINGS`."""
        row = self._referral
        if row.channel is Channel.RELAY_LINK:
            return "relay"
        if row.channel is Channel.AGENCY_INTRODUCTION:
            return "introduce"
        return "ask" if row.is_asked else "offer"

    @property
    def is_relay(self) -> bool:
        """Whether a referral was a link's."""
        return self.kind == "relay"

    @property
    def _referral(self) -> Any:
        return self.stage.referrals[self.row.referral_id] if self.type_name == "Hire" else self.row

    @property
    def sides(self) -> tuple[str, str]:
        """Who gave a referral, and who receives it."""
        row = self._referral
        return self.stage.name_of(row.from_id), self.stage.name_of(row.to_id)

    @property
    def is_given(self) -> bool:
        """Whether who looks gave the referral."""
        return self.viewer.of == self.sides[0]

    @property
    def is_delivered(self) -> bool:
        """Whether the receiver of a referral was ever told of it."""
        if self.is_relay:
            return True
        handed = oracle.handovers(self.scene)
        return any(one.receiver == self.sides[1] and one.agreed_on is not None for one in handed)


def is_there(look: Look) -> bool:
    """Whether the thing is there for who looks."""
    scene, viewer = look.scene, look.viewer
    if look.type_name == "Candidate":
        return oracle.is_known(viewer, scene)
    if look.type_name == "PoolListing":
        if viewer.of is None or viewer.is_foreign:
            return False
        return bool(oracle.shown_in_pool(scene, viewer.of))
    if look.type_name == "Referral":
        delivered = look.is_delivered
        return oracle.sees_handover(viewer, look.kind, *look.sides, delivered=delivered)
    if look.type_name == "Case":
        return oracle.sees_case(viewer, scene)
    assert look.type_name == "Hire"
    return oracle.sees_hire(viewer, look.kind, *look.sides)


Rule = Callable[[Look], bool]


def always(_: Look) -> bool:
    """Whoever sees the thing sees it."""
    return True


def of_candidate(field: CandidateField) -> Rule:
    """As far as consent, role and terms go."""
    return lambda look: oracle.sees(look.viewer, look.scene, field)


def not_of_own_link(look: Look) -> bool:
    """What becomes of who came through its link is not for the company whose link it was."""
    return not (look.is_given and look.is_relay)


def not_told_to_the_asked(look: Look) -> bool:
    """And of whom a partner asked for, no time and no reason."""
    return not_of_own_link(look) and not (look.is_given and look.kind == "ask")


def when_it_was_made(look: Look) -> bool:
    """A receiver is told when it was made only of what it began itself, or an agency was handed."""
    is_own = look.is_given or look.kind in ("ask", "relay")
    return not_told_to_the_asked(look) and is_own


def until_when_to_answer(look: Look) -> bool:
    """Who waits for the answer is told: who began it."""
    return not_told_to_the_asked(look) and (look.is_given or look.kind == "ask")


def note_of_the_agency(look: Look) -> bool:
    """As the candidate's own words."""
    return oracle.sees(look.viewer, look.scene, CandidateField.WISHES)


def own_free_hire(look: Look) -> bool:
    """To the company it is of."""
    return look.viewer.of == look.sides[1]


Door = Callable[[Look], set[uuid.UUID]]
"""The keys of the things that are behind it."""


def who_it_is(look: Look) -> set[uuid.UUID]:
    """The candidate of a referral, for who may learn who it is."""
    person = look.at("Candidate", look.candidate_id)
    needs_name = look.is_given and look.kind != "introduce"
    if needs_name and not oracle.may_know_who_came(look.viewer, look.scene):
        return set()
    # Whom a company asked for it knows from the pool, until they are delivered.
    is_out_of_pool = look.kind == "ask" and not look.is_given and not look.is_delivered
    if is_out_of_pool and not oracle.is_only_listed(look.viewer, look.scene):
        return set()
    return {person.key} if is_there(person) else set()


def the_candidate(look: Look) -> set[uuid.UUID]:
    """The candidate of a case or of a listing."""
    person = look.at("Candidate", look.candidate_id)
    return {person.key} if is_there(person) else set()


def _there(look: Look, type_name: str, *keys: uuid.UUID | None) -> set[uuid.UUID]:
    return {key for key in keys if key is not None and is_there(look.at(type_name, key))}


def the_one_before(look: Look) -> set[uuid.UUID]:
    """To who gave this one."""
    told = look.is_given and not_told_to_the_asked(look)
    return _there(look, "Referral", look.row.previous_id) if told else set()


def the_hire(look: Look) -> set[uuid.UUID]:
    """The hire that a referral led to."""
    hires = look.stage.hires.values()
    return _there(look, "Hire", *(one.id for one in hires if one.referral_id == look.key))


def the_case(look: Look) -> set[uuid.UUID]:
    """The agency's own case of a candidate."""
    cases = look.stage.cases.values()
    return _there(look, "Case", *(one.id for one in cases if one.candidate_id == look.key))


def the_referral(look: Look) -> set[uuid.UUID]:
    """The referral of a case, or of a hire."""
    return _there(look, "Referral", look.row.referral_id)


def introductions(look: Look) -> set[uuid.UUID]:
    """The agency's introductions of a case's candidate."""
    return {
        row.id
        for row in look.stage.referrals.values()
        if row.candidate_id == look.candidate_id and row.channel is Channel.AGENCY_INTRODUCTION
    }


def every(type_name: str) -> Callable[[Stage, Viewer], set[uuid.UUID]]:
    """All of a type that are there for someone."""

    def found(stage: Stage, viewer: Viewer) -> set[uuid.UUID]:
        keys: dict[str, Any] = {
            "Referral": stage.referrals,
            "Case": stage.cases,
            "Hire": stage.hires,
            "Candidate": stage.candidates.values(),
            "PoolListing": stage.candidates.values(),
        }
        looks = (Look(stage, viewer, type_name, key) for key in keys[type_name])
        return {look.key for look in looks if is_there(look)}

    return found


def between(stage: Stage, viewer: Viewer, organization_id: uuid.UUID) -> set[uuid.UUID]:
    """The referrals of an organization that someone sees: its own, or what passed between."""
    return {
        key
        for key in every("Referral")(stage, viewer)
        if organization_id in (stage.referrals[key].from_id, stage.referrals[key].to_id)
    }
