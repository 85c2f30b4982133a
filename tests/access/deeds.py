"""Every mutation, with what it is asked to do to the stage's own things, or to foreign ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLInputObjectType, get_named_type

from models.session import Database
from tests.access.looking import REFUSALS, TYPES, Answer, Stages, ask
from tests.access.stage import CATEGORY, Stage, corporate_number
from tests.access.viewers import Viewer

MUTATIONS = TYPES["Mutation"].fields


@dataclass(frozen=True)
class Deed:
    """One mutation, and the one id of its input that is looked at."""

    mutation: str
    field: str | None
    """The input's field with the id; None where there is none."""
    thing: str | None
    """The row that the id is of."""
    rest: Mapping[str, Any]
    """The other fields; what begins with @ is the id of a row of the viewer's own consortium."""

    @property
    def line(self) -> str:
        """Its line in the table."""
        return f"{self.mutation}({self.field or ''})"


def _deed(mutation: str, field: str | None = None, thing: str | None = None, **rest: Any) -> Deed:
    return Deed(mutation, field, thing, rest)


THERE = "$id"
"""Where the id that is looked at belongs, if not at the top."""
REWARD = {"event": "HIRE", "unit": "COUNT", "amount": 1, "agencyId": THERE}
PARTNER_TERMS = {"fields": ["SKILLS"], "categories": [CATEGORY]}
REWARDING = {**PARTNER_TERMS, "rewards": [REWARD]}
TERMS = {"title": "opening", "category": CATEGORY}
WINDOW = {"firstDay": "2026-01-01", "lastDay": "2026-03-31"}
CSV = "氏名,メールアドレス\n新 規,new@people.example"
MEMBERS_CSV = f"法人番号,名称\n{corporate_number(801)},Imported Inc"
OPENINGS_CSV = f"法人番号,求人名,職種\n,Imported,{CATEGORY}"

FLOWS_CSV = "source,target,count\nAlpha,Beta,9"

SPRING = {"firstDay": "2026-01-01", "lastDay": "2026-03-31"}
PLAN = {"title": "a meeting", "startsAt": "2026-12-01T01:00:00Z"}


def _deciding(field: str, **rest: str) -> Deed:
    """A decision that names an organization: the sibling, which takes part."""
    decision = {"text": "a decision", field: THERE, **rest}
    return _deed("decideMeeting", field, "sibling", id="@meeting held", decisions=[decision])


