"""Signing in without a password: an address, a mailed link, a button."""

from __future__ import annotations

from starlette.responses import Response

from models.errors import LinkUnknown
from models.operations.candidate_sessions import request_sign_in, sign_out, use_sign_in_link
from models.reads.candidate_links import LinkState, read_sign_in_link
from models.rules.addresses import AddressRefused
from models.rules.own_pages import HOME, own_page_at
from models.vocabulary.text import Text
from tasuki.pages.web import NOT_FOUND, SESSION_LASTS_S, Visit


async def sign_in(visit: Visit) -> Response:
    """A form for the address. It answers alike for addresses known and unknown."""
    if not visit.is_post:
        return visit.render("sign_in.html", problem=None, email="", to=_asked_for(visit))
    email = visit.form.text("email")
    try:
        async with visit.site.database.transaction() as tx:
            await request_sign_in(tx, email, _asked_for(visit))
    except AddressRefused as refused:
        return _again(visit, email, refused.reason)
    return visit.go("/me/sign-in/sent")


def _again(visit: Visit, email: str, problem: Text) -> Response:
    return visit.render("sign_in.html", 422, problem=problem, email=email, to=_asked_for(visit))


def _asked_for(visit: Visit) -> str:
    """The page to be led to: one of the candidate's own, whatever the address says."""
    given = visit.form.text("to") if visit.is_post else visit.request.query_params.get("to", "")
    return own_page_at(given) or HOME


async def sign_in_sent(visit: Visit) -> Response:
    """The same page for every address."""
    return visit.render("sent.html", back="/me/sign-in")


async def sign_in_link(visit: Visit) -> Response:
    """The mailed link: looking at it changes nothing, its button signs in, once."""
    if visit.is_post:
        return await _use(visit)
    async with visit.site.database.read() as read:
        state = await read_sign_in_link(read, visit.token())
    if state is None:
        raise NOT_FOUND
    status = 200 if state is LinkState.OPEN else 410
    return visit.render("sign_in_link.html", status, state=state, to=_asked_for(visit))


async def _use(visit: Visit) -> Response:
    try:
        async with visit.site.database.transaction() as tx:
            signed_in = await use_sign_in_link(tx, visit.token(), visit.locale)
    except LinkUnknown:
        expired = LinkState.EXPIRED
        return visit.render("sign_in_link.html", 410, state=expired, to=_asked_for(visit))
    response = visit.go(_asked_for(visit))
    visit.set_cookie(response, "tasuki-me", signed_in.token, SESSION_LASTS_S)
    return response


async def leave_session(visit: Visit) -> Response:
    """Sign out, by a button on the candidate's pages."""
    assert visit.session_token is not None
    async with visit.site.database.transaction() as tx:
        await sign_out(tx, visit.me, visit.session_token)
    response = visit.go("/me/sign-in?done=signed-out")
    visit.drop_cookie(response, "tasuki-me")
    return response
