"""The demo's partnerships: three companies of one industry from the first day, others of late."""

from __future__ import annotations

import uuid

from models.operations.listings import ListCandidates, list_candidates
from models.operations.partnerships import (
    ProposePartnership,
    WithReason,
    accept_partnership,
    propose_partnership,
    suspend_partnership,
)
from models.operations.terms import ProposeTerms, propose_terms
from models.rules.partnerships import TermsOffered
from models.rules.sharing import ALL_FIELDS, IDENTIFYING, CandidateField
from models.session import Database
from tasuki.demo.founding import Founded

THREE = ("minato", "kumano", "asagiri")
TERMS = TermsOffered(fields=ALL_FIELDS, categories=(), shared_days=90, notice_days=30)
CAREFUL = TermsOffered(
    fields=tuple(
        field
        for field in ALL_FIELDS
        if field not in IDENTIFYING - {CandidateField.NAME, CandidateField.EMAIL}
    ),
    categories=("SOFTWARE_ENGINEERING", "DATA_SCIENCE"),
    shared_days=60,
    notice_days=14,
)


async def found_partnership(database: Database, founded: Founded) -> None:
    """Three makers of one industry agree to show each other candidates."""
    name = "製造三社の採用提携"
    made = founded.partnership_id = await _partners(database, founded, name, THREE, TERMS)
    founded.partners = [founded.organizations[key] for key in THREE]
    async with database.transaction() as tx:
        await list_candidates(tx, ListCandidates(made, 1, None))


async def partnerships_of_today(database: Database, founded: Founded) -> None:
    """One is proposed, one rests, and the three talk about other terms."""
    proposer = founded.staff_of(founded.organizations["shiori"])
    command = _proposal(founded, "ソフトウェア二社の採用提携", ("shiori", "tobira"), CAREFUL)
    async with database.transaction() as tx:
        await propose_partnership(tx, proposer, command)
    resting = await _partners(database, founded, "データ人材の提携", ("hibiki", "shiori"), CAREFUL)
    async with database.transaction() as tx:
        reason = WithReason(resting, "採用計画の見直しのため")
        await suspend_partnership(tx, proposer, reason)
    assert founded.partnership_id is not None
    async with database.transaction() as tx:
        longer = TermsOffered(TERMS.fields, TERMS.categories, shared_days=180, notice_days=60)
        maker = founded.staff_of(founded.partners[0])
        await propose_terms(tx, maker, ProposeTerms(founded.partnership_id, longer))


async def _partners(
    database: Database, founded: Founded, name: str, keys: tuple[str, ...], terms: TermsOffered
) -> uuid.UUID:
    """The first company proposes, and the others say yes."""
    first, *others = (founded.staff_of(founded.organizations[key]) for key in keys)
    async with database.transaction() as tx:
        made = await propose_partnership(tx, first, _proposal(founded, name, keys, terms))
    for actor in others:
        async with database.transaction() as tx:
            await accept_partnership(tx, actor, made)
    return made


def _proposal(
    founded: Founded, name: str, keys: tuple[str, ...], terms: TermsOffered
) -> ProposePartnership:
    companies = tuple(founded.organizations[key] for key in keys)
    return ProposePartnership(name, companies, terms)
