"""What a candidate corrects, sees and takes along, on both databases."""

from __future__ import annotations

import io
import uuid
import zipfile
from dataclasses import replace
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from models.access import Actor, candidate
from models.errors import InvalidInput, NotFound, Unauthenticated
from models.operations.cases import NoteOnCase, note_on_case
from models.operations.own_data import CorrectOwnData, correct_own_data
from models.reads.candidates import shown
from models.reads.own_data import OwnData, own_data
from models.rules.erasure import hashes_kept_until, records_kept_until
from models.rules.json_resume import read_json_resume
from models.rules.lifecycles import CaseStatus, HireStatus, RegistrationStatus
from models.rules.registration_form import OwnDetails
from models.rules.sharing import Employment, Purpose
from models.tables.candidates import Candidate
from models.tables.referrals import Case
from models.vocabulary.text import Text
from tasuki.pages.archive import archive, resume_file
from tests.erasures import actor_of, erase
from tests.handovers import delivered, hired, offered, recruiter, run
from tests.test_pages import contents
from tests.world import World

DETAILS = OwnDetails(
    name="田中 花子",
    phone="03-1234-5678",
    category="SALES",
    experience_years=7,
    skills=("PYTHON", "SQL"),
    wishes="週に二日は在宅で",
    prefecture="27",
    desired_prefectures=("27", "28"),
)


async def newcomer(world: World, **form: Any) -> Actor:
    completed = await world.register(**form)
    return candidate(world.consortium_id, completed.candidate_id, "en")


async def held(world: World, me: Actor) -> OwnData:
    async with world.database.read() as read:
        return await own_data(read, me)


# To correct


async def test_what_is_corrected_is_seen_at_once(world: World) -> None:
    me = await newcomer(
        world, employment=Employment.EMPLOYED, employer="Somewhere", excluded=("X",)
    )
    assert me.id is not None
    before = (await held(world, me)).status
    world.clock.forward(days=1)
    await run(world, correct_own_data, me, CorrectOwnData(DETAILS))
    found = await held(world, me)
    assert found.last_active_at == world.clock.now
    assert found.status == replace(
        before,
        name="田中 花子",
        phone="03-1234-5678",
        category="SALES",
        experience_years=7,
        skills=("PYTHON", "SQL"),
        wishes="週に二日は在宅で",
        prefecture="27",
        desired_prefectures=("27", "28"),
    )
    async with world.database.read() as read:
        [seen] = (await shown(read, recruiter(world, world.agency), [me.id])).values()
        assert (seen.name, seen.phone, seen.skills) == (
            "田中 花子",
            "03-1234-5678",
            ("PYTHON", "SQL"),
        )
        person = await read.get_one(Candidate, me.id)
    phone = world.database.vault.blind("phone", world.consortium_id, DETAILS.phone_key or "")
    assert person.phone_hash == phone


async def test_details_can_be_taken_back(world: World) -> None:
    me = await newcomer(world, phone="090-1234-5678", category="SALES", skills=("PYTHON",))
    least = OwnDetails("花子", None, None, None, (), None, None, ())
    await run(world, correct_own_data, me, CorrectOwnData(least))
    status = (await held(world, me)).status
    assert (status.phone, status.category, status.skills, status.wishes) == (None, None, (), None)
    async with world.database.read() as read:
        assert await read.scalar(select(Candidate.phone_hash)) is None


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("name", {"name": " "}),
        ("name", {"name": "x" * 101}),
        ("name", {"name": "a\u0000b"}),
        ("phone", {"phone": "12"}),
        ("category", {"category": "NONE"}),
        ("experienceYears", {"experience_years": 61}),
        ("experienceYears", {"experience_years": -1}),
        ("skills", {"skills": ("NONE",)}),
        ("wishes", {"wishes": "x" * 1_001}),
        ("prefecture", {"prefecture": "48"}),
        ("desiredPrefectures", {"desired_prefectures": ("00",)}),
    ],
)
async def test_the_bounds_are_those_of_the_form(
    world: World, path: str, wrong: dict[str, Any]
) -> None:
    me = await newcomer(world)
    before = await contents(world.database)
    with pytest.raises(InvalidInput) as refused:
        await run(world, correct_own_data, me, CorrectOwnData(replace(DETAILS, **wrong)))
    assert refused.value.path == (path,)
    assert await contents(world.database) == before


