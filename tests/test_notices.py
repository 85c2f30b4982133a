"""An organization's people are mailed about what waits for them, each in their own language."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage

import pytest_asyncio
from aiosmtpd.smtp import SMTP
from sqlalchemy import select, update

from gql.node import encode_id
from models.access import Role
from models.operations.agreements import WithdrawFrom, withdraw_from
from models.operations.deletions import confirm_deletion, remind_of_deletions
from models.operations.outcomes import RecordExit, record_exit
from models.operations.partnerships import (
    ProposePartnership,
    WithReason,
    accept_partnership,
    decline_partnership,
    end_notices,
    end_partnership,
    leave_partnership,
    propose_partnership,
    resume_partnership,
    suspend_partnership,
    withdraw_partnership,
)
from models.operations.terms import ProposeTerms, propose_terms
from models.rules.deletions import DUE_DAYS, REMIND_DAYS
from models.rules.flows import local_day
from models.rules.ledger import Unit
from models.rules.references import reference_of
from models.rules.rewards import ClauseOffered, RewardEvent
from models.tables.deletions import DeletionRequest
from models.tables.records import OutboxEvent
from models.tables.users import User, UserStatus
from tasuki.workers.handlers import Post, handlers
from tasuki.workers.mail import Sender, SmtpMailer, SmtpServer
from tasuki.workers.outbox import OutboxWorker
from tests.handovers import ZONE, delivered, hired, offered, recruiter, run
from tests.partners import (
    TERMS,
    admin,
    agreed,
    asked,
    funded,
    partners,
    person,
    proposed,
    shared,
    third_company,
)
from tests.people import add_person
from tests.served import Inbox
from tests.world import FORM, World

BASE_URL = "https://tasuki.example"


@dataclass
class Office:
    """A worker, and the mail server it sends to."""

    inbox: Inbox
    worker: OutboxWorker

    async def mails(self) -> dict[str, EmailMessage]:
        """What is mailed now to whom of an organization; candidates' mails are left out."""
        self.inbox.mails.clear()
        await self.worker.drain()
        told = {str(mail["to"]): mail for mail in self.inbox.mails}
        return {to: mail for to, mail in told.items() if not to.endswith("example.jp")}


@pytest_asyncio.fixture
async def office(world: World) -> AsyncIterator[Office]:
    """A mail server, and people of every role at the second company."""
    handler, loop = Inbox(), asyncio.get_running_loop()
    listening = await loop.create_server(
        lambda: SMTP(handler, loop=loop, hostname="mail.test"), "127.0.0.1", 0
    )
    port = listening.sockets[0].getsockname()[1]
    mailer = SmtpMailer(SmtpServer.parse(f"smtp://127.0.0.1:{port}"))
    post = Post(world.database, BASE_URL, Sender("Tasuki", "tasuki@tasuki.example"), mailer)
    for role in (Role.ADMIN, Role.RECRUITER, Role.VIEWER):
        await add_person(world, world.other_company, role, f"{role.lower()}@two.example")
    yield Office(handler, OutboxWorker(world.database, handlers(post)))
    await mailer.close()
    listening.close()


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


async def test_a_proposal_is_mailed_to_those_who_can_answer(world: World, office: Office) -> None:
    async with world.database.transaction() as tx:
        await tx.execute(
            update(User).where(User.email == "admin@two.example").values(locale="ja", name="花")
        )
    partnership = await proposed(world, world.company, world.other_company)
    [(to, mail)] = (await office.mails()).items()
    assert to == "admin@two.example"
    assert mail["subject"] == "提携の提案が届きました"
    assert "花 様" in text_of(mail)
    assert f"{world.company.name}が、提携「Spring」を貴社に提案しました。" in text_of(mail)
    companies = f"参加企業: {world.company.name}、{world.other_company.name}"
    assert companies in text_of(mail).splitlines()
    link = f"{BASE_URL}/app/partnerships/{encode_id('Partnership', partnership)}"
    assert link in text_of(mail)


async def test_nothing_is_mailed_that_was_answered_meanwhile(world: World, office: Office) -> None:
    partnership = await proposed(world, world.company, world.other_company)
    await run(world, accept_partnership, admin(world, world.other_company), partnership)
    assert await office.mails() == {}


async def test_a_partnership_that_begins_is_told_to_all_others(
    world: World, office: Office
) -> None:
    third = await third_company(world)
    await add_person(world, None, Role.CONSORTIUM_ADMIN, "admin@consortium.example")
    companies = (world.company, world.other_company, third)
    partnership = await proposed(world, *companies)
    await run(world, accept_partnership, admin(world, world.other_company), partnership)
    assert await office.mails() == {}
    await run(world, accept_partnership, admin(world, third), partnership)
    [(to, mail)] = (await office.mails()).items()
    assert (to, mail["subject"]) == ("admin@two.example", "A partnership has begun")
    names = ", ".join([world.company.name, *sorted([world.other_company.name, third.name])])
    assert f"Companies: {names}" in text_of(mail).splitlines()


