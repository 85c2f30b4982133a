"""The one table of who sees and may do what. `test_access_table.py` holds the schema to it, and
`docs/access.md` is made of it.

A line is `"Type.field"`, or `"mutation(field with an id)"`, and one letter for each viewer of
`viewers.py`, in their order:

    not signed in
    | the company: ADMIN, RECRUITER, API token (RECRUITER), VIEWER
    |     | the company that gets introductions: ADMIN
    |     |  | any other company: ADMIN
    |     |  |  | the agency: ADMIN, VIEWER
    |     |  |  |   | any other agency: ADMIN
    |     |  |  |   |  | CONSORTIUM_ADMIN, ANALYST
    |     |  |  |   |  |   | of another consortium: a company, an agency, a CONSORTIUM_ADMIN
    U  SSSS S  S  SS  S SS  ---

S shown, n null, e an empty list, - reads as not existing, F FORBIDDEN, U UNAUTHENTICATED,
D done, x refused for another reason.

"The company" is the one whose relay link it was, "the agency" the one that keeps the case. What
is looked at lies in `subjects.py`, what is done in `deeds.py`.
"""

from __future__ import annotations

from tests.access.table_house import HOUSE
from tests.access.table_impact import IMPACT
from tests.access.table_matches import MATCHES
from tests.access.table_meetings import MEETINGS
from tests.access.table_network import NETWORK
from tests.access.table_partners import PARTNERS
from tests.access.table_people import PEOPLE

__all__ = ["DEEDS", "FIELDS", "FILTERS", "ORDERS", "ROOTS", "TOLD"]

# What anyone gets of each thing, field by field.
FIELDS = {**HOUSE, **PEOPLE, **PARTNERS, **MATCHES, **NETWORK, **MEETINGS, **IMPACT}

# What anyone gets who asks at the root. A viewer of another consortium gets their own.
ROOTS = {
    "Query.allocation": "U FFFF F F SS S FF FSF",
    "Query.matchQuality": "U FFFF F F SS e FF FSF",
    "Query.node": "U SSSS S S SS S SS nnn",
    "Query.nodes": "U SSSS S S SS S SS nnn",
    "Query.apiTokens": "U SFFF e e eF e SF SeS",
    "Query.auditEntries": "U FFFF F F FF F SF FFS",
    "Query.auditHead": "U FFFF F F FF F SF FFS",
    "Query.cases": "U FFFF F F SS S FF FSF",
    "Query.deletionRequests": "U SSSS S e ee e SF SeS",
    "Query.consortium": "U SSSS S S SS S SS SSS",
    "Query.flowNetwork": "U SSSS S S SS S SS SSS",
    "Query.partnersToConsider": "U SSSS S S FF F SS SFS",
    "Query.simulate": "U SSSS S S SS S SS SSS",
    "Query.analysisJobs": "U SSSS e e ee e ee See",
    "Query.flowEdges": "U SSSS S S SS S SS SSS",
    "Query.flowSources": "U SSSS S S SS S SS SSS",
    "Query.fundings": "U SSSS S S SS e SF SSS",
    "Query.impact": "U SSSS S S FF F SS SFS",
    "Query.hiringAssumptions": "U SSSS S e FF F ee SFe",
    "Query.hires": "U eeee S e SS e FF eSF",
    "Query.firstSteps": "U SSSS S S FF F FF SFF",
    "Query.waiting": "U SSSS S S Se e Se SSS",
    "Query.relayLinks": "U SSSS S S FF F FF SFF",
    "Query.mailTemplates": "U SSSS S S FF F FF SFF",
    "Query.mailTemplatePreview": "U SSSS S S FF F FF SFF",
    "Query.mailings": "U SSSS e e FF F FF SFF",
    "Query.meetings": "U SSSS S S SS S SF SSS",
    "Query.openings": "U SSSS S S SS S SF SSS",
    "Query.partnerSuggestions": "U SSSS S S FF F eF SFe",
    "Query.partnerships": "U SSSS S S FF F SF SFS",
    "Query.pool": "U eeee e S FF F FF eFF",
    "Query.program": "U SSSS S S SS S SS SSS",
    "Query.recordedExits": "U FFFF F F FF F SF FFS",
    "Query.referrals": "U SSSS S S SS S FF SSF",
    "Query.heldCounts": "U FFFF F F FF F SF FFS",
    "Query.candidateRequests": "U FFFF F F FF F SF FFS",
    "Query.users": "U SFFF S S SF S SF SSS",
    "Query.viewer": "n SSSS S S SS S SS SSS",
    "Query.vocabularies": "U SSSS S S SS S SS SSS",
}

