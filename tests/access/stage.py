"""One consortium with everything in it that can be seen, and marks by which it is recognised.

Two are built in one database, alike but for their marks: what happens in one is foreign in the
other.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from stdnum.jp import cn as houjin_bangou

from gql.node import encode_id
from models.access import Actor, Role
from models.operations.api_tokens import CreateApiToken, create_api_token, revoke_api_token
from models.operations.links import CreateRelayLink, create_relay_link
from models.operations.mail_templates import SaveMailTemplate, save_mail_template
from models.operations.mailings import (
    CreateMailing,
    cancel_mailing,
    create_mailing,
    read_people,
    record_mail,
    start_mailing,
)
from models.operations.members import AddMember, add_member, end_membership
from models.operations.openings import CreateOpening, OpeningTerms, create_opening
from models.outbox import Event
from models.reads.sign_ins import authenticate_token
from models.rules.lifecycles import MailStatus, OrganizationKind
from models.tables.consortium import Organization, ProgramVersion
from models.tables.links import LinkUsage, RelayLink
from models.tables.mailings import Mailing, Rejection
from models.tables.users import User, UserStatus
from models.vocabulary.job_categories import JOB_CATEGORIES
from models.vocabulary.skills import SKILLS
from tests.handovers import change, run
from tests.people import add_person
from tests.world import World, add_organization

BASE_URL = "https://tasuki.example"
COUNTS_PER_FREE_HIRE = 2
CATEGORY, SKILL = next(iter(JOB_CATEGORIES)), next(iter(SKILLS))


@dataclass
class Stage:
    """A consortium's world, its people, the rows by name, and the marks that were planted."""

    world: World
    name: str
    actors: dict[str, Actor | None] = field(default_factory=dict)
    rows: dict[str, tuple[str, uuid.UUID]] = field(default_factory=dict)
    """(type in the schema, key) of each thing."""
    marks: dict[str, str] = field(default_factory=dict)
    """What is told only to some, as `kind:thing`, and how it is written in an answer."""
    events: list[Event] = field(default_factory=list)

    def id(self, name: str) -> str:
        """A thing's global id."""
        return str(encode_id(*self.rows[name]))

    def key(self, name: str) -> uuid.UUID:
        """A thing's key."""
        return self.rows[name][1]

    def put(self, name: str, type_name: str, key: uuid.UUID) -> uuid.UUID:
        """Remember a row by a name."""
        self.rows[name] = (type_name, key)
        return key

    def actor(self, name: str) -> Actor:
        """Someone who has signed in."""
        found = self.actors[name]
        assert found is not None
        return found

    async def do(self, operation: Any, name: str, command: Any) -> Any:
        """One operation by someone of the consortium."""
        return await run(self.world, operation, self.actor(name), command)


async def set_organizations(stage: Stage, first_number: int) -> None:
    world = stage.world
    async with world.database.transaction() as tx:
        sibling = await add_organization(
            tx, world.consortium_id, first_number + 3, OrganizationKind.COMPANY
        )
        other_agency = await add_organization(
            tx, world.consortium_id, first_number + 4, OrganizationKind.AGENCY
        )
        for row in (world.company, world.other_company, sibling, world.agency, other_agency):
            await tx.execute(
                update(Organization)
                .where(Organization.id == row.id)
                .values(
                    name_en=f"{row.name} Ltd",
                    industry_division="G",
                    industry_group="39",
                    prefecture="13",
                    mail_domain=f"own{row.corporate_number[-4:]}.{stage.name}.example",
                )
            )
        version = await tx.scalar(
            select(ProgramVersion.id).where(ProgramVersion.program_id == world.program_id)
        )
    assert version is not None
    stage.put("consortium", "Consortium", world.consortium_id)
    stage.put("program", "Program", world.program_id)
    stage.put("program version", "ProgramVersion", version)
    for name, row in {
        "company": world.company,
        "receiver": world.other_company,
        "sibling": sibling,
    }.items():
        stage.put(name, "Company", row.id)
        domain = f"own{row.corporate_number[-4:]}.{stage.name}.example"
        stage.marks[f"domain:{name}"] = f'"{domain}"'
    for name, kind, number in (
        ("left company", OrganizationKind.COMPANY, 5),
        ("left agency", OrganizationKind.AGENCY, 6),
        ("newcomer", OrganizationKind.COMPANY, 7),
    ):
        async with world.database.transaction() as tx:
            left = await add_organization(tx, world.consortium_id, first_number + number, kind)
        stage.put(name, kind.value.title(), left.id)
    stage.put("agency", "Agency", world.agency.id)
    stage.put("other agency", "Agency", other_agency.id)


