"""A candidate corrects what is held about them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from models.access import Actor
from models.errors import NotFound
from models.operations.agreements import audit_candidate, candidate_of
from models.operations.listings import relist
from models.operations.member_list import hold_member_list
from models.rules.registration_form import OwnDetails, check_details
from models.session import WriteSession
from models.tables.candidates import Candidate


@dataclass(frozen=True, slots=True)
class CorrectOwnData:
    """The details as they should be, all of them."""

    details: OwnDetails


async def correct_own_data(tx: WriteSession, actor: Actor, command: CorrectOwnData) -> None:
    """Put these details in place of those that are held. Whoever may see them sees them at once.

    The address stays: it is what a person is known by. Raises `InvalidInput` and `NotFound`.
    """
    details = command.details
    check_details(details)
    await hold_member_list(tx, actor.consortium_id)
    person = await tx.scalar(
        select(Candidate).where(Candidate.id == candidate_of(actor)).with_for_update()
    )
    if person is None or person.sealed is None:
        raise NotFound(what="candidate")
    key = await tx.vault.key(person.key_id)
    corrected = {
        "name": details.name.strip(),
        "phone": details.phone,
        "wishes": details.wishes,
    }
    person.sealed = key.seal(key.unseal(person.sealed) | corrected)
    phone = details.phone_key
    person.phone_hash = tx.vault.blind("phone", person.consortium_id, phone) if phone else None
    person.category, person.experience_years = details.category, details.experience_years
    person.prefecture, person.skills = details.prefecture, list(details.skills)
    person.desired_prefectures = list(details.desired_prefectures)
    person.last_active_at = tx.now
    await tx.flush()
    await relist(tx, actor.consortium_id, [person.id])
    audit_candidate(tx, actor, "candidate.corrected")
