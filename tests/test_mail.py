"""Mails: what is in a message, and what becomes of it at a real SMTP server."""

from __future__ import annotations

import asyncio
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as default_policy
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select, update

from models.access import Role
from models.base import ordered_id
from models.operations.candidate_sessions import SIGN_IN_PURPOSE
from models.operations.handovers import hand_over
from models.operations.mailings import CreateMailing, create_mailing, read_people, start_mailing
from models.operations.users import INVITATION_PURPOSE
from models.outbox import Event, EventType, emit
from models.reads.mailings import Progress, people_by_mailing, progress_by_mailing
from models.rules.lifecycles import Channel, MailingStatus, ReferralStatus
from models.rules.mail_template import RenderedMail
from models.tables.candidates import SignInLink
from models.tables.mailings import Mailing
from models.tables.records import OutboxEvent
from models.tables.users import Invitation, User
from models.tokens import token_of
from tasuki.workers.handlers import Post, handlers
from tasuki.workers.mail import (
    FolderMailer,
    Mail,
    Mailer,
    Sender,
    SmtpMailer,
    SmtpServer,
    mailer_for,
    message_for,
    one_line,
)
from tasuki.workers.outbox import Deferred, OutboxWorker, Refused
from tests.databases import open_database
from tests.test_mailings import PAGE, people, recruiter
from tests.world import World

SENDER = Sender("Tasuki", "tasuki@example.com")
BASE = "https://tasuki.example"
AT = datetime(2026, 1, 5, tzinfo=UTC)
CONTENT = RenderedMail("件名", "本文\n", "<p>本文</p>\n")


def message(to: str = "hanako@example.jp", **more: Any) -> EmailMessage:
    mail = Mail(**{"event_id": uuid.uuid4(), "to": to, "locale": "ja", "content": CONTENT, **more})
    return message_for(mail, SENDER, AT)


def read(raw: bytes) -> EmailMessage:
    found = message_from_bytes(raw, policy=default_policy)
    assert isinstance(found, EmailMessage)
    return found


def text_of(found: EmailMessage, kind: str = "plain") -> str:
    body = found.get_body((kind,))
    assert isinstance(body, EmailMessage)
    return str(body.get_content()).replace("\r\n", "\n")


def test_a_message_says_who_sends_it_for_whom() -> None:
    event_id = ordered_id()
    found = read(message(event_id=event_id, company="株式会社サンプル").as_bytes())
    assert found["From"] == "株式会社サンプル（Tasuki 経由） <tasuki@example.com>"
    assert found["To"] == "hanako@example.jp"
    assert found["Subject"] == "件名"
    assert found["Message-ID"] == f"<{event_id.hex}@example.com>"
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["Date"] == "Mon, 05 Jan 2026 00:00:00 +0000"
    assert (text_of(found), text_of(found, "html")) == ("本文\n", "<p>本文</p>\n")


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x00"])
def test_nothing_written_by_people_becomes_a_header(end: str) -> None:
    evil = f"A{end}Bcc: victim@example.jp{end}{end}body"
    raw = message(company=evil, content=CONTENT._replace(subject=evil)).as_bytes()
    found = read(raw)
    assert found["Bcc"] is None
    assert sorted(found.keys()) == sorted(
        [
            *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
            *("Content-Language", "MIME-Version", "Content-Type"),
        ]
    )
    assert found["Subject"] == "A Bcc: victim@example.jp body"
    assert b"\nBcc" not in raw


