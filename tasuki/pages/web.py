"""What every page shares: language, headers, cookies, the checks of a form that comes in."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jinja2 import Environment
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from models.access import Actor
from models.errors import DomainError
from models.reads.candidate_links import read_session
from models.rules.own_pages import own_page_at
from models.session import Database
from models.vocabulary.text import Text
from tasuki.pages.static_files import StaticFiles

BODY_BYTES_MAX = 64 * 1024
FIELDS_MAX = 500
TOKEN_CHARS_MAX = 64
LANGUAGE_COOKIE = "tasuki-lang"
LANGUAGE_LASTS_S = 365 * 24 * 3600
DEVICE_LASTS_S = 24 * 3600
SESSION_LASTS_S = 7 * 24 * 3600
LANGUAGES = ("ja", "en")
FORM_TYPE = "application/x-www-form-urlencoded"

HEADERS: Mapping[str, str] = {
    "cache-control": "no-store",
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    # The address of a page is a secret: no other site learns it. Under "no-referrer" a browser
    # would hide its Origin from ourselves too, and our own forms could not be told from others'.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex, nofollow, noarchive",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "vary": "accept-language, cookie",
}


class Refused(Exception):
    """A request that is answered with a page that says why: status and two texts."""

    def __init__(self, status: int, title: Text, explanation: Text) -> None:
        super().__init__(title.en)
        self.status = status
        self.title = title
        self.explanation = explanation


NOT_FOUND = Refused(
    404,
    Text("ページが見つかりません", "This page does not exist"),
    Text(
        "リンクが途中で切れていないか、メールのリンクをもう一度ご確認ください。",
        "Check that the link in your mail was not cut off, and open it once more.",
    ),
)
FOREIGN_FORM = Refused(
    403,
    Text("送信元を確認できませんでした", "We could not tell where this form came from"),
    Text(
        "ページを開き直して、もう一度お試しください。何も保存されていません。",
        "Open the page again and try once more. Nothing was saved.",
    ),
)
BAD_FORM = Refused(
    400,
    Text("送信内容を読み取れませんでした", "What was sent could not be read"),
    Text(
        "ページに戻り、もう一度お試しください。何も保存されていません。",
        "Go back to the page and try once more. Nothing was saved.",
    ),
)
TOO_LARGE = Refused(
    413,
    Text("送信内容が大きすぎます", "What was sent is too large"),
    Text("文章を短くして、もう一度お試しください。", "Shorten your text and try once more."),
)


class Form:
    """The fields of a form that came in. A missing one reads as empty."""

    def __init__(
        self, fields: Mapping[str, list[str]], files: Mapping[str, bytes] | None = None
    ) -> None:
        self._fields = fields
        self._files = files or {}

    def text(self, name: str) -> str:
        """One value, without outer space."""
        return self._fields.get(name, [""])[0].replace("\r\n", "\n").strip()

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a group of checkboxes, each once."""
        return tuple(dict.fromkeys(self._fields.get(name, [])))

    def replaced_by(self, other: Form) -> Form:
        """This form, with every field that the other one has in its place."""
        return Form({**self._fields, **other._fields})

    def file(self, name: str) -> bytes:
        """What a file holds; nothing where none was chosen."""
        return self._files.get(name, b"")


@dataclass(frozen=True)
class Site:
    """What the pages are made from. ``contact`` is the operator's mail address."""

    database: Database
    base_url: str
    contact: str
    templates: Environment
    files: StaticFiles

    @property
    def is_secure(self) -> bool:
        """Whether cookies may ask for TLS. Only development runs without."""
        return self.base_url.startswith("https://")

    def cookie(self, name: str) -> str:
        """A cookie's name: bound to this host alone where TLS allows it."""
        return f"__Host-{name}" if self.is_secure else name


@dataclass
class Visit:
    """One request for a page."""

    site: Site
    request: Request
    locale: str
    form: Form = field(default_factory=lambda: Form({}))
    actor: Actor | None = None
    session_token: str | None = None

    @property
    def is_post(self) -> bool:
        """Whether something is to be done, rather than shown."""
        return self.request.method == "POST"

    @property
    def me(self) -> Actor:
        """The candidate who is signed in; pages behind the sign-in only."""
        assert self.actor is not None
        return self.actor

    @property
    def csrf(self) -> str:
        """What a form of this session carries, and no other site can know."""
        if self.session_token is None:
            return ""
        return self.site.database.vault.token_hash(f"form:{self.session_token}").hex()

    def token(self) -> str:
        """The secret in the address. Raises `Refused` for what can be none."""
        token: str = self.request.path_params["token"]
        if not 1 <= len(token) <= TOKEN_CHARS_MAX or not token.isascii():
            raise NOT_FOUND
        return token

    def render(self, template: str, status: int = 200, /, **values: Any) -> Response:
        """A page in the visitor's language."""
        content = self.site.templates.get_template(template).render(
            visit=self,
            locale=self.locale,
            say=self._say,
            t=self._choose,
            site=self.site,
            notice=self.request.query_params.get("done"),
            **{"path": self.request.url.path, "problem": None, "problems": None} | values,
        )
        return HTMLResponse(content, status)

    def _say(self, text: Text) -> str:
        return text.in_(self.locale)

    def _choose(self, ja: str, en: str, **values: object) -> str:
        return Text(ja, en).in_(self.locale).format(**values)

    def go(self, path: str) -> Response:
        """To another page, by GET."""
        return RedirectResponse(path, 303)

    def set_cookie(self, response: Response, name: str, value: str, lasts_s: int) -> None:
        """A cookie for this host, out of reach of scripts and of other sites' forms."""
        response.set_cookie(
            self.site.cookie(name),
            value,
            max_age=lasts_s,
            path="/",
            secure=self.site.is_secure,
            httponly=True,
            samesite="lax",
        )

    def drop_cookie(self, response: Response, name: str) -> None:
        """Have the browser forget a cookie."""
        response.delete_cookie(
            self.site.cookie(name),
            path="/",
            secure=self.site.is_secure,
            httponly=True,
            samesite="lax",
        )

    def cookie(self, name: str) -> str | None:
        """A cookie of ours, where its form can be."""
        value = self.request.cookies.get(self.site.cookie(name))
        return value if value and len(value) <= TOKEN_CHARS_MAX else None


