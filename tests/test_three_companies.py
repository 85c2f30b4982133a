"""Three companies of one industry share candidates: one play through the API and the pages.

After each step, what each of them sees of each candidate is asserted, field by field.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest_asyncio

from gql.node import decode_id, encode_id
from models.rules.lifecycles import OrganizationKind
from models.verify import verify_consortium
from tests.play import Company, Person, Play
from tests.world import World, add_link, add_organization

NAMED = frozenset({"NAME"})
OPEN = frozenset({"CATEGORY", "EXPERIENCE", "SKILLS", "PREFECTURE", "DESIRED_PREFECTURES"})
ALL = OPEN | {"NAME", "EMAIL", "PHONE", "WISHES"}
NOBODY = None
NOTHING: frozenset[str] = frozenset()
TERMS: dict[str, Any] = {"fields": sorted(ALL), "sharedDays": 120, "noticeDays": 0}
FORM: dict[str, Any] = {
    "category": "SALES",
    "experience_years": "5",
    "skills": ["PYTHON"],
    "wishes": "駅に近い職場",
    "prefecture": "13",
    "desired_prefectures": ["13", "14"],
}


class Cast:
    """Everyone in the play."""

    play: Play
    first: Company
    second: Company
    third: Company
    agency: Company
    admin: Company
    hana: Person
    taro: Person
    partnership: str

    async def sees(self, **expected: tuple[frozenset[str] | None, ...]) -> None:
        """What first, second, third and the agency see of each candidate."""
        lookers = (self.first, self.second, self.third, self.agency)
        for name, fields in expected.items():
            person: Person = getattr(self, name)
            seen = [await self._seen(one, person) for one in lookers]
            assert tuple(seen) == fields, name

    async def _seen(self, company: Company, person: Person) -> frozenset[str] | None:
        """By the id that is everyone's, or by the pool's: never by both."""
        known = await company.sees(person.id)
        listed = await company.sees(self.listed(company, person))
        assert known is None or listed is None
        return listed if known is None else known

    def listed(self, company: Company, person: Person) -> str:
        """By what the pool names a candidate to a company."""
        own, key = decode_id(company.id), decode_id(person.id)
        assert own is not None
        assert key is not None
        vault = self.play.world.database.vault
        return encode_id("Candidate", vault.listing_id(own[1], key[1]))

    @property
    def terms(self) -> dict[str, Any]:
        """What is proposed: rewards for a referral taken up, a hire, ninety days stayed."""
        promised = (("REFERRAL", "COUNT", 1), ("HIRE", "COUNT", 2), ("STAYED_90", "REWARD", 50_000))
        rewards = [
            {"event": event, "unit": unit, "amount": amount, "agencyId": self.agency.id}
            for event, unit, amount in promised
        ]
        return {**TERMS, "rewards": rewards}

    async def rewards(self) -> tuple[int, int, int]:
        """The first company's counts, what the second has paid, what the agency was paid."""
        own = "account { counts } rewardAccount { paidYen }"
        funder = "rewardAccount { receivedYen }"
        query = (
            f"{{ viewer {{ organization {{ ... on Company {{ {own} }} "
            f"... on Agency {{ {funder} }} }} }} }}"
        )
        first, second, agency = [
            (await one.ask(query))["viewer"]["organization"]
            for one in (self.first, self.second, self.agency)
        ]
        return (
            first["account"]["counts"],
            second["rewardAccount"]["paidYen"],
            agency["rewardAccount"]["receivedYen"],
        )

    async def to_delete(self) -> dict[str, str]:
        """The requests to delete that wait, as the consortium's admin sees them, and for whom."""
        inner = "nodes { id recipient { id } }"
        query = f"{{ deletionRequests(where: {{status: {{eq: OPEN}}}}, first: 9) {{ {inner} }} }}"
        found = (await self.admin.ask(query))["deletionRequests"]["nodes"]
        return {one["id"]: one["recipient"]["id"] for one in found}

    async def pools(self, **expected: set[str]) -> None:
        """Whom each company sees in the pool."""
        for name, people in expected.items():
            company: Company = getattr(self, name)
            listed = {self.listed(company, getattr(self, one)) for one in people}
            assert set(await company.pool()) == listed, name


