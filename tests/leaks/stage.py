"""The scenes, played through the real operations in one consortium; and a foreign one beside it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from gql.node import encode_id
from models.access import Actor, Role
from models.operations.agreements import (
    AgreeToIntroduction,
    DeclineIntroduction,
    WithdrawFrom,
    agree_to_introduction,
    decline_introduction,
    withdraw_from,
)
from models.operations.api_tokens import CreateApiToken, create_api_token
from models.operations.candidate_pages import (
    BlockOrganization,
    NamePresentEmployer,
    WithdrawConsent,
    block_organization,
    leave_agency,
    name_present_employer,
    withdraw_consent,
)
from models.operations.cases import NoteOnCase, note_on_case
from models.operations.consent_expiry import expire_consents
from models.operations.erased_keys import destroy_erased_keys
from models.operations.erasures import erase_own_data
from models.operations.free_hires import RedeemFreeHire, redeem_free_hire
from models.operations.openings import CreateOpening, OpeningTerms, create_opening
from models.operations.outcomes import RecordExit, record_exit
from models.operations.partner_referrals import (
    AskForCandidate,
    OfferCandidate,
    ask_for_candidate,
    offer_candidate,
    recall_overdue,
)
from models.operations.partnerships import WithReason, end_partnership, suspend_partnership
from models.operations.referrals import (
    DeclineReferral,
    IntroduceCandidate,
    RecordHire,
    accept_referral,
    decline_referral,
    introduce_candidate,
    make_offer,
    record_hire,
    start_interviews,
)
from models.operations.terms import ProposeTerms, accept_terms, propose_terms
from models.outbox import Event, EventType
from models.reads.sign_ins import authenticate_token
from models.rules.consent_texts import CONSENT_TEXT_VERSION
from models.rules.flows import local_day
from models.rules.lifecycles import ConsentStatus, OrganizationKind
from models.rules.partnerships import TermsOffered
from models.rules.sharing import Employment, Purpose
from models.session import Database
from models.tables.candidates import Candidate, Consent
from models.tables.consortium import Organization
from models.tables.links import RelayLink
from models.tables.records import OutboxEvent
from models.tables.referrals import Case, DeclineReason, Hire, Referral
from tests.handovers import ZONE, change, give_free_hires, run
from tests.leaks import oracle
from tests.leaks.scenes import (
    AGENCIES,
    CHANGED,
    COMPANIES,
    COVERED,
    NEW_TERMS,
    RECALLED,
    SCENES,
    SHARED_DAYS,
    TERMS,
    TODAY,
    VIEWERS,
    Scene,
    Step,
    Viewer,
)
from tests.partners import list_all, person
from tests.people import add_person
from tests.world import START, World, add_link, add_organization, build_world

SKILLS = ("PYTHON", "JAVA")
FEE_YEN = 1_000_000


@dataclass
class Stage:
    """One consortium: its organizations by name, the candidates by scene, and who looks."""

    world: World
    organizations: dict[str, Organization] = field(default_factory=dict)
    candidates: dict[str, uuid.UUID] = field(default_factory=dict)
    forms: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What each candidate filled in."""
    openings: dict[str, uuid.UUID] = field(default_factory=dict)
    links: dict[str, RelayLink] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    referrals: dict[uuid.UUID, Referral] = field(default_factory=dict)
    cases: dict[uuid.UUID, Case] = field(default_factory=dict)
    hires: dict[uuid.UUID, Hire] = field(default_factory=dict)
    free_hire: uuid.UUID | None = None
    """The one that is reserved for an introduction."""
    events: list[Event] = field(default_factory=list)
    """That a referral changed: the last time of each."""

    def scene_of(self, candidate_id: uuid.UUID) -> str:
        """The scene of a candidate."""
        return {key: name for name, key in self.candidates.items()}[candidate_id]

    def name_of(self, organization_id: uuid.UUID) -> str:
        """The organization of a key."""
        return {row.id: name for name, row in self.organizations.items()}[organization_id]

    def id(self, type_name: str, key: uuid.UUID) -> str:
        """A global id."""
        return str(encode_id(type_name, key))

    def told_id(self, viewer: Viewer, type_name: str, key: uuid.UUID) -> str:
        """The global id by which someone knows a thing: the pool has its own for each company."""
        if type_name in ("Candidate", "PoolListing") and viewer.of and not viewer.is_foreign:
            scene = SCENES[self.scene_of(key)]
            if type_name == "PoolListing" or oracle.is_only_listed(viewer, scene):
                return self.id(type_name, self.listing_id(viewer.of, key))
        return self.id(type_name, key)

    def listing_id(self, organization: str, candidate_id: uuid.UUID) -> uuid.UUID:
        """By what the pool tells an organization of a candidate."""
        vault = self.world.database.vault
        return vault.listing_id(self.organizations[organization].id, candidate_id)

    async def do(self, operation: Any, of: str | None, command: Any) -> Any:
        """One operation by an administrator of an organization."""
        row = self.organizations[of] if of else None
        role = Role.ADMIN if row else Role.CONSORTIUM_ADMIN
        return await run(self.world, operation, self.world.actor(row, role), command)


