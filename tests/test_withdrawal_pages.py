"""The candidates' pages about standing consents, and about who was asked to delete."""

from __future__ import annotations

import re

import httpx
import pytest
from sqlalchemy import select

from models.operations.deletions import confirm_deletion
from models.reads.candidate_pages import own_status
from models.rules.deletions import DUE_DAYS
from models.tables.candidates import Candidate
from models.tables.deletions import DeletionRequest
from tests.handovers import delivered, recruiter, run
from tests.partners import person
from tests.test_pages import FORM, csrf, register
from tests.test_pages import browser as browser  # noqa: PLC0414  (a fixture)
from tests.world import World

BOTH = ["AGENCY_SUPPORT", "PARTNER_SHARING"]


async def standing(world: World) -> list[bool]:
    """Of each consent in force to be seen by partners, whether it is a standing one."""
    async with world.database.read() as read:
        me = (await read.scalars(select(Candidate.id))).one()
        own = await own_status(read, person(world, me))
    return [
        one.is_standing
        for one in own.consents
        if one.purpose.value == "PARTNER_SHARING" and one.ended_at is None
    ]


def box(page: httpx.Response) -> str:
    found = re.search(r'<input type="checkbox" id="without_asking"[^>]*>', page.text)
    assert found is not None
    return found[0]


async def test_the_form_asks_for_it_apart_and_unticked(
    browser: httpx.AsyncClient, world: World
) -> None:
    link = f"/r/{world.link_token()}"
    page = await browser.get(link)
    assert "checked" not in box(page)
    assert "without asking me each time" in page.text
    alone = await browser.post(link, data={**FORM, "without_asking": "yes"})
    assert alone.status_code == 422
    assert '<a href="#without_asking">' in alone.text
    await register(browser, world, consent=BOTH, without_asking="yes")
    assert await standing(world) == [True]


async def test_it_can_be_changed_at_any_time(browser: httpx.AsyncClient, world: World) -> None:
    token = csrf(await register(browser, world))
    assert await standing(world) == []
    page = await browser.get("/me/consents")
    assert "checked" not in box(page)
    for choice, expected in (({"without_asking": "yes"}, True), ({}, False)):
        world.clock.forward(hours=1)
        share = {"csrf": token, "action": "share", **choice}
        sent = await browser.post("/me/consents", data=share)
        assert sent.headers["location"] == "/me/consents?done=shared"
        assert await standing(world) == [expected]
    page = await browser.get("/me/consents?done=shared")
    assert "Your consent to be seen by partner companies is saved." in page.text
    # The words of each that was given are there still.
    assert page.text.count("unless you tick the next box as well") == 3


@pytest.mark.parametrize("is_late", [False, True])
async def test_records_show_who_has_confirmed(
    browser: httpx.AsyncClient, world: World, *, is_late: bool
) -> None:
    token = csrf(await register(browser, world))
    async with world.database.read() as read:
        me = (await read.scalars(select(Candidate.id))).one()
    introduction = await delivered(world, me)
    stepped_back = {"csrf": token, "answer": "withdraw"}
    sent = await browser.post(f"/me/introductions/{introduction}", data=stepped_back)
    assert sent.headers["location"].endswith("?done=withdrawn")
    page = await browser.get("/me/records")
    assert "Who was asked to delete" in page.text
    assert "Waiting for it to confirm" in page.text
    if is_late:
        world.clock.forward(days=DUE_DAYS)
        async with world.database.read() as read:
            own = await own_status(read, person(world, me))
        assert [one.is_overdue for one in own.deletions] == [True]
        return
    async with world.database.read() as read:
        request_id = (await read.scalars(select(DeletionRequest.id))).one()
    await run(world, confirm_deletion, recruiter(world), request_id)
    page = await browser.get("/me/records")
    assert "Confirmed as deleted" in page.text
    assert "Waiting for it to confirm" not in page.text
