"""Every address the application serves, and who reads what of a candidate there."""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import AsyncIterator, Mapping

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from models.access import Role
from models.operations.agreements import AgreeToIntroduction, agree_to_introduction
from models.operations.api_tokens import CreateApiToken, create_api_token
from models.rules.consent_texts import CONSENT_TEXT_VERSION
from models.rules.sharing import Employment
from tasuki.app import create_app
from tasuki.settings import Settings, WorkerPlace
from tests.handovers import proposed, run
from tests.partners import NAMED, partners, person
from tests.people import add_person
from tests.test_pages import BASE, register
from tests.world import World

OWN, LINK, NOBODY, API, REGISTER = "own", "link", "nobody", "api", "register"
ROUTES: Mapping[str, str] = {
    "/graphql": API,
    "/healthz": NOBODY,
    "/readyz": NOBODY,
    "/metrics": NOBODY,
    "/": NOBODY,
    "/app": NOBODY,
    "/app/assets": NOBODY,
    "/app/{path:path}": NOBODY,
    "/invitation/{token}": NOBODY,
    "/reset/{token}": NOBODY,
    "/static/{name}": NOBODY,
    "/privacy": NOBODY,
    "/r/{token}": LINK,
    "/r/{token}/resume": LINK,
    "/r/{token}/sent": LINK,
    "/r/{rest:path}": NOBODY,
    "/confirm/{token}": LINK,
    "/confirm/{rest:path}": NOBODY,
    "/me/sign-in": NOBODY,
    "/me/sign-in/sent": NOBODY,
    "/me/sign-in/{token}": LINK,
    "/me/erased": NOBODY,
    "/me/{rest:path}": NOBODY,
    "/me": OWN,
    "/me/sign-out": OWN,
    "/me/move": OWN,
    "/me/introductions/{id}": OWN,
    "/me/matches": OWN,
    "/me/consents": OWN,
    "/me/records": OWN,
    "/me/exclusions": OWN,
    "/me/leave": OWN,
    "/me/data": OWN,
    "/me/data/edit": OWN,
    "/me/data/edit/resume": OWN,
    "/me/data/json-resume": OWN,
    "/me/data/archive": OWN,
    "/me/erase": OWN,
    "/me/requests": OWN,
    "/keep/{token}": LINK,
    "/keep/{rest:path}": NOBODY,
    "/me/surveys": OWN,
    "/survey/{token}": LINK,
    "/survey/{token}/no-more": LINK,
    "/survey/{rest:path}": NOBODY,
    "/survey-done": NOBODY,
    "/reports/impact/{year}.{format}": NOBODY,
    "/registers/{name}.{format}": REGISTER,
    "/exports/network/{token}": NOBODY,
    "/meetings/{id}.ics": NOBODY,
    "/meetings/{id}/pack.{format}": NOBODY,
}
"""Who reads of a candidate at an address: the candidate alone, signed in (`OWN`); whoever has the
secret of a link, of what that link is about (`LINK`); what the API tells (`API`, in `test_shown`);
nobody anything (`NOBODY`); an organization's own administrators what `shown()` tells them
(`REGISTER`, in `tests/test_registers.py`).
"""
MARKS = ("Mark 名前", "mark@people.example", "090-7777-1234", "a wish with a mark", "Mark Employer")


def app_of(world: World) -> Starlette:
    """The application as it is served."""
    settings = Settings(base_url=BASE, worker=WorkerPlace.APART)
    return create_app(settings, database=world.database)


@pytest_asyncio.fixture
async def visitor(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who has an address, and no session yet."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app_of(world)),
        base_url=BASE,
        headers={"origin": BASE, "accept-language": "en"},
    ) as client:
        yield client


@pytest_asyncio.fixture
async def introduction(world: World) -> uuid.UUID:
    """Somebody else of the same consortium, shown about as widely as can be: their introduction."""
    await partners(world, world.company, world.other_company)
    name, email, phone, wishes, employer = MARKS
    done = await world.register(
        name=name,
        email=email,
        phone=phone,
        wishes=wishes,
        employment=Employment.EMPLOYED,
        employer=employer,
        category="SALES",
        purposes=NAMED,
    )
    referral_id = await proposed(world, done.candidate_id)
    command = AgreeToIntroduction(referral_id, CONSENT_TEXT_VERSION)
    await run(world, agree_to_introduction, person(world, done.candidate_id), command)
    return referral_id


