"""Mails: made into messages that hold no one else's headers, and sent by SMTP or into a folder."""

from __future__ import annotations

import asyncio
import os
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr
from pathlib import Path
from time import monotonic
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPTimeoutError,
)

from models.rules.mail_template import RenderedMail
from models.vocabulary.text import Text
from tasuki.workers.outbox import Deferred, DeliveryFailed, Refused

SMTP_TIMEOUT_S = 20.0
MAILS_PER_CONNECTION_MAX = 100
IDLE_S_MAX = 15.0
"""A connection that has rested longer is not trusted to be there still."""

SENDER_NAME_MAX_CHARS = 100
SUBJECT_MAX_CHARS = 500
CALENDAR_FILE_NAME = "meeting.ics"

_ON_BEHALF = Text("{company}（{platform} 経由）", "{company} via {platform}")
_ENHANCED_CODE = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one person, about one event. ``company`` is on whose behalf it is sent."""

    event_id: UUID
    to: str
    locale: str
    content: RenderedMail
    company: str | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """The platform's own address, from which every mail comes, and its name."""

    name: str
    address: str

    @classmethod
    def parse(cls, text: str) -> Sender:
        """``Name <address>``, or an address alone. Raises `ValueError` for anything else."""
        name, address = parseaddr(text)
        user, _, domain = address.partition("@")
        plain = address.isascii() and address.isprintable() and " " not in address
        if not user or not domain or "@" in domain or not plain:
            raise ValueError(
                "TASUKI_MAIL_FROM must be a mail address, as in Tasuki <a@example.com>"
            )
        return cls(one_line(name, SENDER_NAME_MAX_CHARS) or "Tasuki", address)

    @property
    def domain(self) -> str:
        """The part of the address that ids of messages end with."""
        return self.address.partition("@")[2]

    def on_behalf_of(self, company: str | None, locale: str) -> str:
        """The name people see before the address."""
        if company is None:
            return self.name
        words = _ON_BEHALF.in_(locale)
        return one_line(words.format(company=company, platform=self.name), SENDER_NAME_MAX_CHARS)


def one_line(text: str, chars_max: int) -> str:
    """The text without line breaks and control characters: nothing that could end a header."""
    plain = "".join(c if unicodedata.category(c)[0] not in "CZ" else " " for c in text)
    return " ".join(plain.split())[:chars_max].rstrip()


def message_for(mail: Mail, sender: Sender, at: datetime) -> EmailMessage:
    """The message. Its id comes from the event, the same however often it is sent.

    Raises `ValueError` for an address that no message can be sent to.
    """
    message = EmailMessage(policy=SMTP_POLICY)
    name = sender.on_behalf_of(mail.company, mail.locale)
    message["From"] = Address(display_name=name, addr_spec=sender.address)
    message["To"] = Address(addr_spec=mail.to)
    message["Subject"] = one_line(mail.content.subject, SUBJECT_MAX_CHARS)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{mail.event_id.hex}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.content.text, charset="utf-8", cte="base64")
    message.add_alternative(mail.content.html, subtype="html", charset="utf-8", cte="base64")
    if mail.content.calendar is not None:
        message.add_attachment(
            mail.content.calendar.encode(),
            "text",
            "calendar",
            filename=CALENDAR_FILE_NAME,
            params={"charset": "utf-8"},
        )
    # Set last: what begins with Content would have moved into the first part.
    message["Content-Language"] = mail.locale
    return message


class Mailer(Protocol):
    """Where messages go."""

    async def send(self, message: EmailMessage) -> None:
        """Hand one message over. Raises `DeliveryFailed`."""
        ...

    async def close(self) -> None:
        """Let go of what is open."""
        ...


def mailer_for(smtp_url: str | None, folder: Path) -> Mailer:
    """The mail server where one is named, else a folder."""
    return SmtpMailer(SmtpServer.parse(smtp_url)) if smtp_url else FolderMailer(folder)


