"""What workers do about each type of event."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from models.operations.listings import ListCandidates, list_candidates
from models.operations.mailings import queue_mails, record_mail
from models.operations.notices import QueueNotices, queue_notices
from models.operations.outbox import TakenEvent
from models.operations.password_resets import record_reset_mailed
from models.operations.survey_invitations import invite_registered
from models.outbox import EventType
from models.reads.candidate_mails import deletion_mail, request_mail
from models.reads.notices import NoticeMail, notice_mail
from models.reads.outgoing_mails import (
    SignInMail,
    agreement_mail,
    confirmation_mail,
    delivered_mail,
    invitation_mail,
    move_mail,
    password_reset_mail,
    rejection_mail,
    sign_in_mail,
    welcome_mail,
)
from models.reads.surveys import survey_mail
from models.rules.lifecycles import MailStatus
from models.rules.mail_template import RenderedMail
from models.rules.notices import NoticeKind
from models.rules.own_pages import HOME
from models.session import Database, ReadSession, WriteSession
from tasuki.workers import messages
from tasuki.workers.mail import Mail, Mailer, Sender, message_for
from tasuki.workers.notices import notice
from tasuki.workers.outbox import Handler, Outcome, Refused, Result


@dataclass(frozen=True, slots=True)
class Post:
    """What every mail needs: the database, where links lead, who sends, and where to."""

    database: Database
    base_url: str
    sender: Sender
    mailer: Mailer


Look = Callable[[ReadSession, TakenEvent], Awaitable[Any]]
LookById = Callable[[ReadSession, uuid.UUID], Awaitable[Any]]
Write = Callable[[Any, str], RenderedMail]
Step = Callable[[WriteSession, TakenEvent], Awaitable[None]]


def of(ref: str, look: LookById) -> Look:
    """A look at the one thing that an event refers to by this name."""

    async def found(read: ReadSession, event: TakenEvent) -> Any:
        return await look(read, event.ref(ref))

    return found


class SendMail:
    """Looks up what a mail is made of, and sends it. Where there is nothing left to send, rests."""

    def __init__(self, post: Post, look: Look, write: Write) -> None:
        self.post = post
        self.look = look
        self.write = write

    async def act(self, event: TakenEvent) -> Result:
        """Send the mail, if it is still wanted. Raises `Refused` for an address without a way."""
        async with self.post.database.read() as read:
            found = await self.look(read, event)
            now = read.now
        if found is None:
            return Result.MOOT
        mail = Mail(
            event_id=event.id,
            to=found.email,
            locale=found.locale,
            content=self.write(found, self.post.base_url),
            company=self.company(found),
        )
        try:
            message = message_for(mail, self.post.sender, now)
        except ValueError:
            raise Refused("unsupported") from None
        await self.post.mailer.send(message)
        return Result.DONE

    def company(self, found: Any) -> str | None:  # noqa: ARG002  (rejection mails look)
        """On whose behalf the mail is sent: the platform's own, unless said otherwise."""
        return None

    async def settle(self, tx: WriteSession, event: TakenEvent, outcome: Outcome) -> None:
        """The event itself tells what became of it."""


class SendRejection(SendMail):
    """A mail of a mailing: what became of it is the company's to know."""

    def company(self, found: Any) -> str | None:
        """The company, whose mail it is."""
        name: str = found.company.in_(found.locale)
        return name

    async def settle(self, tx: WriteSession, event: TakenEvent, outcome: Outcome) -> None:
        """`QUEUED → SENT | BOUNCED | FAILED`; what was cancelled meanwhile stays so."""
        status = {
            Result.DONE: MailStatus.SENT,
            Result.MOOT: MailStatus.FAILED,
            Result.REFUSED: MailStatus.BOUNCED,
            Result.GIVEN_UP: MailStatus.FAILED,
        }[outcome.result]
        await record_mail(tx, event.ref("rejection"), status=status, failure=outcome.failure)


class SendWelcome(SendMail):
    """The mail after a registration. Whom it reached is asked later how they were treated."""

    async def settle(self, tx: WriteSession, event: TakenEvent, outcome: Outcome) -> None:
        """Not where the address has no way, or the person is gone."""
        if outcome.result is Result.DONE:
            await invite_registered(tx, event.ref("registration"))