# Mutations, aimed at what is the company's or the agency's: its own do it, to all others it is
# not there, or not theirs to do.
DEEDS = {
    "createApiToken()": "U DFFF D D DF D xF DDx",
    "revokeApiToken(id)": "U DFFF - - -F - FF ---",
    "startAnalysis(sourceId)": "U DDDD D D DD D DD ---",
    "cancelAnalysis(id)": "U DDDD - - -- - -- ---",
    "noteOnCase(id)": "U FFFF F F DF - FF F-F",
    "closeCase(id)": "U FFFF F F DF - FF F-F",
    "redeemFreeHire(referralId)": "U ---F D - FF F FF -FF",
    "releaseFreeHire(id)": "U ---F D - FF F FF -FF",
    "recordHire(referralId)": "U ---F D - DF - FF --F",
    "recordExit(hireId)": "U ---F D - DF - FF --F",
    "reverseExit(hireId)": "U ---F D - FF - DF ---",
    "stateBaseline()": "U DFFF D D FF F FF DFF",
    "stateAssumptions()": "U DFFF D D FF F FF DFF",
    "createRelayLink(agencyId)": "U DDDF D D FF F FF -FF",
    "pauseRelayLink(id)": "U DDDF - - FF F FF -FF",
    "resumeRelayLink(id)": "U DDDF - - FF F FF -FF",
    "revokeRelayLink(id)": "U DDDF - - FF F FF -FF",
    "reissueRelayLink(id)": "U DDDF - - FF F FF -FF",
    "saveMailTemplate()": "U DDDF D D FF F FF DFF",
    "deleteMailTemplate(id)": "U DDDF - - FF F FF -FF",
    "createMailing(relayLinkId)": "U DDDF - - FF F FF -FF",
    "startMailing(id)": "U DDDF - - FF F FF -FF",
    "cancelMailing(id)": "U DDDF - - FF F FF -FF",
    "addMember()": "U FFFF F F FF F DF FFD",
    "importMembers()": "U FFFF F F FF F DF FFD",
    "updateMember(id)": "U FFFF F F FF F DF FF-",
    "acceptMembership(id)": "U FFFF F F FF F DF FF-",
    "endMembership(id)": "U FFFF F F FF F DF FF-",
    "updateConsortium()": "U FFFF F F FF F DF FFD",
    "exportFlowNetwork(sourceId)": "U DDDD D D DD D DD ---",
    "createOpening(companyId)": "U FFFF D F DF D FF --F",
    "importFlows()": "U FFFF F F FF F DF FFD",
    "removeFlowSource(id)": "U FFFF F F FF F DF FF-",
    "importOpenings()": "U DDDF D D DF D FF DDF",
    "updateOpening(id)": "U ---F D - FF F FF --F",
    "closeOpening(id)": "U ---F D - FF F FF --F",
    "setPartnershipPolicy()": "U FFFF F F FF F DF FFD",
    "proposePartnership(companyIds)": "U DFFF x x FF F xF -F-",
    "proposePartnership(agencyId)": "U DFFF x x FF F xF -F-",
    "acceptPartnership(id)": "U xFFF D D FF F FF -F-",
    "declinePartnership(id)": "U xFFF D D FF F FF -F-",
    "withdrawPartnership(id)": "U DFFF F F FF F FF -F-",
    "suspendPartnership(id)": "U DFFF - D FF F DF -F-",
    "resumePartnership(id)": "U -FFF D F FF F DF -F-",
    "leavePartnership(id)": "U DFFF - D FF F FF -F-",
    "endPartnership(id)": "U FFFF - F FF F DF -F-",
    "proposeTerms(partnershipId)": "U -FFF D D FF F DF -F-",
    "proposeTerms(agencyId)": "U -FFF D D FF F DF -F-",
    "acceptTerms(id)": "U xFFF - D FF F FF -F-",
    "rejectTerms(id)": "U DFFF - D FF F DF -F-",
    "acceptFunding(id)": "U FFFF F F DF - FF F-F",
    "declineFunding(id)": "U FFFF F F DF - FF F-F",
    "stopFunding(id)": "U FFFF F F DF - FF F-F",
    "scheduleMeeting(partnershipId)": "U DFFF - D FF F DF -F-",
    "rescheduleMeeting(id)": "U DFFF - D FF F DF -F-",
    "cancelMeeting(id)": "U DFFF - D FF F DF -F-",
    "prepareMeeting(id)": "U DFFF - D FF F DF -F-",
    "holdMeeting(id)": "U DFFF - D FF F DF -F-",
    "amendMinutes(id)": "U DFFF - D FF F DF -F-",
    "decideMeeting(id)": "U DFFF - D FF F DF -F-",
    "decideMeeting(ownerId)": "U DFFF - D FF F DF -F-",
    "decideMeeting(giverId)": "U DFFF - D FF F DF -F-",
    "decideMeeting(receiverId)": "U DFFF - D FF F DF -F-",
    "proposeDecidedTerms(decisionId)": "U -FFF D D FF F DF -F-",
    "proposeDecidedTerms(agencyId)": "U -FFF D D FF F DF -F-",
    "reviewMeeting(id)": "U DFFF - D FF F DF -F-",
    "offerCandidate(candidateId)": "U DDDF - - FF F FF -FF",
    "offerCandidate(companyId)": "U DDDF - - FF F FF -FF",
    "askForCandidate(candidateId)": "U ---F - D FF F FF -FF",
    "askForCandidate(openingId)": "U ---F - D FF F FF -FF",
    "publishProgramVersion(defaultAgencyId)": "U FFFF F F FF F DF FF-",
    "introduceCandidate(candidateId)": "U FFFF F F DF - FF F-F",
    "introduceCandidate(companyId)": "U FFFF F F DF - FF F-F",
    "introduceCandidate(openingId)": "U FFFF F F DF - FF F-F",
    "withdrawProposal(id)": "U ---F - - DF - FF --F",
    "acceptReferral(id)": "U ---F D - FF - FF --F",
    "declineReferral(id)": "U ---F D - FF - FF --F",
    "startInterviews(id)": "U ---F D - DF - FF --F",
    "makeOffer(id)": "U ---F D - DF - FF --F",
    "resolveHeldCount(id)": "U FFFF F F FF F DF FF-",
    "reverseCount(entryId)": "U FFFF F F FF F DF FF-",
    "answerRequest(id)": "U FFFF F F FF F DF FF-",
    "refuseRequest(id)": "U FFFF F F FF F DF FF-",
    "confirmDeletion(id)": "U ---F D - -F - FF --F",
    "signIn()": "x xxxx x x xx x xx xxx",
    "acceptInvitation()": "x xxxx x x xx x xx xxx",
    "requestPasswordReset()": "D DDDD D D DD D DD DDD",
    "resetPassword()": "x xxxx x x xx x xx xxx",
    "signOut()": "U DDxD D D DD D DD DDD",
    "changeLocale()": "U DDxD D D DD D DD DDD",
    "changePassword()": "U xxxx x x xx x xx xxx",
    "inviteUser(organizationId)": "U FFFF F F FF F DF ---",
    "disableUser(id)": "U DFFF - - -F - FF ---",
    "enableUser(id)": "U DFFF - - -F - FF ---",
    "changeUserRole(id)": "U DFFF - - -F - FF ---",
}

