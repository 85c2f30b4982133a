"""What candidates ask of the consortium: the page, the queue, the answers, on both databases."""

from __future__ import annotations

import io
import uuid
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy import func, select

from gql.context import Context
from gql.node import encode_id
from gql.schema import build_schema
from models.access import Actor, Role
from models.errors import DomainError, Forbidden, InvalidInput, InvalidTransition, NotFound
from models.operations.consortia import ChangeConsortium, change_consortium
from models.operations.erasures import erase_own_data
from models.operations.requests import (
    EndRequest,
    SendRequest,
    answer_request,
    refuse_request,
    send_request,
)
from models.reads.requests import own_requests
from models.rules.requests import OPEN_REQUESTS_MAX, TEXT_CHARS_MAX, RequestKind, TooManyRequests
from models.tables.records import AuditEntry
from models.tables.requests import CandidateRequest
from tests.erasures import actor_of, verified
from tests.handovers import run
from tests.test_inactivity import body_of, mails
from tests.test_pages import browser as browser  # noqa: PLC0414  (a fixture)
from tests.test_pages import csrf, register
from tests.world import World, build_world

SCHEMA = build_schema()
QUEUE = """
query ($where: CandidateRequestFilter, $order: [CandidateRequestOrder!], $after: String) {
  candidateRequests(where: $where, orderBy: $order, first: 2, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes { id kind status text answer dueOn isOverdue endedAt }
  }
}
"""
ANSWER = """
mutation ($input: AnswerRequestInput!) {
  %s(input: $input) { request { status answer isOverdue } errors { code path } }
}
"""
ASKED = SendRequest(RequestKind.DISCLOSURE, "Please send it on paper.\nThank you.")


def admin(world: World) -> Actor:
    return world.actor(None, Role.CONSORTIUM_ADMIN)


async def ask(world: World, actor: Actor, query: str, **variables: Any) -> dict[str, Any]:
    context = Context(database=world.database, base_url="https://x.example", actor=actor)
    answer = await SCHEMA.execute(query, variable_values=variables, context_value=context)
    assert answer.errors is None, answer.errors
    assert answer.data is not None
    return answer.data


async def asked(world: World, command: SendRequest = ASKED) -> tuple[Actor, uuid.UUID]:
    """Somebody registered and asks."""
    me = actor_of(world, (await world.register()).candidate_id)
    return me, await run(world, send_request, me, command)


async def refusal(world: World, operation: Any, actor: Actor, command: Any) -> DomainError:
    with pytest.raises(DomainError) as refused:
        await run(world, operation, actor, command)
    return refused.value


async def own(world: World, me: Actor) -> list[Any]:
    async with world.database.read() as read:
        return await own_requests(read, me)


# Sending


async def test_a_request_waits_with_a_day_on_which_it_is_due(world: World) -> None:
    me, request_id = await asked(world)
    [one] = await own(world, me)
    assert (one.id, one.kind, one.question) == (request_id, ASKED.kind, ASKED.text)
    # The fifth of January where the consortium is, and fourteen days.
    assert (one.due_on, one.is_overdue, one.answer) == (date(2026, 1, 19), False, None)
    async with world.database.read() as read:
        row = (await read.scalars(select(CandidateRequest))).one()
        entry = (
            await read.scalars(select(AuditEntry).where(AuditEntry.action == "request.sent"))
        ).one()
    assert b"paper" not in row.question
    assert (entry.subject_id, entry.details) == (request_id, {"kind": "DISCLOSURE"})


async def test_the_consortium_says_within_how_many_days(world: World) -> None:
    await run(world, change_consortium, admin(world), ChangeConsortium(request_days=3))
    me, _ = await asked(world)
    assert [one.due_on for one in await own(world, me)] == [date(2026, 1, 8)]
    for days in (0, 61):
        command = ChangeConsortium(request_days=days)
        refused = await refusal(world, change_consortium, admin(world), command)
        assert (type(refused), refused.path) == (InvalidInput, ("requestDays",))


@pytest.mark.parametrize("text", ["", "  \n ", "x" * (TEXT_CHARS_MAX + 1), "a\x00b", "a\u202eb"])
async def test_a_text_out_of_bounds_is_refused(world: World, text: str) -> None:
    me = actor_of(world, (await world.register()).candidate_id)
    refused = await refusal(world, send_request, me, SendRequest(RequestKind.COMPLAINT, text))
    assert (type(refused), refused.path) == (InvalidInput, ("text",))
    assert await own(world, me) == []