Handler = Callable[[Visit], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]
Reader = Callable[[Site, Request], Awaitable[Form]]


def open_page(site: Site, handler: Handler, reader: Reader | None = None) -> Endpoint:
    """A page for everyone. ``reader`` reads what is sent to it: a form, unless said otherwise."""

    async def endpoint(request: Request) -> Response:
        visit = Visit(site, request, language_of(request))
        try:
            if visit.is_post:
                visit.form = await (reader or read_form)(site, request)
            response = await handler(visit)
        except Refused as refused:
            response = refusal(visit, refused)
        except DomainError as error:
            response = visit.render("message.html", 409, title=None, text=_text(error))
        return finish(visit, response)

    return endpoint


def own_page(site: Site, handler: Handler, reader: Reader | None = None) -> Endpoint:
    """A page behind the candidate's sign-in; its forms carry the session's own token."""

    async def signed_in(visit: Visit) -> Response:
        token = visit.cookie("tasuki-me")
        if token is not None:
            async with site.database.read() as read:
                visit.actor = await read_session(read, token, visit.locale)
        if visit.actor is None:
            asked = None if visit.is_post else own_page_at(visit.request.url.path)
            return visit.go(f"/me/sign-in?to={asked}" if asked else "/me/sign-in")
        visit.session_token = token
        if visit.is_post and not hmac.compare_digest(
            visit.form.text("csrf").encode(), visit.csrf.encode()
        ):
            raise FOREIGN_FORM
        return await handler(visit)

    return open_page(site, signed_in, reader)


def refusal(visit: Visit, refused: Refused) -> Response:
    """The page of a refusal."""
    return visit.render(
        "message.html", refused.status, title=refused.title, text=refused.explanation
    )


def _text(error: DomainError) -> Text:
    return Text(error.message("ja"), error.message("en"))


def finish(visit: Visit, response: Response) -> Response:
    """The headers of every page, and the language where it was chosen."""
    response.headers.update(HEADERS)
    chosen = visit.request.query_params.get("lang")
    if chosen in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE,
            chosen,
            max_age=LANGUAGE_LASTS_S,
            path="/",
            secure=visit.site.is_secure,
            httponly=True,
            samesite="lax",
        )
    return response


def new_device() -> str:
    """A random name for a browser, which tells nothing but that it is the same one."""
    return secrets.token_urlsafe(16)


def language_of(request: Request) -> str:
    """The language asked for: by the address, the cookie, the browser; else Japanese."""
    for chosen in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if chosen in LANGUAGES:
            return chosen
    accepted = request.headers.get("accept-language", "").strip()
    if not accepted:
        return "ja"
    ranked = sorted(map(_ranked, accepted.split(",")), key=lambda one: -one[1])
    return next((name for name, rank in ranked if name in LANGUAGES and rank > 0), "en")


def _ranked(part: str) -> tuple[str, float]:
    name, _, quality = part.partition(";")
    try:
        rank = float(quality.strip().removeprefix("q=") or 1)
    except ValueError:
        rank = 0.0
    return name.strip().lower().partition("-")[0], rank


async def read_form(site: Site, request: Request) -> Form:
    """The form of a POST from a page of ours. Raises `Refused`."""
    if not is_own(site, request):
        raise FOREIGN_FORM
    body = await read_body(request, BODY_BYTES_MAX, TOO_LARGE)
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if body and media_type != FORM_TYPE:
        raise BAD_FORM
    try:
        fields = parse_qs(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=FIELDS_MAX, errors="strict"
        )
    except ValueError:
        raise BAD_FORM from None
    return Form(fields)


async def read_body(request: Request, most_bytes: int, too_large: Refused) -> bytes:
    """What was sent, read no further than it may be long. Raises `Refused`."""
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > most_bytes:
                raise too_large
    except ClientDisconnect:
        raise BAD_FORM from None
    return bytes(body)


def is_own(site: Site, request: Request) -> bool:
    """Whether a form was sent by a page of ours. What is no browser sends no Origin."""
    origins = request.headers.getlist("origin")
    if not origins:
        return request.headers.get("sec-fetch-site", "none") in {"same-origin", "none"}
    own = {_origin(site.base_url), _origin(str(request.base_url))}
    return len(origins) == 1 and origins[0].lower() in own


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()