DEEDS = (
    _deed("createApiToken", name="a token", role="VIEWER"),
    _deed("revokeApiToken", "id", "token company"),
    _deed(
        "startAnalysis",
        "sourceId",
        "flow source",
        where={**SPRING, "sourceId": THERE},
        metrics=["STRENGTH"],
    ),
    _deed("cancelAnalysis", "id", "running analysis"),
    _deed("noteOnCase", "id", "case quiet", note="a note"),
    _deed("closeCase", "id", "case quiet", outcome="WITHDRAWN"),
    _deed("redeemFreeHire", "referralId", "introduction quiet"),
    _deed("releaseFreeHire", "id", "free hire receiver reserved"),
    _deed("recordHire", "referralId", "introduction reserved", joinedOn="2026-02-10"),
    _deed("recordExit", "hireId", "hire", leftOn="2026-02-10"),
    _deed("reverseExit", "hireId", "hire left"),
    _deed("stateBaseline", stayed90Percent=80),
    _deed("stateAssumptions", validFrom="2026-01-01", hiresAYear=3),
    _deed("createRelayLink", "agencyId", "other agency", campaign="a campaign"),
    _deed("pauseRelayLink", "id", "link company"),
    _deed("resumeRelayLink", "id", "link company, paused"),
    _deed("revokeRelayLink", "id", "link company"),
    _deed("reissueRelayLink", "id", "link company"),
    _deed("saveMailTemplate", locale="ja", subject="x", body="{{link}}", name="new"),
    _deed("deleteMailTemplate", "id", "spare template"),
    _deed("createMailing", "relayLinkId", "mail link company", csv=CSV),
    _deed("startMailing", "id", "mailing"),
    _deed("cancelMailing", "id", "mailing"),
    _deed("addMember", kind="COMPANY", corporateNumber=corporate_number(800), name="New Inc"),
    _deed("importMembers", csv=MEMBERS_CSV),
    _deed("updateMember", "id", "invited company", name="Another name"),
    _deed("acceptMembership", "id", "invited company"),
    _deed("endMembership", "id", "sibling"),
    _deed("updateConsortium", name="Another name"),
    _deed(
        "exportFlowNetwork",
        "sourceId",
        "flow source",
        where={**WINDOW, "sourceId": THERE},
        format="CSV",
    ),
    _deed("createOpening", "companyId", "receiver", terms=TERMS),
    _deed("importFlows", label="another source", csv=FLOWS_CSV),
    _deed("removeFlowSource", "id", "flow source"),
    _deed("importOpenings", csv=OPENINGS_CSV),
    _deed("updateOpening", "id", "opening receiver", terms=TERMS),
    _deed("closeOpening", "id", "opening receiver"),
    _deed("setPartnershipPolicy", sharedDaysMax=60),
    _deed(
        "proposePartnership",
        "companyIds",
        "receiver",
        name="partners",
        terms=PARTNER_TERMS,
    ),
    _deed(
        "proposePartnership",
        "agencyId",
        "agency",
        name="partners",
        companyIds=["@receiver"],
        terms=REWARDING,
    ),
    _deed("acceptPartnership", "id", "proposed partnership"),
    _deed("declinePartnership", "id", "proposed partnership"),
    _deed("withdrawPartnership", "id", "proposed partnership"),
    _deed("suspendPartnership", "id", "partnership", reason="a doubt"),
    _deed("resumePartnership", "id", "suspended partnership"),
    _deed("leavePartnership", "id", "partnership"),
    _deed("endPartnership", "id", "partnership", reason="a doubt"),
    _deed("proposeTerms", "partnershipId", "suspended partnership", terms=PARTNER_TERMS),
    _deed(
        "proposeTerms",
        "agencyId",
        "agency",
        partnershipId="@suspended partnership",
        terms=REWARDING,
    ),
    _deed("acceptTerms", "id", "terms proposed"),
    _deed("rejectTerms", "id", "terms proposed"),
    _deed("acceptFunding", "id", "funding asked"),
    _deed("declineFunding", "id", "funding asked"),
    _deed("stopFunding", "id", "funding"),
    _deed("scheduleMeeting", "partnershipId", "partnership", plan=PLAN),
    _deed("rescheduleMeeting", "id", "meeting to come", plan=PLAN),
    _deed("cancelMeeting", "id", "meeting to come"),
    _deed("prepareMeeting", "id", "meeting to come"),
    _deed("holdMeeting", "id", "meeting prepared", minutes="what was said"),
    _deed("amendMinutes", "id", "meeting held", minutes="what was said"),
    _deed("decideMeeting", "id", "meeting held", decisions=[{"text": "a decision"}]),
    _deciding("ownerId"),
    _deciding("giverId", figure="HIRES"),
    _deciding("receiverId", figure="HIRES"),
    _deed("proposeDecidedTerms", "decisionId", "decision elsewhere", terms=PARTNER_TERMS),
    _deed(
        "proposeDecidedTerms",
        "agencyId",
        "agency",
        decisionId="@decision elsewhere",
        terms=REWARDING,
    ),
    _deed("reviewMeeting", "id", "meeting before"),
    _deed(
        "offerCandidate", "candidateId", "candidate named", companyId="@sibling", category=CATEGORY
    ),
    _deed(
        "offerCandidate", "companyId", "sibling", candidateId="@candidate named", category=CATEGORY
    ),
    _deed("askForCandidate", "candidateId", "candidate pooled, as listed"),
    _deed(
        "askForCandidate",
        "openingId",
        "opening sibling",
        candidateId="@candidate pooled, as listed",
    ),
    _deed("publishProgramVersion", "defaultAgencyId", "other agency"),
    _deed("introduceCandidate", "candidateId", "candidate named", companyId="@sibling"),
    _deed("introduceCandidate", "companyId", "sibling", candidateId="@candidate named"),
    _deed(
        "introduceCandidate",
        "openingId",
        "opening company",
        candidateId="@candidate first",
        companyId="@company",
    ),
    _deed("withdrawProposal", "id", "introduction asked"),
    _deed("acceptReferral", "id", "introduction named"),
    _deed("declineReferral", "id", "introduction named", reason="SKILLS"),
    _deed("startInterviews", "id", "introduction quiet"),
    _deed("makeOffer", "id", "introduction interviewed"),
    _deed("resolveHeldCount", "id", "registration held", resolution="COUNT", reason="known"),
    _deed("reverseCount", "entryId", "entry company", reason="mistaken"),
    _deed("answerRequest", "id", "request", text="an answer"),
    _deed("refuseRequest", "id", "request", text="a reason"),
    _deed("confirmDeletion", "id", "deletion"),
    _deed("signIn", email="nobody@people.example", password="a password of nobody"),
    _deed("acceptInvitation", token="A" * 22, password="a password of nobody"),
    _deed("requestPasswordReset", email="nobody@people.example"),
    _deed("resetPassword", token="A" * 22, password="a password of nobody"),
    _deed("signOut"),
    _deed("changeLocale", locale="ja"),
    _deed("changePassword", currentPassword="what it was", newPassword="another of twelve"),
    _deed(
        "inviteUser",
        "organizationId",
        "invited company",
        email="new@staff.example",
        name="New",
        role="ADMIN",
    ),
    _deed("disableUser", "id", "user company_recruiter"),
    _deed("enableUser", "id", "user disabled"),
    _deed("changeUserRole", "id", "user company_recruiter", role="VIEWER"),
)


