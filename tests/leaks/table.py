"""What every way to a person shows: one line for each type, door and field.

The ways are not written here but walked along the schema (`paths`). What has no line fails
`test_paths`, which says the line to add. A line names the rule that `oracle` and `looks` tell from
`domain.md`; it is never taken from what the product answers.
"""

from __future__ import annotations

from collections.abc import Mapping

from models.rules.sharing import CandidateField as F
from tests.leaks import looks
from tests.leaks.looks import Door, Rule, always, of_candidate

PEOPLE = frozenset(
    {
        "Candidate",
        "FieldVisibility",
        "Referral",
        "Case",
        "Match",
        "MatchPart",
        "AllocatedPair",
        "LeftOverCandidate",
        "PoolListing",
        "Hire",
        "HireExit",
        "HireMilestone",
        "Reward",
        "DeletionRequest",
    }
)
"""The types that tell of one candidate. Every field and every door of theirs has a line below."""

NETWORK = (
    "FlowBackbone",
    "FlowBetween",
    "FlowBrokerage",
    "FlowChange",
    "FlowChannelConversion",
    "FlowChannelConversions",
    "FlowCirculation",
    "FlowCohesion",
    "FlowCommunities",
    "FlowConversion",
    "FlowConversionShare",
    "FlowEdgeConversions",
    "FlowEgo",
    "FlowEquity",
    "FlowEventPeople",
    "FlowFragility",
    "FlowHierarchy",
    "FlowJourneys",
    "FlowLength",
    "FlowLorenzPoint",
    "FlowMonth",
    "FlowMonths",
    "FlowNetwork",
    "FlowNode",
    "FlowNodeConversions",
    "FlowPairBalances",
    "FlowReach",
    "FlowReciprocity",
    "FlowRoad",
    "FlowRoute",
    "FlowSimulation",
    "FlowSpread",
    "FlowStrength",
    "FlowSurprise",
    "FlowTriad",
    "FlowWaiting",
    "FlowWaitingQuartile",
    "FlowWaitingRow",
    "FlowWaitingShare",
    "SimulatedChannel",
    "SimulatedEffect",
    "SimulatedEstimate",
)
"""What the flow network answers with."""