async def test_every_address_says_who_reads_there(world: World) -> None:
    served = {_path(route) for route in app_of(world).routes}
    told = [
        f'Who reads what of a candidate at {path}? Add "{path}": OWN, LINK, NOBODY or API to '
        "ROUTES in tests/leaks/test_routes.py."
        for path in sorted(served - set(ROUTES))
    ]
    assert not told, "\n".join(told)
    # Where the dashboards were not built there are no files of theirs.
    gone = set(ROUTES) - served - {"/app/assets"}
    assert not gone, "an address that is gone has a line still"


def _address(path: str, referral_id: uuid.UUID) -> str:
    path = path.replace("{id}", str(referral_id)).replace("{name}", "own.css")
    return path.replace("{token}", "A" * 22).replace("{rest:path}", "x").replace("{path:path}", "x")


def _methods(app: Starlette, path: str) -> list[str]:
    of = [getattr(route, "methods", None) for route in app.routes if _path(route) == path]
    return sorted({one for methods in of for one in methods or ()} - {"HEAD"})


def _path(route: BaseRoute) -> str:
    return str(getattr(route, "path", ""))


def _read(answer: httpx.Response) -> str:
    """All that an answer says, unpacked where it is packed."""
    text = str(answer.headers)
    if answer.headers.get("content-type") == "application/zip":
        with zipfile.ZipFile(io.BytesIO(answer.content)) as files:
            return text + "".join(files.read(name).decode() for name in files.namelist())
    return text + answer.text


async def test_nobody_reads_of_a_candidate_without_being_them(
    visitor: httpx.AsyncClient, world: World, introduction: uuid.UUID
) -> None:
    """Signed in at the dashboards or with a program's token one is nobody here."""
    admin = await add_person(world, world.agency, Role.ADMIN, "admin@staff.example", password=None)
    made = await run(world, create_api_token, admin, CreateApiToken("program", Role.ADMIN))
    for headers in ({}, {"authorization": f"Bearer {made.secret}"}):
        for path, who in ROUTES.items():
            address = _address(path, introduction)
            for method in _methods(app_of(world), path):
                answer = await visitor.request(method, address, headers=headers)
                assert not [one for one in MARKS if one in _read(answer)], (method, address)
                if who == OWN:
                    is_led_away = answer.headers.get("location", "").startswith("/me/sign-in")
                    # A form that is no form is refused before anybody is looked for.
                    assert is_led_away or answer.status_code == 400, (method, address)


async def test_invariant_7_a_candidate_reads_nothing_of_another(
    visitor: httpx.AsyncClient, world: World, introduction: uuid.UUID
) -> None:
    await register(visitor, world, category="SALES", consent=["AGENCY_SUPPORT", "PARTNER_SHARING"])
    read = ""
    for path, who in ROUTES.items():
        if who == OWN and path != "/me/introductions/{id}":
            read += _read(await visitor.get(path))
    assert "佐藤 花子" in read, "one reads of oneself"
    assert not [one for one in MARKS if one in read]
    for method, data in (("GET", None), ("POST", {"answer": "withdraw"})):
        told = set()
        for one in (introduction, uuid.uuid4()):
            answer = await visitor.request(method, f"/me/introductions/{one}", data=data)
            told.add((answer.status_code, answer.text.replace(str(one), "…")))
        [(status, _)] = told
        assert status in (403, 404)


@pytest.mark.parametrize("path", sorted(path for path, who in ROUTES.items() if who == LINK))
async def test_a_link_tells_of_nobody_but_whose_it_is(
    visitor: httpx.AsyncClient, world: World, introduction: uuid.UUID, path: str
) -> None:
    """The links that many hold tell of nobody; those of one person are secrets that run out."""
    for token in (world.link_token(), "A" * 22):
        answer = await visitor.get(path.replace("{token}", token))
        assert not [one for one in MARKS if one in _read(answer)]
