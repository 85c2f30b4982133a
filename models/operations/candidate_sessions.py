"""How a candidate comes to their own pages: a mailed link, used once, opens a session."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Row, delete, func, insert, select, update

from models.access import Actor, ActorKind, candidate
from models.audit import audit
from models.base import random_id
from models.errors import LinkUnknown
from models.operations.agreements import candidate_of
from models.operations.registrations import Completed, complete_registration
from models.outbox import Event, EventType, emit
from models.rules.addresses import check_email, normalise_email
from models.rules.own_pages import HOME, own_page_at
from models.session import WriteSession
from models.tables.candidates import Candidate, CandidateSession, SignInLink
from models.tables.consortium import Consortium
from models.tables.registrations import Registration
from models.tokens import new_session_token, token_of

SIGN_IN_PURPOSE = "candidate-sign-in"
SIGN_IN_WITHIN = timedelta(minutes=30)
SIGN_INS_PER_HOUR = 5
"""So many sign-in mails an address gets from one consortium within an hour, whoever asks."""
SESSION_LASTS = timedelta(days=7)
CONFIRM_AGAIN_WITHIN = timedelta(minutes=15)
"""So long a confirmation that is sent twice (a double tap, a lost answer) still signs in."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session's secret, for the cookie alone, and whose it is."""

    token: str
    candidate_id: uuid.UUID


async def request_sign_in(tx: WriteSession, email: str, page: str = HOME) -> None:
    """Have a sign-in link mailed by each consortium that knows the address, which leads to a page.

    The answer is the same for every address, and so is the time it takes: an unknown one writes
    an event that nobody acts on. Raises `AddressRefused` for what is no address.
    """
    check_email(email)
    consortia = (await tx.scalars(select(Consortium.id).order_by(Consortium.id))).all()
    address = normalise_email(email)
    hashes = [tx.vault.blind("email", consortium_id, address) for consortium_id in consortia]
    known = (
        await tx.execute(
            select(
                Candidate.id,
                Candidate.consortium_id,
                select(func.count())
                .select_from(SignInLink)
                .where(
                    SignInLink.candidate_id == Candidate.id,
                    SignInLink.created_at > tx.now - timedelta(hours=1),
                )
                .scalar_subquery()
                .label("recent"),
            )
            .where(Candidate.email_hash.in_(hashes), Candidate.consortium_id.in_(consortia))
            .order_by(Candidate.id)
        )
    ).all()
    mailed = [row for row in known if row.recent < SIGN_INS_PER_HOUR]
    if mailed:
        await _mail_links(tx, mailed, own_page_at(page) or HOME)
    else:
        await emit(
            tx,
            *(Event(EventType.SIGN_IN_UNKNOWN, consortium_id, {}) for consortium_id in consortia),
        )


async def _mail_links(
    tx: WriteSession, known: list[Row[uuid.UUID, uuid.UUID, int]], page: str
) -> None:
    links = [
        {
            "id": (link_id := random_id()),
            "candidate_id": row.id,
            "token_hash": tx.vault.token_hash(token_of(tx.vault, SIGN_IN_PURPOSE, link_id)),
            "created_at": tx.now,
            "expires_at": tx.now + SIGN_IN_WITHIN,
        }
        for row in known
    ]
    await tx.execute(insert(SignInLink), links)
    await emit(
        tx,
        *(
            Event(
                EventType.SIGN_IN_REQUESTED,
                row.consortium_id,
                {"sign_in_link": link["id"].hex, "candidate": row.id.hex, "page": page},
            )
            for row, link in zip(known, links, strict=True)
        ),
    )


async def use_sign_in_link(tx: WriteSession, token: str, locale: str) -> SignedIn:
    """Open a session. A link works once. Raises `LinkUnknown` for any other."""
    used = await tx.scalar(
        update(SignInLink)
        .where(
            SignInLink.token_hash == tx.vault.token_hash(token),
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > tx.now,
        )
        .values(used_at=tx.now)
        .returning(SignInLink.candidate_id)
        .execution_options(synchronize_session=False)
    )
    if used is None:
        raise LinkUnknown
    person = (
        await tx.execute(
            update(Candidate)
            .where(Candidate.id == used, Candidate.erased_at.is_(None))
            .values(last_active_at=tx.now)
            .returning(Candidate.id, Candidate.consortium_id)
            .execution_options(synchronize_session=False)
        )
    ).one_or_none()
    if person is None:
        raise LinkUnknown
    actor = candidate(person.consortium_id, person.id, locale)
    audit(tx, actor, "candidate.signed_in", "candidate", person.id)
    return await _open_session(tx, person.id)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What confirming an address led to. No session where the link had been used long before."""

    completed: Completed
    signed_in: SignedIn | None


async def confirm_address(tx: WriteSession, token: str, locale: str) -> Confirmed:
    """Complete the registration and open a session, so that the candidate sees what was made.

    The token tells in whose consortium. Sent again later it answers the same, and signs nobody
    in: the mail is no lasting key. Raises what `complete_registration` does.
    """
    found = (
        await tx.execute(
            select(Registration.consortium_id, Registration.completed_at)
            .where(Registration.token_hash == tx.vault.token_hash(token))
            .with_for_update()
        )
    ).one_or_none()
    if found is None:
        raise LinkUnknown
    visitor = Actor(kind=ActorKind.CANDIDATE, consortium_id=found.consortium_id, locale=locale)
    completed = await complete_registration(tx, visitor, token)
    if found.completed_at is not None and tx.now - found.completed_at > CONFIRM_AGAIN_WITHIN:
        return Confirmed(completed, None)
    return Confirmed(completed, await _open_session(tx, completed.candidate_id))


async def _open_session(tx: WriteSession, candidate_id: uuid.UUID) -> SignedIn:
    token = new_session_token()
    await tx.execute(
        insert(CandidateSession),
        {
            "token_hash": tx.vault.token_hash(token),
            "candidate_id": candidate_id,
            "created_at": tx.now,
            "expires_at": tx.now + SESSION_LASTS,
        },
    )
    return SignedIn(token, candidate_id)


async def sign_out(tx: WriteSession, actor: Actor, token: str) -> None:
    """Close this session; the cookie is worth nothing from now on."""
    await tx.execute(
        delete(CandidateSession).where(
            CandidateSession.token_hash == tx.vault.token_hash(token),
            CandidateSession.candidate_id == candidate_of(actor),
        )
    )
    audit(tx, actor, "candidate.signed_out", "candidate", candidate_of(actor))
