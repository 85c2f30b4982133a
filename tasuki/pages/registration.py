"""The way in: the invitation with its form, the mail that was sent, the confirmed address."""

from __future__ import annotations

from starlette.responses import Response

from models.access import Actor, ActorKind
from models.errors import LinkUnknown
from models.operations.candidate_sessions import confirm_address
from models.operations.registrations import StartRegistration, start_registration
from models.reads.candidate_pages import LinkPage, LinkState, read_confirmation, read_link_page
from models.rules.consent_texts import CONSENT_TEXT_VERSION, registration_consents
from models.rules.registration_form import EXCLUDED_MAX, RegistrationForm
from models.rules.sensitive import SENSITIVE_NAMES, sensitive_kinds
from models.vocabulary.job_categories import JOB_CATEGORIES
from models.vocabulary.prefectures import PREFECTURES
from models.vocabulary.skill_list import SKILL_GROUPS
from models.vocabulary.skills import SKILLS
from models.vocabulary.text import Text
from tasuki.pages.registration_input import read_registration
from tasuki.pages.web import DEVICE_LASTS_S, NOT_FOUND, SESSION_LASTS_S, Form, Visit, new_device

OTHER_SKILLS = Text("語学・全般", "Languages and general")


def skill_groups() -> list[tuple[Text, list[tuple[str, Text]]]]:
    """The skills in groups, each under the job category it belongs to."""
    return [
        (
            JOB_CATEGORIES[categories[0]].name if categories else OTHER_SKILLS,
            [(code, SKILLS[code].name) for code, *_ in group],
        )
        for categories, group in SKILL_GROUPS
    ]


_SKILL_GROUPS = skill_groups()


async def invitation(visit: Visit) -> Response:
    """The link's page. A form that is sent well leads to "we sent a mail", for every address."""
    async with visit.site.database.read() as read:
        page = await read_link_page(read, visit.token())
    if page is None:
        raise NOT_FOUND
    if visit.is_post:
        return await _send(visit, page)
    response = _show(visit, page)
    if visit.cookie("tasuki-device") is None:
        visit.set_cookie(response, "tasuki-device", new_device(), DEVICE_LASTS_S)
    return response


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
) -> Response:
    agency = page.agency.in_(visit.locale) if page.agency else None
    return visit.render(
        "invitation.html",
        422 if problems else 200,
        page=page,
        problems=problems or {},
        warnings=warnings or [],
        values=visit.form if visit.is_post else Form({}),
        consents=registration_consents(page.company.in_(visit.locale), agency),
        categories=list(JOB_CATEGORIES.values()),
        prefectures=list(PREFECTURES.values()),
        skill_groups=_SKILL_GROUPS,
        excluded_max=EXCLUDED_MAX,
    )


async def mail_sent(visit: Visit) -> Response:
    """The same page for every address."""
    async with visit.site.database.read() as read:
        page = await read_link_page(read, visit.token())
    if page is None:
        raise NOT_FOUND
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
