"""What is going on in the demo today: doubtful counts to review, and mails being sent."""

from __future__ import annotations

from models.operations.links import LINK_PURPOSE
from models.operations.mailings import CreateMailing, create_mailing, read_people, start_mailing
from models.operations.registrations import (
    CONFIRM_PURPOSE,
    StartRegistration,
    complete_registration,
    start_registration,
)
from models.rules.consent_texts import CONSENT_TEXT_VERSION
from models.rules.registration_form import RegistrationForm
from models.rules.sharing import Employment, Purpose
from models.session import Database
from models.tokens import token_of
from tasuki.demo.founding import Founded
from tasuki.demo.meetings import meet_today
from tasuki.demo.partners import partnerships_of_today
from tasuki.demo.requests import notify_the_silent, requests_of_today

COLLEAGUES = ("ito", "kato", "mori")
TURNED_DOWN = 24


async def happen_today(database: Database, founded: Founded) -> None:
    """Colleagues try their own company's link; two companies write to those they turned down.

    And there is news of meetings and partnerships, requests of candidates, and the end of a long
    silence.
    """
    for name in COLLEAGUES:
        await _colleague(database, founded, f"{name}@minato.example.jp")
    await _mailing(database, founded, "minato", is_started=True)
    await _mailing(database, founded, "shiori", is_started=False)
    await meet_today(database, founded)
    await partnerships_of_today(database, founded)
    await requests_of_today(database, founded)
    await notify_the_silent(database)


async def _colleague(database: Database, founded: Founded, email: str) -> None:
    form = RegistrationForm(
        name="社内 試験",
        email=email,
        phone=None,
        category=None,
        experience_years=None,
        skills=(),
        wishes=None,
        prefecture=None,
        desired_prefectures=(),
        employment=Employment.NONE,
        employer=None,
        purposes=frozenset({Purpose.AGENCY_SUPPORT}),
    )
    link_token = token_of(database.vault, LINK_PURPOSE, founded.links["minato"][0])
    command = StartRegistration(link_token, form, CONSENT_TEXT_VERSION, None)
    async with database.transaction() as tx:
        registration_id = await start_registration(tx, founded.visitor, command)
    async with database.transaction() as tx:
        token = token_of(database.vault, CONFIRM_PURPOSE, registration_id)
        await complete_registration(tx, founded.visitor, token)


async def _mailing(database: Database, founded: Founded, key: str, *, is_started: bool) -> None:
    actor = founded.staff_of(founded.organizations[key])
    lines = ["氏名,メールアドレス,応募職種,選考段階"]
    lines += [
        f"応募者{n},{key}-applicant{n}@example.jp,営業職,一次面接" for n in range(TURNED_DOWN)
    ]
    async with database.read() as read:
        people = await read_people(read, actor, "\n".join(lines).encode())
    command = CreateMailing(link_id=founded.links[key][0], people=people)
    async with database.transaction() as tx:
        report = await create_mailing(tx, actor, command)
    if is_started:
        async with database.transaction() as tx:
            await start_mailing(tx, actor, report.mailing_id)
