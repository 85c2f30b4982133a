"""What is looked at: for each type one thing or more, and the way to it."""

from __future__ import annotations

from tests.access.looking import TYPES, Subject
from tests.access.network import SUBJECTS as NETWORK


def _node(type_name: str, start: str, *only: str) -> Subject:
    return Subject(type_name, (), start, only)


ALLOCATION = "allocation(candidateIds: [$fitting, $blocking], openingIds: [$opening])"
_ALLOCATED = (
    ("fitting", "candidate named"),
    ("blocking", "candidate blocking"),
    ("opening", "opening receiver"),
)


def _suggested(type_name: str, *path: str) -> Subject:
    """Something of the partners that are suggested to the company."""
    steps = ("partnerSuggestions(companyId: $company)", "edges", *path)
    return Subject(type_name, steps, given=(("company", "company"),))


def _met(type_name: str, *path: str) -> Subject:
    """Something of the figures of a partnership's meeting."""
    return Subject(type_name, ("pack", *path), "meeting")


def _allocated(type_name: str, *path: str) -> Subject:
    return Subject(type_name, (ALLOCATION, *path), given=_ALLOCATED)


IMPACT = 'impact(period: {firstDay: "2026-01-01", lastDay: "2026-03-31"})'


def _impact(type_name: str, *path: str, only: tuple[str, ...] = ()) -> Subject:
    return Subject(type_name, (IMPACT, *path), only=only)


