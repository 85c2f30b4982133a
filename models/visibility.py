"""Which rows an actor sees: one condition a table, used by every door.

A row outside the condition does not exist for the actor. What is shown *of* a candidate that is
seen, field by field, is `models.rules.sharing`.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    cast,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    text,
)
from sqlalchemy.orm import aliased

from models.access import Actor, Permission
from models.rules.ledger import Unit
from models.rules.lifecycles import (
    ConsentStatus,
    OrganizationKind,
    PartnershipStatus,
    PartyStatus,
    TermsStatus,
)
from models.rules.sharing import IDENTIFYING, CandidateField, Purpose
from models.tables.analysis_jobs import AnalysisJob
from models.tables.candidates import LISTED, Candidate, Consent, Disclosure, Exclusion
from models.tables.consortium import Consortium, Membership, Organization, Program
from models.tables.deletions import DeletionRequest
from models.tables.flow_sources import FlowSource
from models.tables.ledger import Account, FreeHire
from models.tables.links import RelayLink
from models.tables.mailings import Mailing, MailTemplate
from models.tables.meetings import Meeting
from models.tables.openings import Opening
from models.tables.outcomes import HireExit
from models.tables.partnerships import Partnership, PartnershipParty, PartnershipStep, Terms
from models.tables.records import AuditEntry
from models.tables.referrals import Case, Hire, Referral
from models.tables.registrations import Registration
from models.tables.requests import CandidateRequest
from models.tables.rewards import Funding, Reward, RewardClause
from models.tables.users import ApiToken, User

Condition = ColumnElement[bool]

LISTABLE = tuple(field for field in CandidateField if field not in IDENTIFYING)
"""What can be shown in the pool."""


def visible_consortia(actor: Actor) -> Condition:
    """One's own."""
    return Consortium.id == actor.consortium_id


def visible_organizations(actor: Actor) -> Condition:
    """Every member, past and present, of one's consortium: members know each other's names."""
    return Organization.consortium_id == actor.consortium_id


def visible_memberships(actor: Actor) -> Condition:
    """As the organizations they are of."""
    return Membership.consortium_id == actor.consortium_id


def visible_programs(actor: Actor) -> Condition:
    """The rules are everyone's to read."""
    return Program.consortium_id == actor.consortium_id


def visible_users(actor: Actor) -> Condition:
    """Oneself; for administrators those of their organization, or of the whole consortium."""
    own = and_(User.consortium_id == actor.consortium_id, User.id == actor.id)
    if not actor.may(Permission.MANAGE_USERS):
        return own
    return or_(own, and_(User.consortium_id == actor.consortium_id, _administered(User, actor)))


def visible_flow_sources(actor: Actor) -> Condition:
    """The consortium's, to whoever may read flows: what is told of a source is told to all."""
    if not actor.may(Permission.READ_FLOWS):
        return false()
    return FlowSource.consortium_id == actor.consortium_id


def visible_api_tokens(actor: Actor) -> Condition:
    """For administrators: those of their organization, or of the whole consortium."""
    if not actor.may(Permission.MANAGE_TOKENS):
        return false()
    return and_(ApiToken.consortium_id == actor.consortium_id, _administered(ApiToken, actor))


def _administered(table: type[User | ApiToken], actor: Actor) -> Condition:
    if actor.organization_id is None:
        return table.consortium_id == actor.consortium_id
    return table.organization_id == actor.organization_id


def visible_relay_links(actor: Actor) -> Condition:
    """A company's own."""
    return _own(RelayLink.company_id, actor, Permission.READ_LINKS)


def visible_mail_templates(actor: Actor) -> Condition:
    """A company's own."""
    return _own(MailTemplate.company_id, actor, Permission.READ_MAILINGS)


def visible_mailings(actor: Actor) -> Condition:
    """A company's own."""
    return _own(Mailing.company_id, actor, Permission.READ_MAILINGS)


