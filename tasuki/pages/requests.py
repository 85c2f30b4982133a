"""Requests that need a person, and the link of a mail that keeps a candidate's record."""

from __future__ import annotations

from starlette.responses import Response

from models.errors import DomainError, LinkUnknown, NotFound
from models.operations.inactivity import keep_record
from models.operations.requests import SendRequest, send_request
from models.reads.candidate_links import read_keep_link
from models.reads.candidate_pages import own_status
from models.reads.requests import own_requests
from models.rules.requests import TEXT_CHARS_MAX, RequestKind
from models.rules.sensitive import SENSITIVE_NAMES, sensitive_kinds
from models.vocabulary.text import Text
from tasuki.pages.web import BAD_FORM, NOT_FOUND, Visit


async def requests(visit: Visit) -> Response:
    """One's requests with their answers, and a form for another. Its text is screened."""
    if not visit.is_post:
        return await _show(visit)
    kind, text = _kind(visit.form.text("kind")), visit.form.text("text")
    warnings = sensitive_kinds(text)
    if warnings and not visit.form.text("text_warned"):
        return await _show(visit, warnings=[SENSITIVE_NAMES[one] for one in warnings])
    try:
        async with visit.site.database.transaction() as tx:
            await send_request(tx, visit.me, SendRequest(kind, text))
    except NotFound:
        raise NOT_FOUND from None
    except DomainError as error:
        return await _show(visit, problem=Text(error.message("ja"), error.message("en")))
    return visit.go("/me/requests?done=requested")


def _kind(text: str) -> RequestKind:
    try:
        return RequestKind(text)
    except ValueError:
        raise BAD_FORM from None


async def _show(
    visit: Visit, *, problem: Text | None = None, warnings: list[Text] | None = None
) -> Response:
    try:
        async with visit.site.database.read() as read:
            own = await own_status(read, visit.me)
            sent = await own_requests(read, visit.me)
    except NotFound:
        raise NOT_FOUND from None
    return visit.render(
        "requests.html",
        422 if problem else 200,
        own=own,
        sent=sent,
        kinds=list(RequestKind),
        values=visit.form,
        problem=problem,
        warnings=warnings or [],
        chars_max=TEXT_CHARS_MAX,
    )


async def keep(visit: Visit) -> Response:
    """The link of a notice: looking at it changes nothing, its button keeps the record."""
    token = visit.token()
    if visit.is_post:
        try:
            async with visit.site.database.transaction() as tx:
                await keep_record(tx, token, visit.locale)
        except LinkUnknown:
            raise NOT_FOUND from None
        return visit.render("keep.html", goes_on=None)
    async with visit.site.database.read() as read:
        goes_on = await read_keep_link(read, token)
    if goes_on is None:
        raise NOT_FOUND
    return visit.render("keep.html", goes_on=goes_on)
