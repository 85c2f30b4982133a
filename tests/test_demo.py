"""The demo's history: made by operations, the same for the same seed, and without a fault."""

from __future__ import annotations

import io
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import orjson
from sqlalchemy import select

from models.rules.deletions import is_overdue
from models.rules.lifecycles import PartnershipStatus
from models.rules.partner_fit import FitCompany, suggest
from models.session import Database, ReadSession
from models.tables.candidates import Consent
from models.tables.consortium import Organization
from models.tables.deletions import DeletionRequest
from models.tables.meetings import Meeting
from models.tables.partnerships import Partnership
from models.tables.referrals import Referral
from models.tables.registrations import Registration
from models.tables.requests import CandidateRequest
from models.vault import Vault, default_keys_url
from models.verify import verify_consortium
from network.needs import own_needs
from tasuki.demo.command import make_history, tell
from tasuki.demo.founding import Founded
from tests.databases import SECRET_KEY

END = datetime(2026, 11, 20, 9, tzinfo=UTC)
DAYS = 150


async def history(folder: Path, name: str, seed: int) -> tuple[Founded, Counter[str]]:
    """Make a short history; answers what happened how often."""
    url = f"sqlite:///{folder}/{name}.db"
    vault = Vault(SECRET_KEY, default_keys_url(url), durable=False)
    database = Database(url, vault, durable=False)
    founded = await make_history(database, seed, io.StringIO(), days=DAYS, end=END)
    async with database.read() as read:
        assert await verify_consortium(read, founded.consortium_id) == []
        referrals = await read.execute(
            select(Organization.name, Referral.channel, Referral.status, Referral.created_on).join(
                Organization, Organization.id == Referral.to_id
            )
        )
        assert set(await read.scalars(select(Partnership.status))) == set(PartnershipStatus)
        assert await _is_anyone_suggested(read, founded)
        met = Counter(await read.scalars(select(Meeting.status)))
        assert met == {"REVIEWED": 1, "PREPARED": 1, "SCHEDULED": 1}
        counts = await read.scalars(select(Registration.count_status))
        requests = (await read.scalars(select(CandidateRequest.status))).all()
        assert Counter(one.value for one in requests) == {"OPEN": 2, "ANSWERED": 1, "REFUSED": 1}
        happened = Counter("/".join(map(str, row)) for row in referrals)
        happened.update(count.value for count in counts)
        deletions = (await read.scalars(select(DeletionRequest))).all()
        happened.update(f"deletion {_standing(one, read.now)}" for one in deletions)
        standing = await read.scalars(select(Consent.id).where(Consent.standing_id.is_not(None)))
        happened["given by a standing consent"] = len(standing.all())
    await database.close()
    return founded, happened


async def _is_anyone_suggested(read: ReadSession, founded: Founded) -> bool:
    """Whether what a company turned down is sought by another; in two years there is more."""
    companies = []
    for member in founded.companies:
        key = founded.organizations[member.key]
        needs = await own_needs(read, founded.consortium_id, key, END.date())
        companies.append(FitCompany(key, None, None, needs))
    return any(
        suggest(own, [other for other in companies if other is not own]) for own in companies
    )


def _standing(request: DeletionRequest, at: datetime) -> str:
    is_late = is_overdue(request.status, request.due_at, at)
    return "overdue" if is_late else request.status.value.lower()


async def test_the_same_seed_makes_the_same_history(tmp_path: Path) -> None:
    founded, first = await history(tmp_path, "first", 1)
    _, again = await history(tmp_path, "again", 1)
    _, other = await history(tmp_path, "other", 2)
    assert first == again
    assert first != other
    assert first["HELD"] == 3
    assert all(first[f"deletion {one}"] > 0 for one in ("open", "confirmed", "overdue"))
    assert first["given by a standing consent"] > 0
    assert any("/PARTNER_SHARE/" in what for what in first)
    assert sum(first.values()) > 100
    out = io.StringIO()
    tell(founded, "http://localhost:8000", out)
    told = orjson.loads(out.getvalue().splitlines()[-1])
    kinds = {one["kind"] for one in told["sign_ins"]}
    assert {"consortium_admin", "analyst", "company_admin", "agency_recruiter"} <= kinds
    assert all(one["token"].startswith("tsk_") for one in told["sign_ins"])