def visible_analysis_jobs(actor: Actor) -> Condition:
    """Those of one's organization, whose exact rows they hold; for others those without one."""
    if not actor.may(Permission.READ_FLOWS):
        return false()
    return and_(
        AnalysisJob.consortium_id == actor.consortium_id,
        AnalysisJob.organization_id.is_not_distinct_from(actor.organization_id),
    )


def visible_registrations(actor: Actor) -> Condition:
    """A company's own once they are completed; for reviewers those that were ever held."""
    if actor.may(Permission.REVIEW_COUNTS):
        return and_(
            Registration.consortium_id == actor.consortium_id,
            Registration.hold_reason.is_not(None),
        )
    return and_(
        _own(Registration.company_id, actor, Permission.READ_LEDGER),
        Registration.completed_on.is_not(None),
    )


def visible_accounts(actor: Actor) -> Condition:
    """A company's own, and an agency's of yen; for consortium admins those of all."""
    if actor.organization_id is None and actor.may(Permission.READ_LEDGER):
        return Account.consortium_id == actor.consortium_id
    yen = and_(
        Account.unit == Unit.REWARD, _own(Account.company_id, actor, Permission.READ_REWARDS)
    )
    return or_(_own(Account.company_id, actor, Permission.READ_LEDGER), yen)


def visible_free_hires(actor: Actor) -> Condition:
    """As the accounts."""
    if actor.organization_id is None and actor.may(Permission.READ_LEDGER):
        return FreeHire.consortium_id == actor.consortium_id
    return _own(FreeHire.company_id, actor, Permission.READ_LEDGER)


def visible_referrals(actor: Actor) -> Condition:
    """Those one gave, and those one has received: not before they were delivered."""
    return or_(given_referrals(actor), received_referrals(actor))


def given_referrals(actor: Actor) -> Condition:
    """Those that one's organization gave."""
    return _own(Referral.from_id, actor, Permission.READ_REFERRALS)


def received_referrals(actor: Actor) -> Condition:
    """Those that were delivered to one's organization, and those it asked a partner for."""
    return and_(
        _own(Referral.to_id, actor, Permission.READ_REFERRALS),
        or_(Referral.delivered_at.is_not(None), Referral.is_asked),
    )


def visible_candidates(actor: Actor, at: datetime) -> Condition:
    """Those of whom anything was ever provided to one's organization, the pool left out; and those
    who are in the pool that it sees now.
    """
    if not actor.may(Permission.READ_REFERRALS):
        return false()
    provided = exists(
        select(Disclosure.id).where(
            Disclosure.candidate_id == Candidate.id,
            Disclosure.recipient_id == actor.organization_id,
            Disclosure.purpose != Purpose.PARTNER_SHARING,
        )
    )
    listed = exists(
        select(Disclosure.id).where(
            Disclosure.candidate_id == Candidate.id, visible_listings(actor, at)
        )
    )
    return or_(provided, listed)


def visible_listings(actor: Actor, at: datetime) -> Condition:
    """Of the records that list candidates in the pool, those for one's company that hold now.

    The consent is good, the partnership and its terms bind both sides, and the candidate neither
    excludes the company nor is gone. A record that is still to be brought in line shows nothing.
    """
    good = exists(
        select(Consent.id).where(
            Consent.id == Disclosure.consent_id,
            Consent.status == ConsentStatus.ACTIVE,
            or_(Consent.expires_at.is_(None), Consent.expires_at > at),
        )
    )
    here = exists(
        select(Candidate.id)
        .join(Terms, Terms.partnership_id == Disclosure.partnership_id)
        .where(
            Candidate.id == Disclosure.candidate_id,
            Candidate.erased_at.is_(None),
            Terms.status == TermsStatus.IN_FORCE,
            terms_cover(Terms, Candidate.category),
            or_(*(names(Terms.fields, field.value) for field in LISTABLE)),
        )
    )
    excluded = exists(
        select(Exclusion.candidate_id).where(
            Exclusion.candidate_id == Disclosure.candidate_id,
            Exclusion.organization_id == Disclosure.recipient_id,
        )
    )
    return and_(
        _own(Disclosure.recipient_id, actor, Permission.READ_POOL),
        # As the index of the pool says it.
        text(LISTED),
        terms_bind(Disclosure.partnership_id, Disclosure.provider_id, Disclosure.recipient_id),
        good,
        here,
        ~excluded,
    )


