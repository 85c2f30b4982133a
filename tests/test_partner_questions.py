"""Candidates are asked by partners: by mail and on their own page, each in its own words."""

from __future__ import annotations

import uuid

import pytest

from models.reads.candidate_pages import Introduction, own_status
from models.reads.outgoing_mails import AgreementMail, Partner, agreement_mail
from models.rules.consent_texts import Promise, learned_by_promises, partner_consent, promised
from models.rules.ledger import Unit
from models.rules.rewards import ClauseOffered, RewardEvent
from models.rules.sharing import CandidateField
from tasuki.workers.messages import agreement
from tests.partners import asked, funded, offered, partners, person, shared, third_company
from tests.world import World

FIELDS = (CandidateField.NAME, CandidateField.SKILLS)


async def question(world: World, candidate_id: uuid.UUID) -> Introduction:
    async with world.database.read() as read:
        own = await own_status(read, person(world, candidate_id))
    [found] = own.questions
    return found


async def mail(world: World, referral_id: uuid.UUID) -> AgreementMail:
    async with world.database.read() as read:
        found = await agreement_mail(read, referral_id)
    assert found is not None
    return found


async def test_the_question_says_that_a_partner_is_rewarded(world: World) -> None:
    third = await third_company(world)
    reward = ClauseOffered(RewardEvent.HIRE, Unit.COUNT, 1, world.agency.id)
    await partners(world, world.company, world.other_company, rewards=(reward,))
    await partners(world, world.company, third)
    await funded(world)
    for company, is_rewarding in ((world.other_company, True), (third, False)):
        someone = await shared(world)
        await offered(world, world.company, someone, company)
        found = await question(world, someone)
        assert found.partner is not None
        promises = (Promise(RewardEvent.HIRE, Unit.COUNT, 1),)
        assert found.partner.rewards == (promises if is_rewarding else ())


def test_each_promise_is_said_as_it_is_and_no_other() -> None:
    hire = Promise(RewardEvent.HIRE, Unit.COUNT, 1)
    told = promised(hire, company="Company 2", giver="Company 1")
    assert told.en == (
        "When you join: Company 1 is given 1 count towards a hire without a fee, "
        "funded by an agency."
    )
    assert told.ja == (
        "入社したとき: Company 1に、手数料なしの採用に向けたカウントが1つ加わります"
        "（人材紹介会社の負担）。"
    )
    yen = promised(
        Promise(RewardEvent.STAYED_90, Unit.REWARD, 50_000), company="Company 2", giver="Company 1"
    )
    assert yen.en == "When you have stayed 90 days: Company 2 pays an agency ¥50,000."
    assert yen.ja == "90日在籍したとき: Company 2が、人材紹介会社に50,000円を支払います。"
    free = Promise(RewardEvent.REFERRAL, Unit.FREE_HIRE, 2)
    assert "2 hires without a fee" in promised(free, company="b", giver="a").en
    assert learned_by_promises((free,), "a").en == "By that a learns: that you were taken up."
    assert learned_by_promises((free, hire), "a").ja == (
        "これにより、次のことがaに伝わります: 選考に進んだこと、入社したこと、早期に退職したこと。"
    )


@pytest.mark.parametrize("is_asked", [False, True])
async def test_the_question_says_who_began_and_what_would_be_seen(
    world: World, *, is_asked: bool
) -> None:
    await partners(world, world.company, world.other_company, fields=FIELDS)
    someone = await shared(world)
    referral_id = (
        await asked(world, world.other_company, someone)
        if is_asked
        else await offered(world, world.company, someone, world.other_company)
    )
    found = await question(world, someone)
    assert (found.is_asked, found.company.en, found.agency.en) == (
        is_asked,
        "Company 2",
        "Company 1",
    )
    assert found.partner is not None
    assert (found.partner.fields, found.partner.days) == (FIELDS, 30)
    letter = await mail(world, referral_id)
    assert letter.partner is (Partner.ASKS if is_asked else Partner.OFFERS)
    text = agreement(letter, "https://tasuki.example").text
    begins = {
        True: "Company 1と採用で提携しているCompany 2が",
        False: "Company 1が、採用で提携している",
    }
    assert letter.locale == "ja"
    assert begins[is_asked] in text


def test_the_consent_names_the_fields_and_the_end() -> None:
    consent = partner_consent("Company 2", "Company 1", FIELDS, 30)
    assert consent.fields.en == "name, skills and qualifications"
    assert consent.fields.ja == "お名前、スキル・資格"
    assert "30 days" in consent.until.en
    assert "30日" in consent.until.ja