async def test_who_proposed_on_others_behalf_is_told_what_became_of_it(
    world: World, office: Office
) -> None:
    await add_person(world, None, Role.CONSORTIUM_ADMIN, "admin@consortium.example")
    both = (world.company.id, world.other_company.id)
    for answer, subject in (
        (accept_partnership, "A partnership has begun"),
        (decline_partnership, "A proposed partnership was declined"),
    ):
        third = await third_company(world, 60 if answer is accept_partnership else 61)
        command = ProposePartnership("Summer", (*both, third.id), TERMS)
        partnership = await run(world, propose_partnership, admin(world, None), command)
        mails = await office.mails()
        assert set(mails) == {"admin@two.example"}
        assert "An admin of the consortium proposes" in text_of(mails["admin@two.example"])
        for company in (world.company, world.other_company):
            await run(world, accept_partnership, admin(world, company), partnership)
        await run(world, answer, admin(world, third), partnership)
        mails = await office.mails()
        assert set(mails) == {"admin@two.example", "admin@consortium.example"}
        assert {str(mail["subject"]) for mail in mails.values()} == {subject}


async def test_a_proposal_that_is_taken_back_is_told_of(world: World, office: Office) -> None:
    partnership = await proposed(world, world.company, world.other_company)
    await office.mails()
    await run(world, withdraw_partnership, admin(world, world.company), partnership)
    [(to, mail)] = (await office.mails()).items()
    assert (to, mail["subject"]) == ("admin@two.example", "A proposed partnership was taken back")


async def test_the_resumption_is_told_while_it_lasts(world: World, office: Office) -> None:
    partnership = await partners(world, world.company, world.other_company)
    reason = WithReason(partnership, "a doubt")
    await run(world, suspend_partnership, admin(world, world.company), reason)
    await office.mails()
    await run(world, resume_partnership, admin(world, world.company), partnership)
    [(to, mail)] = (await office.mails()).items()
    assert (to, mail["subject"]) == ("admin@two.example", "A partnership goes on")
    await run(world, suspend_partnership, admin(world, world.company), reason)
    await run(world, resume_partnership, admin(world, world.company), partnership)
    await run(world, suspend_partnership, admin(world, world.company), reason)
    mails = await office.mails()
    assert {str(mail["subject"]) for mail in mails.values()} == {"A partnership is suspended"}


async def test_who_was_disabled_is_not_mailed(world: World, office: Office) -> None:
    await proposed(world, world.company, world.other_company)
    async with world.database.transaction() as tx:
        await tx.execute(update(User).values(status=UserStatus.DISABLED))
    assert await office.mails() == {}


async def test_other_terms_wait_for_an_answer(world: World, office: Office) -> None:
    partnership = await partners(world, world.company, world.other_company)
    await office.mails()
    command = ProposeTerms(partnership, TERMS)
    await run(world, propose_terms, admin(world, world.company), command)
    [(to, mail)] = (await office.mails()).items()
    assert (to, mail["subject"]) == ("admin@two.example", "Other terms are proposed")


async def test_an_agency_is_asked_to_take_part_in_rewards(world: World, office: Office) -> None:
    await add_person(world, world.agency, Role.ADMIN, "admin@agency.example")
    await add_person(world, world.agency, Role.RECRUITER, "recruiter@agency.example")
    reward = ClauseOffered(RewardEvent.HIRE, Unit.COUNT, 1, world.agency.id)
    await proposed(world, world.company, world.other_company, rewards=(reward,))
    mails = await office.mails()
    assert set(mails) == {"admin@two.example", "admin@agency.example"}
    asked_for = text_of(mails["admin@agency.example"])
    assert "“Spring” hold rewards that name your agency" in asked_for
    assert f"{BASE_URL}/app/fundings" in asked_for
    # Once it has answered, nothing is left to tell.
    other = await third_company(world)
    await proposed(world, world.company, other, rewards=(reward,))
    await funded(world)
    assert await office.mails() == {}


async def test_a_suspension_and_the_end_are_told_to_the_others(
    world: World, office: Office
) -> None:
    partnership = await partners(world, world.company, world.other_company)
    await office.mails()
    reason = WithReason(partnership, "a secret reason")
    await run(world, suspend_partnership, admin(world, world.company), reason)
    [(to, mail)] = (await office.mails()).items()
    assert (to, mail["subject"]) == ("admin@two.example", "A partnership is suspended")
    assert "a secret reason" not in text_of(mail)
    await run(world, end_partnership, admin(world, None), reason)
    [(to, mail)] = (await office.mails()).items()
    assert (to, mail["subject"]) == ("admin@two.example", "A partnership has ended")


async def test_a_partner_that_leaves_is_told_of_when_it_says_so_and_when_it_is_gone(
    world: World, office: Office
) -> None:
    third = await third_company(world)
    companies = (world.company, world.other_company, third)
    partnership = await partners(world, *companies, notice_days=10)
    await office.mails()
    await run(world, leave_partnership, admin(world, third), partnership)
    [(to, mail)] = (await office.mails()).items()
    assert (to, mail["subject"]) == ("admin@two.example", "A partner has given notice")
    assert "“Spring”. Its page says which" in text_of(mail)
    world.clock.forward(days=11)
    async with world.database.transaction() as tx:
        assert await end_notices(tx) == 1
    [(to, mail)] = (await office.mails()).items()
    assert (to, mail["subject"]) == ("admin@two.example", "A partner has left")
    assert "The others go on." in text_of(mail)


