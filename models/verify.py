"""Whether the stored data holds to every invariant that stored data can break."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from models.audit import verify_chain
from models.checks.ledger import LEDGER_CHECKS
from models.checks.outcomes import OUTCOME_CHECKS
from models.checks.people import PEOPLE_CHECKS
from models.checks.tenancy import TENANCY_CHECKS
from models.session import ReadSession

EXAMPLES_MAX_PER_RULE = 20

CHECKS = (*LEDGER_CHECKS, *OUTCOME_CHECKS, *PEOPLE_CHECKS, *TENANCY_CHECKS)

AUDIT_RULE = "AUDIT_CHAIN_IS_INTACT"


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
    report = await verify_chain(read, consortium_id)
    if report.broken_at is not None:
        detail = f"broken at {report.broken_at} of {report.entries}"
        found.append(Violation(AUDIT_RULE, "consortium", consortium_id, detail))
    return found
