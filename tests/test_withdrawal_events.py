"""What is told as it happens of withdrawals and of partners' requests, over both transports."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from gql.node import encode_id
from tests.live import AGENCY, COMPANY, OTHER_COMPANY, Live, live
from tests.partners import SHARING, partners, shared
from tests.test_standard_clients import PROTOCOLS, WITHIN_S, following
from tests.world import World

REQUESTED = "subscription { introductionRequested { id status giver { id } } }"
WITHDRAWN = "subscription { consentWithdrawn { id name email visibility { shown } } }"


class Begun:
    """Two companies are partners, with someone of each kind; somebody's form waits."""

    named: uuid.UUID
    quiet: uuid.UUID
    token: str

    async def begin(self, world: World, strange: World) -> None:
        """Before the installation runs."""
        await partners(world, world.company, world.other_company)
        self.named = await shared(world)
        self.quiet = await shared(world, purposes=SHARING)
        self.token = await world.start(world.form())
        await strange.register(email="someone@strange.example.jp")


@pytest.fixture
def begun() -> Begun:
    return Begun()


@pytest.fixture
def running(database_url: str, tmp_path: Path, begun: Begun) -> Iterator[Live]:
    with live(database_url, tmp_path, begun.begin) as running:
        yield running


async def ask_for(running: Live, candidate_id: uuid.UUID) -> str:
    world = running.world
    listed = world.database.vault.listing_id(world.other_company.id, candidate_id)
    payload = await running.do(
        OTHER_COMPANY,
        "askForCandidate",
        "AskForCandidateInput",
        "referral { id }",
        candidateId=encode_id("Candidate", listed),
    )
    made: str = payload["referral"]["id"]
    return made


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_a_request_is_told_where_the_company_may_know_the_person(
    running: Live, begun: Begun, protocol: str
) -> None:
    async with following(running, protocol, REQUESTED, COMPANY) as [company]:
        # Of whom it may not name, it would learn the time.
        await ask_for(running, begun.quiet)
        made = await ask_for(running, begun.named)
        giver = encode_id("Company", running.world.company.id)
        assert await company.told() == {
            "introductionRequested": {"id": made, "status": "REQUESTED", "giver": {"id": giver}}
        }


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_a_withdrawal_is_told_to_whom_had_been_shown_and_shows_nothing(
    running: Live, begun: Begun, protocol: str
) -> None:
    async with following(running, protocol, WITHDRAWN, AGENCY) as [agency]:
        await register_and_leave(running, begun.token)
        told = (await agency.told())["consentWithdrawn"]
        assert (told["name"], told["email"]) == (None, None)
        assert not any(one["shown"] for one in told["visibility"])


async def register_and_leave(running: Live, token: str) -> None:
    """As the candidate does on their pages."""
    url = running.served.url
    async with httpx.AsyncClient(timeout=WITHIN_S, headers={"origin": url}) as http:
        confirmed = await http.post(f"{url}/confirm/{token}")
        assert confirmed.headers["location"] == "/me?done=registered"
        page = await http.get(f"{url}/me/leave")
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', page.text)
        assert found is not None
        left = await http.post(f"{url}/me/leave", data={"csrf": found[1]})
        assert left.headers["location"] == "/me?done=left"
