"""The product as its users meet it: the command line, a served process, a mail server, a client."""

from __future__ import annotations

import asyncio
import email.policy
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

TASUKI = Path(sys.executable).with_name("tasuki")
SECRET_KEY = "a secret key for served tests, of 32 bytes or more"
WITHIN_S = 60
_LINK = re.compile(r"https?://\S+")


class Inbox:
    """A real SMTP server that keeps what it is sent."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take one message."""
        message = message_from_bytes(envelope.original_content or b"", policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.mails.append(message)
        return "250 OK"

    async def wait_for(self, to: str, path: str) -> str:
        """The newest link under ``path`` that was mailed to an address."""
        deadline = time.monotonic() + WITHIN_S
        while time.monotonic() < deadline:
            for mail in reversed(self.mails):
                if to in str(mail["to"]):
                    for link in links_in(mail):
                        if f"/{path}" in link:
                            return link
            await asyncio.sleep(0.1)
        raise AssertionError(f"no mail with a link to /{path} for {to}")


def links_in(mail: EmailMessage) -> list[str]:
    """The links of the plain text, as a person sees them."""
    body = mail.get_body(("plain",))
    assert body is not None
    return _LINK.findall(body.get_content())


@dataclass
class Served:
    """A running installation."""

    url: str
    environment: dict[str, str]
    folder: Path
    inbox: Inbox
    process: subprocess.Popen[bytes] | None = field(default=None)

    def command(self, *arguments: str) -> str:
        """Run the command line to its end; answers what it printed."""
        done = subprocess.run(
            [str(TASUKI), *arguments],
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self) -> None:
        """Serve until stopped."""
        port = self.url.rpartition(":")[2]
        with (self.folder / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(TASUKI), "serve", "--port", port],
                env=self.environment,
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + WITHIN_S
        while time.monotonic() < deadline:
            assert self.process.poll() is None, (self.folder / "serve.log").read_text()
            try:
                if httpx.get(f"{self.url}/readyz").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError("the server did not get ready")

    def stop(self) -> None:
        """Ask it to stop, and see that it does."""
        if self.process is not None:
            self.process.terminate()
            assert self.process.wait(WITHIN_S) in (0, -15)
            self.process = None


@contextmanager
def prepared(database_url: str, folder: Path, **settings: str) -> Iterator[Served]:
    """An installation that is not running yet; ``settings`` by their names without TASUKI_."""
    inbox = Inbox()
    mail = Controller(inbox, hostname="127.0.0.1", port=free_port())
    mail.start()
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("TASUKI_")},
        "TASUKI_DATABASE_URL": database_url,
        "TASUKI_SECRET_KEY": SECRET_KEY,
        "TASUKI_BASE_URL": f"http://localhost:{port}",
        "TASUKI_SMTP_URL": f"smtp://127.0.0.1:{mail.port}",
        **{f"TASUKI_{name.upper()}": value for name, value in settings.items()},
    }
    served = Served(f"http://localhost:{port}", environment, folder, inbox)
    try:
        yield served
    finally:
        served.stop()
        mail.stop()


@contextmanager
def installation(database_url: str, folder: Path) -> Iterator[Served]:
    """A migrated, running installation over an empty database."""
    with prepared(database_url, folder) as served:
        served.command("migrate")
        served.start()
        yield served


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


class Client:
    """Someone signed in, asking GraphQL as a program would."""

    def __init__(self, served: Served) -> None:
        self.url = f"{served.url}/graphql"
        self.cookie: str | None = None

    async def ask(self, query: str, **variables: Any) -> Any:
        """The data of an answer without errors."""
        headers = {"cookie": self.cookie} if self.cookie else {}
        asked = {"query": query, "variables": variables}
        async with httpx.AsyncClient(timeout=WITHIN_S) as http:
            answer = await http.post(self.url, json=asked, headers=headers)
        if "set-cookie" in answer.headers:
            self.cookie = answer.headers["set-cookie"].partition(";")[0]
        body = answer.json()
        assert "errors" not in body, body["errors"]
        return body["data"]

    async def do(self, mutation: str, kind: str, given: dict[str, Any], answer: str) -> Any:
        """The payload of a mutation that was not refused."""
        data = await self.ask(
            f"mutation($input: {kind}!) {{ {mutation}(input: $input) "
            f"{{ {answer} errors {{ code message path }} }} }}",
            input=given,
        )
        payload = data[mutation]
        assert payload["errors"] == []
        return payload

    async def sign_in(self, address: str, password: str) -> None:
        """By address and password; the session is a cookie."""
        given = {"email": address, "password": password}
        await self.do("signIn", "SignInInput", given, "viewer { role }")
        assert self.cookie is not None
        assert self.cookie.startswith("__Host-tasuki=")

    async def accept(self, link: str, password: str) -> None:
        """Accept a mailed invitation."""
        given = {"token": link.rpartition("/")[2], "password": password}
        await self.do("acceptInvitation", "AcceptInvitationInput", given, "viewer { role }")
