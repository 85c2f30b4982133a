"""Each way in which stored data can break a rule is found, and sound data is left in peace."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select, text

from models.access import Role, candidate
from models.operations.erased_keys import destroy_erased_keys
from models.operations.erasures import erase_own_data
from models.operations.expiry import expire_free_hires
from models.operations.free_hires import RedeemFreeHire, redeem_free_hire
from models.operations.members import end_membership
from models.operations.milestones import reach_milestones
from models.operations.outcomes import RecordExit, record_exit
from models.operations.reviews import ReverseCount, reverse_count
from models.rules.flows import local_day
from models.rules.ledger import EntryKind, Unit
from models.rules.lifecycles import FreeHireStatus
from models.rules.rewards import ClauseOffered, RewardEvent
from models.session import Database, WriteSession
from models.tables.consortium import Organization
from models.tables.ledger import Account, Entry, FreeHire
from models.verify import (
    AUDIT_RULE,
    CHECKS,
    EXAMPLES_MAX_PER_RULE,
    KEY_RULE,
    Violation,
    verify_consortium,
)
from tests import partners as partners_and_theirs
from tests.handovers import ZONE, hired, offered, recruiter, run
from tests.world import World, add_link, build_world

BREAKS = {
    "BALANCE_IS_SUM_OF_ENTRIES": "UPDATE account SET balance = balance + 1 WHERE unit = 'COUNT'",
    "ENTRIES_ARE_NUMBERED": "UPDATE entry SET number = number + 100 WHERE number = 1",
    "BALANCE_NOT_BELOW_ZERO": "UPDATE entry SET amount = -1 WHERE number = 1",
    "ENTRY_IN_ITS_ACCOUNT": "UPDATE entry SET amount = 2 WHERE kind = 'COUNTED'",
    "FREE_HIRE_IS_EARNED_ONCE": "UPDATE entry SET kind = 'RETURNED' WHERE kind = 'EARNED'",
    "FREE_HIRE_ENTRY_NAMES_IT": "UPDATE entry SET free_hire_id = NULL WHERE kind = 'EARNED'",
    "FREE_HIRES_ARE_COUNTS_OVER_THRESHOLD": "UPDATE program_version SET counts_per_free_hire = 2",
    "FREE_HIRE_STATE_IS_ITS_ENTRIES": "UPDATE free_hire SET status = 'EXPIRED' "
    "WHERE status = 'AVAILABLE'",
    "FREE_HIRE_ON_ITS_INTRODUCTION": "UPDATE hire SET free_hire_id = NULL WHERE status = 'JOINED'",
    "FREE_HIRE_NOT_ON_OWN_COUNT": """
        UPDATE registration SET candidate_id = (
            SELECT referral.candidate_id FROM referral
            JOIN free_hire ON free_hire.referral_id = referral.id
            WHERE free_hire.status = 'SPENT'
        ) WHERE company_id = (SELECT company_id FROM free_hire WHERE status = 'SPENT')
    """,
    "HIRE_ENDS_ITS_REFERRAL": "UPDATE hire SET introducer_id = company_id",
    "HIRE_STATE_IS_ITS_EXIT": "UPDATE hire_exit SET reversed_at = recorded_at",
    "EARLY_EXIT_GIVES_FREE_HIRE_BACK": "UPDATE entry SET reverses_id = NULL "
    "WHERE kind = 'RETURNED'",
    "RETURN_HAS_ITS_EXIT": "UPDATE hire_exit SET entry_id = NULL",
    "REFUND_WITHIN_FEE": "UPDATE hire_exit SET refund_yen = 1000001",
    "MILESTONE_WAS_STAYED": "UPDATE hire_milestone SET reached_on = '2031-01-01'",
    "COUNT_HAS_ENTRY_AND_PERSON": "DELETE FROM counted_person",
    "ENTRY_AND_PERSON_HAVE_COUNT": "UPDATE registration SET count_status = 'NOT_COUNTED'",
    "REVERSAL_NAMES_ITS_COUNT": "UPDATE registration SET count_status = 'REVERSED' "
    "WHERE count_status = 'COUNTED'",
    "COUNT_IS_VERIFIED_AND_CONSENTED": "UPDATE consent SET purpose = 'PARTNER_SHARING'",
    "COUNT_UNDER_ITS_PROGRAM": """
        UPDATE counted_person SET program_id =
            (SELECT id FROM program WHERE id <> counted_person.program_id)
    """,
    "CASE_IS_DISCLOSED": "UPDATE disclosure SET closed_at = opened_at",
    "DELIVERED_REFERRAL_IS_DISCLOSED": "UPDATE disclosure SET opened_at = '2031-01-01 00:00:00'",
    "REFERRAL_STATE_HAS_STEP": "DELETE FROM referral_step WHERE status = 'HIRED'",
    "FLOWS_ARE_SUMS_OF_STEPS": "UPDATE flow_day SET referrals = referrals + 1",
    "LISTING_STANDS_ON_CONSENT_AND_TERMS": "UPDATE partnership SET status = 'SUSPENDED'",
    "LISTING_IDENTIFIES_NOBODY": """
        UPDATE disclosure SET fields = '["NAME"]' WHERE purpose = 'PARTNER_SHARING'
    """,
    "TERMS_IN_FORCE_ARE_ACCEPTED": "DELETE FROM terms_acceptance",
    "ACTIVE_PARTNERSHIP_HAS_TERMS": "UPDATE terms SET status = 'SUPERSEDED'",
    "SHARED_REFERRAL_HAS_ITS_TERMS": "UPDATE disclosure SET terms_id = NULL, partnership_id = NULL",
    "STANDING_CONSENT_COVERS_WHAT_IT_GAVE": """
        UPDATE consent SET fields = '["SKILLS"]' WHERE purpose = 'PARTNER_SHARING'
    """,
    "DELETION_IS_OF_WHAT_WAS_GIVEN": "UPDATE disclosure SET opened_at = '2031-01-01 00:00:00'",
    "DELETION_IS_OF_WHAT_ENDED": """
        UPDATE deletion_request SET candidate_id =
            (SELECT candidate_id FROM agency_case WHERE status = 'OPEN' LIMIT 1)
    """,
    "REWARD_HAS_ITS_EVENT_AND_TERMS": "UPDATE reward_clause SET event = 'HIRE'",
    "EVENT_HAS_ITS_REWARD": "UPDATE reward SET reversed_at = posted_at, reversed_on = posted_on",
    "REWARD_IS_ITS_ENTRIES": "UPDATE reward SET withheld = 'AGENCY_LEFT'",
    "REWARD_IS_TAKEN_BACK_WHOLE": "UPDATE reward "
    "SET reversed_at = posted_at, reversed_on = posted_on",
    "YEN_SUM_TO_ZERO": "UPDATE entry SET amount = 2 WHERE kind = 'REWARDED' AND amount = 1",
    "YEN_GO_TO_AGENCIES": "UPDATE account SET balance = -balance WHERE unit = 'REWARD'",
    "REWARD_TERMS_ARE_FUNDED": "UPDATE funding SET accepted_at = NULL",
    "FREE_HIRE_NOT_ON_OWN_BONUS": """
        UPDATE referral SET from_id = (SELECT company_id FROM free_hire WHERE status = 'SPENT'),
            to_id = (SELECT id FROM organization WHERE kind = 'AGENCY'
                     AND consortium_id = referral.consortium_id),
            candidate_id = (
                SELECT spent.candidate_id FROM referral AS spent
                JOIN free_hire ON free_hire.referral_id = spent.id
                WHERE free_hire.status = 'SPENT'
            )
        WHERE id = (SELECT referral_id FROM reward LIMIT 1)
    """,
    "ERASED_PERSON_IS_GONE": "UPDATE candidate SET prefecture = '13'",
    "ERASED_PERSON_HAS_NOTHING_OPEN": "UPDATE consent SET status = 'ACTIVE'",
    "ERASURE_HAS_TOMBSTONE": "DELETE FROM erasure",
    "REGISTER_NAMES_ONLY_ERASED": "UPDATE candidate SET erased_at = NULL",
    KEY_RULE: """
        UPDATE erasure SET key_id =
            (SELECT key_id FROM candidate WHERE erased_at IS NULL LIMIT 1)
        WHERE key_id = (SELECT key_id FROM candidate WHERE erased_at IS NOT NULL)
    """,
    AUDIT_RULE: "UPDATE audit_entry SET action = 'nothing.happened' WHERE number = 3",
    "relay_link.company_id STAYS_IN_CONSORTIUM": """
        UPDATE relay_link SET company_id = (
            SELECT id FROM organization
            WHERE consortium_id <> relay_link.consortium_id AND kind = 'COMPANY' LIMIT 1
        )
    """,
    "entry.program_version_id STAYS_IN_CONSORTIUM": """
        UPDATE entry SET program_version_id =
            (SELECT id FROM program_version WHERE id <> entry.program_version_id)
    """,
    "consent_recipient.organization_id STAYS_IN_CONSORTIUM": """
        UPDATE consent_recipient SET organization_id = (
            SELECT id FROM organization WHERE kind = 'AGENCY'
            AND id <> consent_recipient.organization_id LIMIT 1
        )
    """,
    "referral.candidate_id STAYS_IN_CONSORTIUM": """
        UPDATE candidate SET consortium_id =
            (SELECT id FROM consortium WHERE id <> candidate.consortium_id)
    """,
}
"""A rule, and a statement after which it does not hold."""


async def verified(database: Database, consortium_id: uuid.UUID) -> list[Violation]:
    async with database.read() as read:
        return await verify_consortium(read, consortium_id)


async def found_after(world: World, statement: str) -> list[Violation]:
    """What is found once the data was changed behind every guard, in a change that is undone."""
    engine = world.database.writer
    async with WriteSession(engine, expire_on_commit=False, autoflush=False) as session:
        session.vault, session.now = world.database.vault, world.clock.now
        for table in ("entry", "audit_entry", "referral_step"):
            if world.database.dialect == "postgresql":
                await session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            else:
                for verb in ("update", "delete"):
                    await session.execute(text(f"DROP TRIGGER {table}_no_{verb}"))
        await session.execute(text(statement))
        found = await verify_consortium(session, world.consortium_id)
        await session.rollback()
    return found


async def leave_early(world: World) -> None:
    """Two more people join, one of them free, and leave after a month."""
    hires = []
    for fee_yen in (None, 1_000_000):
        referral_id = await offered(world, (await world.register()).candidate_id)
        if fee_yen is None:
            await run(world, redeem_free_hire, recruiter(world), RedeemFreeHire(referral_id))
        hires.append(await hired(world, referral_id, fee_yen=fee_yen))
    world.clock.forward(days=31)
    async with world.database.transaction() as tx:
        await reach_milestones(tx)
    for hire_id in hires:
        command = RecordExit(hire_id, local_day(world.clock.now, ZONE))
        await run(world, record_exit, recruiter(world), command)


async def partners_with_rewards(world: World, third: Organization) -> None:
    """The company and another are partners, and the agency has part in rewards of referrals."""
    units = (Unit.COUNT, Unit.FREE_HIRE, Unit.REWARD)
    rewards = [ClauseOffered(RewardEvent.REFERRAL, unit, 1, world.agency.id) for unit in units]
    await partners_and_theirs.partners(world, world.company, third, rewards=tuple(rewards))
    await partners_and_theirs.funded(world)


@pytest.fixture
async def history(database: Database) -> World:
    """Counts, free hires, hires, early exits, partners, someone erased, another consortium."""
    world = await build_world(database, counts_per_free_hire=4)
    async with world.database.transaction() as tx:
        link = await add_link(tx, world.other_company)
    people = [(await world.register(link)).candidate_id for _ in range(13)]
    third = await partners_and_theirs.third_company(world)
    await partners_with_rewards(world, third)
    someone = await partners_and_theirs.shared(world)
    shared = await partners_and_theirs.offered(world, world.company, someone, third)
    await partners_and_theirs.agreed(world, someone, shared)
    await partners_and_theirs.taken_up(world, third, shared)
    referral_id = await offered(world, (await world.register()).candidate_id)
    await run(world, redeem_free_hire, recruiter(world), RedeemFreeHire(referral_id))
    await hired(world, referral_id)
    await leave_early(world)
    reserved = await offered(world, (await world.register()).candidate_id)
    await run(world, redeem_free_hire, recruiter(world), RedeemFreeHire(reserved))
    await partners_and_theirs.shared(world)
    known_at_once = await partners_and_theirs.shared(world, without_asking=True)
    await partners_and_theirs.asked(world, third, known_at_once)
    async with world.database.transaction() as tx:
        await erase_own_data(tx, candidate(world.consortium_id, people[0], "en"))
    await destroy_erased_keys(world.database)
    await build_world(world.database, slug="other", first_number=11)
    return world


async def test_sound_data_is_left_in_peace(history: World) -> None:
    async with history.database.read() as read:
        statuses = sorted(await read.scalars(select(FreeHire.status)))
    assert statuses == [
        FreeHireStatus.AVAILABLE,
        FreeHireStatus.AVAILABLE,
        FreeHireStatus.AVAILABLE,
        FreeHireStatus.AVAILABLE,
        FreeHireStatus.RESERVED,
        FreeHireStatus.SPENT,
    ]
    assert await verified(history.database, history.consortium_id) == []


async def test_reversals_expiry_and_leaving_are_sound(history: World) -> None:
    world, admin = history, history.actor(None, Role.CONSORTIUM_ADMIN)
    async with world.database.read() as read:
        entries = await read.scalars(
            select(Entry.id)
            .join(Account, Account.id == Entry.account_id)
            .where(Entry.kind == EntryKind.COUNTED, Account.company_id == world.other_company.id)
            .order_by(Entry.number)
        )
        counted = entries.all()
    for entry_id in counted[:9]:
        await run(world, reverse_count, admin, ReverseCount(entry_id, "reason"))
    assert await verified(world.database, world.consortium_id) == []
    world.clock.forward(days=800)
    async with world.database.transaction() as tx:
        await expire_free_hires(tx)
        await end_membership(tx, admin, world.company.id)
    assert await verified(world.database, world.consortium_id) == []


async def test_what_breaks_a_rule_is_found(history: World) -> None:
    missed = []
    for rule, statement in BREAKS.items():
        told = [one for one in await found_after(history, statement) if one.rule == rule]
        assert len(told) <= EXAMPLES_MAX_PER_RULE
        if not told:
            missed.append(rule)
    assert missed == []
    assert await verified(history.database, history.consortium_id) == []


def test_every_rule_about_one_consortium_is_broken_once() -> None:
    rules = [check.rule for check in CHECKS]
    assert len(rules) == len(set(rules))
    within = {rule for rule in rules if "STAYS_IN_CONSORTIUM" not in rule}
    assert within | {AUDIT_RULE, KEY_RULE} == {rule for rule in BREAKS if "STAYS_IN" not in rule}