def names(codes: Any, code: str) -> Condition:
    """Whether a list of codes, kept as JSON, has this one: codes need no escaping."""
    found: Condition = cast(codes, String).contains(f'"{code}"', autoescape=True)
    return found


def terms_cover(terms: Any, category: Any) -> Condition:
    """Whether terms are for a job category, as `rules.partnerships.covers` says it."""
    codes = cast(terms.categories, String)
    return or_(codes == "[]", codes.like(literal('%"') + category + literal('"%')))


def terms_bind(partnership_id: Any, giver_id: Any, receiver_id: Any) -> Condition:
    """Whether a partnership is active, has terms in force, and both companies take part."""
    giver, receiver = aliased(PartnershipParty), aliased(PartnershipParty)
    return exists(
        select(Partnership.id)
        .join(Terms, Terms.partnership_id == Partnership.id)
        .join(giver, giver.partnership_id == Partnership.id)
        .join(receiver, receiver.partnership_id == Partnership.id)
        .where(
            Partnership.id == partnership_id,
            Partnership.status == PartnershipStatus.ACTIVE,
            Terms.status == TermsStatus.IN_FORCE,
            giver.company_id == giver_id,
            giver.status == PartyStatus.JOINED,
            receiver.company_id == receiver_id,
            receiver.status == PartyStatus.JOINED,
        )
    )


def visible_cases(actor: Actor) -> Condition:
    """An agency's own."""
    return _own(Case.agency_id, actor, Permission.READ_CASES)


def visible_openings(actor: Actor) -> Condition:
    """One's own or kept by oneself; for agencies also those that companies keep themselves."""
    if not actor.may(Permission.READ_OPENINGS):
        return false()
    here = Opening.consortium_id == actor.consortium_id
    if actor.organization_id is None:
        return here
    if actor.organization_kind is OrganizationKind.AGENCY:
        return openings_of_agency(actor.consortium_id, actor.organization_id)
    own = or_(
        Opening.company_id == actor.organization_id, Opening.keeper_id == actor.organization_id
    )
    return and_(here, own)


def openings_of_agency(consortium_id: uuid.UUID, agency_id: uuid.UUID) -> Condition:
    """Those an agency introduces to: kept by itself, or by the companies themselves."""
    return and_(
        Opening.consortium_id == consortium_id,
        or_(Opening.keeper_id == agency_id, Opening.keeper_id == Opening.company_id),
    )


def visible_hires(actor: Actor) -> Condition:
    """Those of one's own company, or through one's own introduction as an agency.

    What becomes of whom a company gave to a partner is between the partner and the person.
    """
    own = _own(Hire.company_id, actor, Permission.READ_REFERRALS)
    if actor.organization_kind is not OrganizationKind.AGENCY:
        return own
    return or_(own, _own(Hire.introducer_id, actor, Permission.READ_REFERRALS))


def visible_standing_exits(actor: Actor) -> Condition:
    """For reviewers, who take them back: those of the consortium's hires that were not."""
    if not actor.may(Permission.REVIEW_COUNTS):
        return false()
    hire = aliased(Hire)
    of = exists(
        select(hire.id).where(
            hire.id == HireExit.hire_id, hire.consortium_id == actor.consortium_id
        )
    )
    return and_(of, HireExit.reversed_at.is_(None))


def visible_partnerships(actor: Actor) -> Condition:
    """Those one's company was ever asked to take part in; for consortium admins all."""
    if not actor.may(Permission.READ_PARTNERSHIPS):
        return false()
    here = Partnership.consortium_id == actor.consortium_id
    if actor.organization_id is None:
        return here
    takes_part = exists(
        select(PartnershipParty.company_id).where(
            PartnershipParty.partnership_id == Partnership.id,
            PartnershipParty.company_id == actor.organization_id,
        )
    )
    return and_(here, takes_part)