@pytest.mark.parametrize("to", ["a@b\r\nBcc: c@d", "no address", "a@b, c@d", "a@b\n"])
def test_what_is_no_address_gets_no_message(to: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (the library's own, of several kinds)
        message(to)


def test_one_line_is_cut() -> None:
    assert one_line(" 株式会社\n サンプル ", 6) == "株式会社 サ"


def test_the_sender_must_be_an_address() -> None:
    assert Sender.parse("タスキ <a@example.com>") == Sender("タスキ", "a@example.com")
    assert Sender.parse("a@example.com") == Sender("Tasuki", "a@example.com")
    for text in ("Tasuki", "", "x@", "@y", "Tasuki <x@y@z>", "タスキ@example.com"):
        with pytest.raises(ValueError, match="TASUKI_MAIL_FROM"):
            Sender.parse(text)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://h", SmtpServer("h", None, None, None, use_tls=False, start_tls=None)),
        ("smtp://h:25?starttls=0", SmtpServer("h", 25, None, None, use_tls=False, start_tls=False)),
        (
            "smtp://u%40x:p%2F@h:587?starttls=1",
            SmtpServer("h", 587, "u@x", "p/", use_tls=False, start_tls=True),
        ),
        ("smtp+starttls://h", SmtpServer("h", None, None, None, use_tls=False, start_tls=True)),
        ("smtps://h", SmtpServer("h", None, None, None, use_tls=True, start_tls=False)),
    ],
)
def test_the_url_of_a_server(url: str, server: SmtpServer) -> None:
    assert SmtpServer.parse(url) == server


@pytest.mark.parametrize("url", ["http://h", "smtp://", "smtp://u:secret@h?starttls=yes"])
def test_a_wrong_url_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ValueError, match="TASUKI_SMTP_URL") as refused:
        SmtpServer.parse(url)
    assert "secret" not in str(refused.value)


async def test_without_a_server_messages_go_to_a_folder(tmp_path: Path) -> None:
    mailer = mailer_for(None, tmp_path / "mail")
    sent = message()
    await mailer.send(sent)
    await mailer.send(sent)
    await mailer.close()
    [path] = (tmp_path / "mail").iterdir()
    assert path.suffix == ".eml"
    assert read(path.read_bytes())["To"] == "hanako@example.jp"


async def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file")
    with pytest.raises(Deferred, match="folder"):
        await FolderMailer(tmp_path / "mail").send(message())


@dataclass
class Server:
    """A real SMTP server. Addresses say how it treats them: gone@, full@, spam@, slow@."""

    port: int = 0
    received: list[tuple[str, bytes]] = field(default_factory=list)
    connections: int = 0
    tried: Counter[str] = field(default_factory=Counter)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    wanted: int = 1
    received_all: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_EHLO(  # noqa: N802  (aiosmtpd's name)
        self, server: object, session: Session, envelope: Envelope, hostname: str, responses: Any
    ) -> Any:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: object, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        name = address.partition("@")[0]
        self.tried[name] += 1
        if name == "gone":
            return "550 5.1.1 gone@example.jp is unknown"
        if name == "full" and self.tried[name] == 1:
            return "452 4.2.2 mailbox full"
        if name == "slow":
            await self.released.wait()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: object, session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        if envelope.rcpt_tos[0].startswith("spam"):
            return "554 5.7.1 not wanted"
        self.received.append((envelope.rcpt_tos[0], envelope.content))
        if len(self.received) >= self.wanted:
            self.received_all.set()
        return "250 OK"

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


@pytest_asyncio.fixture
async def server() -> AsyncIterator[Server]:
    handler = Server()
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(
        lambda: SMTP(handler, loop=loop, hostname="mail.test"), "127.0.0.1", 0
    )
    handler.port = listening.sockets[0].getsockname()[1]
    yield handler
    handler.released.set()
    listening.close()


def smtp(server: Server, timeout_s: float = 20.0) -> SmtpMailer:
    return SmtpMailer(SmtpServer.parse(server.url), timeout_s=timeout_s)


async def test_messages_share_a_connection(server: Server) -> None:
    mailer = smtp(server)
    for number in range(5):
        await mailer.send(message(f"person{number}@example.jp"))
    await mailer.close()
    assert [to for to, _ in server.received] == [f"person{n}@example.jp" for n in range(5)]
    assert server.connections == 1
    assert text_of(read(server.received[0][1])) == "本文\n"