@pytest_asyncio.fixture
async def cast(world: World, tmp_path: Path) -> Cast:
    cast, play = Cast(), Play(world, tmp_path)
    async with world.database.transaction() as tx:
        third = await add_organization(tx, world.consortium_id, 50, OrganizationKind.COMPANY)
        link = await add_link(tx, world.company)
    cast.play = play
    cast.first = await play.company(world.company)
    cast.second = await play.company(world.other_company)
    cast.third = await play.company(third)
    cast.agency = await play.company(world.agency, "Agency")
    cast.admin = await play.company(None)
    way_in = f"/r/{world.link_token(link)}"
    cast.hana = Person(play.http(**{"user-agent": "a phone"}), "hana@example.jp", play)
    cast.taro = Person(play.http(**{"user-agent": "a desk"}), "taro@example.jp", play)
    purposes = ["AGENCY_SUPPORT", "PARTNER_SHARING"]
    named = [*purposes, "NAMED_TO_REFERRER"]
    await cast.hana.register(way_in, name="佐藤 花子", phone="090-1234-5678", consent=named, **FORM)
    await cast.taro.register(
        way_in, name="鈴木 太郎", phone="080-8765-4321", consent=purposes, **FORM
    )
    found = await cast.agency.ask("{ cases(first: 5) { nodes { candidate { id name } } } }")
    ids = {one["candidate"]["name"]: one["candidate"]["id"] for one in found["cases"]["nodes"]}
    cast.hana.id, cast.taro.id = ids["佐藤 花子"], ids["鈴木 太郎"]
    return cast


async def test_three_companies_share_candidates(cast: Cast) -> None:
    await nobody_shares_without_terms(cast)
    await they_agree_on_terms(cast)
    offered = await one_offers_a_candidate(cast)
    asked = await another_asks_from_the_pool(cast)
    await both_candidates_answer(cast, offered, asked)
    await one_is_hired_and_stays(cast, offered)
    await the_third_leaves(cast)
    await terms_are_amended(cast)
    await the_candidate_reads_who_saw_what(cast)
    await one_withdraws(cast)
    await one_erases(cast)
    async with cast.play.world.database.read() as read:
        assert await verify_consortium(read, cast.play.world.consortium_id) == []


async def nobody_shares_without_terms(cast: Cast) -> None:
    await cast.sees(hana=(NAMED, NOBODY, NOBODY, ALL), taro=(NOBODY, NOBODY, NOBODY, ALL))
    await cast.pools(first=set(), second=set(), third=set())


async def they_agree_on_terms(cast: Cast) -> None:
    made = await cast.first.do(
        "proposePartnership",
        "ProposePartnershipInput",
        "partnership { id status }",
        name="Builders of the east",
        companyIds=[cast.second.id, cast.third.id],
        terms=cast.terms,
    )
    assert made["partnership"]["status"] == "PROPOSED"
    cast.partnership = made["partnership"]["id"]
    assert await cast.rewards() == (2, 0, 0)
    answers = []
    for company in (cast.second, cast.third):
        done = await company.do(
            "acceptPartnership", "PartnershipInput", "partnership { status }", id=cast.partnership
        )
        await cast.play.work()
        answers.append(done["partnership"]["status"])
        if company is cast.second:
            # One answer is still missing: nobody is shown anything.
            await nobody_shares_without_terms(cast)
    # Nor before the agency agreed to fund the rewards that it is named in.
    assert answers == ["PROPOSED", "PROPOSED"]
    await nobody_shares_without_terms(cast)
    [funding] = (await cast.agency.ask("{ fundings(first: 5) { nodes { id } } }"))["fundings"][
        "nodes"
    ]
    await cast.agency.do("acceptFunding", "FundingInput", "funding { status }", **funding)
    await cast.play.work()
    await cast.sees(hana=(NAMED, OPEN, OPEN, ALL), taro=(NOBODY, OPEN, OPEN, ALL))
    await cast.pools(first=set(), second={"hana", "taro"}, third={"hana", "taro"})


async def one_offers_a_candidate(cast: Cast) -> str:
    offer = {"companyId": cast.second.id, "category": "SALES"}
    # Who came but did not give their name is not the first company's to offer.
    given = {"candidateId": cast.taro.id, **offer}
    assert await cast.first.refused("offerCandidate", "OfferCandidateInput", **given) == "NOT_FOUND"
    made = await cast.first.do(
        "offerCandidate",
        "OfferCandidateInput",
        "referral { id status }",
        candidateId=cast.hana.id,
        **offer,
    )
    assert made["referral"]["status"] == "PROPOSED"
    # The second company does not learn of it before she answers.
    referral: str = made["referral"]["id"]
    hidden = await cast.second.ask("query($id: ID!) { node(id: $id) { id } }", id=referral)
    assert hidden == {"node": None}
    await cast.sees(hana=(NAMED, OPEN, OPEN, ALL), taro=(NOBODY, OPEN, OPEN, ALL))
    return referral


