"""Whether the stored data holds to every invariant that stored data can break."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select

from models.audit import verify_chain
from models.checks.erasures import ERASURE_CHECKS
from models.checks.ledger import LEDGER_CHECKS
from models.checks.outcomes import OUTCOME_CHECKS
from models.checks.people import PEOPLE_CHECKS
from models.checks.rewards import REWARD_CHECKS
from models.checks.sharing import SHARING_CHECKS
from models.checks.tenancy import TENANCY_CHECKS
from models.session import ReadSession
from models.tables.erasures import Erasure

EXAMPLES_MAX_PER_RULE = 20

CHECKS = (
    *LEDGER_CHECKS,
    *OUTCOME_CHECKS,
    *PEOPLE_CHECKS,
    *SHARING_CHECKS,
    *REWARD_CHECKS,
    *ERASURE_CHECKS,
    *TENANCY_CHECKS,
)

AUDIT_RULE = "AUDIT_CHAIN_IS_INTACT"
KEY_RULE = "ERASED_KEY_IS_DESTROYED"
KEYS_PER_READ = 500


@dataclass(frozen=True, slots=True)
class Violation:
    """A row that breaks a rule. ``subject_id`` is its key, and what it is said by ``subject``."""

    rule: str
    subject: str
    subject_id: uuid.UUID | str
    detail: str = ""


async def verify_consortium(read: ReadSession, consortium_id: uuid.UUID) -> list[Violation]:
    """Look for whatever breaks a rule: empty where all is well.

    Each rule is one statement over all rows; of each, at most `EXAMPLES_MAX_PER_RULE` are told.
    """
    found: list[Violation] = []
    for check in CHECKS:
        statement = check.violating(consortium_id).limit(EXAMPLES_MAX_PER_RULE)
        rows = await read.execute(statement)
        found += [Violation(check.rule, check.subject, row.subject_id) for row in rows]
    found += await _undestroyed(read, consortium_id)
    report = await verify_chain(read, consortium_id)
    if report.broken_at is not None:
        detail = f"broken at {report.broken_at} of {report.entries}"
        found.append(Violation(AUDIT_RULE, "consortium", consortium_id, detail))
    return found


async def _undestroyed(read: ReadSession, consortium_id: uuid.UUID) -> list[Violation]:
    """Keys that are said to be destroyed, and are not. The key store is another database."""
    found: list[Violation] = []
    said = (
        select(Erasure.key_id, Erasure.candidate_id)
        .where(Erasure.consortium_id == consortium_id, Erasure.key_destroyed_at.is_not(None))
        .order_by(Erasure.key_id)
        .limit(KEYS_PER_READ)
    )
    page = (await read.execute(said)).all()
    while page and len(found) < EXAMPLES_MAX_PER_RULE:
        there = await read.vault.keys(row.key_id for row in page)
        found += [
            Violation(KEY_RULE, "candidate", row.candidate_id)
            for row in page
            if row.key_id in there
        ]
        page = (await read.execute(said.where(Erasure.key_id > page[-1].key_id))).all()
    return found[:EXAMPLES_MAX_PER_RULE]
