"""What candidates bring about on a stage: registrations, introductions, hires, the ledger."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select, update

from models.access import candidate
from models.operations.agreements import WithdrawFrom, withdraw_from
from models.operations.baselines import StateBaseline, state_baseline
from models.operations.candidate_pages import (
    BlockOrganization,
    WithdrawConsent,
    block_organization,
    withdraw_consent,
)
from models.operations.cases import NoteOnCase, note_on_case
from models.operations.deletions import confirm_deletion
from models.operations.free_hires import RedeemFreeHire, redeem_free_hire
from models.operations.links import pause_relay_link
from models.operations.milestones import reach_milestones
from models.operations.outcomes import RecordExit, record_exit
from models.operations.referrals import (
    DeclineReferral,
    IntroduceCandidate,
    decline_referral,
    introduce_candidate,
    start_interviews,
)
from models.operations.requests import EndRequest, SendRequest, answer_request, send_request
from models.operations.reviews import (
    Resolution,
    ResolveHeldCount,
    ReverseCount,
    resolve_held_count,
    reverse_count,
)
from models.rules.flows import local_day
from models.rules.ledger import Book, EntryKind, Unit
from models.rules.outcomes import ExitReason
from models.rules.requests import RequestKind
from models.rules.sharing import Purpose
from models.tables.candidates import Consent
from models.tables.deletions import DeletionRequest
from models.tables.ledger import Account, Entry, FreeHire
from models.tables.outcomes import HireExit
from models.tables.referrals import Case, DeclineReason, Referral
from models.tables.registrations import Registration
from tests.access.stage import CATEGORY, SKILL, Stage, link
from tests.handovers import ZONE, accepted, delivered, hired, offered, proposed, run

CANDIDATES = {
    "named": ("company", True),
    "quiet": ("company", False),
    "asked": ("company", False),
    "declined": ("company", False),
    "hired": ("company", False),
    "reserved": ("company", False),
    "blocking": ("company", True),
    "held": ("company", False),
    "first": ("receiver", False),
    "second": ("receiver", False),
    "third": ("receiver", False),
    "fourth": ("receiver", False),
    "fifth": ("receiver", False),
    "sixth": ("receiver", False),
    "seventh": ("receiver", False),
    "late": ("company, paused", False),
    "refused": ("receiver", False),
    "elsewhere": ("sibling", False),
    "shared": ("company", True),
    "wanted": ("company", False),
    "pooled": ("company", False),
    "gone": ("company, paused", True),
    "sought": ("company, paused", True),
    "rewarded": ("company, paused", True),
}
"""Who registered through whose link, and whether that company may learn who it was."""


SHARING = frozenset({"shared", "wanted", "pooled", "rewarded", "sought"})
"""Who agreed that partners see them."""


async def set_candidates(stage: Stage) -> None:
    world = stage.world
    links = {of: await link(stage, stage.key(f"link {of}")) for of, _ in CANDIDATES.values()}
    await stage.do(pause_relay_link, "company_admin", stage.key("link company, paused"))
    for number, (who, (of, is_named)) in enumerate(CANDIDATES.items(), 1):
        world.clock.forward(hours=1, minutes=number, seconds=7 * number + 3)
        purposes = {Purpose.AGENCY_SUPPORT} | ({Purpose.NAMED_TO_REFERRER} if is_named else set())
        if who in SHARING:
            purposes.add(Purpose.PARTNER_SHARING)
        domain = f"people.{stage.name}.example"
        if who in ("held", "refused"):
            domain = stage.marks[f"domain:{of}"].strip('"')
        # Nobody seems to be the same person as another.
        phone = f"090{1 if stage.name == 'here' else 2:02d}{number:06d}"
        form: dict[str, Any] = {
            "name": f"候補 {who} {stage.name}",
            "email": f"{who}@{domain}",
            "phone": phone,
            "wishes": f"wish of {who} {stage.name}",
            "category": CATEGORY,
            "skills": (SKILL,),
            "purposes": frozenset(purposes),
        }
        done = await world.register(links[of], **form)
        registration_at = await _registered(stage, who, done.candidate_id)
        stage.marks |= {
            f"name:{who}": str(form["name"]),
            f"email:{who}": str(form["email"]),
            f"phone:{who}": phone[-8:],
            f"wishes:{who}": str(form["wishes"]),
            f"time:{who}": registration_at,
        }


async def _registered(stage: Stage, who: str, candidate_id: uuid.UUID) -> str:
    """Remember what a registration made; answers its instant as answers write it."""
    stage.put(f"candidate {who}", "Candidate", candidate_id)
    async with stage.world.database.read() as read:
        registration = (
            await read.scalars(
                select(Registration).where(Registration.candidate_id == candidate_id)
            )
        ).one()
        referral = (
            await read.scalars(select(Referral.id).where(Referral.candidate_id == candidate_id))
        ).one()
        case = (await read.scalars(select(Case.id).where(Case.candidate_id == candidate_id))).one()
    kind = "HeldCount" if who in ("held", "refused") else "Registration"
    stage.put(f"registration {who}", kind, registration.id)
    stage.put(f"referral {who}", "Referral", referral)
    stage.put(f"case {who}", "Case", case)
    assert registration.completed_at is not None
    return registration.completed_at.strftime("%Y-%m-%dT%H:%M:%S")


async def set_requests(stage: Stage) -> None:
    """What two of them ask of the consortium: one waits, one is answered."""
    for name, who, kind in (
        ("request", "named", RequestKind.COMPLAINT),
        ("request answered", "quiet", RequestKind.DISCLOSURE),
    ):
        stage.world.clock.forward(days=1)
        actor = candidate(stage.world.consortium_id, stage.key(f"candidate {who}"), "en")
        text = f"request of {who} {stage.name}"
        made = await run(stage.world, send_request, actor, SendRequest(kind, text))
        stage.put(name, "CandidateRequest", made)
        stage.marks[f"request:{who}"] = text
    answer = EndRequest(stage.key("request answered"), f"answer to quiet {stage.name}")
    stage.marks["request:answer"] = answer.text
    await stage.do(answer_request, "consortium_admin", answer)


async def set_introductions(stage: Stage) -> None:
    world = stage.world
    company = world.other_company
    world.clock.forward(days=1)
    people = {who: stage.key(f"candidate {who}") for who in CANDIDATES}
    command = IntroduceCandidate(people["asked"], company.id, stage.key("opening receiver"))
    made = {"asked": await stage.do(introduce_candidate, "agency_admin", command)}
    made["named"] = await delivered(world, people["named"])
    made["quiet"] = await accepted(world, people["quiet"])
    made["declined"] = await delivered(world, people["declined"])
    no = DeclineReferral(made["declined"], DeclineReason.SKILLS)
    await stage.do(decline_referral, "receiver_admin", no)
    made["blocking"] = await delivered(world, people["blocking"])
    for who in ("hired", "reserved"):
        made[who] = await offered(world, people[who])
        await stage.do(redeem_free_hire, "receiver_admin", RedeemFreeHire(made[who]))
    stage.put("hire", "Hire", await hired(world, made["hired"]))
    made["seventh"] = await offered(world, people["seventh"])
    stage.put("hire left", "Hire", await hired(world, made["seventh"], fee_yen=1_000_000))
    made["interviewed"] = await accepted(world, people["late"])
    await stage.do(start_interviews, "receiver_admin", made["interviewed"])
    made["second asked"] = await proposed(world, people["held"])
    for who, referral_id in made.items():
        stage.put(f"introduction {who}", "Referral", referral_id)
    await _opening_of(stage, made["named"], stage.key("opening kept"))
    actor = candidate(world.consortium_id, people["blocking"], "en")
    for blocked in (world.company, company):
        await run(world, block_organization, actor, BlockOrganization(blocked.name))
    await _withdraw(stage, await delivered(world, people["gone"]))
    note = f"note {stage.name}"
    await stage.do(note_on_case, "agency_admin", NoteOnCase(stage.key("case named"), note))
    stage.marks["note:agency"] = note


async def _withdraw(stage: Stage, introduction: uuid.UUID) -> None:
    """Someone is no longer to be known to both companies: one of them has confirmed it."""
    world, who = stage.world, stage.key("candidate gone")
    actor = candidate(world.consortium_id, who, "en")
    await run(world, withdraw_from, actor, WithdrawFrom(introduction))
    async with world.database.read() as read:
        named = await read.scalar(
            select(Consent.id).where(
                Consent.candidate_id == who, Consent.purpose == Purpose.NAMED_TO_REFERRER
            )
        )
    assert named is not None
    await run(world, withdraw_consent, actor, WithdrawConsent(named))
    for name, of in (("deletion", "receiver"), ("deletion confirmed", "company")):
        async with world.database.read() as read:
            request = await read.scalar(
                select(DeletionRequest.id).where(DeletionRequest.recipient_id == stage.key(of))
            )
        assert request is not None
        stage.put(name, "DeletionRequest", request)
    await stage.do(confirm_deletion, "company_recruiter", stage.key("deletion confirmed"))


async def _opening_of(stage: Stage, referral_id: uuid.UUID, opening_id: uuid.UUID) -> None:
    async with stage.world.database.transaction() as tx:
        await tx.execute(
            update(Referral).where(Referral.id == referral_id).values(opening_id=opening_id)
        )


async def set_ledger(stage: Stage) -> None:
    refuse = ResolveHeldCount(stage.key("registration refused"), Resolution.REFUSE, "no")
    await stage.do(resolve_held_count, "consortium_admin", refuse)
    await _find_ledger(stage)
    taken = ReverseCount(stage.key("entry receiver"), "no")
    await stage.do(reverse_count, "consortium_admin", taken)
    async with stage.world.database.read() as read:
        reversal = await read.scalar(select(Entry.id).where(Entry.reverses_id == taken.entry_id))
    assert reversal is not None
    stage.put("entry reversal", "Entry", reversal)


async def _find_ledger(stage: Stage) -> None:
    async with stage.world.database.read() as read:
        for of in ("company", "receiver"):
            entry = await read.scalar(
                select(Entry.id)
                .join(Account, Account.id == Entry.account_id)
                .where(
                    Account.company_id == stage.key(of),
                    Account.unit == Unit.COUNT,
                    Account.book == Book.BALANCE,
                    Entry.kind == EntryKind.COUNTED,
                )
                .order_by(Entry.number.desc())
                .limit(1)
            )
            free_hires = await read.execute(
                select(FreeHire.id, FreeHire.status).where(FreeHire.company_id == stage.key(of))
            )
            assert entry is not None
            stage.put(f"entry {of}", "Entry", entry)
            for row in free_hires:
                stage.put(f"free hire {of} {row.status.lower()}", "FreeHire", row.id)
        earned = await read.scalar(
            select(Entry.id)
            .join(Account, Account.id == Entry.account_id)
            .where(Account.company_id == stage.key("company"), Entry.free_hire_id.is_not(None))
            .limit(1)
        )
    assert earned is not None
    stage.put("entry earned", "Entry", earned)


async def set_outcomes(stage: Stage) -> None:
    """A month has passed: who stayed has reached a milestone, and someone leaves."""
    world = stage.world
    async with world.database.transaction() as tx:
        await reach_milestones(tx)
    today = local_day(world.clock.now, ZONE)
    exit_ = RecordExit(stage.key("hire left"), today, ExitReason.PERSON)
    await stage.do(record_exit, "receiver_admin", exit_)
    async with world.database.read() as read:
        of_hire = HireExit.hire_id == stage.key("hire left")
        recorded = (await read.scalars(select(HireExit.id).where(of_hire))).one()
    stage.put("recorded exit", "RecordedExit", recorded)
    for of in ("company", "receiver"):
        await stage.do(state_baseline, f"{of}_admin", StateBaseline(90, 80, 70, 1_200_000))