@pytest.mark.parametrize(
    ("to", "kind", "failure"),
    [
        ("gone@example.jp", Refused, "550 5.1.1"),
        ("spam@example.jp", Refused, "554 5.7.1"),
        ("full@example.jp", Deferred, "452 4.2.2"),
    ],
)
async def test_a_refusal_is_kept_as_its_code_and_spares_the_next(
    server: Server, to: str, kind: type[Exception], failure: str
) -> None:
    mailer = smtp(server)
    with pytest.raises(kind) as refused:
        await mailer.send(message(to))
    assert str(refused.value) == failure
    await mailer.send(message("next@example.jp"))
    await mailer.close()
    assert [received for received, _ in server.received] == ["next@example.jp"]
    assert server.connections == 1


async def test_a_server_that_hangs_is_tried_again(server: Server) -> None:
    mailer = smtp(server, timeout_s=0.05)
    with pytest.raises(Deferred, match="timeout"):
        await mailer.send(message("slow@example.jp"))
    await mailer.send(message("next@example.jp"))
    assert server.connections == 2
    await mailer.close()


async def test_a_server_that_is_away_is_tried_again() -> None:
    mailer = SmtpMailer(SmtpServer.parse("smtp://127.0.0.1:9"))
    with pytest.raises(Deferred, match="connection"):
        await mailer.send(message())


async def test_a_server_that_wants_a_password_is_tried_again(server: Server) -> None:
    mailer = SmtpMailer(SmtpServer.parse(f"smtp://user:secret@127.0.0.1:{server.port}"))
    with pytest.raises(Deferred):
        await mailer.send(message())
    assert server.received == []


def post(world: World, mailer: Mailer) -> OutboxWorker:
    return OutboxWorker(world.database, handlers(Post(world.database, BASE, SENDER, mailer)))


async def run(world: World, server: Server) -> None:
    mailer = smtp(server)
    await post(world, mailer).drain()
    await mailer.close()


async def mailing_of(world: World, data: bytes) -> uuid.UUID:
    async with world.database.read() as session:
        loaded = await read_people(session, recruiter(world), data)
    async with world.database.transaction() as tx:
        report = await create_mailing(tx, recruiter(world), CreateMailing(world.link.id, loaded))
        await start_mailing(tx, recruiter(world), report.mailing_id)
    return report.mailing_id


async def stand(world: World, mailing_id: uuid.UUID) -> tuple[MailingStatus, Progress]:
    async with world.database.read() as session:
        mailing = await session.get_one(Mailing, mailing_id)
        found = await progress_by_mailing(session, recruiter(world), [mailing_id])
    return mailing.status, found[mailing_id]


async def test_rejection_mails_reach_each_person_with_the_link(
    world: World, server: Server
) -> None:
    data = "氏名,メールアドレス,言語\n佐藤 花子,hanako@example.jp,ja\nJohn,john@example.com,en"
    mailing_id = await mailing_of(world, data.encode())
    await run(world, server)
    assert await stand(world, mailing_id) == (MailingStatus.FINISHED, Progress(sent=2))
    by_address = {to: read(raw) for to, raw in server.received}
    japanese, english = by_address["hanako@example.jp"], by_address["john@example.com"]
    link = f"{BASE}/r/{world.link_token()}"
    assert japanese["From"] == "Company 1（Tasuki 経由） <tasuki@example.com>"
    assert text_of(japanese).startswith("佐藤 花子 様\n")
    assert link in text_of(japanese)
    assert f'href="{link}"' in text_of(japanese, "html")
    assert text_of(english).startswith("Dear John,\n")
    assert link in text_of(english)


