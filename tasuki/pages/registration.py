"""The way in: the invitation with its form, the mail that was sent, the confirmed address."""

from __future__ import annotations

from starlette.responses import Response

from models.access import Actor, ActorKind
from models.errors import LinkUnknown
from models.operations.candidate_sessions import confirm_address
from models.operations.registrations import StartRegistration, start_registration
from models.reads.candidate_links import LinkPage, LinkState, read_confirmation, read_link_page
from models.rules.consent_texts import (
    CONSENT_TEXT_VERSION,
    STANDING_TEXT,
    registration_consents,
)
from models.rules.registration_form import EXCLUDED_MAX, RegistrationForm
from models.rules.sensitive import SENSITIVE_NAMES, sensitive_kinds
from models.vocabulary.text import Text
from tasuki.pages.registration_input import CHOICES, read_registration
from tasuki.pages.uploads import read_resume
from tasuki.pages.web import DEVICE_LASTS_S, NOT_FOUND, SESSION_LASTS_S, Form, Visit, new_device


async def invitation(visit: Visit) -> Response:
    """The link's page. A form that is sent well leads to "we sent a mail", for every address."""
    page = await _page(visit)
    if visit.is_post:
        return await _send(visit, page)
    response = _show(visit, page)
    if visit.cookie("tasuki-device") is None:
        visit.set_cookie(response, "tasuki-device", new_device(), DEVICE_LASTS_S)
    return response


async def _page(visit: Visit) -> LinkPage:
    async with visit.site.database.read() as read:
        page = await read_link_page(read, visit.token())
    if page is None:
        raise NOT_FOUND
    return page


async def fill_in(visit: Visit) -> Response:
    """The form again, filled from a JSON Resume file. Nothing is saved."""
    page = await _page(visit)
    values, problem = read_resume(visit)
    return _show(visit, page, values=values, resume_problem=problem)


async def _send(visit: Visit, page: LinkPage) -> Response:
    form, problems = read_registration(visit.form, visit.locale)
    if problems:
        return _show(visit, page, problems)
    warnings = sensitive_kinds(form.wishes or "")
    if warnings and not visit.form.text("wishes_warned"):
        return _show(visit, page, warnings=[SENSITIVE_NAMES[kind] for kind in warnings])
    await _start(visit, page, form)
    return visit.go(f"/r/{visit.token()}/sent")


async def _start(visit: Visit, page: LinkPage, form: RegistrationForm) -> None:
    visitor = Actor(ActorKind.CANDIDATE, page.consortium_id, locale=visit.locale)
    command = StartRegistration(
        visit.token(), form, CONSENT_TEXT_VERSION, visit.cookie("tasuki-device")
    )
    async with visit.site.database.transaction() as tx:
        await start_registration(tx, visitor, command)


def _show(
    visit: Visit,
    page: LinkPage,
    problems: dict[str, Text] | None = None,
    warnings: list[Text] | None = None,
    values: Form | None = None,
    resume_problem: Text | None = None,
) -> Response:
    sent = visit.form if visit.is_post else Form({})
    agency = page.agency.in_(visit.locale) if page.agency else None
    return visit.render(
        "invitation.html",
        422 if problems or resume_problem else 200,
        page=page,
        path=f"/r/{visit.token()}",
        problems=problems or {},
        warnings=warnings or [],
        values=sent if values is None else values,
        filled=values is not None,
        resume_problem=resume_problem,
        consents=registration_consents(page.company.in_(visit.locale), agency),
        standing=STANDING_TEXT,
        excluded_max=EXCLUDED_MAX,
        **CHOICES,
    )


async def mail_sent(visit: Visit) -> Response:
    """The same page for every address."""
    await _page(visit)
    return visit.render("sent.html", back=f"/r/{visit.token()}")


async def confirmation(visit: Visit) -> Response:
    """The mailed link: looking at it changes nothing, its button confirms and signs in."""
    if visit.is_post:
        return await _confirm(visit)
    async with visit.site.database.read() as read:
        found = await read_confirmation(read, visit.token())
    if found is None:
        raise NOT_FOUND
    status = 410 if found.state is LinkState.EXPIRED else 200
    return visit.render("confirmation.html", status, found=found)


async def _confirm(visit: Visit) -> Response:
    try:
        async with visit.site.database.transaction() as tx:
            confirmed = await confirm_address(tx, visit.token(), visit.locale)
    except LinkUnknown:
        raise NOT_FOUND from None
    if confirmed.signed_in is None:
        return visit.go("/me/sign-in?done=confirmed")
    response = visit.go("/me?done=registered")
    visit.set_cookie(response, "tasuki-me", confirmed.signed_in.token, SESSION_LASTS_S)
    return response