async def build(database: Database) -> tuple[Stage, Stage]:
    """The consortium of the scenes, and a foreign one with organizations of the same names."""
    there = await _founded(database, "there", 101)
    here = await _founded(database, "here", 1)
    for viewer in VIEWERS:
        await _add_viewer(there if viewer.is_foreign else here, viewer)
    await _set_partnerships(here)
    await _register(here)
    await Player(here).play()
    await _remember(here)
    return here, there


async def _founded(database: Database, slug: str, number: int) -> Stage:
    world = await build_world(database, slug=slug, first_number=number)
    stage = Stage(world)
    found = {"giver": world.company, "partner": world.other_company, "agency": world.agency}
    async with database.transaction() as tx:
        for at, name in enumerate((*COMPANIES, *AGENCIES)):
            kind = OrganizationKind.AGENCY if name in AGENCIES else OrganizationKind.COMPANY
            stage.organizations[name] = found.get(name) or await add_organization(
                tx, world.consortium_id, number + 10 + at, kind
            )
        stage.links["giver"] = world.link
        for name in ("partner", "stranger"):
            stage.links[name] = await add_link(tx, stage.organizations[name])
        other = stage.organizations["other agency"].id
        stage.links["giver, other agency"] = await add_link(tx, world.company, agency_id=other)
    for name in COMPANIES:
        opening = CreateOpening(OpeningTerms(title=f"Opening of {name}", category=COVERED))
        stage.openings[name] = await stage.do(create_opening, name, opening)
    return stage


async def _add_viewer(stage: Stage, viewer: Viewer) -> None:
    row = stage.organizations[viewer.of] if viewer.of else None
    email = f"{viewer.name.replace(' ', '.').lower()}@staff.example"
    role = viewer.role
    if viewer.is_token:
        # Who makes a program's token is an administrator.
        role = Role.ADMIN if row else Role.CONSORTIUM_ADMIN
    actor = await add_person(stage.world, row, role, email, password=None)
    if viewer.is_token:
        expires_at = stage.world.clock.now + timedelta(days=300)
        command = CreateApiToken(viewer.name, viewer.role, expires_at)
        made = await run(stage.world, create_api_token, actor, command)
        async with stage.world.database.read() as read:
            found = await authenticate_token(read, made.secret)
        assert found is not None
        actor = found
    stage.actors[viewer.name] = actor


async def _set_partnerships(stage: Stage) -> None:
    from tests.partners import partners

    for name, fields in TERMS.items():
        terms = TermsOffered(fields, (COVERED,), SHARED_DAYS, notice_days=0)
        await partners(
            stage.world, stage.organizations["giver"], stage.organizations[name], terms=terms
        )


async def _register(stage: Stage) -> None:
    for number, (name, scene) in enumerate(SCENES.items(), 1):
        employer = stage.organizations[scene.employer].name if scene.employer else None
        form: dict[str, Any] = {
            "name": f"候補 {name}",
            "email": f"person{number}@people.example",
            "phone": f"090-0000-{number:04d}",
            "wishes": f"wish of {name}",
            "category": scene.category,
            "experience_years": number % 30 + 1,
            "skills": SKILLS,
            "prefecture": f"{number % 40 + 1:02d}",
            "desired_prefectures": (f"{number % 40 + 2:02d}", "13"),
            "purposes": scene.consents,
            "employment": Employment.EMPLOYED if employer else Employment.NONE,
            "employer": employer,
        }
        stage.world.clock.forward(minutes=1)
        done = await stage.world.register(stage.links[scene.link], **form)
        stage.forms[name], stage.candidates[name] = form, done.candidate_id
        if scene.also:
            await stage.world.register(stage.links[scene.also], **form)
        async with stage.world.database.read() as read:
            case = select(Case.id).where(Case.candidate_id == done.candidate_id)
            case_id = (await read.scalars(case)).one()
        await stage.do(note_on_case, scene.agency, NoteOnCase(case_id, f"note on {name}"))