async def test_refusals_are_recorded_and_the_rest_is_tried_again(
    world: World, server: Server
) -> None:
    rows = [f"A,{name}@example.jp" for name in ("gone", "full", "spam", "fine")]
    mailing_id = await mailing_of(world, "\n".join(["氏名,メール", *rows]).encode())
    await run(world, server)
    status, progress = await stand(world, mailing_id)
    assert (status, progress) == (MailingStatus.RUNNING, Progress(queued=1, sent=1, bounced=2))
    world.clock.forward(minutes=1)
    await run(world, server)
    status, progress = await stand(world, mailing_id)
    assert (status, progress) == (MailingStatus.FINISHED, Progress(sent=2, bounced=2))
    async with world.database.read() as session:
        found = await people_by_mailing(session, recruiter(world), [mailing_id], PAGE)
        kept = (await session.scalars(select(OutboxEvent.failure))).all()
    assert [person.failure for person in found[mailing_id]] == [
        "550 5.1.1",
        None,
        "554 5.7.1",
        None,
    ]
    assert set(kept) == {None, "550 5.1.1", "554 5.7.1"}


async def test_each_person_is_written_to_once_by_two_workers_and_retries(
    world: World, server: Server
) -> None:
    mailing_id = await mailing_of(world, people(*range(1, 41)))
    other = open_database(world.database.url)
    other.clock = world.clock
    mailers = [smtp(server), smtp(server)]
    for _ in range(2):
        await asyncio.gather(
            *(
                OutboxWorker(database, handlers(Post(database, BASE, SENDER, mailer))).drain()
                for database, mailer in zip((world.database, other), mailers, strict=True)
            )
        )
        world.clock.forward(hours=1)
    await asyncio.gather(*(mailer.close() for mailer in mailers))
    # A crash may leave events to be acted on again: who was written to is not written to again.
    async with world.database.transaction() as tx:
        await tx.execute(update(OutboxEvent).values(due_at=tx.now, done_at=None))
    await run(world, server)
    await other.close()
    expected = Counter(f"person{number}@example.jp" for number in range(1, 41))
    assert Counter(to for to, _ in server.received) == expected
    assert await stand(world, mailing_id) == (MailingStatus.FINISHED, Progress(sent=40))


async def test_one_slow_receiver_delays_no_other(world: World, server: Server) -> None:
    rows = [f"A,{name}@example.jp" for name in ("slow", *(f"person{n}" for n in range(8)))]
    mailing_id = await mailing_of(world, "\n".join(["氏名,メール", *rows]).encode())
    server.wanted = 8
    mailer = smtp(server)
    post_office = Post(world.database, BASE, SENDER, mailer)
    working = OutboxWorker(world.database, handlers(post_office), concurrency=2)
    task = asyncio.create_task(working.drain())
    async with asyncio.timeout(60):
        await server.received_all.wait()
    assert "slow@example.jp" not in [to for to, _ in server.received]
    server.released.set()
    await task
    await mailer.close()
    assert await stand(world, mailing_id) == (MailingStatus.FINISHED, Progress(sent=9))


async def test_what_is_cancelled_is_not_sent(world: World, server: Server) -> None:
    from models.operations.mailings import cancel_mailing

    mailing_id = await mailing_of(world, people(1, 2))
    async with world.database.transaction() as tx:
        await cancel_mailing(tx, recruiter(world), mailing_id)
    await run(world, server)
    assert server.received == []
    assert await stand(world, mailing_id) == (MailingStatus.CANCELLED, Progress(cancelled=2))


async def only_mail(world: World, server: Server) -> EmailMessage:
    await run(world, server)
    [(_, raw)] = server.received
    return read(raw)


async def test_a_registration_is_confirmed_by_mail_and_welcomed(
    world: World, server: Server
) -> None:
    token = await world.start(world.form(name="Buy at http://spam.example", locale="en"))
    found = await only_mail(world, server)
    assert found["To"] == "candidate1@example.jp"
    assert found["From"] == "Tasuki <tasuki@example.com>"
    assert f"{BASE}/confirm/{token}" in text_of(found)
    assert "Company 1" in text_of(found)
    # Whoever sent the form cannot have us write to a stranger in their words.
    assert "spam.example" not in text_of(found) + text_of(found, "html")
    server.received.clear()
    await world.confirm(token)
    found = await only_mail(world, server)
    assert "Agency 3 looks after you" in text_of(found)
    assert f"{BASE}/me\n" in text_of(found)


