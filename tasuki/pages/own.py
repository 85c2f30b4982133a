"""The candidate's own pages: where things stand, questions to answer, consents, exclusions."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.responses import Response

from models.access import Actor
from models.errors import DomainError, InvalidTransition, NotFound
from models.operations.agency_moves import MoveToAgency, move_to_agency
from models.operations.agreements import (
    AgreeToIntroduction,
    DeclineIntroduction,
    WithdrawFrom,
    agree_to_introduction,
    decline_introduction,
    withdraw_from,
)
from models.operations.candidate_pages import (
    BlockOrganization,
    NamePresentEmployer,
    UnblockName,
    UnblockOrganization,
    WithdrawConsent,
    block_organization,
    leave_agency,
    name_present_employer,
    unblock_name,
    unblock_organization,
    withdraw_consent,
)
from models.operations.standing_consents import ShareWithPartners, share_with_partners
from models.reads.candidate_pages import Introduction, OwnStatus, own_status
from models.reads.own_matches import own_matches
from models.rules.consent_texts import (
    CONSENT_TEXT_VERSION,
    SHARING_TEXTS,
    STANDING_TEXT,
    ConsentText,
    introduction_consent,
    learned_by_promises,
    move_consent,
    partner_consent,
    promised,
)
from models.rules.lifecycles import CaseStatus, ConsentStatus
from models.session import WriteSession
from models.vocabulary.job_categories import JOB_CATEGORIES
from models.vocabulary.prefectures import PREFECTURES
from models.vocabulary.skills import SKILLS
from models.vocabulary.text import Text
from tasuki.pages.web import BAD_FORM, NOT_FOUND, Visit

Operation = Callable[[WriteSession, Actor, Any], Awaitable[Any]]

CHANGED_MEANWHILE = Text(
    "すでに回答済みか、状況が変わっています。現在の状況をご確認ください。",
    "This was answered already, or things have changed. See below how it stands now.",
)
"""For people, in place of the names of states."""
STATUS_OF_CODE = {"NOT_FOUND": 404, "INVALID_INPUT": 422}


async def overview(visit: Visit) -> Response:
    """Where things stand, what waits for an answer, and what is held."""
    return await _show_overview(visit)


async def move(visit: Visit) -> Response:
    """Take the case to another agency, where one's own may go on no more."""
    command = MoveToAgency(_id(visit.form.text("agency")), CONSENT_TEXT_VERSION)
    problem = await _do(visit, move_to_agency, command)
    return visit.go("/me?done=moved") if problem is None else await _show_overview(visit, problem)


async def _show_overview(visit: Visit, problem: DomainError | None = None) -> Response:
    own = await _own(visit)
    agency = own.move.agency if own.move else None
    return visit.render(
        "overview.html",
        _status(problem),
        own=own,
        problem=_text(problem),
        move_consent=move_consent(agency.in_(visit.locale)) if agency else None,
        categories=JOB_CATEGORIES,
        prefectures=PREFECTURES,
        skills=SKILLS,
        supports=own.case_status is CaseStatus.OPEN,
    )


async def introduction(visit: Visit) -> Response:
    """One introduction: agree, decline, or step back later."""
    referral_id = _id(visit.request.path_params["id"])
    if visit.is_post:
        return await _answer(visit, referral_id)
    return await _show_introduction(visit, referral_id)


async def _answer(visit: Visit, referral_id: uuid.UUID) -> Response:
    answers: dict[str, tuple[Operation, object, str]] = {
        "agree": (
            agree_to_introduction,
            AgreeToIntroduction(referral_id, CONSENT_TEXT_VERSION),
            "agreed",
        ),
        "decline": (decline_introduction, DeclineIntroduction(referral_id), "declined"),
        "withdraw": (withdraw_from, WithdrawFrom(referral_id), "withdrawn"),
    }
    if visit.form.text("answer") not in answers:
        raise BAD_FORM
    operation, command, done = answers[visit.form.text("answer")]
    problem = await _do(visit, operation, command)
    if problem is not None:
        return await _show_introduction(visit, referral_id, problem)
    return visit.go(f"/me/introductions/{referral_id}?done={done}")


async def _show_introduction(
    visit: Visit, referral_id: uuid.UUID, problem: DomainError | None = None
) -> Response:
    own = await _own(visit)
    asked = _find(own, referral_id)
    return visit.render(
        "introduction.html",
        _status(problem),
        own=own,
        asked=asked,
        consent=_consent_to(asked, visit.locale),
        promised=promised,
        learned=learned_by_promises,
        problem=_text(problem),
    )


