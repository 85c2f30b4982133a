"""The pages of the candidate's own rights over HTTP."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy import func, select

from models.rules.json_resume import FILE_BYTES_MAX
from models.session import Database
from models.tables.candidates import Candidate
from models.tables.erasures import Erasure
from models.tables.registrations import Registration
from models.vault import KeyDestroyed
from tasuki.pages import uploads, web
from tests.partners import NAMED, offered, partners
from tests.test_pages import browser as browser  # noqa: PLC0414  (a fixture)
from tests.test_pages import contents, csrf, register
from tests.world import World

RESUME = {
    "basics": {
        "name": "田中 一郎",
        "email": "ichiro@example.jp",
        "phone": "03-1234-5678",
        "location": {"region": "大阪府"},
    },
    "skills": [{"name": "Python"}],
    "work": [{"startDate": "2020-01", "endDate": "2022-12"}],
}
EDITED = {
    "name": "佐藤 花",
    "phone": "090-1234-5678",
    "category": "SALES",
    "experience_years": "４",
    "skills": ["PYTHON", "SQL"],
    "wishes": "近いところ",
    "prefecture": "27",
    "desired_prefectures": ["27"],
}


def upload(resume: Any = RESUME) -> dict[str, Any]:
    content = resume if isinstance(resume, bytes) else orjson.dumps(resume)
    return {"files": {"resume": ("resume.json", content, "application/json")}}


def value_of(page: httpx.Response, name: str) -> str:
    found = re.search(rf'<input id="{name}" name="{name}"[^>]* value="([^"]*)"', page.text)
    assert found is not None
    return found[1]


# To see and to take along


async def test_the_page_says_what_is_held(browser: httpx.AsyncClient, world: World) -> None:
    await register(browser, world)
    page = (await browser.get("/me/data")).text
    for words in (
        "Through Company 1’s link",
        "Consents: Help with finding work",
        "Agency 3",
        "What stays after an erasure",
        "Until 7 January 2029",
        "Until 7 January 2028",
    ):
        assert words in page, words


async def test_files_are_downloads_of_oneself(browser: httpx.AsyncClient, world: World) -> None:
    await register(browser, world)
    resume = await browser.get("/me/data/json-resume")
    assert (resume.headers["content-type"], resume.headers["content-disposition"]) == (
        "application/json",
        'attachment; filename="resume.json"',
    )
    assert resume.json()["basics"] == {"name": "佐藤 花子", "email": "hanako@example.jp"}
    packed = await browser.get("/me/data/archive")
    assert (packed.headers["content-type"], packed.headers["content-disposition"]) == (
        "application/zip",
        'attachment; filename="tasuki-data.zip"',
    )
    with zipfile.ZipFile(io.BytesIO(packed.content)) as files:
        assert orjson.loads(files.read("data.json"))["entered"]["name"] == "佐藤 花子"
    for answer in (resume, packed):
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["/me/data", "/me/data/edit", "/me/data/json-resume", "/me/data/archive", "/me/erase"]
)
async def test_nobody_comes_in_without_a_session(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/me/sign-in?to={path}")


# To correct


async def test_details_are_corrected(browser: httpx.AsyncClient, world: World) -> None:
    await register(browser, world, wishes="遠いところ", skills=["GO"])
    page = await browser.get("/me/data/edit")
    assert value_of(page, "name") == "佐藤 花子"
    assert 'value="GO" checked' in page.text
    assert "遠いところ" in page.text
    sent = await browser.post("/me/data/edit", data={**EDITED, "csrf": csrf(page)})
    assert (sent.status_code, sent.headers["location"]) == (303, "/me/data?done=corrected")
    assert "Your corrections are saved." in (await browser.get(sent.headers["location"])).text
    overview = (await browser.get("/me")).text
    for words in ("佐藤 花", "090-1234-5678", "Sales", "Osaka", "近いところ"):
        assert words in overview, words
    assert "遠いところ" not in overview


async def test_corrections_are_refused_all_at_once_and_kept_in_the_form(
    browser: httpx.AsyncClient, world: World
) -> None:
    await register(browser, world)
    token = csrf(await browser.get("/me/data/edit"))
    before = await contents(world.database)
    wrong = {"name": "", "phone": "12", "experience_years": "many", "skills": "NONE"}
    page = await browser.post("/me/data/edit", data={**EDITED, **wrong, "csrf": token})
    assert page.status_code == 422
    linked = re.findall(r'<li><a href="#([\w-]+)">', page.text)
    assert linked == ["name", "phone", "experience_years", "skills-0"]
    assert value_of(page, "phone") == "12"
    assert await contents(world.database) == before


async def test_sensitive_wishes_are_warned_about_here_too(
    browser: httpx.AsyncClient, world: World
) -> None:
    await register(browser, world)
    form = {**EDITED, "wishes": "持病があります", "csrf": csrf(await browser.get("/me/data/edit"))}
    before = await contents(world.database)
    page = await browser.post("/me/data/edit", data=form)
    assert (page.status_code, "health, illness or disability" in page.text) == (200, True)
    assert await contents(world.database) == before
    again = await browser.post("/me/data/edit", data={**form, "wishes_warned": "1"})
    assert again.status_code == 303


# A file that fills the form


async def test_a_file_fills_the_registration_form_and_saves_nothing(
    browser: httpx.AsyncClient, world: World
) -> None:
    link = f"/r/{world.link_token()}"
    before = await contents(world.database)
    page = await browser.post(f"{link}/resume", **upload())
    assert page.status_code == 200
    assert "Nothing is saved yet" in page.text
    assert (value_of(page, "name"), value_of(page, "email"), value_of(page, "phone")) == (
        *("田中 一郎", "ichiro@example.jp", "03-1234-5678"),
    )
    assert value_of(page, "experience_years") == "3"
    assert '<option value="27" selected>' in page.text
    assert 'value="PYTHON" checked' in page.text
    assert f'<form id="form" method="post" action="{link}"' in page.text
    assert re.search(r'name="consent"[^>]*checked', page.text) is None
    assert await contents(world.database) == before


async def test_a_file_replaces_what_it_names_in_the_correction(
    browser: httpx.AsyncClient, world: World
) -> None:
    await register(browser, world, wishes="近いところ", category="SALES")
    token = csrf(await browser.get("/me/data/edit"))
    before = await contents(world.database)
    page = await browser.post("/me/data/edit/resume", data={"csrf": token}, **upload())
    assert page.status_code == 200
    assert value_of(page, "name") == "田中 一郎"
    assert '<option value="SALES" selected>' in page.text
    assert "近いところ" in page.text
    assert await contents(world.database) == before
    for wrong in ({}, {"csrf": "x"}):
        answer = await browser.post("/me/data/edit/resume", data=wrong, **upload())
        assert answer.status_code == 403


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Choose a file first"),
        (b"{", "cannot be read"),
        (b"\xff", "cannot be read"),
        (b"[]", "no JSON Resume"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, "nested too deeply"),
        (b" " * (FILE_BYTES_MAX + 1), "at most 256 kB"),
    ],
)
async def test_a_file_that_is_no_resume_is_refused_beside_the_form(
    browser: httpx.AsyncClient, world: World, content: bytes, said: str
) -> None:
    page = await browser.post(f"/r/{world.link_token()}/resume", **upload(content))
    assert page.status_code == 422
    [error] = re.findall(r'<p class="error" id="resume-error">([^<]+)</p>', page.text)
    assert said in error
    assert 'aria-describedby="resume-hint resume-error" aria-invalid="true"' in page.text


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"x" * (uploads.UPLOAD_BYTES_MAX + 1), "multipart/form-data; boundary=x", 413),
        (b"name=x", web.FORM_TYPE, 400),
        (b"", "", 400),
        (b"", "multipart/form-data", 400),
        (b"no part", "multipart/form-data; boundary=x", 400),
        (
            b"--x\r\ncontent-disposition: form-data; filename=y\r\n\r\nz\r\n--x--\r\n",
            "multipart/form-data; boundary=x",
            400,
        ),
        (
            b'--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n'
            + b"z" * (uploads.FIELD_BYTES_MAX + 1)
            + b"\r\n--x--\r\n",
            "multipart/form-data; boundary=x",
            400,
        ),
        (
            b'--x\r\ncontent-disposition: form-data; name="a"\r\n\r\nz\r\n' * 20 + b"--x--\r\n",
            "multipart/form-data; boundary=x",
            400,
        ),
    ],
)
async def test_malformed_uploads_are_refused(
    browser: httpx.AsyncClient, world: World, content: bytes, kind: str, status: int
) -> None:
    path = f"/r/{world.link_token()}/resume"
    answer = await browser.post(path, content=content, headers={"content-type": kind})
    assert answer.status_code == status
    assert "Nothing was saved." in answer.text
    for headers in ({"origin": "https://evil.test"}, {"origin": "null"}):
        foreign = await browser.post(path, headers=headers, **upload())
        assert foreign.status_code == 403


async def test_a_file_for_no_link_reads_as_nothing(browser: httpx.AsyncClient) -> None:
    assert (await browser.post("/r/unknown/resume", **upload())).status_code == 404
    assert (await browser.get("/r/unknown/resume")).status_code == 404


# To be erased


async def test_the_page_says_beforehand_what_goes_and_what_stays(
    browser: httpx.AsyncClient, world: World
) -> None:
    await register(browser, world)
    before = await contents(world.database)
    page = (await browser.get("/me/erase")).text
    for words in (
        "This cannot be undone.",
        "What goes at once",
        "Until 7 January 2029",
        "Beside: Company 1",
        "Until 7 January 2028",
        "No mail will confirm it",
    ):
        assert words in page, words
    assert await contents(world.database) == before


async def test_erasing_signs_out_and_confirms(browser: httpx.AsyncClient, world: World) -> None:
    await register(browser, world)
    second = dict(browser.cookies)
    token = csrf(await browser.get("/me/erase"))
    before = await contents(world.database)
    unsure = await browser.post("/me/erase", data={"csrf": token})
    assert (unsure.status_code, "Tick the box" in unsure.text) == (422, True)
    assert await contents(world.database) == before
    sent = await browser.post("/me/erase", data={"csrf": token, "sure": "1"})
    assert (sent.status_code, sent.headers["location"]) == (303, "/me/erased")
    assert '__Host-tasuki-me=""' in sent.headers["set-cookie"]
    page = await browser.get("/me/erased")
    assert "Your data has been erased" in page.text
    assert "佐藤" not in page.text
    # A page that was open elsewhere leads to the sign-in, whatever is pressed in it.
    for name, value in second.items():
        browser.cookies.set(name, value, domain="tasuki.test")
    for answer in (
        await browser.get("/me"),
        await browser.post("/me/erase", data={"csrf": token, "sure": "1"}),
        await browser.post("/me/data/edit", data={**EDITED, "csrf": token}),
    ):
        assert (answer.status_code, answer.headers["location"]) == (303, "/me/sign-in")
    async with world.database.read() as read:
        person = (await read.scalars(select(Candidate))).one()
        destroyed = (await read.scalars(select(Erasure.key_destroyed_at))).all()
    assert person.erased_at == world.clock.now
    assert destroyed == [world.clock.now]
    with pytest.raises(KeyDestroyed):
        await world.database.vault.key(person.key_id)


async def test_whoever_is_erased_can_register_again(
    browser: httpx.AsyncClient, world: World
) -> None:
    await register(browser, world)
    token = csrf(await browser.get("/me/erase"))
    await browser.post("/me/erase", data={"csrf": token, "sure": "1"})
    assert (await register(browser, world)).status_code == 200
    async with world.database.read() as read:
        assert await read.scalar(select(func.count()).select_from(Candidate)) == 2
        assert await read.scalar(select(func.count()).select_from(Registration)) == 2


async def test_the_person_is_erased_though_the_key_store_fails(
    browser: httpx.AsyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await register(browser, world)
    token = csrf(await browser.get("/me/erase"))

    async def fails(database: Database) -> int:
        raise OSError("away")

    monkeypatch.setattr("tasuki.pages.rights.destroy_erased_keys", fails)
    sent = await browser.post("/me/erase", data={"csrf": token, "sure": "1"})
    assert sent.headers["location"] == "/me/erased"
    async with world.database.read() as read:
        person = (await read.scalars(select(Candidate))).one()
        assert (await read.scalars(select(Erasure.key_destroyed_at))).all() == [None]
    assert (person.sealed, person.erased_at) == (None, world.clock.now)


async def test_an_offer_to_whom_one_excludes_is_not_asked_about(
    browser: httpx.AsyncClient, world: World
) -> None:
    """It is on the page, since it is about oneself; there is nothing to answer."""
    await partners(world, world.company, world.other_company)
    purposes = [one.value for one in sorted(NAMED)]
    await register(browser, world, consent=purposes, excluded="Company 2")
    async with world.database.read() as read:
        candidate_id = await read.scalar(select(Candidate.id))
    assert candidate_id is not None
    referral_id = await offered(world, world.company, candidate_id, world.other_company)
    page = await browser.get("/me")
    assert "You are not asked" in page.text
    assert "Waiting for your answer" not in page.text
    page = await browser.get(f"/me/introductions/{referral_id}")
    assert "There is nothing to answer" in page.text
    assert 'name="answer"' not in page.text