async def test_a_registration_that_ran_out_gets_no_mail(world: World, server: Server) -> None:
    await world.start(world.form())
    world.clock.forward(days=7)
    await run(world, server)
    assert server.received == []


async def test_a_sign_in_link_is_mailed(world: World, server: Server) -> None:
    completed = await world.register()
    await run(world, server)
    server.received.clear()
    async with world.database.transaction() as tx:
        link = SignInLink(
            candidate_id=completed.candidate_id,
            token_hash=b"x",
            created_at=tx.now,
            expires_at=tx.now + timedelta(minutes=30),
        )
        tx.add(link)
        await tx.flush()
        refs = {"sign_in_link": link.id.hex, "candidate": completed.candidate_id.hex}
        await emit(tx, Event(EventType.SIGN_IN_REQUESTED, world.consortium_id, refs))
    found = await only_mail(world, server)
    token = token_of(world.database.vault, SIGN_IN_PURPOSE, link.id)
    assert f"{BASE}/me/sign-in/{token}" in text_of(found)


async def test_an_invitation_is_mailed(world: World, server: Server) -> None:
    async with world.database.transaction() as tx:
        user = User(
            consortium_id=world.consortium_id,
            organization_id=world.company.id,
            role=Role.ADMIN,
            name="鈴木 一郎",
            email="ichiro@example.jp",
            email_key="ichiro@example.jp",
            created_at=tx.now,
        )
        tx.add(user)
        await tx.flush()
        invitation = Invitation(
            user_id=user.id,
            token_hash=b"x",
            created_at=tx.now,
            expires_at=tx.now + timedelta(days=7),
        )
        tx.add(invitation)
        await tx.flush()
        refs = {"invitation": str(invitation.id)}
        await emit(tx, Event(EventType.USER_INVITED, world.consortium_id, refs))
    found = await only_mail(world, server)
    token = token_of(world.database.vault, INVITATION_PURPOSE, invitation.id)
    text = text_of(found)
    assert text.startswith("鈴木 一郎 様\n\nCompany 1の担当者として")
    assert f"{BASE}/invitation/{token}" in text
    assert "2026-01-12 09:00 まで" in text


async def test_a_candidate_is_asked_to_agree(world: World, server: Server) -> None:
    completed = await world.register(locale="en")
    await run(world, server)
    server.received.clear()
    async with world.database.transaction() as tx:
        referral_id = await hand_over(
            tx,
            world.actor(world.agency, Role.RECRUITER),
            candidate_id=completed.candidate_id,
            channel=Channel.AGENCY_INTRODUCTION,
            from_id=world.agency.id,
            to_id=world.other_company.id,
            status=ReferralStatus.PROPOSED,
            time_zone="Asia/Tokyo",
            respond_within=timedelta(days=14),
        )
        refs = {"referral": referral_id.hex}
        await emit(tx, Event(EventType.AGREEMENT_ASKED, world.consortium_id, refs))
    found = await only_mail(world, server)
    assert "Agency 3 would like to introduce you to Company 2." in text_of(found)
    assert f"{BASE}/me/introductions/{referral_id}\n" in text_of(found)
    assert "by 2026-01-19 09:00 (Asia/Tokyo)" in text_of(found)


@pytest.mark.parametrize("locale", ["ja", "en"])
async def test_every_mail_has_both_bodies_in_its_language(
    world: World, server: Server, locale: str
) -> None:
    await world.register(locale=locale)
    await run(world, server)
    [(_, raw)] = server.received
    found = read(raw)
    checks: dict[str, Callable[[str], bool]] = {"ja": lambda t: not t.isascii(), "en": str.isascii}
    assert found["Content-Language"] == locale
    assert checks[locale](str(found["Subject"]))
    assert f'lang="{locale}"' in text_of(found, "html")