def _consent_to(asked: Introduction, locale: str) -> ConsentText:
    company, giver = asked.company.in_(locale), asked.agency.in_(locale)
    if asked.partner is None:
        return introduction_consent(company, giver)
    return partner_consent(company, giver, asked.partner.fields, asked.partner.days)


def _find(own: OwnStatus, referral_id: uuid.UUID) -> Introduction:
    for one in own.introductions:
        if one.id == referral_id:
            return one
    raise NOT_FOUND


async def matches(visit: Visit) -> Response:
    """The openings that fit, with the reasons. Looking at them tells nobody anything."""
    own = await _own(visit)
    async with visit.site.database.read() as read:
        found = await own_matches(read, visit.me)
    return visit.render("matches.html", own=own, found=found, prefectures=PREFECTURES)


async def consents(visit: Visit) -> Response:
    """Every consent, those that nothing under way stands on with a button each.

    And the form that lets partners look, with or without a question each time.
    """
    problem = None
    if visit.is_post:
        operation, command, done = _consent_command(visit)
        problem = await _do(visit, operation, command)
        if problem is None:
            return visit.go(f"/me/consents?done={done}")
    own = await _own(visit)
    return visit.render(
        "consents.html",
        _status(problem),
        own=own,
        active=[one for one in own.consents if one.status is ConsentStatus.ACTIVE],
        ended=[one for one in own.consents if one.status is not ConsentStatus.ACTIVE],
        problem=_text(problem),
        sharing=SHARING_TEXTS[CONSENT_TEXT_VERSION],
        standing=STANDING_TEXT,
        earlier=SHARING_TEXTS,
        supports=own.case_status is CaseStatus.OPEN,
    )


def _consent_command(visit: Visit) -> tuple[Operation, object, str]:
    form = visit.form
    if form.text("action") != "share":
        return withdraw_consent, WithdrawConsent(_id(form.text("consent"))), "consent"
    without_asking = form.text("without_asking") == "yes"
    return share_with_partners, ShareWithPartners(without_asking, CONSENT_TEXT_VERSION), "shared"


async def records(visit: Visit) -> Response:
    """To whom what was provided, by whom, when, and until when."""
    return visit.render("records.html", own=await _own(visit))


async def exclusions(visit: Visit) -> Response:
    """The companies one is never shown to, and the present employer."""
    problem = None
    if visit.is_post:
        operation, command, done = _exclusion_command(visit)
        problem = await _do(visit, operation, command)
        if problem is None:
            return visit.go(f"/me/exclusions?done={done}")
    return visit.render(
        "exclusions.html",
        _status(problem),
        own=await _own(visit),
        problem=_text(problem),
        failed=visit.form.text("action"),
        values=visit.form,
    )


def _exclusion_command(visit: Visit) -> tuple[Operation, object, str]:
    form = visit.form
    match form.text("action"):
        case "block":
            return block_organization, BlockOrganization(form.text("name")), "blocked"
        case "unblock":
            command = UnblockOrganization(_id(form.text("organization")))
            return unblock_organization, command, "unblocked"
        case "unblock-name":
            return unblock_name, UnblockName(form.text("name")), "unblocked"
        case "employer":
            return name_present_employer, NamePresentEmployer(form.text("employer")), "employer"
        case _:
            raise BAD_FORM


async def leave(visit: Visit) -> Response:
    """End the agency's support, after a page that says what that means."""
    if visit.is_post:
        problem = await _do(visit, _leave, None)
        return visit.go("/me" if problem else "/me?done=left")
    own = await _own(visit)
    if own.case_status is not CaseStatus.OPEN:
        return visit.go("/me")
    return visit.render("leave.html", own=own)


async def _leave(tx: WriteSession, actor: Actor, command: object) -> None:  # noqa: ARG001
    await leave_agency(tx, actor)


async def _own(visit: Visit) -> OwnStatus:
    try:
        async with visit.site.database.read() as read:
            return await own_status(read, visit.me)
    except NotFound:
        raise NOT_FOUND from None


async def _do(visit: Visit, operation: Operation, command: object) -> DomainError | None:
    """Do it in one transaction; a refusal comes back, to be shown beside the form."""
    try:
        async with visit.site.database.transaction() as tx:
            await operation(tx, visit.me, command)
    except DomainError as error:
        return error
    return None


def _status(problem: DomainError | None) -> int:
    return 200 if problem is None else STATUS_OF_CODE.get(problem.code, 409)


def _text(problem: DomainError | None) -> Text | None:
    if problem is None:
        return None
    if isinstance(problem, InvalidTransition):
        return CHANGED_MEANWHILE
    return Text(problem.message("ja"), problem.message("en"))


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NOT_FOUND from None