SUBJECTS: dict[str, Subject] = {
    "Consortium": _node("Consortium", "consortium"),
    "Company": _node("Company", "company"),
    "Company (that left)": _node("Company", "left company", "leftAt", "graceEndsAt"),
    "Agency": _node("Agency", "agency"),
    "Agency (that left)": _node("Agency", "left agency", "leftAt"),
    "Program": _node("Program", "program"),
    "ProgramVersion": _node("ProgramVersion", "program version"),
    "RefundStep": Subject("RefundStep", ("refundSchedule",), "program version"),
    "Replay": Subject("Replay", ("replay(rules: {})",), "program"),
    "ReplayEdge": Subject(
        "ReplayEdge", ("replay(rules: {})", "companies(first: 1)", "edges"), "program"
    ),
    "Term": Subject("Term", ("prefecture",), "company"),
    "Vocabularies": Subject("Vocabularies", ("vocabularies",)),
    "User (of the company)": _node("User", "user company_recruiter"),
    "User (of the consortium)": _node("User", "user consortium_admin"),
    "ApiToken (of the company)": _node("ApiToken", "token company"),
    "ApiToken (of the company, revoked)": _node("ApiToken", "token company, revoked", "revokedAt"),
    "ApiToken (of the consortium)": _node("ApiToken", "token consortium"),
    "Viewer": Subject("Viewer", ("viewer",)),
    "FlowEdge": Subject(
        "FlowEdge",
        (
            'flowEdges(where: {firstDay: "2026-01-01", lastDay: "2026-03-31"}, first: 1)',
            "edges",
        ),
    ),
    "FlowSource": _node("FlowSource", "flow source"),
    **NETWORK,
    "AuditEntry": _node("AuditEntry", "audit entry"),
    "AuditHead": Subject("AuditHead", ("auditHead",)),
    "HeldCount": _node("HeldCount", "registration held"),
    "HeldCount (decided)": _node(
        "HeldCount", "registration refused", "notCountedReason", "decisionNote", "decidedAt"
    ),
    "HeldEvidence": Subject("HeldEvidence", ("evidence",), "registration held"),
    "CandidateRequest": _node("CandidateRequest", "request"),
    "CandidateRequest (answered)": _node(
        "CandidateRequest", "request answered", "answer", "endedAt"
    ),
    "RelayLink": _node("RelayLink", "link company"),
    "MailTemplate": _node("MailTemplate", "template"),
    "MailPreviewResult": Subject(
        "MailPreviewResult", ('mailTemplatePreview(subject: "x", body: "{{link}}")',)
    ),
    "MailPreview": Subject(
        "MailPreview", ('mailTemplatePreview(subject: "x", body: "{{link}}")', "preview")
    ),
    "Mailing": _node("Mailing", "mailing"),
    "Mailing (cancelled)": _node(
        "Mailing", "cancelled mailing", "startedAt", "endedAt", "purgedAt"
    ),
    "MailingProgress": Subject("MailingProgress", ("progress",), "mailing"),
    "Rejection": _node("Rejection", "rejection"),
    "Rejection (bounced)": _node("Rejection", "cancelled rejection", "failure", "endedAt"),
    "GettingStarted": Subject("GettingStarted", ("firstSteps",)),
    "GettingStartedStep": Subject("GettingStartedStep", ("firstSteps", "steps")),
    "Waiting": Subject("Waiting", ("waiting",)),
    "Account": Subject("Account", ("account",), "company"),
    "Entry (of a count)": _node("Entry", "entry company"),
    "Entry (of a free hire)": _node("Entry", "entry earned"),
    "Entry (of the receiver, a reversal)": _node("Entry", "entry reversal", "reverses"),
    "Entry (of yen)": _node("Entry", "entry received", "amount", "reward"),
    "RewardAccount": Subject("RewardAccount", ("rewardAccount",), "agency"),
    "FreeHire (of the company)": _node("FreeHire", "free hire company available"),
    "FreeHire (of the receiver, on an introduction)": _node(
        "FreeHire", "free hire receiver reserved"
    ),
    "Registration (counted)": _node("Registration", "registration named"),
    "Registration (not counted)": _node(
        "Registration", "registration late", "notCountedReason", "whyNotCounted"
    ),
    "RegistrationDay": Subject(
        "RegistrationDay", ('registrationDays(from: "2026-01-01", to: "2026-06-30")',), "company"
    ),
    "Candidate (named to the company)": _node("Candidate", "candidate named"),
    "Candidate (not named, introduced)": _node("Candidate", "candidate quiet"),
    "Candidate (not named, asked)": _node("Candidate", "candidate asked"),
    "Candidate (introduced and declined)": _node("Candidate", "candidate declined"),
    "Candidate (hired)": _node("Candidate", "candidate hired"),
    "Candidate (who blocked both companies)": _node("Candidate", "candidate blocking"),
    "Candidate (of another agency)": _node("Candidate", "candidate elsewhere"),
    "FieldVisibility": Subject("FieldVisibility", ("visibility",), "candidate named"),
    "Referral (relay, named)": _node("Referral", "referral named"),
    "Referral (relay, not named)": _node("Referral", "referral quiet"),
    "Referral (introduction, not delivered)": _node("Referral", "introduction asked"),
    "Referral (introduction, delivered)": _node("Referral", "introduction named"),
    "Referral (introduction, declined)": _node("Referral", "introduction declined"),
    "Referral (introduction, hired)": _node("Referral", "introduction hired"),
    "Candidate (in the pool)": _node("Candidate", "candidate pooled, as listed"),
    "Candidate (passed on to a partner)": _node("Candidate", "candidate shared"),
    "Referral (between partners, delivered)": _node("Referral", "share shared"),
    "Referral (between partners, rewarded)": _node("Referral", "share rewarded", "rewards"),
    "Referral (between partners, asked for)": _node("Referral", "share wanted"),
    "Partnership": _node("Partnership", "partnership"),
    "Terms (in force)": _node("Terms", "terms"),
    "RewardClause": Subject("RewardClause", ("rewards",), "terms"),
    "Funding": _node("Funding", "funding"),
    "Funding (stopped)": _node("Funding", "funding stopped", "stoppedAt"),
    "Reward": _node("Reward", "reward"),
    "Reward (withheld, taken back)": _node("Reward", "reward withheld", "withheld", "reversedOn"),
    "PartnershipPolicy": Subject("PartnershipPolicy", ("consortium", "partnershipPolicy")),
    "Terms (rejected)": _node("Terms", "terms rejected", "endedAt", "policyBreaches"),
    "PartnershipParty": Subject("PartnershipParty", ("parties",), "partnership"),
    "PartnershipParty (that gave notice)": Subject(
        "PartnershipParty", ("parties",), "suspended partnership", ("leavesAt",)
    ),
    "PartnershipStep (of terms)": _node("PartnershipStep", "step of terms"),
    "PartnershipStep (with a reason)": _node("PartnershipStep", "step with a reason", "reason"),
    "Meeting": _node("Meeting", "meeting"),
    "MeetingDecision": _node("MeetingDecision", "decision"),
    "DecisionEffect": Subject("DecisionEffect", ("effect",), "decision"),
    "DecisionEffect (not measured)": Subject(
        "DecisionEffect", ("effect",), "decision elsewhere", ("obstacle",)
    ),
    "MeetingPack": Subject("MeetingPack", ("pack",), "meeting"),
    "MeetingPack (of the consortium)": Subject(
        "MeetingPack", ("pack",), "meeting of all", ("flows",)
    ),
    "MeetingParty": _met("MeetingParty", "parties"),
    "MeetingExchange": _met("MeetingExchange", "exchanges"),
    "MeetingShare": _met("MeetingShare", "shares"),
    "MeetingStay": _met("MeetingStay", "stays"),
    "MeetingComparison": _met("MeetingComparison", "changes"),
    "MeetingMeasure": _met("MeetingMeasure", "changes", "before"),
    "MeetingMeasure (of a share)": Subject(
        "MeetingMeasure", ("effect", "comparison", "before"), "decision", ("whole",)
    ),
    "MeetingSuggestion": _met("MeetingSuggestion", "suggestions"),
    "MeetingFlow": Subject("MeetingFlow", ("pack", "flows"), "meeting of all"),
    "PartnerSuggestionEdge": _suggested("PartnerSuggestionEdge"),
    "SharedNeed": _suggested("SharedNeed", "giving"),
    "FitPart": _suggested("FitPart", "parts"),
    "PoolListing": _node("PoolListing", "listing pooled"),
    "DeletionRequest": _node("DeletionRequest", "deletion"),
    "DeletionRequest (confirmed)": _node(
        "DeletionRequest", "deletion confirmed", "confirmedAt", "confirmedBy"
    ),
    "Case": _node("Case", "case named"),
    "Case (closed by a hire)": _node("Case", "case hired"),
    "Match (of a case)": Subject("Match", ("matches(first: 1)",), "case named"),
    "Match (of the receiver's opening)": Subject(
        "Match", ("matches(first: 1)",), "opening receiver"
    ),
    "MatchPart": Subject("MatchPart", ("matches(first: 1)", "parts"), "case named"),
    "Allocation": _allocated("Allocation"),
    "AllocatedPair": _allocated("AllocatedPair", "pairs"),
    "LeftOverCandidate": _allocated("LeftOverCandidate", "leftOver"),
    "AllocationProof": _allocated("AllocationProof", "proof"),
    "MonthOfMatches": Subject(
        "MonthOfMatches", ('matchQuality(from: "2026-01-01", to: "2026-06-30")',)
    ),
    "Hire": _node("Hire", "hire"),
    "Hire (left early)": _node("Hire", "hire left", "leftOn", "refundYen", "exit"),
    "RecordedExit": _node("RecordedExit", "recorded exit"),
    "HireExit": Subject("HireExit", ("exit",), "hire left"),
    "HireMilestone": Subject("HireMilestone", ("milestones",), "hire"),
    "Retention (of the receiver)": Subject("Retention", ("retention",), "receiver"),
    "Retention (of the agency)": Subject("Retention", ("retention",), "agency"),
    "Stayed": Subject("Stayed", ("retention", "milestones"), "receiver"),
    "Baseline": Subject("Baseline", ("baseline",), "company"),
    "Impact": _impact("Impact"),
    "SecondChances": _impact("SecondChances", "secondChances"),
    "WaitedPeople": _impact("WaitedPeople", "secondChances", "waited"),
    "WaitedDays": _impact("WaitedDays", "secondChances", "quartiles"),
    "SurveyAnswers": _impact("SurveyAnswers", "surveys"),
    "ScoreCount": _impact("ScoreCount", "surveys", "scores"),
    "Savings": _impact("Savings", "savings"),
    "SavingsLine": _impact("SavingsLine", "savings", "lines"),
    "NeededAssumption": _impact("NeededAssumption", "savings", "needs"),
    "HiringAssumptions": Subject("HiringAssumptions", ("hiringAssumptions",)),
    "Opening (kept by the receiver)": _node("Opening", "opening receiver"),
    "Opening (kept by the agency)": _node("Opening", "opening kept"),
}

PAGE = frozenset({"edges", "nodes", "pageInfo", "totalCount"})
EDGE = frozenset({"node", "cursor"})
STRUCTURAL = frozenset(
    {"PageInfo", "UserError", "RefusedRow", "Query", "Mutation", "Subscription", "NetworkChange"}
)


def is_structural(type_name: str) -> bool:
    """Whether a type only carries things that are looked at by themselves: a page of them, or
    what a mutation answers.
    """
    kind = TYPES[type_name]
    carried = set(kind.fields)
    return (
        type_name in STRUCTURAL
        or carried == EDGE
        or (type_name.endswith("Connection") and carried <= PAGE)
        or "Payload" in {one.name for one in kind.interfaces}
    )
