"""Steps that the tests of erasing begin with."""

from __future__ import annotations

import os
import uuid
from typing import Any

from sqlalchemy import select

from models.access import Actor, Role, candidate
from models.operations.candidate_pages import (
    BlockOrganization,
    NamePresentEmployer,
    block_organization,
    name_present_employer,
)
from models.operations.candidate_sessions import request_sign_in
from models.operations.cases import NoteOnCase, note_on_case
from models.operations.erased_keys import destroy_erased_keys
from models.operations.erasures import erase_own_data
from models.operations.requests import EndRequest, SendRequest, answer_request, send_request
from models.rules.requests import RequestKind
from models.rules.sharing import Employment, Purpose
from models.session import Database
from models.tables.referrals import Case
from models.verify import verify_consortium
from tests.handovers import recruiter, run
from tests.world import World

MARK = f"Zx9Qmark{os.getpid()}Plum"
"""This process's own: what others write into a shared log of the database is not looked for."""
PLANTED = MARK[::-1]
"""What a test of the search itself writes in plain words."""
PHONE = "090-7731-9942"
MARKS = tuple(one.encode() for one in (MARK, MARK.lower(), PHONE, PHONE.replace("-", "")))
ALL_PURPOSES = frozenset(
    {Purpose.AGENCY_SUPPORT, Purpose.PARTNER_SHARING, Purpose.NAMED_TO_REFERRER}
)


def actor_of(world: World, candidate_id: uuid.UUID) -> Actor:
    """A candidate on pages of their own."""
    return candidate(world.consortium_id, candidate_id, "en")


async def marked(world: World) -> Actor:
    """A person with the mark in every field that takes words, and in the agency's note."""
    completed = await world.register(
        email=f"{MARK}@example.jp",
        name=f"花子 {MARK}",
        phone=PHONE,
        wishes=f"駅に近い {MARK}",
        employment=Employment.EMPLOYED,
        employer=f"{MARK} Employer",
        excluded=(f"{MARK} Blocked", "Company 2"),
        purposes=ALL_PURPOSES,
        device=MARK,
        category="SALES",
        skills=("PYTHON",),
    )
    me = actor_of(world, completed.candidate_id)
    await run(world, block_organization, me, BlockOrganization(f"{MARK} Later"))
    await run(world, name_present_employer, me, NamePresentEmployer(f"{MARK} Now"))
    async with world.database.read() as read:
        case_id = await read.scalar(select(Case.id).where(Case.candidate_id == me.id))
    assert case_id is not None
    await run(world, note_on_case, recruiter(world, world.agency), NoteOnCase(case_id, MARK))
    request = SendRequest(RequestKind.COMPLAINT, f"about {MARK}")
    asked = await run(world, send_request, me, request)
    admin = world.actor(None, Role.CONSORTIUM_ADMIN)
    await run(world, answer_request, admin, EndRequest(asked, f"to {MARK}"))
    async with world.database.transaction() as tx:
        await request_sign_in(tx, f"{MARK}@example.jp")
    await world.start(world.form(email=f"{MARK}@example.jp", name=MARK))
    return me


async def erase(world: World, me: Actor) -> None:
    """As the page does: in one transaction, and the key after it."""
    async with world.database.transaction() as tx:
        await erase_own_data(tx, me)
    await destroy_erased_keys(world.database)


async def rows_of(world: World, *columns: Any) -> list[tuple[Any, ...]]:
    """Some columns of every row, in an order that does not change."""
    async with world.database.read() as read:
        found = await read.execute(select(*columns))
        return sorted((tuple(row) for row in found), key=str)


async def verified(database: Database, consortium_id: uuid.UUID) -> list[Any]:
    """What breaks a rule."""
    async with database.read() as read:
        return list(await verify_consortium(read, consortium_id))