class Player:
    """Plays the steps of all scenes in the order of their days."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.open: dict[str, uuid.UUID] = {}
        """The last referral of each scene that was not the link's."""
        self.hires: dict[str, uuid.UUID] = {}

    async def play(self) -> None:
        """All of it, up to `TODAY`."""
        steps = sorted(
            ((step, name) for name, scene in SCENES.items() for step in scene.steps),
            key=lambda pair: pair[0].day,
        )
        for step, name in steps:
            await self._until(step.day)
            await getattr(self, step.deed)(name, SCENES[name], step)
        await self._until(TODAY)

    async def _until(self, day: int) -> None:
        for change_day, happen in ((CHANGED, self._change), (RECALLED, self._recall)):
            if self._day() < change_day <= day:
                self._go_to(change_day)
                await happen()
        self._go_to(day)

    def _day(self) -> int:
        return int((self.stage.world.clock.now - START).days)

    def _go_to(self, day: int) -> None:
        clock = self.stage.world.clock
        clock.now = max(clock.now + timedelta(seconds=7), START + timedelta(days=day, hours=3))

    async def _change(self) -> None:
        """New terms, a suspension and an end."""
        stage = self.stage
        by_name = await _partnerships(stage)
        terms = TermsOffered(NEW_TERMS, (COVERED,), SHARED_DAYS, notice_days=0)
        amendment = ProposeTerms(by_name["partner"], terms)
        terms_id = await stage.do(propose_terms, "giver", amendment)
        await stage.do(accept_terms, "partner", terms_id)
        await stage.do(suspend_partnership, "giver", WithReason(by_name["paused"], "a doubt"))
        # A partnership ends at the word of a consortium admin.
        await stage.do(end_partnership, None, WithReason(by_name["former"], "it is over"))
        await list_all(stage.world)

    async def _recall(self) -> None:
        async with self.stage.world.database.transaction() as tx:
            await recall_overdue(tx)

    async def _by(self, name: str, operation: Any, command: Any = None) -> Any:
        """Something that the candidate does."""
        actor = person(self.stage.world, self.stage.candidates[name])
        if command is not None:
            return await run(self.stage.world, operation, actor, command)
        async with self.stage.world.database.transaction() as tx:
            return await operation(tx, actor)

    async def offer(self, name: str, scene: Scene, step: Step) -> None:
        to = self.stage.organizations[step.of].id
        command = OfferCandidate(self.stage.candidates[name], to, COVERED)
        self.open[name] = await self.stage.do(offer_candidate, scene.link, command)

    async def ask(self, name: str, _: Scene, step: Step) -> None:
        command = AskForCandidate(self.stage.candidates[name], self.stage.openings[step.of])
        self.open[name] = await self.stage.do(ask_for_candidate, step.of, command)

    async def introduce(self, name: str, scene: Scene, step: Step) -> None:
        to, opening = self.stage.organizations[step.of].id, self.stage.openings[step.of]
        command = IntroduceCandidate(self.stage.candidates[name], to, opening)
        self.open[name] = await self.stage.do(introduce_candidate, scene.agency, command)

    async def agree(self, name: str, *_: Any) -> None:
        command = AgreeToIntroduction(self.open[name], CONSENT_TEXT_VERSION)
        await self._by(name, agree_to_introduction, command)

    async def refuse(self, name: str, *_: Any) -> None:
        await self._by(name, decline_introduction, DeclineIntroduction(self.open[name]))

    async def step_back(self, name: str, *_: Any) -> None:
        await self._by(name, withdraw_from, WithdrawFrom(self.open[name]))

    async def accept(self, name: str, _: Scene, step: Step) -> None:
        await self.stage.do(accept_referral, step.of, self.open[name])

    async def decline(self, name: str, _: Scene, step: Step) -> None:
        command = DeclineReferral(self.open[name], DeclineReason.SKILLS)
        await self.stage.do(decline_referral, step.of, command)

    async def hire(self, name: str, scene: Scene, _: Step) -> None:
        to = next(step.of for step in scene.steps if step.deed == "accept")
        is_free = any(step.deed == "redeem" for step in scene.steps)
        if not is_free:
            await self.stage.do(start_interviews, to, self.open[name])
            await self.stage.do(make_offer, to, self.open[name])
        fee = FEE_YEN if scene.steps[0].deed == "introduce" and not is_free else None
        joined_on = local_day(self.stage.world.clock.now, ZONE)
        command = RecordHire(self.open[name], joined_on, fee)
        self.hires[name] = await self.stage.do(record_hire, to, command)

    async def exit(self, name: str, _: Scene, step: Step) -> None:
        left_on = local_day(self.stage.world.clock.now, ZONE)
        await self.stage.do(record_exit, step.of, RecordExit(self.hires[name], left_on))

    async def redeem(self, name: str, _: Scene, step: Step) -> None:
        """A place is offered under a free hire."""
        company = self.stage.organizations[step.of]
        await self.stage.do(start_interviews, step.of, self.open[name])
        await self.stage.do(make_offer, step.of, self.open[name])
        [self.stage.free_hire] = await give_free_hires(self.stage.world, company, 1)
        await self.stage.do(redeem_free_hire, step.of, RedeemFreeHire(self.open[name]))

    async def withdraw(self, name: str, _: Scene, step: Step) -> None:
        consent_id = await self._consent(name, step)
        await self._by(name, withdraw_consent, WithdrawConsent(consent_id))

    async def run_out(self, name: str, _: Scene, step: Step) -> None:
        """The consent's time is over, and no timer has come by yet."""
        consent_id = await self._consent(name, step)
        now = self.stage.world.clock.now
        await change(self.stage.world, Consent, Consent.id == consent_id, expires_at=now)

    async def expire(self, name: str, scene: Scene, step: Step) -> None:
        await self.run_out(name, scene, step)
        async with self.stage.world.database.transaction() as tx:
            await expire_consents(tx)

    async def _consent(self, name: str, step: Step) -> uuid.UUID:
        async with self.stage.world.database.read() as read:
            found: uuid.UUID = (
                await read.scalars(
                    select(Consent.id).where(
                        Consent.candidate_id == self.stage.candidates[name],
                        Consent.purpose == Purpose(step.of),
                        Consent.status == ConsentStatus.ACTIVE,
                    )
                )
            ).one()
        return found

    async def block(self, name: str, _: Scene, step: Step) -> None:
        command = BlockOrganization(self.stage.organizations[step.of].name)
        await self._by(name, block_organization, command)

    async def employ(self, name: str, _: Scene, step: Step) -> None:
        command = NamePresentEmployer(self.stage.organizations[step.of].name)
        await self._by(name, name_present_employer, command)

    async def leave(self, name: str, *_: Any) -> None:
        await self._by(name, leave_agency)

    async def erase(self, name: str, *_: Any) -> None:
        await self._by(name, erase_own_data)
        await destroy_erased_keys(self.stage.world.database)