async def another_asks_from_the_pool(cast: Cast) -> str:
    made = await cast.third.do(
        "askForCandidate",
        "AskForCandidateInput",
        "referral { id status isAsked candidate { id } }",
        candidateId=cast.listed(cast.third, cast.taro),
    )
    assert made["referral"]["status"] == "REQUESTED"
    assert made["referral"]["candidate"] == {"id": cast.listed(cast.third, cast.taro)}
    await cast.sees(hana=(NAMED, OPEN, OPEN, ALL), taro=(NOBODY, OPEN, OPEN, ALL))
    referral: str = made["referral"]["id"]
    return referral


async def both_candidates_answer(cast: Cast, offered: str, asked: str) -> None:
    await cast.hana.answer("agree")
    await cast.play.work()
    await cast.sees(hana=(NAMED, ALL, OPEN, ALL), taro=(NOBODY, OPEN, OPEN, ALL))
    await cast.taro.answer("agree")
    await cast.play.work()
    await cast.sees(hana=(NAMED, ALL, OPEN, ALL), taro=(NOBODY, OPEN, ALL, ALL))
    status = "query($id: ID!) { node(id: $id) { ... on Referral { status } } }"
    for company, referral in ((cast.second, offered), (cast.third, asked)):
        assert await company.ask(status, id=referral) == {"node": {"status": "DELIVERED"}}


async def one_is_hired_and_stays(cast: Cast, referral: str) -> None:
    assert await cast.rewards() == (2, 0, 0)
    for mutation in ("acceptReferral", "startInterviews", "makeOffer"):
        await cast.second.do(mutation, "ReferralInput", "referral { status }", id=referral)
        # One bonus for a referral that was taken up.
        assert await cast.rewards() == (3, 0, 0)
    today = cast.play.world.clock.now.date().isoformat()
    hired = await cast.second.do(
        "recordHire",
        "RecordHireInput",
        "hire { id status feeYen isFree }",
        referralId=referral,
        joinedOn=today,
    )
    hire = hired["hire"]
    assert (hire["status"], hire["feeYen"], hire["isFree"]) == ("JOINED", 0, False)
    await cast.play.work()
    # Two more for the hire; the agency is paid once she has stayed.
    assert await cast.rewards() == (5, 0, 0)
    # Who has found work is offered to nobody else.
    await cast.sees(hana=(NAMED, ALL, NOBODY, ALL), taro=(NOBODY, OPEN, ALL, ALL))
    await cast.pools(second={"taro"}, third=set())
    milestones = "query($id: ID!) { node(id: $id) { ... on Hire { milestones { days } } } }"
    for days in (29, 2, 60):
        cast.play.world.clock.forward(days=days)
        await cast.play.work()
    assert await cast.rewards() == (5, 50_000, 50_000)
    stayed = await cast.second.ask(milestones, id=hire["id"])
    assert [one["days"] for one in stayed["node"]["milestones"]] == [30, 90]


async def the_third_leaves(cast: Cast) -> None:
    left = await cast.third.do(
        "leavePartnership",
        "PartnershipInput",
        "partnership { status parties { status company { id } } }",
        id=cast.partnership,
    )
    parties = {one["company"]["id"]: one["status"] for one in left["partnership"]["parties"]}
    assert parties == {
        cast.first.id: "JOINED",
        cast.second.id: "JOINED",
        cast.third.id: "LEFT",
    }
    # It goes on as two; to the one that left it has ended.
    assert left["partnership"]["status"] == "ENDED"
    status = "query($id: ID!) { node(id: $id) { ... on Partnership { status } } }"
    for company, stands in ((cast.first, "ACTIVE"), (cast.third, "ENDED")):
        assert await company.ask(status, id=cast.partnership) == {"node": {"status": stands}}
    await cast.play.work()
    # What Taro agreed to runs on under its terms; the pool is closed to the third company.
    await cast.sees(hana=(NAMED, ALL, NOBODY, ALL), taro=(NOBODY, OPEN, ALL, ALL))
    await cast.pools(second={"taro"}, third=set())