# What the subscriptions tell of everything that happened in the consortium.
TOLD = {
    "referralChanged": "U SSSS S S SS S FF eeF",
    "partnershipChanged": "U SSSS S S FF F SF eFe",
    "introductionRequested": "U SSSS e e ee e FF eeF",
    "consentWithdrawn": "U SSSS S e ee e FF eeF",
    "freeHireEarned": "U SSSS S e FF F SF eFe",
    "networkChanged": "U SSSS S S SS S SS eee",
}

# Each filter, and the field by which it chooses: who cannot read the field finds nothing by it.
FILTERS = {
    "AuditEntryFilter.action": "action",
    "AuditEntryFilter.subject": "subject",
    "CandidateRequestFilter.status": "status",
    "CandidateRequestFilter.kind": "kind",
    "CaseFilter.status": "status",
    "FundingFilter.status": "status",
    "DeletionRequestFilter.status": "status",
    "HeldCountFilter.status": "status",
    "HeldCountFilter.holdReason": "holdReason",
    "HireFilter.status": "status",
    "MailingFilter.status": "status",
    "MemberFilter.kind": "__typename",
    "MemberFilter.status": "membershipStatus",
    "MemberFilter.name": "name",
    "MemberFilter.corporateNumber": "corporateNumber",
    "MemberFilter.industryDivision": "industryDivision { code }",
    "MemberFilter.prefecture": "prefecture { code }",
    "OpeningFilter.status": "status",
    "OpeningFilter.category": "category { code }",
    "OpeningFilter.prefecture": "prefecture { code }",
    "OpeningFilter.title": "title",
    "OpeningFilter.companyId": "company { id }",
    "MeetingFilter.status": "status",
    "MeetingFilter.partnershipId": "partnership { id }",
    "MeetingFilter.isOfConsortium": "isOfConsortium",
    "PartnershipFilter.status": "status",
    "PartnershipFilter.name": "name",
    "PartnershipFilter.search": "name",
    "PartnershipFilter.isOverdue": "isOverdue",
    "PartnershipFilter.companyId": "parties { company { id } }",
    "PoolFilter.category": "candidate { category { code } }",
    "PoolFilter.prefecture": "candidate { prefecture { code } }",
    "PoolFilter.experienceYears": "candidate { experienceYears }",
    "PoolFilter.skills": "candidate { skills { code } }",
    "PoolFilter.listedOn": "listedOn",
    "RecordedExitFilter.companyId": "company { id }",
    "ReferralFilter.channel": "channel",
    "ReferralFilter.status": "status",
    "ReferralFilter.createdOn": "createdOn",
    "RegistrationFilter.countStatus": "countStatus",
    "RegistrationFilter.completedOn": "completedOn",
    "RelayLinkFilter.status": "status",
    "RelayLinkFilter.campaign": "campaign",
    "UserFilter.status": "status",
    "UserFilter.role": "role",
    "UserFilter.name": "name",
    "FreeHireStatusFilter": "status",
}

# Each order, and the field by which it sorts: everyone who gets the list reads it.
ORDERS = {
    "AuditEntryOrderField.NUMBER": "number",
    "CandidateRequestOrderField.DUE_ON": "dueOn",
    "CaseOrderField.OPENED_AT": "openedAt",
    "CaseOrderField.CHANGED_AT": "changedAt",
    "DeletionRequestOrderField.DUE_AT": "dueAt",
    "HeldCountOrderField.COMPLETED_ON": "completedOn",
    "MailingOrderField.CREATED_AT": "createdAt",
    "MemberOrderField.NAME": "name",
    "MemberOrderField.CREATED_AT": "joinedAt",
    "OpeningOrderField.CREATED_AT": "createdAt",
    "MeetingOrderField.STARTS_AT": "startsAt",
    "PartnershipOrderField.CREATED_AT": "createdAt",
    "PartnershipOrderField.WAITING_SINCE": "waitingSince",
    "ReferralOrderField.CREATED_ON": "createdOn",
    "RelayLinkOrderField.CREATED_AT": "createdAt",
    "UserOrderField.NAME": "name",
}