async def _partnerships(stage: Stage) -> dict[str, uuid.UUID]:
    from models.tables.partnerships import PartnershipParty

    names = {stage.organizations[name].id: name for name in TERMS}
    async with stage.world.database.read() as read:
        rows: Sequence[PartnershipParty] = (await read.scalars(select(PartnershipParty))).all()
    return {names[row.company_id]: row.partnership_id for row in rows if row.company_id in names}


TOLD = (
    EventType.REFERRAL_CHANGED.value,
    EventType.INTRODUCTION_REQUESTED.value,
    EventType.CONSENT_WITHDRAWN.value,
)
"""The events that subscriptions tell of somebody by."""


async def _remember(stage: Stage) -> None:
    """What came to be, as it stands today: the values that whoever may see them is told."""
    mine = stage.world.consortium_id
    async with stage.world.database.read() as read:
        for table, kept in ((Referral, stage.referrals), (Case, stage.cases), (Hire, stage.hires)):
            rows: Sequence[Any] = (
                await read.scalars(select(table).where(table.consortium_id == mine))
            ).all()
            kept.update({row.id: row for row in rows})
        events = await read.scalars(select(OutboxEvent).where(OutboxEvent.consortium_id == mine))
        last = {(row.type, *sorted(row.refs.values())): row for row in events if row.type in TOLD}
        stage.events = [
            Event(EventType(row.type), row.consortium_id, row.refs, row.id) for row in last.values()
        ]
        people = await read.scalars(select(Candidate.id).where(Candidate.consortium_id == mine))
        assert set(people) == set(stage.candidates.values())
