"""The first day of the demo: consortium, members, people, rules, links and openings."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime

from models.access import Actor, ActorKind, Role
from models.operations.api_tokens import CreateApiToken, create_api_token
from models.operations.consortia import CreateConsortium, create_consortium
from models.operations.links import LINK_PURPOSE, CreateRelayLink, create_relay_link
from models.operations.members import AddMember, add_member
from models.operations.openings import CreateOpening, OpeningTerms, create_opening
from models.operations.program_versions import PublishProgramVersion, publish_program_version
from models.operations.users import CreateUser, add_user
from models.passwords import hash_password
from models.rules.lifecycles import OrganizationKind
from models.session import Database
from models.tokens import token_of
from models.vocabulary.job_categories import JOB_CATEGORIES
from tasuki.demo.cast import CAMPAIGNS, MEMBERS, NAME, PASSWORD, SLUG, Member, corporate_number

LICENCE_ENDS_ON = date(2031, 3, 31)


@dataclass(frozen=True, slots=True)
class SignIn:
    """What somebody needs to look around as one kind of user."""

    kind: str
    email: str
    password: str
    token: str | None


@dataclass(frozen=True, slots=True)
class OpeningOf:
    """An opening and its company."""

    id: uuid.UUID
    company_id: uuid.UUID


@dataclass(slots=True)
class Founded:
    """Ids and actors that the history plays with."""

    database: Database
    consortium_id: uuid.UUID
    organizations: dict[str, uuid.UUID] = field(default_factory=dict)
    staff: dict[uuid.UUID, Actor] = field(default_factory=dict)
    links: dict[str, list[uuid.UUID]] = field(default_factory=dict)
    openings: list[OpeningOf] = field(default_factory=list)
    sign_ins: list[SignIn] = field(default_factory=list)
    partners: list[uuid.UUID] = field(default_factory=list)
    """The companies that show each other candidates through the whole history."""
    partnership_id: uuid.UUID | None = None
    """Theirs."""
    meeting_id: uuid.UUID | None = None
    """The first meeting of theirs."""

    @property
    def companies(self) -> list[Member]:
        """The members that hire."""
        return [member for member in MEMBERS if member.kind is OrganizationKind.COMPANY]

    @property
    def visitor(self) -> Actor:
        """A candidate on the way in."""
        return Actor(kind=ActorKind.CANDIDATE, consortium_id=self.consortium_id)

    def staff_of(self, organization_id: uuid.UUID) -> Actor:
        """The administrator of an organization."""
        return self.staff[organization_id]

    def partners_of(self, member: Member) -> list[uuid.UUID]:
        """The companies that a company shows its candidates; none where it has no partners."""
        own = self.organizations[member.key]
        return [one for one in self.partners if one != own] if own in self.partners else []

    def link_token(self, key: str, at: datetime) -> str:
        """The link a company uses at that time of year."""
        links = self.links[key]
        return token_of(self.database.vault, LINK_PURPOSE, links[at.month % len(links)])


async def found(database: Database) -> Founded:
    """Do everything that a consortium's admins and members do on their first day."""
    password_hash = await hash_password(PASSWORD)
    async with database.transaction() as tx:
        consortium_id = await create_consortium(tx, CreateConsortium(SLUG, NAME))
    founded = Founded(database, consortium_id)
    await _people_of_consortium(founded, password_hash)
    for serial, member in enumerate(MEMBERS, 1):
        await _member(founded, member, corporate_number(serial), password_hash)
    admin = founded.staff[consortium_id]
    async with database.transaction() as tx:
        rules = PublishProgramVersion(default_agency_id=founded.organizations["tsunagu"])
        await publish_program_version(tx, admin, rules)
    for member in founded.companies:
        await _work_of(founded, member)
    return founded


async def _people_of_consortium(founded: Founded, password_hash: str) -> None:
    people = {
        Role.CONSORTIUM_ADMIN: ("admin@demo.example.jp", "運営 花子"),
        Role.ANALYST: ("analyst@demo.example.jp", "分析 太郎"),
    }
    for role, (email, name) in people.items():
        async with founded.database.transaction() as tx:
            user_id = await add_user(
                tx, CreateUser(SLUG, email, name, role, PASSWORD), password_hash
            )
        actor = Actor(ActorKind.USER, founded.consortium_id, user_id, role)
        if role is Role.CONSORTIUM_ADMIN:
            founded.staff[founded.consortium_id] = actor
        maker = founded.staff[founded.consortium_id]
        await _tell(founded, role.value.lower(), email, maker, role)


async def _tell(founded: Founded, kind: str, email: str, maker: Actor, role: Role) -> None:
    async with founded.database.transaction() as tx:
        token = await create_api_token(tx, maker, CreateApiToken(f"demo {kind}", role))
    founded.sign_ins.append(SignIn(kind, email, PASSWORD, token.secret))


async def _member(founded: Founded, member: Member, number: str, password_hash: str) -> None:
    is_agency = member.kind is OrganizationKind.AGENCY
    command = AddMember(
        kind=member.kind,
        corporate_number=number,
        name=member.name,
        name_en=member.name_en,
        industry=member.industry,
        prefecture=member.prefecture,
        mail_domain=member.domain,
        licence_number=f"{member.prefecture}-ユ-{300_000 + int(number[-4:])}"
        if is_agency
        else None,
        licence_expires_on=LICENCE_ENDS_ON if is_agency else None,
    )
    async with founded.database.transaction() as tx:
        admin = founded.staff[founded.consortium_id]
        organization_id = await add_member(tx, admin, command)
    founded.organizations[member.key] = organization_id
    for role in (Role.ADMIN, Role.RECRUITER, Role.VIEWER):
        await _person_of(founded, member, number, role, password_hash)


async def _person_of(
    founded: Founded, member: Member, number: str, role: Role, password_hash: str
) -> None:
    email = f"{role.value.lower()}@{member.domain}"
    name = {Role.ADMIN: "管理 一郎", Role.RECRUITER: "採用 二葉", Role.VIEWER: "閲覧 三郎"}[role]
    command = CreateUser(SLUG, email, name, role, PASSWORD, corporate_number=number)
    async with founded.database.transaction() as tx:
        user_id = await add_user(tx, command, password_hash)
    organization_id = founded.organizations[member.key]
    if role is Role.ADMIN:
        founded.staff[organization_id] = Actor(
            ActorKind.USER, founded.consortium_id, user_id, role, organization_id, member.kind
        )
    if member.key in ("minato", "shiori", "tsunagu"):
        kind = f"{member.kind.value}_{role.value}".lower()
        if member.key == "shiori":
            kind = f"other_{kind}"
        await _tell(founded, kind, email, founded.staff[organization_id], role)


async def _work_of(founded: Founded, member: Member) -> None:
    """A company's links and openings."""
    company_id = founded.organizations[member.key]
    actor = founded.staff[company_id]
    founded.links[member.key] = []
    for campaign in CAMPAIGNS[:3]:
        agency = founded.organizations["hashi"] if campaign == CAMPAIGNS[1] else None
        command = CreateRelayLink(campaign=campaign, agency_id=agency)
        async with founded.database.transaction() as tx:
            founded.links[member.key].append(await create_relay_link(tx, actor, command))
    for category in member.seeks:
        terms = OpeningTerms(
            title=f"{JOB_CATEGORIES[category].name.ja}（{member.name}）",
            category=category,
            prefecture=member.prefecture,
            headcount=2,
        )
        async with founded.database.transaction() as tx:
            opening_id = await create_opening(tx, actor, CreateOpening(terms))
        founded.openings.append(OpeningOf(opening_id, company_id))