async def test_only_so_many_wait_at_once(world: World) -> None:
    me, request_id = await asked(world)
    for _ in range(OPEN_REQUESTS_MAX - 1):
        await run(world, send_request, me, ASKED)
    assert isinstance(await refusal(world, send_request, me, ASKED), TooManyRequests)
    await run(world, answer_request, admin(world), EndRequest(request_id, "Done."))
    await run(world, send_request, me, ASKED)
    assert len(await own(world, me)) == OPEN_REQUESTS_MAX + 1


# Answering


@pytest.mark.parametrize(
    ("operation", "status", "said"),
    [
        (answer_request, "ANSWERED", "has answered what you asked"),
        (refuse_request, "REFUSED", "could not do what you asked"),
    ],
)
async def test_the_answer_reaches_the_candidate_by_mail_and_on_the_page(
    world: World, tmp_path: Path, operation: Any, status: str, said: str
) -> None:
    me = actor_of(world, (await world.register(locale="en")).candidate_id)
    request_id = await run(world, send_request, me, ASKED)
    await mails(world, tmp_path)
    await run(world, operation, admin(world), EndRequest(request_id, "First.\n\n<b>Second</b>."))
    [one] = await own(world, me)
    assert (one.status.value, one.answer) == (status, "First.\n\n<b>Second</b>.")
    [mail] = await mails(world, tmp_path)
    assert mail["To"] == "candidate1@example.jp"
    text = body_of(mail)
    assert all(part in text for part in (said, "First.", "<b>Second</b>.", "/me/requests"))
    html = mail.get_body(("html",))
    assert html is not None
    assert "&lt;b&gt;Second" in str(html.get_content())
    again = await refusal(world, operation, admin(world), EndRequest(request_id, "Twice."))
    assert isinstance(again, InvalidTransition)
    assert (await own(world, me))[0].answer == one.answer


async def test_only_an_admin_of_the_consortium_answers(world: World) -> None:
    _, request_id = await asked(world)
    command = EndRequest(request_id, "An answer.")
    for organization, role in (
        (world.company, Role.ADMIN),
        (world.agency, Role.ADMIN),
        (None, Role.ANALYST),
    ):
        actor = world.actor(organization, role)
        assert isinstance(await refusal(world, answer_request, actor, command), Forbidden)
    strange = await build_world(world.database, slug="strange", first_number=20)
    foreign = await refusal(world, answer_request, admin(strange), command)
    assert isinstance(foreign, NotFound)
    assert (await ask(world, admin(strange), QUEUE))["candidateRequests"]["totalCount"] == 0


async def test_requests_go_with_the_person(world: World, tmp_path: Path) -> None:
    me, request_id = await asked(world)
    await run(world, answer_request, admin(world), EndRequest(request_id, "An answer."))
    await run(world, send_request, me, ASKED)
    async with world.database.transaction() as tx:
        await erase_own_data(tx, me)
    async with world.database.read() as read:
        assert await read.scalar(select(func.count()).select_from(CandidateRequest)) == 0
    gone = await refusal(world, answer_request, admin(world), EndRequest(request_id, "Late."))
    assert isinstance(gone, NotFound)
    assert isinstance(await refusal(world, send_request, me, ASKED), NotFound)
    assert [mail["Subject"] for mail in await mails(world, tmp_path)] == []
    assert await verified(world.database, world.consortium_id) == []


# The queue


async def test_the_queue_has_the_overdue_ones_first_and_is_paged(world: World) -> None:
    made = []
    for _ in range(3):
        made.append((await asked(world))[1])
        world.clock.forward(days=10)
    waiting = {"status": {"eq": "OPEN"}}
    page = (await ask(world, admin(world), QUEUE, where=waiting))["candidateRequests"]
    assert page["totalCount"] == 3
    assert [(one["dueOn"], one["isOverdue"]) for one in page["nodes"]] == [
        ("2026-01-19", True),
        ("2026-01-29", True),
    ]
    rest = await ask(world, admin(world), QUEUE, where=waiting, after=page["pageInfo"]["endCursor"])
    [last] = rest["candidateRequests"]["nodes"]
    assert (last["id"], last["isOverdue"]) == (encode_id("CandidateRequest", made[2]), False)
    newest = [{"field": "DUE_ON", "direction": "DESC"}]
    turned = await ask(world, admin(world), QUEUE, order=newest)
    assert turned["candidateRequests"]["nodes"][0]["dueOn"] == "2026-02-08"
    complaints = await ask(world, admin(world), QUEUE, where={"kind": {"eq": "COMPLAINT"}})
    assert complaints["candidateRequests"]["nodes"] == []


