"""The candidate's own rights: to see, to correct, to take along, to be erased."""

from __future__ import annotations

from starlette.responses import Response

from models.errors import NotFound
from models.operations.erased_keys import destroy_erased_keys
from models.operations.erasures import erase_own_data
from models.operations.own_data import CorrectOwnData, correct_own_data
from models.reads.own_data import OwnData, own_data
from models.rules.registration_form import OwnDetails
from models.rules.sensitive import SENSITIVE_NAMES, sensitive_kinds
from models.vocabulary.text import Text
from tasuki.pages import archive as files
from tasuki.pages.registration_input import CHOICES, read_details
from tasuki.pages.uploads import fields_of, read_resume
from tasuki.pages.web import NOT_FOUND, Form, Visit
from tasuki.workers.outbox import log_fault

NOT_SURE = Text(
    "内容を確認し、チェックを入れてください。",
    "Tick the box once you have read what it means.",
)


async def data(visit: Visit) -> Response:
    """All that is held, and what can be done about it."""
    return visit.render("data.html", held=await _held(visit))


async def edit(visit: Visit) -> Response:
    """A form with the details as they are. Free text is screened as in the registration form."""
    if not visit.is_post:
        held = await _held(visit)
        return _show_form(visit, held, _form_of(held))
    details, problems = read_details(visit.form)
    if problems:
        return _show_form(visit, await _held(visit), visit.form, problems)
    warnings = sensitive_kinds(details.wishes or "")
    if warnings and not visit.form.text("wishes_warned"):
        names = [SENSITIVE_NAMES[kind] for kind in warnings]
        return _show_form(visit, await _held(visit), visit.form, warnings=names)
    await _correct(visit, details)
    return visit.go("/me/data?done=corrected")


async def _correct(visit: Visit, details: OwnDetails) -> None:
    try:
        async with visit.site.database.transaction() as tx:
            await correct_own_data(tx, visit.me, CorrectOwnData(details))
    except NotFound:
        raise NOT_FOUND from None


async def fill_in(visit: Visit) -> Response:
    """The form again, with what a JSON Resume file says in place of what is held."""
    held = await _held(visit)
    found, problem = read_resume(visit)
    values = _form_of(held) if found is None else _form_of(held).replaced_by(found)
    return _show_form(visit, held, values, resume_problem=problem, filled=found is not None)


def _form_of(held: OwnData) -> Form:
    return Form({**fields_of(held.values), "wishes": [held.status.wishes or ""]})


def _show_form(
    visit: Visit,
    held: OwnData,
    values: Form,
    problems: dict[str, Text] | None = None,
    *,
    warnings: list[Text] | None = None,
    resume_problem: Text | None = None,
    filled: bool = False,
) -> Response:
    return visit.render(
        "edit.html",
        422 if problems or resume_problem else 200,
        held=held,
        path="/me/data/edit",
        values=values,
        problems=problems or {},
        warnings=warnings or [],
        resume_problem=resume_problem,
        filled=filled,
        **CHOICES,
    )


async def json_resume(visit: Visit) -> Response:
    """One's details as a file that other services read."""
    content = files.resume_file(await _held(visit), visit.locale)
    return _download(content, "application/json", "resume.json")


async def archive(visit: Visit) -> Response:
    """Everything, as a file to keep."""
    content = files.archive(await _held(visit), visit.locale)
    return _download(content, "application/zip", "tasuki-data.zip")


def _download(content: bytes, media_type: str, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)


async def erase(visit: Visit) -> Response:
    """What goes and what stays, and the button that does it."""
    if visit.is_post and visit.form.text("sure"):
        return await _erase(visit)
    problem = NOT_SURE if visit.is_post else None
    held = await _held(visit)
    return visit.render("erase.html", 422 if problem else 200, held=held, problem=problem)


async def _erase(visit: Visit) -> Response:
    database = visit.site.database
    try:
        async with database.transaction() as tx:
            await erase_own_data(tx, visit.me)
    except NotFound:
        raise NOT_FOUND from None
    try:
        await destroy_erased_keys(database)
    except Exception as fault:  # noqa: BLE001  (it is erased; the timers destroy the key)
        log_fault("erasure.key_waits", fault)
    response = visit.go("/me/erased")
    visit.drop_cookie(response, "tasuki-me")
    return response


async def erased(visit: Visit) -> Response:
    """The confirmation. It is the only one: there is no address left to write to."""
    return visit.render("erased.html")


async def _held(visit: Visit) -> OwnData:
    try:
        async with visit.site.database.read() as read:
            return await own_data(read, visit.me)
    except NotFound:
        raise NOT_FOUND from None
