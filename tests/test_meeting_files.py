"""A meeting's files: the calendar file by its grammar, the pack to whom it is for, the mails."""

from __future__ import annotations

import re
import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as default_policy
from pathlib import Path
from typing import Any

import httpx
import pytest_asyncio
from starlette.applications import Starlette

from gql.node import encode_id
from models.access import Role
from models.operations.meetings import (
    RescheduleMeeting,
    cancel_meeting,
    reschedule_meeting,
)
from models.tables.consortium import Organization
from tasuki.meeting_files import MeetingRoutes
from tasuki.pack_page import POLICY
from tasuki.workers.handlers import Post, handlers
from tasuki.workers.mail import FolderMailer, Sender
from tasuki.workers.outbox import OutboxWorker
from tests.handovers import run
from tests.meetings import plan, prepared, scheduled
from tests.partners import admin, partners, third_company
from tests.people import add_person
from tests.test_registers import cookie_of
from tests.world import World

BASE = "https://tasuki.example"
LINE = re.compile(r"^(?P<name>[A-Z-]+)(?P<parameters>(;[^:;]+)*):(?P<value>.*)$")


def parsed(content: bytes) -> list[tuple[str, str]]:
    """The lines of a calendar file, unfolded: RFC 5545, 3.1. Fails where it is not one."""
    assert content.endswith(b"\r\n")
    physical = content.removesuffix(b"\r\n").split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in physical)
    # Each piece is whole letters: a reader may decode it before it unfolds.
    text = "\r\n".join(line.decode() for line in physical)
    found = []
    for line in text.replace("\r\n ", "").split("\r\n"):
        match = LINE.match(line)
        assert match is not None, line
        found.append((match["name"], match["value"]))
    return found


def unescaped(value: str) -> str:
    """A text as it was meant: RFC 5545, 3.3.11."""
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], value)


@pytest_asyncio.fixture
async def browser(world: World) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=MeetingRoutes(world.database).routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE) as client:
        yield client


async def file_of(
    browser: httpx.AsyncClient,
    world: World,
    organization: Organization | None,
    meeting_id: uuid.UUID,
    rest: str,
    role: Role = Role.VIEWER,
) -> httpx.Response:
    headers = await cookie_of(world, organization, role)
    path = f"/meetings/{encode_id('Meeting', meeting_id)}{rest}"
    return await browser.get(path, headers=headers)