async def test_an_admin_answers_and_refuses_through_the_api(world: World) -> None:
    first, second = (await asked(world))[1], (await asked(world))[1]
    world.clock.forward(days=30)
    words = {"id": encode_id("CandidateRequest", first), "text": "It is in the post."}
    done = (await ask(world, admin(world), ANSWER % "answerRequest", input=words))["answerRequest"]
    assert done == {
        "request": {"status": "ANSWERED", "answer": "It is in the post.", "isOverdue": False},
        "errors": [],
    }
    words = {"id": encode_id("CandidateRequest", second), "text": " "}
    no = (await ask(world, admin(world), ANSWER % "refuseRequest", input=words))["refuseRequest"]
    assert no == {"request": None, "errors": [{"code": "INVALID_INPUT", "path": ["input", "text"]}]}
    words = {"id": encode_id("Candidate", second), "text": "No."}
    no = (await ask(world, admin(world), ANSWER % "refuseRequest", input=words))["refuseRequest"]
    assert no["errors"] == [{"code": "NOT_FOUND", "path": ["input", "id"]}]


# The candidate's page


async def test_the_page_sends_a_request_and_shows_its_answer(
    browser: httpx.AsyncClient, world: World
) -> None:
    await register(browser, world)
    page = await browser.get("/me/requests")
    assert (page.status_code, "A new request" in page.text) == (200, True)
    form = {"csrf": csrf(page), "kind": "SHOWING", "text": "Who was shown my data in May?"}
    sent = await browser.post("/me/requests", data=form)
    assert (sent.status_code, sent.headers["location"]) == (303, "/me/requests?done=requested")
    page = await browser.get("/me/requests")
    assert "Who was shown my data in May?" in page.text
    assert "To be answered by" in page.text
    async with world.database.read() as read:
        request_id = (await read.scalars(select(CandidateRequest.id))).one()
    world.clock.forward(days=6)
    await run(world, answer_request, admin(world), EndRequest(request_id, "Company 2 was."))
    page = await browser.get("/me/requests")
    assert "Company 2 was." in page.text
    archive = await browser.get("/me/data/archive")
    with zipfile.ZipFile(io.BytesIO(archive.content)) as folder:
        [kept] = orjson.loads(folder.read("data.json"))["requests"]
    assert (kept["question"], kept["answer"]) == ("Who was shown my data in May?", "Company 2 was.")


async def test_the_page_says_when_an_answer_is_late(
    browser: httpx.AsyncClient, world: World
) -> None:
    await run(world, change_consortium, admin(world), ChangeConsortium(request_days=1))
    await register(browser, world)
    page = await browser.get("/me/requests")
    await browser.post(
        "/me/requests", data={"csrf": csrf(page), "kind": "COMPLAINT", "text": "Please call."}
    )
    assert "it is late" not in (await browser.get("/me/requests")).text
    world.clock.forward(days=2)
    assert "it is late" in (await browser.get("/me/requests")).text


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_the_page_says_what_is_wrong_and_warns_of_what_is_sensitive(
    browser: httpx.AsyncClient, world: World, language: str
) -> None:
    await register(browser, world)
    address = f"/me/requests?lang={language}"
    page = await browser.get(address)
    empty = await browser.post(address, data={"csrf": csrf(page), "kind": "COMPLAINT", "text": ""})
    assert (empty.status_code, 'aria-invalid="true"' in empty.text) == (422, True)
    form = {"csrf": csrf(page), "kind": "COMPLAINT", "text": "I was asked about my religion."}
    warned = await browser.post(address, data=form)
    assert (warned.status_code, 'class="caution"' in warned.text) == (200, True)
    assert "I was asked about my religion." in warned.text
    sent = await browser.post(address, data=form | {"text_warned": "1"})
    assert sent.status_code == 303
    unknown = await browser.post(address, data=form | {"kind": "NOTHING", "text_warned": "1"})
    assert unknown.status_code == 400