async def test_only_oneself_corrects_oneself(world: World) -> None:
    gone = await newcomer(world)
    await erase(world, gone)
    before = await contents(world.database)
    for actor, kind in (
        (recruiter(world, world.agency), Unauthenticated),
        (actor_of(world, uuid.uuid4()), NotFound),
        (gone, NotFound),
    ):
        with pytest.raises(kind) as refused:
            await run(world, correct_own_data, actor, CorrectOwnData(DETAILS))
        assert type(refused.value) is kind
    assert await contents(world.database) == before


# To see


async def test_everything_that_is_held_is_told(world: World) -> None:
    me = await newcomer(
        world, purposes=frozenset({Purpose.AGENCY_SUPPORT, Purpose.NAMED_TO_REFERRER})
    )
    assert me.id is not None
    referral_id = await offered(world, me.id)
    await hired(world, referral_id, fee_yen=1_000_000)
    async with world.database.read() as read:
        case_id = await read.scalar(select(Case.id))
    assert case_id is not None
    found = await held(world, me)
    [registration] = found.registrations
    assert (registration.company, registration.campaign, registration.status) == (
        Text("Company 1", "Company 1"),
        "2026 春採用",
        RegistrationStatus.COMPLETED,
    )
    assert registration.purposes == (Purpose.AGENCY_SUPPORT, Purpose.NAMED_TO_REFERRER)
    [case] = found.cases
    assert (case.agency.en, case.status, case.has_note) == ("Agency 3", case.status, False)
    [hire] = found.hires
    assert (hire.company.en, hire.agency.en, hire.status) == (
        *("Company 2", "Agency 3"),
        HireStatus.JOINED,
    )
    assert found.kept.counted_for == (Text("Company 1", "Company 1"),)
    assert found.kept.name_until == records_kept_until(world.clock.now)
    assert found.kept.hashes_until == hashes_kept_until(world.clock.now)


async def test_that_there_is_a_note_is_told_and_not_what_it_says(world: World) -> None:
    me = await newcomer(world)
    async with world.database.read() as read:
        case_id = await read.scalar(select(Case.id))
    assert case_id is not None
    note = NoteOnCase(case_id, "the agency's own words")
    await run(world, note_on_case, recruiter(world, world.agency), note)
    found = await held(world, me)
    assert [(case.has_note, case.status) for case in found.cases] == [(True, CaseStatus.OPEN)]
    assert "own words" not in repr(found)


async def test_what_is_told_to_stay_is_what_stays(world: World) -> None:
    me = await newcomer(world)
    world.clock.forward(days=40)
    told = (await held(world, me)).kept
    await erase(world, me)
    from models.reads.erasures import kept_names

    async with world.database.read() as read:
        [kept] = await kept_names(read, world.consortium_id)
    assert kept.keep_until == told.name_until
    with pytest.raises(NotFound):
        await held(world, me)


# To take along


async def test_the_archive_holds_all_of_it_and_nobody_else(world: World) -> None:
    me = await newcomer(world, name="佐藤 花子", wishes="駅の近く", skills=("PYTHON",))
    other = await newcomer(world, name="Other Person", email="other@example.jp", wishes="a secret")
    assert me.id is not None
    assert other.id is not None
    await delivered(world, me.id)
    await delivered(world, other.id)
    found = await held(world, me)
    with zipfile.ZipFile(io.BytesIO(archive(found, "ja"))) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
        assert packed.testzip() is None
    assert sorted(files) == ["README.txt", "data.json", "resume.json"]
    everything = b"".join(files.values())
    for mark in (b"Other Person", b"other@example.jp", b"a secret", other.id.hex.encode()):
        assert mark not in everything
    told = orjson.loads(files["data.json"])
    assert told["entered"]["name"] == "佐藤 花子"
    assert told["entered"]["wishes"] == "駅の近く"
    assert [one["company"]["en"] for one in told["registrations"]] == ["Company 1"]
    assert [one["company"]["ja"] for one in told["introductions"]] == ["Company 2"]
    assert sorted(one["purpose"] for one in told["consents"]) == ["AGENCY_SUPPORT", "INTRODUCTION"]
    assert sorted(one["recipient"]["en"] for one in told["provided"]) == ["Agency 3", "Company 2"]
    assert {"hires", "support", "not_shown_to", "signed_in_at"} < told.keys()
    assert "お預かりしている" in files["README.txt"].decode()
    assert "everything that is held" in files["README.txt"].decode()


async def test_the_resume_fills_a_form_again(world: World) -> None:
    me = await newcomer(world, phone="090-1234-5678", category="SALES", skills=("PYTHON", "SQL"))
    found = await held(world, me)
    for locale in ("ja", "en"):
        values = read_json_resume(resume_file(found, locale), world.clock.now.date())
        assert values == found.values
