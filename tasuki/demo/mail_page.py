"""The demo's letter box: the mails that would have been sent, for everyone to read."""

from __future__ import annotations

import email.policy
import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

MAILS_MAX = 100
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
_LINK = re.compile(r"https?://[^\s<>\"]+")
_STYLE = """
body{font:16px/1.7 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}
li{padding:.6rem 0;border-bottom:1px solid #8884}pre{white-space:pre-wrap;overflow-wrap:anywhere}
small{opacity:.75}:root{color-scheme:light dark}
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail as it lies in the folder."""

    name: str
    to: str
    subject: str
    text: str


def mail_routes(folder: Path) -> list[BaseRoute]:
    """``/demo/mail`` and a page for each mail."""

    async def listing(_: Request) -> Response:
        letters = [_read(path) for path in _newest(folder)]
        items = "".join(
            f'<li><a href="/demo/mail/{escape(one.name)}">{escape(one.subject)}</a>'
            f"<br><small>{escape(one.to)}</small></li>"
            for one in letters
        )
        empty = "<p>まだメールはありません。No mail yet.</p>"
        return _page("届いたメール Mails", f"<ul>{items}</ul>" if letters else empty)

    async def letter(request: Request) -> Response:
        path = folder / Path(request.path_params["name"]).name
        if path.suffix != ".eml" or not path.is_file():
            return _page("見つかりません Not found", "", status=404)
        found = _read(path)
        text = _LINK.sub(lambda m: f'<a href="{m[0]}">{m[0]}</a>', escape(found.text, quote=False))
        body = f'<p><a href="/demo/mail">←</a> {escape(found.to)}</p><pre>{text}</pre>'
        return _page(found.subject, body)

    return [Route("/demo/mail", listing), Route("/demo/mail/{name}", letter)]


def _newest(folder: Path) -> list[Path]:
    mails = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)
    return mails[:MAILS_MAX]


def _read(path: Path) -> Letter:
    message = message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    text = body.get_content() if body else ""
    return Letter(path.name, str(message["to"]), str(message["subject"]), text)


def _page(title: str, body: str, *, status: int = 200) -> Response:
    html = (
        f'<!doctype html><html lang="ja"><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width">'
        f"<style>{_STYLE}</style><main><h1>{escape(title)}</h1>{body}</main></html>"
    )
    return HTMLResponse(html, status, headers={"content-security-policy": POLICY})