def visible_terms(actor: Actor) -> Condition:
    """As the partnerships they are of; to a company that left, those proposed while it was in."""
    of = exists(
        select(Partnership.id).where(
            Partnership.id == Terms.partnership_id, visible_partnerships(actor)
        )
    )
    return and_(of, ~_had_left(actor, Terms.partnership_id, Terms.proposed_at))


def visible_partnership_steps(actor: Actor) -> Condition:
    """As the partnerships they happened to; to a company that left, what happened until then."""
    of = exists(
        select(Partnership.id).where(
            Partnership.id == PartnershipStep.partnership_id, visible_partnerships(actor)
        )
    )
    return and_(of, ~_had_left(actor, PartnershipStep.partnership_id, PartnershipStep.at))


def _had_left(actor: Actor, partnership_id: Any, at: Any) -> Condition:
    """Whether one's company had left a partnership before an instant."""
    party = aliased(PartnershipParty)
    return exists(
        select(party.company_id).where(
            party.partnership_id == partnership_id,
            party.company_id == actor.organization_id,
            party.left_at < at,
        )
    )


def visible_meetings(actor: Actor) -> Condition:
    """The consortium's, and those of partnerships that one's company takes or took part in.

    A company that left sees those that were decided, or else last changed, before it did.
    """
    if not actor.may(Permission.READ_MEETINGS):
        return false()
    here = Meeting.consortium_id == actor.consortium_id
    if actor.organization_id is None:
        return here
    party = aliased(PartnershipParty)
    takes_part = exists(
        select(party.company_id).where(
            party.partnership_id == Meeting.partnership_id,
            party.company_id == actor.organization_id,
            or_(
                party.status == PartyStatus.JOINED,
                party.left_at >= func.coalesce(Meeting.decided_at, Meeting.changed_at),
            ),
        )
    )
    return and_(here, or_(Meeting.partnership_id.is_(None), takes_part))


def visible_fundings(actor: Actor) -> Condition:
    """For an agency its own; for others as the terms that it is named in."""
    if actor.organization_kind is OrganizationKind.AGENCY:
        return _own(Funding.agency_id, actor, Permission.READ_REWARDS)
    return exists(select(Terms.id).where(Terms.id == Funding.terms_id, visible_terms(actor)))


def visible_rewards(actor: Actor) -> Condition:
    """Those of referrals one gave or received, and those one's agency has part in; for consortium
    admins all. A reward names no person.
    """
    if not actor.may(Permission.READ_REWARDS):
        return false()
    if actor.organization_id is None:
        seen = Referral.consortium_id == actor.consortium_id
    else:
        seen = visible_referrals(actor)
    own_part = exists(
        select(RewardClause.id)
        .join(Funding, Funding.id == RewardClause.funding_id)
        .where(RewardClause.id == Reward.clause_id, Funding.agency_id == actor.organization_id)
    )
    return or_(exists(select(Referral.id).where(Referral.id == Reward.referral_id, seen)), own_part)


def visible_requests(actor: Actor) -> Condition:
    """For consortium admins: requests are addressed to them. A candidate reads their own."""
    if not actor.may(Permission.ANSWER_REQUESTS):
        return false()
    return CandidateRequest.consortium_id == actor.consortium_id


def visible_deletion_requests(actor: Actor) -> Condition:
    """Those one's organization was sent; for consortium admins all, without whom they are about."""
    if not actor.may(Permission.READ_DELETIONS):
        return false()
    here = DeletionRequest.consortium_id == actor.consortium_id
    if actor.organization_id is None:
        return here
    return and_(here, DeletionRequest.recipient_id == actor.organization_id)


def visible_audit_entries(actor: Actor) -> Condition:
    """For consortium admins."""
    if not actor.may(Permission.READ_AUDIT):
        return false()
    return AuditEntry.consortium_id == actor.consortium_id


def _own(column: object, actor: Actor, permission: Permission) -> Condition:
    if actor.organization_id is None or not actor.may(permission):
        return false()
    owned: Condition = column == actor.organization_id  # type: ignore[assignment]
    return owned