async def test_where_too_few_are_left_only_the_end_is_told_of(world: World, office: Office) -> None:
    partnership = await partners(world, world.company, world.other_company)
    await office.mails()
    await run(world, leave_partnership, admin(world, world.company), partnership)
    [(to, mail)] = (await office.mails()).items()
    assert (to, mail["subject"]) == ("admin@two.example", "A partnership has ended")


async def test_a_delivered_candidate_is_told_of_without_a_name(
    world: World, office: Office
) -> None:
    await partners(world, world.company, world.other_company)
    someone = await shared(world)
    referral_id = await asked(world, world.other_company, someone)
    await office.mails()
    await agreed(world, someone, referral_id)
    mails = await office.mails()
    assert set(mails) == {"admin@two.example", "recruiter@two.example"}
    for mail in mails.values():
        assert FORM.name not in mail.as_string() + text_of(mail)
        link = f"{BASE_URL}/app/referrals/{encode_id('Referral', referral_id)}"
        assert link in text_of(mail)
        assert f"Reference of the introduction: {reference_of(referral_id)}" in text_of(mail)
        assert "Note it in your own files" in text_of(mail)


async def test_a_request_to_delete_is_mailed_reminded_of_and_told_when_late(
    world: World, office: Office
) -> None:
    await add_person(world, None, Role.CONSORTIUM_ADMIN, "admin@consortium.example")
    someone = (await world.register()).candidate_id
    referral_id = await delivered(world, someone)
    await office.mails()
    await run(world, withdraw_from, person(world, someone), WithdrawFrom(referral_id))
    mails = await office.mails()
    assert set(mails) == {"admin@two.example", "recruiter@two.example"}
    assert "2026-01-19 09:00" in text_of(mails["admin@two.example"])
    assert f"{BASE_URL}/app/deletions" in text_of(mails["admin@two.example"])
    reference = f"Reference of the introduction: {reference_of(referral_id)}"
    assert all(reference in text_of(mail) for mail in mails.values())
    assert await _told(world, office, days=DUE_DAYS - REMIND_DAYS - 1) == {}
    mails = await _told(world, office, days=1)
    assert {str(mail["subject"]) for mail in mails.values()} == {"A request to delete is due soon"}
    assert set(mails) == {"admin@two.example", "recruiter@two.example"}
    mails = await _told(world, office, days=REMIND_DAYS)
    assert {str(mail["subject"]) for mail in mails.values()} == {"A request to delete is late"}
    assert set(mails) == {
        "admin@two.example",
        "recruiter@two.example",
        "admin@consortium.example",
    }
    named = {to for to, mail in mails.items() if reference in text_of(mail)}
    assert named == {"admin@two.example", "recruiter@two.example"}
    assert await _told(world, office, days=30) == {}


async def test_nobody_is_reminded_of_what_is_confirmed(world: World, office: Office) -> None:
    someone = (await world.register()).candidate_id
    referral_id = await delivered(world, someone)
    await run(world, withdraw_from, person(world, someone), WithdrawFrom(referral_id))
    await office.mails()
    async with world.database.read() as read:
        request_id = (await read.scalars(select(DeletionRequest.id))).one()
    await run(world, confirm_deletion, recruiter(world), request_id)
    assert await _told(world, office, days=DUE_DAYS) == {}


async def _told(world: World, office: Office, *, days: int) -> dict[str, EmailMessage]:
    world.clock.forward(days=days)
    async with world.database.transaction() as tx:
        await remind_of_deletions(tx)
    return await office.mails()


async def test_an_exit_is_told_to_the_other_side(world: World, office: Office) -> None:
    await add_person(world, world.agency, Role.RECRUITER, "recruiter@agency.example")
    hire_id = await hired(
        world, await offered(world, (await world.register()).candidate_id), fee_yen=1
    )
    await office.mails()
    world.clock.now += timedelta(days=10)
    exit_ = RecordExit(hire_id, local_day(world.clock.now, ZONE))
    await run(world, record_exit, recruiter(world), exit_)
    [(to, mail)] = (await office.mails()).items()
    assert (to, mail["subject"]) == ("recruiter@agency.example", "An exit is recorded")


async def test_the_outbox_holds_nothing_of_a_person(world: World, office: Office) -> None:
    someone = (await world.register()).candidate_id
    referral_id = await delivered(world, someone)
    await run(world, withdraw_from, person(world, someone), WithdrawFrom(referral_id))
    await office.mails()
    async with world.database.read() as read:
        rows = (await read.execute(select(OutboxEvent.type, OutboxEvent.refs))).all()
    notices = [row.refs for row in rows if row.type.startswith("notice.")]
    assert {key for refs in notices for key in refs} == {"kind", "subject", "organization", "user"}
    assert someone.hex not in str(notices)