async def test_the_calendar_file_is_read_back(browser: httpx.AsyncClient, world: World) -> None:
    partnership_id = await partners(world, world.company, world.other_company)
    meeting_id = await scheduled(world, partnership_id)
    said = {
        "title": "定例会; 数字, 決定 \\ " + "長い名前" * 10,
        "place": "東京, 港区; 3階",
        "url": "https://meet.example/a,b;c",
        "agenda": "一、数字\n二、" + "効果" * 60,
    }
    moved = RescheduleMeeting(meeting_id, plan(world, **said, duration_minutes=90))
    await run(world, reschedule_meeting, admin(world, world.company), moved)
    answer = await file_of(browser, world, world.other_company, meeting_id, ".ics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    lines = parsed(answer.content)
    assert lines[0] == ("BEGIN", "VCALENDAR")
    assert lines[-1] == ("END", "VCALENDAR")
    told = dict(lines)
    # A week from the start of the tests' clock, 5 January 2026, 0 o'clock.
    assert told["DTSTART"] == "20260112T000000Z"
    assert told["DTEND"] == "20260112T013000Z"
    assert re.fullmatch(r"\d{8}T\d{6}Z", told["DTSTAMP"])
    assert (told["SEQUENCE"], told["STATUS"], told["METHOD"]) == ("1", "CONFIRMED", "PUBLISH")
    assert told["UID"] == f"{meeting_id}@tasuki"
    assert unescaped(told["SUMMARY"]) == said["title"]
    assert unescaped(told["LOCATION"]) == said["place"]
    assert unescaped(told["DESCRIPTION"]) == said["agenda"]
    assert told["URL"] == said["url"]
    await run(world, cancel_meeting, admin(world, world.company), meeting_id)
    answer = await file_of(browser, world, world.other_company, meeting_id, ".ics")
    told = dict(parsed(answer.content))
    assert (told["SEQUENCE"], told["STATUS"], told["METHOD"]) == ("2", "CANCELLED", "CANCEL")


async def test_files_are_for_those_who_take_part(browser: httpx.AsyncClient, world: World) -> None:
    third = await third_company(world)
    partnership_id = await partners(world, world.company, world.other_company)
    world.clock.forward(days=3)
    meeting_id = await prepared(world, partnership_id)
    for rest in (".ics", "/pack.html", "/pack.pdf"):
        for organization, status in (
            (world.company, 200),
            (world.other_company, 200),
            (None, 200),
            (third, 404),
            (world.agency, 404),
        ):
            role = Role.VIEWER if organization else Role.CONSORTIUM_ADMIN
            answer = await file_of(browser, world, organization, meeting_id, rest, role)
            assert answer.status_code == status, (rest, organization)
            assert answer.headers["cache-control"] == "no-store"
        analyst = await file_of(browser, world, None, meeting_id, rest, Role.ANALYST)
        assert analyst.status_code == 403
        path = f"/meetings/{encode_id('Meeting', meeting_id)}{rest}"
        assert (await browser.get(path)).status_code == 401
        other_site = await cookie_of(world, world.company) | {"sec-fetch-site": "cross-site"}
        assert (await browser.get(path, headers=other_site)).status_code == 404
    unknown = await file_of(browser, world, world.company, uuid.uuid4(), "/pack.pdf")
    assert unknown.status_code == 404
    strange = await file_of(browser, world, world.company, meeting_id, "/pack.csv")
    assert strange.status_code == 404
    without = await scheduled(world, partnership_id)
    assert (await file_of(browser, world, world.company, without, "/pack.html")).status_code == 404


async def test_what_people_wrote_stays_text(browser: httpx.AsyncClient, world: World) -> None:
    """On the page and in the PDF, whose paragraphs are written in tags."""
    partnership_id = await partners(world, world.company, world.other_company)
    world.clock.forward(days=3)
    meeting_id = await prepared(world, partnership_id)
    hostile = "<script>x</script> & <font size=99> 𠮷 &amp;"
    moved = RescheduleMeeting(meeting_id, plan(world, title=hostile, agenda=f"{hostile}\n</para>"))
    await run(world, reschedule_meeting, admin(world, world.company), moved)
    page = await file_of(browser, world, world.company, meeting_id, "/pack.html?lang=en")
    assert "<script" not in page.text
    assert "&lt;script&gt;x&lt;/script&gt; &amp; &lt;font size=99&gt;" in page.text
    assert page.headers["content-security-policy"] == POLICY
    made = await file_of(browser, world, world.company, meeting_id, "/pack.pdf?lang=en")
    assert made.status_code == 200
    assert made.content.startswith(b"%PDF")


async def mails_of(world: World, folder: Path) -> dict[str, EmailMessage]:
    """What is mailed now, by whom it is to."""
    before = set(_files(folder))
    post = Post(world.database, BASE, Sender("Tasuki", "tasuki@example.com"), FolderMailer(folder))
    await OutboxWorker(world.database, handlers(post)).drain()
    found: dict[str, Any] = {}
    for file in _files(folder):
        if file in before:
            continue
        mail: Any = message_from_bytes(file.read_bytes(), policy=default_policy)
        found[str(mail["to"])] = mail
    return found


def content_of(attached: Any) -> bytes:
    """The bytes of what goes with a mail."""
    found: bytes = attached.get_payload(decode=True)
    return found


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.eml"))


async def test_everybody_who_takes_part_is_mailed_a_calendar_file(
    world: World, tmp_path: Path
) -> None:
    third = await third_company(world)
    for name, organization, role in (
        ("admin", world.company, Role.ADMIN),
        ("viewer", world.other_company, Role.VIEWER),
        ("third", third, Role.ADMIN),
        ("agent", world.agency, Role.ADMIN),
        ("chief", None, Role.CONSORTIUM_ADMIN),
    ):
        await add_person(world, organization, role, f"{name}@staff.test")
    partnership_id = await partners(world, world.company, world.other_company)
    await mails_of(world, tmp_path)
    meeting_id = await scheduled(world, partnership_id)
    mails = await mails_of(world, tmp_path)
    assert set(mails) == {"admin@staff.test", "viewer@staff.test"}
    for mail in mails.values():
        [attached] = list(mail.iter_attachments())
        assert attached.get_content_type() == "text/calendar"
        assert attached.get_filename() == "meeting.ics"
        assert dict(parsed(content_of(attached)))["UID"] == f"{meeting_id}@tasuki"
        assert "定例会" in str(mail["subject"])
    world.clock.forward(days=1)
    await run(world, cancel_meeting, admin(world, world.company), meeting_id)
    mails = await mails_of(world, tmp_path)
    [attached] = list(mails["viewer@staff.test"].iter_attachments())
    assert dict(parsed(content_of(attached)))["METHOD"] == "CANCEL"
    world.clock.forward(days=timedelta(days=1).days)
    await scheduled(world, None)
    mails = await mails_of(world, tmp_path)
    assert set(mails) == {
        f"{name}@staff.test" for name in ("admin", "viewer", "third", "agent", "chief")
    }