NOT_PEOPLE: Mapping[str, str] = {
    # What a company may learn of its registrants is told by `docs/access.md` line by line.
    **dict.fromkeys(
        ("Registration", "RegistrationDay", "RelayLink", "Account", "Entry", "FreeHire"),
        "a company's own numbers: a day and a count, by no id that a candidate has",
    ),
    **dict.fromkeys(("HeldCount", "HeldEvidence"), "for reviewers: numbers, and no person"),
    **dict.fromkeys(
        ("Mailing", "MailingProgress", "Rejection", "RefusedRow", "MailTemplate"),
        "a company's own records of whom it turned down, made before anyone registers",
    ),
    **dict.fromkeys(
        ("FlowEdge", "MonthOfMatches", "Retention", "Stayed", "Baseline", "AllocationProof"),
        "sums over many people; that they tell of no hidden one is in `test_hidden`",
    ),
    **dict.fromkeys(
        (
            "Impact",
            "SecondChances",
            "WaitedPeople",
            "WaitedDays",
            "SurveyAnswers",
            "ScoreCount",
        ),
        "sums of whole months, rounded like flows: `test_impact` holds them to it",
    ),
    **dict.fromkeys(
        ("Savings", "SavingsLine", "NeededAssumption", "HiringAssumptions"),
        "a company's own sums of money, and what it states of itself",
    ),
    **dict.fromkeys(
        ("Consortium", "Company", "Agency", "Program", "ProgramVersion", "RefundStep"),
        "members and rules",
    ),
    **dict.fromkeys(("Replay", "ReplayEdge"), "numbers of counts"),
    **dict.fromkeys(
        ("Partnership", "PartnershipParty", "PartnershipStep", "Terms", "PartnershipPolicy"),
        "what companies agreed on",
    ),
    **dict.fromkeys(
        ("Meeting", "MeetingDecision", "MeetingParty", "MeetingExchange", "MeetingFlow"),
        "what companies said and decided, and numbers of hand-overs as their readers know them",
    ),
    **dict.fromkeys(
        ("MeetingPack", "MeetingShare", "MeetingComparison", "MeetingMeasure", "DecisionEffect"),
        "numbers of hand-overs that the reader took part in, of all others rounded sums",
    ),
    "MeetingStay": "how many left, to the giver only where it names nobody",
    "MeetingSuggestion": "needs of companies, as everybody is told them",
    **dict.fromkeys(
        ("RewardClause", "Funding", "RewardAccount"), "what is promised, and sums of it"
    ),
    **dict.fromkeys(("SharedNeed", "FitPart"), "needs of companies in bands, of whole months"),
    **dict.fromkeys(NETWORK, "sums over many people, rounded by `test_differencing`'s rules"),
    **dict.fromkeys(
        ("AnalysisJob", "AnalysisFailure"), "a question about sums, and what became of it"
    ),
    "NetworkChange": "a month that was closed",
    **dict.fromkeys(
        ("PartnersPair", "PartnersPart"), "needs of companies in bands, of whole months"
    ),
    "FlowSource": "a label and sums of a file that holds no person",
    "Waiting": "how many things wait in lists that one sees, kind by kind",
    "CandidateRequest": "what was asked of the consortium, for its admins, by an opaque key",
    "RecordedExit": "a company, an agency and a day, for consortium admins, without the person",
    **dict.fromkeys(("User", "ApiToken", "Viewer"), "people and programs of organizations"),
    **dict.fromkeys(("AuditEntry", "AuditHead"), "who did what, by keyed hashes of ids"),
    **dict.fromkeys(
        ("Opening", "Term", "Vocabularies", "MailPreview", "MailPreviewResult"), "no person in it"
    ),
    **dict.fromkeys(("GettingStarted", "GettingStartedStep"), "what a company did"),
    "Allocation": "only carries pairs",
    "UserError": "a code, a message and a path: `test_hidden` holds them to be the same",
}
"""Every other type, and why nothing about one candidate is in it."""

FIELDS: Mapping[str, Rule] = {
    "Candidate.id": always,
    "Candidate.name": of_candidate(F.NAME),
    "Candidate.email": of_candidate(F.EMAIL),
    "Candidate.phone": of_candidate(F.PHONE),
    "Candidate.wishes": of_candidate(F.WISHES),
    "Candidate.category": of_candidate(F.CATEGORY),
    "Candidate.experienceYears": of_candidate(F.EXPERIENCE),
    "Candidate.skills": of_candidate(F.SKILLS),
    "Candidate.prefecture": of_candidate(F.PREFECTURE),
    "Candidate.desiredPrefectures": of_candidate(F.DESIRED_PREFECTURES),
    "Referral.id": always,
    "Referral.reference": always,
    "Referral.channel": always,
    "Referral.createdOn": always,
    "Referral.giver": always,
    "Referral.receiver": always,
    "Referral.isAsked": always,
    "Referral.isFree": always,
    "Referral.status": looks.not_of_own_link,
    "Referral.opening": looks.not_told_to_the_asked,
    "Referral.declineReason": looks.not_told_to_the_asked,
    "Referral.changedAt": looks.not_told_to_the_asked,
    "Referral.deliveredAt": looks.not_told_to_the_asked,
    "Referral.sharedUntil": looks.not_told_to_the_asked,
    "Referral.createdAt": looks.when_it_was_made,
    "Referral.respondBy": looks.until_when_to_answer,
    "Case.id": always,
    "Case.status": always,
    "Case.openedAt": always,
    "Case.changedAt": always,
    "Case.closedAt": always,
    "Case.note": looks.note_of_the_agency,
    "PoolListing.id": always,
    "PoolListing.listedOn": always,
    "PoolListing.partner": always,
    "PoolListing.partnership": always,
    "Hire.id": always,
    "Hire.joinedOn": always,
    "Hire.feeYen": always,
    "Hire.status": always,
    "Hire.isFree": always,
    "Hire.leftOn": always,
    "Hire.refundYen": always,
    "Hire.guaranteeEndsOn": always,
    "Hire.company": always,
    "Hire.introducer": always,
    "Hire.freeHire": looks.own_free_hire,
}
"""Of each type that has an id: to whom, of those for whom the thing is there, a field is shown."""