PEOPLE = {
    "company_admin": ("company", Role.ADMIN),
    "company_recruiter": ("company", Role.RECRUITER),
    "company_viewer": ("company", Role.VIEWER),
    "receiver_admin": ("receiver", Role.ADMIN),
    "sibling_admin": ("sibling", Role.ADMIN),
    "agency_admin": ("agency", Role.ADMIN),
    "agency_viewer": ("agency", Role.VIEWER),
    "other_agency_admin": ("other agency", Role.ADMIN),
    "consortium_admin": (None, Role.CONSORTIUM_ADMIN),
    "analyst": (None, Role.ANALYST),
}


async def set_people(stage: Stage) -> None:
    world = stage.world
    async with world.database.read() as read:
        organizations = {
            name: await read.get_one(Organization, stage.key(name))
            for name in ("company", "receiver", "sibling", "agency", "other agency")
        }
    stage.actors["anonymous"] = None
    for name, (of, role) in PEOPLE.items():
        email = f"{name.replace('_', '-')}@staff.{stage.name}.example"
        actor = await add_person(
            world, organizations[of] if of else None, role, email, password=None
        )
        assert actor.id is not None
        stage.actors[name] = actor
        stage.put(f"user {name}", "User", actor.id)
        stage.marks[f"staff:{name}"] = f'"{email}"'
    async with world.database.transaction() as tx:
        await tx.execute(
            update(User)
            .where(User.consortium_id == world.consortium_id)
            .values(signed_in_at=tx.now)
        )
    for of, maker in (
        ("company", "company_admin"),
        ("company, revoked", "company_admin"),
        ("consortium", "consortium_admin"),
    ):
        role = Role.ANALYST if of == "consortium" else Role.RECRUITER
        command = CreateApiToken(f"token of {of} {stage.name}", role, in_days(stage, 300))
        made = await stage.do(create_api_token, maker, command)
        stage.put(f"token {of}", "ApiToken", made.id)
        stage.marks[f"token:{of}"] = command.name
        if of == "company":
            async with world.database.read() as read:
                stage.actors["company_token"] = await authenticate_token(read, made.secret)
    await _set_people_coming_and_going(stage)
    await stage.do(revoke_api_token, "company_admin", stage.key("token company, revoked"))
    for name in ("left company", "left agency"):
        await stage.do(end_membership, "consortium_admin", stage.key(name))


async def _set_people_coming_and_going(stage: Stage) -> None:
    email = f"disabled@staff.{stage.name}.example"
    async with stage.world.database.read() as read:
        company = await read.get_one(Organization, stage.key("company"))
    gone = await add_person(
        stage.world, company, Role.VIEWER, email, password=None, status=UserStatus.DISABLED
    )
    assert gone.id is not None
    stage.put("user disabled", "User", gone.id)
    stage.marks["staff:disabled"] = email
    command = AddMember(
        kind=OrganizationKind.COMPANY,
        corporate_number=corporate_number(900 + len(stage.name)),
        name="Invited Inc",
        invite=True,
    )
    invited = await stage.do(add_member, "consortium_admin", command)
    stage.put("invited company", "Company", invited)


def corporate_number(number: int) -> str:
    """A number with its check digit."""
    digits = f"{number:012d}"
    return houjin_bangou.calc_check_digit(digits) + digits


def in_days(stage: Stage, days: int) -> datetime:
    return stage.world.clock.now + timedelta(days=days)