class SendPasswordReset(SendMail):
    """A link to a new password: recorded once it is sent, where nobody waits for the answer."""

    async def settle(self, tx: WriteSession, event: TakenEvent, outcome: Outcome) -> None:
        """Of an address that nobody has, nothing was sent."""
        if outcome.result is Result.DONE:
            record_reset_mailed(tx, event.consortium_id, event.ref("user"))


class InTransaction:
    """What is done about an event in the very transaction that settles it, and nothing outside."""

    def __init__(self, step: Step) -> None:
        self.step = step

    async def act(self, event: TakenEvent) -> Result:  # noqa: ARG002  (a handler's signature)
        """Nothing is to be done outside."""
        return Result.DONE

    async def settle(
        self,
        tx: WriteSession,
        event: TakenEvent,
        outcome: Outcome,  # noqa: ARG002  (a handler's signature)
    ) -> None:
        """Do it."""
        await self.step(tx, event)


async def _queue_mails(tx: WriteSession, event: TakenEvent) -> None:
    """A mailing goes on with its next people."""
    await queue_mails(tx, event.ref("mailing"), after_line=int(event.refs["after_line"]))


async def _list_candidates(tx: WriteSession, event: TakenEvent) -> None:
    """The pool comes in line with a partnership, some candidates at a time."""
    after = uuid.UUID(event.refs["after"]) if event.refs["after"] else None
    command = ListCandidates(event.ref("partnership"), int(event.refs["round"]), after)
    await list_candidates(tx, command)


async def _queue_notices(tx: WriteSession, event: TakenEvent) -> None:
    """A notice goes to each of the people whose role it is."""
    command = QueueNotices(
        consortium_id=event.consortium_id,
        kind=NoticeKind(event.refs["kind"]),
        subject_id=event.ref("subject"),
        organization_id=event.ref("organization") if event.refs["organization"] else None,
    )
    await queue_notices(tx, command)


async def _sign_in(read: ReadSession, event: TakenEvent) -> SignInMail | None:
    return await sign_in_mail(read, event.ref("sign_in_link"), event.refs.get("page", HOME))


async def _notice(read: ReadSession, event: TakenEvent) -> NoticeMail | None:
    kind = NoticeKind(event.refs["kind"])
    return await notice_mail(read, kind, event.ref("subject"), event.ref("user"))


def handlers(post: Post) -> Mapping[EventType, Handler]:
    """What is done about each type of event that workers act on."""
    mails: Mapping[EventType, tuple[str, LookById, Write]] = {
        EventType.USER_INVITED: ("invitation", invitation_mail, messages.invitation),
        EventType.REGISTRATION_STARTED: ("registration", confirmation_mail, messages.confirmation),
        EventType.AGREEMENT_ASKED: ("referral", agreement_mail, messages.agreement),
        EventType.DELIVERED_AT_ONCE: ("referral", delivered_mail, messages.delivered_at_once),
        EventType.MOVE_ASKED: ("case", move_mail, messages.move),
        EventType.DELETION_NOTICED: ("notice", deletion_mail, messages.deletion_notice),
        EventType.REQUEST_ENDED: ("request", request_mail, messages.request_ended),
        EventType.SURVEY_DUE: ("survey", survey_mail, messages.survey),
    }
    return {
        **{
            kind: SendMail(post, of(ref, look), write) for kind, (ref, look, write) in mails.items()
        },
        EventType.REGISTRATION_COMPLETED: SendWelcome(
            post, of("candidate", welcome_mail), messages.welcome
        ),
        EventType.PASSWORD_RESET_REQUESTED: SendPasswordReset(
            post, of("password_reset", password_reset_mail), messages.password_reset
        ),
        EventType.SIGN_IN_REQUESTED: SendMail(post, _sign_in, messages.sign_in),
        EventType.REJECTION_QUEUED: SendRejection(
            post, of("rejection", rejection_mail), messages.rejection
        ),
        EventType.MAILING_STARTED: InTransaction(_queue_mails),
        EventType.LISTING_DUE: InTransaction(_list_candidates),
        EventType.NOTICE_DUE: InTransaction(_queue_notices),
        EventType.NOTICE_QUEUED: SendMail(post, _notice, notice),
    }