PARTS = frozenset(
    {
        "FieldVisibility",
        "Match",
        "MatchPart",
        "AllocatedPair",
        "LeftOverCandidate",
        "HireExit",
        "HireMilestone",
        "Reward",
        "DeletionRequest",
    }
)
"""Types that are shown whole to whoever they are there for: the tests of their doors check it."""

DOORS: Mapping[str, Door] = {
    "Referral.candidate": looks.who_it_is,
    "Referral.previous": looks.the_one_before,
    "Referral.hire": looks.the_hire,
    "Candidate.case": looks.the_case,
    "Case.candidate": looks.the_candidate,
    "Case.referral": looks.the_referral,
    "Case.introductions": looks.introductions,
    "Hire.referral": looks.the_referral,
    "PoolListing.candidate": looks.the_candidate,
}
"""The edges from one thing about a person to another, and what is behind each."""

OTHER_DOORS: Mapping[str, str] = {
    "Query.node": "test_invariant_7_everything_by_its_id",
    "Query.nodes": "test_invariant_7_everything_by_its_id",
    "Query.referrals": "test_invariant_7_lists",
    "Query.cases": "test_invariant_7_lists",
    "Query.hires": "test_invariant_7_lists",
    "Query.pool": "test_invariant_7_lists",
    "Company.referrals": "test_invariant_7_lists_of_an_organization",
    "Agency.referrals": "test_invariant_7_lists_of_an_organization",
    "FreeHire.referral": "test_invariant_7_lists_of_an_organization",
    "Subscription.referralChanged": "test_invariant_7_what_is_told_as_it_happens",
    "Subscription.consentWithdrawn": "test_invariant_7_what_is_told_of_consents_and_questions",
    "Subscription.introductionRequested": "test_invariant_7_what_is_told_of_consents_and_questions",
    "Query.deletionRequests": "test_invariant_7_what_is_to_be_deleted",
    "DeletionRequest.candidate": "test_invariant_7_what_is_to_be_deleted",
    "DeletionRequest.referral": "test_invariant_7_what_is_to_be_deleted",
    "DeletionRequestPayload.deletionRequest": "test_what_is_not_there_cannot_be_acted_on",
    "Referral.rewards": "test_invariant_7_the_referral_that_a_reward_is_for",
    "Reward.referral": "test_invariant_7_the_referral_that_a_reward_is_for",
    "Entry.reward": "test_invariant_7_the_referral_that_a_reward_is_for",
    "Opening.matches": "test_invariant_7_matches",
    "Case.matches": "test_invariant_7_matches",
    "Allocation.pairs": "test_invariant_7_matches",
    "Allocation.leftOver": "test_invariant_7_matches",
    "AllocatedPair.match": "test_invariant_7_matches",
    "LeftOverCandidate.candidate": "test_invariant_7_matches",
    "Match.candidate": "test_invariant_7_matches",
    "Match.parts": "test_invariant_7_matches",
    "Candidate.visibility": "test_invariant_7_everything_by_its_id",
    "Hire.milestones": "test_invariant_7_everything_by_its_id",
    "Hire.exit": "test_invariant_7_everything_by_its_id",
    "CasePayload.case": "test_what_is_not_there_cannot_be_acted_on",
    "HirePayload.hire": "test_what_is_not_there_cannot_be_acted_on",
    "ReferralPayload.referral": "test_what_is_not_there_cannot_be_acted_on",
}
"""Every other edge that leads to a person, and the test that looks through it."""
