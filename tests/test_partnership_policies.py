"""Which terms are allowed: what is proposed or accepted is within, what is in force remains."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from gql.context import Context
from gql.node import encode_id
from gql.schema import build_schema
from models.access import Role
from models.errors import Forbidden, InvalidInput
from models.operations.partnership_policies import set_partnership_policy
from models.operations.partnerships import (
    ProposePartnership,
    accept_partnership,
    decline_partnership,
    leave_partnership,
    propose_partnership,
)
from models.operations.terms import ProposeTerms, accept_terms, propose_terms, reject_terms
from models.reads.partnership_policies import policy_in_force
from models.rules.ledger import Unit
from models.rules.lifecycles import PartnershipStatus, TermsStatus
from models.rules.partnership_policy import (
    OutsidePolicy,
    PolicyBreach,
    ProposalsByConsortium,
    TermsPolicy,
    breaches,
)
from models.rules.partnerships import TermsOffered
from models.rules.rewards import ClauseOffered, RewardEvent
from models.rules.sharing import ALL_FIELDS, CandidateField
from models.tables.partnerships import Partnership, PartnershipPolicy
from models.tables.records import AuditEntry
from models.vocabulary.job_categories import JOB_CATEGORIES
from tests.handovers import run
from tests.partners import (
    TERMS,
    admin,
    partners,
    partnership_of,
    proposed,
    terms_of,
    third_company,
)
from tests.world import World

SCHEMA = build_schema()
A, B = list(JOB_CATEGORIES)[:2]
NARROW = TermsPolicy(
    fields=(CandidateField.CATEGORY, CandidateField.SKILLS),
    categories=(A,),
    shared_days_max=20,
    notice_days_min=14,
    rewards_allowed=False,
)
WITHIN = TermsOffered((CandidateField.SKILLS,), (A,), 20, 14)


async def allow(world: World, policy: TermsPolicy) -> None:
    await run(world, set_partnership_policy, admin(world, None), policy)


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, ()),
        ({"fields": ALL_FIELDS}, (PolicyBreach.FIELDS,)),
        ({"categories": (A, B)}, (PolicyBreach.CATEGORIES,)),
        ({"categories": ()}, (PolicyBreach.CATEGORIES,)),
        ({"shared_days": 21}, (PolicyBreach.SHARED_DAYS,)),
        ({"notice_days": 13}, (PolicyBreach.NOTICE_DAYS,)),
        (
            {"shared_days": 21, "notice_days": 0},
            (PolicyBreach.SHARED_DAYS, PolicyBreach.NOTICE_DAYS),
        ),
    ],
)
def test_what_is_outside(changed: dict[str, Any], found: tuple[PolicyBreach, ...]) -> None:
    assert breaches(NARROW, replace(WITHIN, **changed)) == found
    assert breaches(TermsPolicy(), replace(WITHIN, **changed)) == ()


@pytest.mark.parametrize(
    ("changed", "place", "words"),
    [
        ({"fields": ALL_FIELDS}, "fields", "CATEGORY, SKILLS"),
        ({"categories": ()}, "categories", JOB_CATEGORIES[A].name.en),
        ({"shared_days": 21}, "sharedDays", "at most 20 days"),
        ({"notice_days": 13}, "noticeDays", "at least 14 days"),
    ],
)
async def test_what_is_outside_is_not_proposed(
    world: World, changed: dict[str, Any], place: str, words: str
) -> None:
    partnership_id = await partners(world, world.company, await third_company(world), terms=WITHIN)
    await allow(world, NARROW)
    terms = replace(WITHIN, **changed)
    with pytest.raises(OutsidePolicy) as refused:
        await proposed(world, world.company, world.other_company, terms=terms)
    assert refused.value.path == ("terms", place)
    assert words in refused.value.message("en")
    assert refused.value.message("ja") != refused.value.message("en")
    with pytest.raises(OutsidePolicy) as refused:
        await run(
            world, propose_terms, admin(world, world.company), ProposeTerms(partnership_id, terms)
        )
    assert refused.value.path == ("terms", place)
    assert await terms_of(world, partnership_id) == [(1, TermsStatus.IN_FORCE)]
    async with world.database.read() as read:
        assert list(await read.scalars(select(Partnership.id))) == [partnership_id]


async def test_what_is_within_is_proposed_and_accepted(world: World) -> None:
    await allow(world, NARROW)
    partnership_id = await partners(world, world.company, world.other_company, terms=WITHIN)
    assert (await partnership_of(world, partnership_id)).status is PartnershipStatus.ACTIVE


async def test_terms_in_force_remain_and_are_marked(world: World) -> None:
    partnership_id = await partners(world, world.company, world.other_company, terms=TERMS)
    await allow(world, NARROW)
    assert await terms_of(world, partnership_id) == [(1, TermsStatus.IN_FORCE)]
    query = "query ($id: ID!) { node(id: $id) { ... on Partnership { terms { policyBreaches } } } }"
    for actor in (admin(world, None), world.actor(world.company, Role.VIEWER)):
        data = await asked(world, actor, query, id=encode_id("Partnership", partnership_id))
        assert data["node"]["terms"]["policyBreaches"] == [
            "FIELDS",
            "CATEGORIES",
            "SHARED_DAYS",
            "NOTICE_DAYS",
        ]


async def test_a_proposal_from_before_is_declined_and_not_accepted(world: World) -> None:
    partnership_id = await proposed(world, world.company, world.other_company)
    await allow(world, NARROW)
    with pytest.raises(OutsidePolicy) as refused:
        await run(world, accept_partnership, admin(world, world.other_company), partnership_id)
    assert refused.value.path == ("id",)
    assert await terms_of(world, partnership_id) == [(1, TermsStatus.PROPOSED)]
    await run(world, decline_partnership, admin(world, world.other_company), partnership_id)
    assert await terms_of(world, partnership_id) == [(1, TermsStatus.REJECTED)]


async def test_an_amendment_from_before_waits_even_when_the_last_to_answer_leaves(
    world: World,
) -> None:
    third = await third_company(world)
    partnership_id = await partners(world, world.company, world.other_company, third)
    wider = ProposeTerms(partnership_id, replace(TERMS, shared_days=90))
    terms_id = await run(world, propose_terms, admin(world, world.company), wider)
    await run(world, accept_terms, admin(world, world.other_company), terms_id)
    await allow(world, NARROW)
    with pytest.raises(OutsidePolicy):
        await run(world, accept_terms, admin(world, third), terms_id)
    await run(world, leave_partnership, admin(world, third), partnership_id)
    waiting = [(1, TermsStatus.IN_FORCE), (2, TermsStatus.PROPOSED)]
    assert await terms_of(world, partnership_id) == waiting
    await run(world, reject_terms, admin(world, world.company), terms_id)
    assert (await terms_of(world, partnership_id))[1] == (2, TermsStatus.REJECTED)


async def test_where_companies_do_not_propose_the_admin_does(world: World) -> None:
    await allow(world, TermsPolicy(companies_may_propose=False))
    with pytest.raises(ProposalsByConsortium) as refused:
        await proposed(world, world.company, world.other_company)
    assert refused.value.code == "FORBIDDEN"
    command = ProposePartnership("Spring", (world.company.id, world.other_company.id), TERMS)
    partnership_id = await run(world, propose_partnership, admin(world, None), command)
    for company in (world.company, world.other_company):
        await run(world, accept_partnership, admin(world, company), partnership_id)
    assert (await partnership_of(world, partnership_id)).status is PartnershipStatus.ACTIVE


async def test_a_policy_is_set_by_the_consortium_and_audited(world: World) -> None:
    for actor in (admin(world, world.company), world.actor(None, Role.ANALYST)):
        with pytest.raises(Forbidden):
            await run(world, set_partnership_policy, actor, NARROW)
    await allow(world, NARROW)
    await allow(world, replace(NARROW, rewards_allowed=True))
    async with world.database.read() as read:
        assert (await policy_in_force(read, world.consortium_id)).policy == replace(
            NARROW, rewards_allowed=True
        )
        rows = await read.scalars(
            select(AuditEntry)
            .where(AuditEntry.action == "partnership_policy.set")
            .order_by(AuditEntry.number)
        )
        said = [row.details for row in rows]
    assert [one["rewards_allowed"] for one in said] == [False, True]
    assert said[0]["fields"] == ["CATEGORY", "SKILLS"]


async def test_rewards_are_allowed_until_they_are_not(world: World) -> None:
    reward = ClauseOffered(RewardEvent.HIRE, Unit.COUNT, 1, world.agency.id)
    terms = replace(WITHIN, rewards=(reward,))
    assert breaches(NARROW, terms) == (PolicyBreach.REWARDS,)
    await proposed(world, world.company, await third_company(world), terms=terms)
    await allow(world, NARROW)
    with pytest.raises(OutsidePolicy) as refused:
        await proposed(world, world.company, world.other_company, terms=terms)
    assert refused.value.path == ("terms", "rewards")
    assert "no rewards" in refused.value.message("en")
    await proposed(world, world.company, world.other_company, terms=WITHIN)


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"fields": ()}, "fields"),
        ({"categories": ("UNHEARD_OF",)}, "categories"),
        ({"categories": (A,) * 1_000}, "categories"),
        ({"shared_days_max": 0}, "sharedDaysMax"),
        ({"shared_days_max": 366}, "sharedDaysMax"),
        ({"notice_days_min": -1}, "noticeDaysMin"),
        ({"notice_days_min": 181}, "noticeDaysMin"),
    ],
)
async def test_a_policy_out_of_bounds(world: World, changed: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await allow(world, replace(NARROW, **changed))
    assert refused.value.path == (path,)
    async with world.database.read() as read:
        assert await read.scalar(select(PartnershipPolicy)) is None


POLICY = """{ consortium { partnershipPolicy {
  fields categories { code } sharedDaysMax noticeDaysMin
  rewardsAllowed companiesMayPropose changedAt
} } }"""
SET = """
mutation ($input: SetPartnershipPolicyInput!) {
  setPartnershipPolicy(input: $input) {
    consortium { partnershipPolicy { sharedDaysMax } }
    errors { code path }
  }
}
"""


async def asked(world: World, actor: Any, query: str, **variables: Any) -> Any:
    context = Context(
        database=world.database, base_url="https://tasuki.example", actor=actor, language="en"
    )
    answer = await SCHEMA.execute(query, variable_values=variables, context_value=context)
    assert answer.errors is None, answer.errors
    return answer.data


async def test_everyone_reads_the_policy_through_the_api(world: World) -> None:
    viewer = world.actor(world.agency, Role.VIEWER)
    first = (await asked(world, viewer, POLICY))["consortium"]["partnershipPolicy"]
    assert (first["changedAt"], first["sharedDaysMax"], first["categories"]) == (None, 365, [])
    done = await asked(world, admin(world, None), SET, input={"sharedDaysMax": 60})
    assert done["setPartnershipPolicy"] == {
        "consortium": {"partnershipPolicy": {"sharedDaysMax": 60}},
        "errors": [],
    }
    wrong = await asked(world, admin(world, None), SET, input={"noticeDaysMin": 999})
    assert wrong["setPartnershipPolicy"]["errors"] == [
        {"code": "INVALID_INPUT", "path": ["input", "noticeDaysMin"]}
    ]
    second = (await asked(world, viewer, POLICY))["consortium"]["partnershipPolicy"]
    assert second["sharedDaysMax"] == 60
    assert len(second["fields"]) == len(ALL_FIELDS)
