"""What is looked at of the flow network, and who sees it: every member, and the analyst.

What they see of it, exact or rounded, is held by `test_differencing`.
"""

from __future__ import annotations

from tests.access.looking import Subject

EVERYONE = "U SSSS S S SS S SS SSS"
WHERE = '{firstDay: "2026-01-01", lastDay: "2026-12-31"}'
AT = f"flowNetwork(where: {WHERE})"
ALL_CHANGED = 'change(sinceFirstDay: "2026-01-01", sinceLastDay: "2026-12-31")'

ALL_KEPT = "backbone(level: 0.999999)"
BETWEEN = "between(from: $company, to: $agency)"
EGO = "ego(key: $company)"
ENDS = (("company", "company"), ("agency", "agency"))
PARTNERS = f"partnersToConsider(where: {WHERE}, first: 1)"
SIMULATED = f"simulate(input: {{where: {WHERE}, draws: 100, scenario: {{changeThreshold: {{}}}}}})"


def _at(*path: str) -> tuple[str, ...]:
    return (AT, *path)


PATHS: dict[str, tuple[str, ...]] = {
    "FlowNodeEdge": _at("nodes(first: 1)", "edges"),
    "FlowPairEdge": _at("edges(first: 1)", "edges"),
    "FlowNode": _at("nodes(first: 1)", "edges", "of"),
    "FlowStrength": _at("strength"),
    "FlowStrengthEdge": _at("strength", "rows(first: 1)", "edges"),
    "FlowReciprocity": _at("reciprocity"),
    "FlowReciprocityEdge": _at("reciprocity", "rows(first: 1)", "edges"),
    "FlowCirculation": _at("circulation"),
    "FlowEquity": _at("equity"),
    "FlowSpread": _at("equity", "given"),
    "FlowLorenzPoint": _at("equity", "given", "lorenz"),
    "FlowPairBalances": _at("pairBalance"),
    "FlowPairBalanceEdge": _at("pairBalance", "rows(first: 1)", "edges"),
    "FlowConversion": _at("conversion"),
    "FlowConversionShare": _at("conversion", "whole"),
    "FlowChannelConversions": _at("channelConversion"),
    "FlowChannelConversion": _at("channelConversion", "rows"),
    "FlowNodeConversions": _at("nodeConversion"),
    "FlowNodeConversionEdge": _at("nodeConversion", "rows(first: 1)", "edges"),
    "FlowEdgeConversions": _at("edgeConversion"),
    "FlowEdgeConversionEdge": _at("edgeConversion", "rows(first: 1)", "edges"),
    "FlowWaiting": _at("waiting"),
    "FlowWaitingRow": _at("waiting", "rows"),
    "FlowWaitingQuartile": _at("waiting", "rows", "quartiles"),
    "FlowWaitingShare": _at("waiting", "rows", "waitingShares"),
    "FlowMonths": _at("months"),
    "FlowMonth": _at("months", "months"),
    "FlowEventPeople": _at("months", "months", "events"),
    "FlowJourneys": _at("journeys"),
    "FlowRoad": _at("journeys", "roads"),
    "FlowLength": _at("journeys", "lengths"),
    "FlowHierarchy": _at("hierarchy"),
    "FlowHierarchyEdge": _at("hierarchy", "rows(first: 1)", "edges"),
    "FlowReach": _at("reach"),
    "FlowReachEdge": _at("reach", "rows(first: 1)", "edges"),
    "FlowBrokerage": _at("brokerage"),
    "FlowBrokerageEdge": _at("brokerage", "rows(first: 1)", "edges"),
    "FlowFragility": _at("fragility"),
    "FlowFragilityEdge": _at("fragility", "rows(first: 1)", "edges"),
    "FlowBridgeEdge": _at("fragility", "bridges(first: 1)", "edges"),
    "FlowCommunities": _at("communities"),
    "FlowCommunityEdge": _at("communities", "rows(first: 1)", "edges"),
    "FlowCohesion": _at("cohesion"),
    "FlowCohesionEdge": _at("cohesion", "rows(first: 1)", "edges"),
    "FlowTriad": _at("cohesion", "triads"),
    "FlowBackbone": _at("backbone"),
    "FlowBackboneEdge": _at(ALL_KEPT, "rows(first: 1)", "edges"),
    "FlowSurprise": _at("surprise"),
    "FlowSurpriseEdge": _at("surprise", "rows(first: 1)", "edges"),
    "FlowChange": _at(ALL_CHANGED),
    "FlowChangeEdge": _at(ALL_CHANGED, "rows(first: 1)", "edges"),
}
ROOT_PATHS: dict[str, tuple[str, ...]] = {
    "PartnersPair": (PARTNERS,),
    "PartnersPart": (PARTNERS, "parts"),
    "FlowSimulation": (SIMULATED,),
    "SimulatedChannel": (SIMULATED, "channels"),
    "SimulatedEffect": (SIMULATED, "hiredPeople"),
    "SimulatedEstimate": (SIMULATED, "hiredPeople", "now"),
}
NARROW = WHERE.replace("}", ", channels: [RELAY_LINK], events: [ACCEPTED]}")
SUBJECTS = {
    **{name: Subject(name, path) for name, path in {**PATHS, **ROOT_PATHS}.items()},
    "FlowNetwork": Subject("FlowNetwork", (AT,)),
    "FlowNetwork (of a channel)": Subject(
        "FlowNetwork", (f"flowNetwork(where: {NARROW})",), only=("channels", "events")
    ),
    "FlowBackbone (of all edges)": Subject("FlowBackbone", (AT, ALL_KEPT), only=("rows",)),
    "FlowBetween": Subject("FlowBetween", (AT, BETWEEN), given=ENDS),
    "FlowRoute": Subject("FlowRoute", (AT, BETWEEN, "routes"), given=ENDS),
    "FlowEgo": Subject("FlowEgo", (AT, EGO), given=ENDS[:1]),
    "AnalysisJob (of the company)": Subject("AnalysisJob", (), "analysis"),
    "AnalysisJob (of the company, failed)": Subject(
        "AnalysisJob", (), "failed analysis", ("failure",)
    ),
    "AnalysisFailure": Subject("AnalysisFailure", ("failure",), "failed analysis"),
}