async def terms_are_amended(cast: Cast) -> None:
    narrower = {**cast.terms, "fields": ["NAME", "CATEGORY", "SKILLS"]}
    proposed = await cast.first.do(
        "proposeTerms",
        "ProposeTermsInput",
        "terms { id status }",
        partnershipId=cast.partnership,
        terms=narrower,
    )
    assert proposed["terms"]["status"] == "PROPOSED"
    await cast.play.work()
    await cast.sees(hana=(NAMED, ALL, NOBODY, ALL), taro=(NOBODY, OPEN, ALL, ALL))
    agreed = await cast.second.do(
        "acceptTerms", "TermsVersionInput", "terms { number status }", id=proposed["terms"]["id"]
    )
    assert agreed["terms"] == {"number": 2, "status": "PROPOSED"}
    asked = "{ fundings(where: {status: {eq: PROPOSED}}, first: 5) { nodes { id } } }"
    [funding] = (await cast.agency.ask(asked))["fundings"]["nodes"]
    found = await cast.agency.do("acceptFunding", "FundingInput", "funding { status }", **funding)
    assert found["funding"]["status"] == "IN_FORCE"
    await cast.play.work()
    # What had been agreed to stays as it was agreed; the pool shows what the new terms show.
    narrow = frozenset({"CATEGORY", "SKILLS"})
    await cast.sees(hana=(NAMED, ALL, NOBODY, ALL), taro=(NOBODY, narrow, ALL, ALL))


async def the_candidate_reads_who_saw_what(cast: Cast) -> None:
    await cast.hana.sign_in()
    records = await cast.hana.page("/me/records")
    cards = re.findall(
        r'<h2 id="record-\d+">(.+?) <span class="state(.*?)">(.+?)</section>', records, re.DOTALL
    )
    told = {(name, state == " on"): text.lower() for name, state, text in cards}
    world = cast.play.world
    assert set(told) == {
        (world.agency.name, True),
        (world.company.name, True),
        # Seen in the pool, and then delivered to.
        ("Company 2", False),
        ("Company 2", True),
        ("Company 50", False),
    }
    assert "phone" in told["Company 2", True]
    assert "phone" not in told["Company 2", False]
    assert "phone" not in told["Company 50", False]


async def one_withdraws(cast: Cast) -> None:
    await cast.taro.sign_in()
    consents = await cast.taro.page("/me/consents")
    sharing = consents.split("Seen by partner companies")[1]
    found = re.search(r'name="consent" value="([0-9a-f-]+)"', sharing)
    assert found is not None
    await cast.taro.press("/me/consents", consent=found[1])
    # At once, before any worker has done anything.
    await cast.sees(taro=(NOBODY, NOBODY, ALL, ALL))
    await cast.pools(second=set(), third=set())
    overview = await cast.taro.page("/me")
    [introduction] = set(re.findall(r'href="(/me/introductions/[0-9a-f-]+)"', overview))
    assert await cast.to_delete() == {}
    await cast.taro.press(introduction, answer="withdraw")
    await cast.sees(taro=(NOBODY, NOBODY, NOTHING, ALL))
    # Who had his name is asked to delete it, and says that it has.
    [(request, asked_of)] = (await cast.to_delete()).items()
    assert asked_of == cast.third.id
    assert "Company 50" in await cast.taro.page("/me/records")
    await cast.third.do(
        "confirmDeletion", "ConfirmDeletionInput", "deletionRequest { status }", id=request
    )
    assert await cast.to_delete() == {}
    await cast.play.work()
    await cast.sees(hana=(NAMED, ALL, NOBODY, ALL), taro=(NOBODY, NOBODY, NOTHING, ALL))


async def one_erases(cast: Cast) -> None:
    totals = await cast.rewards()
    assert totals == (5, 50_000, 50_000)
    assert await cast.hana.press("/me/erase", sure="yes") == "/me/erased"
    await cast.sees(hana=(NOTHING, NOTHING, NOBODY, NOTHING))
    # The agency and the first company had her name; she works for the second.
    assert set((await cast.to_delete()).values()) == {cast.agency.id, cast.first.id}
    await cast.play.work()
    await cast.sees(hana=(NOTHING, NOTHING, NOBODY, NOTHING))
    assert await cast.rewards() == totals