def id_fields(kind: GraphQLInputObjectType) -> Iterator[str]:
    """The fields of an input that hold an id, wherever they are in it."""
    for name, field in kind.fields.items():
        of = get_named_type(field.type)
        if of.name == "ID":
            yield name
        elif isinstance(of, GraphQLInputObjectType):
            yield from id_fields(of)


def lines_of(mutation: str) -> list[str]:
    """The lines that the table must have of a mutation."""
    inputs = [get_named_type(of.type) for of in MUTATIONS[mutation].args.values()]
    fields = [name for kind in inputs for name in id_fields(kind)]
    return [f"{mutation}({name})" for name in fields] or [f"{mutation}()"]


def _query(mutation: str) -> str:
    of = MUTATIONS[mutation]
    payload = get_named_type(of.type)
    # Everything that a payload could let slip is asked for.
    things = " ".join(
        name if not hasattr(get_named_type(one.type), "fields") else f"{name} {{ __typename }}"
        for name, one in payload.fields.items()
        if name != "errors"
    )
    inner = f"{things} errors {{ code message path }}"
    if not of.args:
        return f"mutation {{ {mutation} {{ {inner} }} }}"
    kind = of.args["input"].type
    return f"mutation ($input: {kind}) {{ {mutation}(input: $input) {{ {inner} }} }}"


def _filled(value: Any, target: str | None, at: Stage) -> Any:
    """What is given, with ids in the place of names."""
    if isinstance(value, dict):
        return {name: _filled(one, target, at) for name, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, target, at) for one in value]
    if value == THERE:
        return target
    return at.id(value[1:]) if isinstance(value, str) and value.startswith("@") else value


async def attempt(
    database: Database, stages: Stages, viewer: Viewer, deed: Deed, target: str | None, at: Stage
) -> Answer:
    """Do it as someone, with this id; the other ids are of the consortium ``at``."""
    given = {name: _filled(value, target, at) for name, value in deed.rest.items()}
    if deed.field is not None and THERE not in str(deed.rest):
        given[deed.field] = target
    variables = {"input": given} if MUTATIONS[deed.mutation].args else {}
    return await ask(database, stages.actor(viewer), _query(deed.mutation), variables)


def result(deed: Deed, answer: Answer) -> str:
    """The letter of an attempt."""
    if answer.errors:
        [code] = set(answer.codes)
        return REFUSALS[code]
    codes = {error["code"] for error in answer.data[deed.mutation]["errors"]}
    if not codes:
        return "D"
    [code] = codes
    return REFUSALS.get(code, "x")


def type_of(deed: Deed, stage: Stage) -> str:
    """The type of the thing that is looked at."""
    assert deed.thing is not None
    return stage.rows[deed.thing][0]