class FolderMailer:
    """One ``.eml`` file a message, named by its id, there whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def send(self, message: EmailMessage) -> None:
        """Write the file. A message sent again takes the place of the first."""
        try:
            await asyncio.to_thread(self._write, message)
        except OSError:
            raise Deferred("folder") from None

    def _write(self, message: EmailMessage) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        partial = self.folder / f".{name}.partial"
        with partial.open("wb") as file:
            file.write(message.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        partial.replace(self.folder / f"{name}.eml")

    async def close(self) -> None:
        """Nothing is open."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where and how to reach a mail server. ``start_tls`` None upgrades where it is offered."""

    host: str
    port: int | None
    username: str | None
    password: str | None
    use_tls: bool
    start_tls: bool | None

    @classmethod
    def parse(cls, url: str) -> SmtpServer:
        """``smtp://``, ``smtp+starttls://`` or ``smtps://USER:PASSWORD@HOST:PORT``.

        ``?starttls=1`` insists on the upgrade, ``?starttls=0`` never asks for it. Raises
        `ValueError` for anything else, without repeating the URL, which holds a password.
        """
        parts = urlsplit(url)
        asked = parse_qs(parts.query).get("starttls", [""])[-1]
        if parts.scheme not in {"smtp", "smtps", "smtp+starttls"} or not parts.hostname:
            raise ValueError(
                "TASUKI_SMTP_URL must begin with smtp://, smtp+starttls:// or smtps://"
            )
        if asked not in {"", "0", "1"}:
            raise ValueError("starttls in TASUKI_SMTP_URL must be 0 or 1")
        use_tls = parts.scheme == "smtps"
        start_tls = {"": None, "0": False, "1": True}[asked]
        if parts.scheme == "smtp+starttls":
            start_tls = True
        return cls(
            host=parts.hostname,
            port=parts.port,
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            use_tls=use_tls,
            start_tls=False if use_tls else start_tls,
        )


@dataclass(slots=True)
class _Connection:
    smtp: SMTP
    sent: int = 0
    used_at: float = 0.0


class SmtpMailer:
    """Sends by SMTP. Each mail under way has a connection, which the next ones use again."""

    def __init__(self, server: SmtpServer, *, timeout_s: float = SMTP_TIMEOUT_S) -> None:
        self.server = server
        self.timeout_s = timeout_s
        self._idle: list[_Connection] = []

    async def send(self, message: EmailMessage) -> None:
        """Hand over one message.

        A recipient or content that the server refuses for good is `Refused`; everything else,
        also what is wrong with ourselves, is `Deferred`.
        """
        connection = await self._connection()
        try:
            await connection.smtp.send_message(message)
        except (SMTPRecipientsRefused, SMTPDataError) as refused:
            # The server has answered and the envelope is reset: the connection is good.
            self._give_back(connection)
            raise failure_of(refused) from None
        except (SMTPException, OSError, ValueError) as failed:
            connection.smtp.close()
            raise failure_of(failed) from None
        except BaseException:
            connection.smtp.close()
            raise
        self._give_back(connection)

    def _give_back(self, connection: _Connection) -> None:
        connection.sent += 1
        connection.used_at = monotonic()
        if connection.sent < MAILS_PER_CONNECTION_MAX and connection.smtp.is_connected:
            self._idle.append(connection)
        else:
            connection.smtp.close()

    async def _connection(self) -> _Connection:
        while self._idle:
            # The last one used: those that are not needed grow old and are closed.
            connection = self._idle.pop()
            if connection.smtp.is_connected and monotonic() - connection.used_at < IDLE_S_MAX:
                return connection
            connection.smtp.close()
        return await self._connect()

    async def _connect(self) -> _Connection:
        server = self.server
        try:
            smtp = SMTP(
                hostname=server.host,
                port=server.port,
                username=server.username,
                password=server.password,
                use_tls=server.use_tls,
                start_tls=server.start_tls,
                timeout=self.timeout_s,
            )
            await smtp.connect()
        except (SMTPException, OSError, ValueError) as failed:
            failure = failure_of(failed)
            raise Deferred(failure.failure) from None
        return _Connection(smtp)

    async def close(self) -> None:
        """Say goodbye on every connection."""
        idle, self._idle = self._idle, []
        for connection in idle:
            try:
                await connection.smtp.quit()
            except (SMTPException, OSError):
                connection.smtp.close()


def failure_of(failed: Exception) -> DeliveryFailed:
    """What may be kept of a failure, and whether it is for good."""
    if isinstance(failed, SMTPRecipientsRefused):
        failed = failed.recipients[0]
        return _answered(failed.code, failed.message)
    if isinstance(failed, SMTPDataError):
        return _answered(failed.code, failed.message)
    if isinstance(failed, SMTPResponseException):
        return Deferred(_code(failed.code, failed.message))
    if isinstance(failed, SMTPNotSupported | ValueError):
        return Refused("unsupported")
    if isinstance(failed, SMTPTimeoutError | TimeoutError):
        return Deferred("timeout")
    return Deferred("connection")


def _answered(code: int, text: str) -> DeliveryFailed:
    kind = Refused if 500 <= code <= 599 else Deferred
    return kind(_code(code, text))


def _code(code: int, text: str) -> str:
    """The reply code, and the enhanced one where the reply begins with it: never its words."""
    enhanced = _ENHANCED_CODE.match(text)
    return f"{code} {enhanced[0]}" if enhanced else str(code)