async def set_links(stage: Stage) -> None:
    mailed = await stage.do(create_relay_link, "company_admin", CreateRelayLink("for mails"))
    stage.put("mail link company", "RelayLink", mailed)
    paused = await stage.do(create_relay_link, "company_admin", CreateRelayLink("for nobody"))
    stage.put("link company, paused", "RelayLink", paused)
    for of, agency in (("company", None), ("receiver", None), ("sibling", "other agency")):
        command = CreateRelayLink(
            campaign=f"campaign of {of} {stage.name}",
            opening_title=f"title of {of} {stage.name}",
            stage="一次面接",
            usage=LinkUsage.PUBLIC,
            agency_id=stage.key(agency) if agency else None,
            expires_at=in_days(stage, 300),
        )
        link_id = await stage.do(create_relay_link, f"{of}_admin", command)
        stage.put(f"link {of}", "RelayLink", link_id)
        stage.marks[f"campaign:{of}"] = command.campaign
        stage.marks[f"url:{of}"] = stage.world.link_token(await link(stage, link_id))


async def link(stage: Stage, link_id: uuid.UUID) -> RelayLink:
    async with stage.world.database.read() as read:
        return await read.get_one(RelayLink, link_id)


async def set_openings(stage: Stage) -> None:
    for name, by, company in (
        ("opening receiver", "receiver_admin", None),
        ("opening company", "company_admin", None),
        ("opening kept", "agency_admin", "receiver"),
        ("opening sibling", "sibling_admin", None),
    ):
        terms = OpeningTerms(
            title=f"{name} {stage.name}",
            category=CATEGORY,
            prefecture="13",
            skills=(SKILL,),
            experience_years_min=3,
            headcount=2,
            open_until=date(2026, 12, 1),
        )
        command = CreateOpening(terms, stage.key(company) if company else None)
        stage.put(name, "Opening", await stage.do(create_opening, by, command))
        stage.marks[name.replace(" ", ":", 1)] = terms.title


async def set_mailing(stage: Stage) -> None:
    command = SaveMailTemplate("ja", f"件名 {stage.name}", "{{name}} {{link}}", f"tpl{stage.name}")
    stage.put(
        "template", "MailTemplate", await stage.do(save_mail_template, "company_admin", command)
    )
    spare = SaveMailTemplate("ja", "spare", "{{link}}", "spare")
    stage.put(
        "spare template", "MailTemplate", await stage.do(save_mail_template, "company_admin", spare)
    )
    for which in ("", "cancelled "):
        await _set_people_turned_down(stage, which, command.name)
    stage.marks["template:company"] = command.subject
    mailing = stage.key("cancelled mailing")
    await stage.do(start_mailing, "company_admin", mailing)
    async with stage.world.database.transaction() as tx:
        failed = stage.key("cancelled rejection")
        await record_mail(tx, failed, status=MailStatus.BOUNCED, failure="550")
    await stage.do(cancel_mailing, "company_admin", mailing)
    await change(stage.world, Mailing, Mailing.id == mailing, purged_at=stage.world.clock.now)


async def _set_people_turned_down(stage: Stage, which: str, template: str) -> None:
    name, email = f"落選 {which}{stage.name}", f"{which.strip()}rejected@{stage.name}.example"
    others = [f"他 {n},{which.strip()}other{n}@{stage.name}.example,,,," for n in range(2)]
    csv = "\n".join(
        (
            "氏名,メールアドレス,応募職種,選考段階,不採用日,職種",
            f"{name},{email},営業,一次面接,2026-01-04,法人営業",
            *others,
        )
    )
    async with stage.world.database.read() as read:
        people = await read_people(read, stage.actor("company_admin"), csv.encode())
    command = CreateMailing(stage.key("mail link company"), people, template, purge_after_days=90)
    report = await stage.do(create_mailing, "company_admin", command)
    stage.put(f"{which}mailing", "Mailing", report.mailing_id)
    async with stage.world.database.read() as read:
        found = await read.scalar(
            select(Rejection.id)
            .where(Rejection.mailing_id == report.mailing_id)
            .order_by(Rejection.line)
            .limit(1)
        )
    assert found is not None
    stage.put(f"{which}rejection", "Rejection", found)
    stage.marks[f"rejected name:{which}company"] = name
    stage.marks[f"rejected mail:{which}company"] = email
