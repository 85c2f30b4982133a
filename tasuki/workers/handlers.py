"""What workers do about each type of event."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.operations.listings import ListCandidates, list_candidates
from models.operations.mailings import queue_mails, record_mail
from models.operations.notices import QueueNotices, queue_notices
from models.operations.outbox import TakenEvent
from models.operations.password_resets import record_reset_mailed
from models.outbox import EventType
from models.reads.candidate_mails import deletion_mail, request_mail
from models.reads.notices import notice_mail
from models.reads.outgoing_mails import (
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
from models.rules.lifecycles import MailStatus
from models.rules.mail_template import RenderedMail
from models.rules.notices import NoticeKind
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


async def deliver(post: Post, mail: Mail, at: datetime) -> None:
    """Hand one mail over. Raises `Refused` for an address that no message can be sent to."""
    try:
        message = message_for(mail, post.sender, at)
    except ValueError:
        raise Refused("unsupported") from None
    await post.mailer.send(message)


Look = Callable[[ReadSession, uuid.UUID], Awaitable[Any]]
Write = Callable[[Any, str], RenderedMail]


class SendMail:
    """Looks up what a mail is made of, and sends it. Where there is nothing left to send, rests."""

    def __init__(self, post: Post, ref: str, look: Look, write: Write) -> None:
        self.post = post
        self.ref = ref
        self.look = look
        self.write = write

    async def act(self, event: TakenEvent) -> Result:
        """Send the mail, if it is still wanted."""
        async with self.post.database.read() as read:
            found = await self.look(read, event.ref(self.ref))
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
        await deliver(self.post, mail, now)
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
        await record_mail(tx, event.ref(self.ref), status=status, failure=outcome.failure)


class SendNotice:
    """A mail that tells one of an organization's people to look."""

    def __init__(self, post: Post) -> None:
        self.post = post

    async def act(self, event: TakenEvent) -> Result:
        """Send the mail, if there is still something to look at."""
        kind = NoticeKind(event.refs["kind"])
        async with self.post.database.read() as read:
            found = await notice_mail(read, kind, event.ref("subject"), event.ref("user"))
            now = read.now
        if found is None:
            return Result.MOOT
        content = notice(found, self.post.base_url)
        await deliver(self.post, Mail(event.id, found.email, found.locale, content), now)
        return Result.DONE

    async def settle(self, tx: WriteSession, event: TakenEvent, outcome: Outcome) -> None:
        """The event itself tells what became of it."""


class QueueNoticesOf:
    """A notice goes to each of the people whose role it is. It happens in one transaction."""

    async def act(self, event: TakenEvent) -> Result:  # noqa: ARG002  (a handler's signature)
        """Nothing is to be done outside."""
        return Result.DONE

    async def settle(
        self,
        tx: WriteSession,
        event: TakenEvent,
        outcome: Outcome,  # noqa: ARG002  (a handler's signature)
    ) -> None:
        """Queue a mail to each."""
        await queue_notices(
            tx,
            QueueNotices(
                consortium_id=event.consortium_id,
                kind=NoticeKind(event.refs["kind"]),
                subject_id=event.ref("subject"),
                organization_id=event.ref("organization") if event.refs["organization"] else None,
            ),
        )


class SendPasswordReset(SendMail):
    """A link to a new password: recorded once it is sent, where nobody waits for the answer."""

    async def settle(self, tx: WriteSession, event: TakenEvent, outcome: Outcome) -> None:
        """Of an address that nobody has, nothing was sent."""
        if outcome.result is Result.DONE:
            record_reset_mailed(tx, event.consortium_id, event.ref("user"))


class QueueMails:
    """A mailing goes on with its next people. All of it happens in one transaction."""

    async def act(self, event: TakenEvent) -> Result:  # noqa: ARG002  (a handler's signature)
        """Nothing is to be done outside."""
        return Result.DONE

    async def settle(
        self,
        tx: WriteSession,
        event: TakenEvent,
        outcome: Outcome,  # noqa: ARG002  (a handler's signature)
    ) -> None:
        """Queue a batch."""
        await queue_mails(tx, event.ref("mailing"), after_line=int(event.refs["after_line"]))


class ListCandidatesOf:
    """The pool comes in line with a partnership, some candidates at a time."""

    async def act(self, event: TakenEvent) -> Result:  # noqa: ARG002  (a handler's signature)
        """Nothing is to be done outside."""
        return Result.DONE

    async def settle(
        self,
        tx: WriteSession,
        event: TakenEvent,
        outcome: Outcome,  # noqa: ARG002  (a handler's signature)
    ) -> None:
        """List a batch."""
        after = event.refs["after"]
        await list_candidates(
            tx,
            ListCandidates(
                event.ref("partnership"),
                int(event.refs["round"]),
                uuid.UUID(after) if after else None,
            ),
        )


def handlers(post: Post) -> Mapping[EventType, Handler]:
    """What is done about each type of event that workers act on."""
    mails: Mapping[EventType, tuple[str, Look, Write]] = {
        EventType.USER_INVITED: ("invitation", invitation_mail, messages.invitation),
        EventType.REGISTRATION_STARTED: ("registration", confirmation_mail, messages.confirmation),
        EventType.REGISTRATION_COMPLETED: ("candidate", welcome_mail, messages.welcome),
        EventType.SIGN_IN_REQUESTED: ("sign_in_link", sign_in_mail, messages.sign_in),
        EventType.AGREEMENT_ASKED: ("referral", agreement_mail, messages.agreement),
        EventType.DELIVERED_AT_ONCE: ("referral", delivered_mail, messages.delivered_at_once),
        EventType.MOVE_ASKED: ("case", move_mail, messages.move),
        EventType.DELETION_NOTICED: ("notice", deletion_mail, messages.deletion_notice),
        EventType.REQUEST_ENDED: ("request", request_mail, messages.request_ended),
    }
    return {
        **{kind: SendMail(post, *how) for kind, how in mails.items()},
        EventType.PASSWORD_RESET_REQUESTED: SendPasswordReset(
            post, "password_reset", password_reset_mail, messages.password_reset
        ),
        EventType.REJECTION_QUEUED: SendRejection(
            post, "rejection", rejection_mail, messages.rejection
        ),
        EventType.MAILING_STARTED: QueueMails(),
        EventType.LISTING_DUE: ListCandidatesOf(),
        EventType.NOTICE_DUE: QueueNoticesOf(),
        EventType.NOTICE_QUEUED: SendNotice(post),
    }
