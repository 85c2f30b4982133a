"""A consortium admin says which terms of partnerships are allowed."""

from __future__ import annotations

import uuid

from models.access import Actor, Permission, require
from models.audit import audit
from models.operations.member_list import lock_member_list
from models.rules.partnership_policy import TermsPolicy, check_policy
from models.session import WriteSession
from models.tables.partnerships import PartnershipPolicy
from models.upsert import insert_for


async def set_partnership_policy(tx: WriteSession, actor: Actor, command: TermsPolicy) -> uuid.UUID:
    """From now on, terms that are proposed or accepted are within it. Answers the consortium.

    Terms in force remain. Raises `InvalidInput`.
    """
    require(actor, Permission.MANAGE_PROGRAM)
    policy = check_policy(command)
    # One comes after the other: terms that are being proposed, and the policy they are held to.
    await lock_member_list(tx, actor.consortium_id)
    values = {
        "fields": [field.value for field in policy.fields],
        "categories": list(policy.categories),
        "shared_days_max": policy.shared_days_max,
        "notice_days_min": policy.notice_days_min,
        "rewards_allowed": policy.rewards_allowed,
        "companies_may_propose": policy.companies_may_propose,
        "changed_at": tx.now,
    }
    await tx.execute(
        insert_for(tx, PartnershipPolicy)
        .values(consortium_id=actor.consortium_id, **values)
        .on_conflict_do_update(index_elements=["consortium_id"], set_=values)
    )
    said = {name: value for name, value in values.items() if name != "changed_at"}
    audit(tx, actor, "partnership_policy.set", "consortium", actor.consortium_id, **said)
    return actor.consortium_id
