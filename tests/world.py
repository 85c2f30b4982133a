"""A small consortium for tests, and the steps that most of them begin with."""

from __future__ import annotations

import itertools
import uuid
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from models.access import Actor, ActorKind, Role
from models.audit import FIRST_LINK
from models.operations.registrations import (
    CONFIRM_PURPOSE,
    Completed,
    StartRegistration,
    complete_registration,
    start_registration,
)
from models.rules.company_names import company_name_key
from models.rules.lifecycles import MembershipStatus, OrganizationKind
from models.rules.registration_form import RegistrationForm
from models.rules.sharing import Employment, Purpose
from models.session import Database, WriteSession
from models.tables.consortium import (
    Consortium,
    Membership,
    Organization,
    Program,
    ProgramVersion,
)
from models.tables.links import RelayLink
from models.tables.records import AuditHead
from models.tokens import token_of

START = datetime(2026, 1, 5, 0, 0, tzinfo=UTC)
LINK_PURPOSE = "relay-link"

FORM = RegistrationForm(
    name="佐藤 花子",
    email="hanako@example.jp",
    phone=None,
    category=None,
    experience_years=5,
    skills=(),
    wishes="駅に近い職場",
    prefecture="13",
    desired_prefectures=("13", "14"),
    employment=Employment.NONE,
    employer=None,
    purposes=frozenset({Purpose.AGENCY_SUPPORT}),
)


class Clock:
    """An instant that moves only when told."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        """Move on by a `timedelta`'s arguments."""
        self.now += timedelta(**by)


@dataclass
class World:
    """One consortium, ready for registrations."""

    database: Database
    clock: Clock
    consortium_id: uuid.UUID
    program_id: uuid.UUID
    company: Organization
    other_company: Organization
    agency: Organization
    link: RelayLink
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def actor(self, organization: Organization | None, role: Role, locale: str = "en") -> Actor:
        """Someone with a role, of an organization or of the consortium."""
        return Actor(
            kind=ActorKind.USER,
            consortium_id=self.consortium_id,
            id=uuid.uuid4(),
            role=role,
            organization_id=organization.id if organization else None,
            organization_kind=organization.kind if organization else None,
            locale=locale,
        )

    @property
    def visitor(self) -> Actor:
        """A candidate who has not confirmed an address yet."""
        return Actor(kind=ActorKind.CANDIDATE, consortium_id=self.consortium_id)

    def link_token(self, link: RelayLink | None = None) -> str:
        """The secret part of a link's URL."""
        return token_of(self.database.vault, LINK_PURPOSE, (link or self.link).id)

    def form(self, **changes: Any) -> RegistrationForm:
        """A form of a person nobody has seen before, unless an address is given."""
        number = next(self.numbers)
        changes.setdefault("email", f"candidate{number}@example.jp")
        return replace(FORM, **changes)

    async def start(
        self, form: RegistrationForm, link: RelayLink | None = None, device: str | None = None
    ) -> str:
        """Send the form; answers the token of the mail that confirms it."""
        command = StartRegistration(self.link_token(link), form, "2026-01", device)
        async with self.database.transaction() as tx:
            registration_id = await start_registration(tx, self.visitor, command)
        return token_of(self.database.vault, CONFIRM_PURPOSE, registration_id)

    async def confirm(self, token: str) -> Completed:
        """Confirm the address."""
        async with self.database.transaction() as tx:
            return await complete_registration(tx, self.visitor, token)

    async def register(
        self, link: RelayLink | None = None, device: str | None = None, **changes: Any
    ) -> Completed:
        """Send a form and confirm its address."""
        return await self.confirm(await self.start(self.form(**changes), link, device))


async def build_world(
    database: Database, *, slug: str = "test", first_number: int = 1, **rules: Any
) -> World:
    """Two companies, an agency, and a link of the first company."""
    clock = Clock()
    database.clock = clock
    async with database.transaction() as tx:
        consortium = Consortium(slug=slug, name="Test", created_at=tx.now)
        tx.add(consortium)
        await tx.flush()
        tx.add(AuditHead(consortium_id=consortium.id, number=0, hash=FIRST_LINK))
        company, other, agency = [
            await add_organization(tx, consortium.id, first_number + i, kind)
            for i, kind in enumerate(
                (OrganizationKind.COMPANY, OrganizationKind.COMPANY, OrganizationKind.AGENCY)
            )
        ]
        program = Program(consortium_id=consortium.id, created_at=tx.now)
        tx.add(program)
        await tx.flush()
        tx.add(
            ProgramVersion(
                program_id=program.id,
                number=1,
                effective_from=tx.now,
                default_agency_id=agency.id,
                created_at=tx.now,
                **rules,
            )
        )
        await tx.flush()
        link = await add_link(tx, company)
    return World(database, clock, consortium.id, program.id, company, other, agency, link)


async def add_organization(
    tx: WriteSession, consortium_id: uuid.UUID, number: int, kind: OrganizationKind, **more: Any
) -> Organization:
    """An active member with an invented corporate number."""
    is_agency = kind is OrganizationKind.AGENCY
    organization = Organization(
        consortium_id=consortium_id,
        kind=kind,
        corporate_number=f"{number:013d}",
        name=f"{kind.value.title()} {number}",
        name_key=company_name_key(f"{kind.value.title()} {number}"),
        licence_number="13-ユ-000001" if is_agency else None,
        licence_expires_on=datetime(2030, 1, 1, tzinfo=UTC).date() if is_agency else None,
        created_at=tx.now,
        **more,
    )
    tx.add(organization)
    await tx.flush()
    tx.add(
        Membership(
            organization_id=organization.id,
            consortium_id=consortium_id,
            status=MembershipStatus.ACTIVE,
            invited_at=tx.now,
            joined_at=tx.now,
        )
    )
    await tx.flush()
    return organization


async def add_link(tx: WriteSession, company: Organization, **more: Any) -> RelayLink:
    """An active link of a company."""
    link = RelayLink(
        consortium_id=company.consortium_id,
        company_id=company.id,
        token_hash=b"",
        campaign="2026 春採用",
        created_at=tx.now,
        **more,
    )
    link.token_hash = tx.vault.token_hash(token_of(tx.vault, LINK_PURPOSE, link.id))
    tx.add(link)
    await tx.flush()
    return link
