"""The table's lines for the flow network: every member's, and the analyst's. `table.py` has the
key. What they are told of it, exact or rounded, is held by `test_differencing`.
"""

from __future__ import annotations

from tests.access.network import SUBJECTS

EVERYONE = "U SSSS S S SS S SS SSS"
NOBODY = "U nnnn n n nn n nn nnn"
OWN_CONSORTIUM = "U SSSS S S SS S SS ---"
NO_AGENCY = "U SSSS S S FF F SS SFS"
ASKERS = "U SSSS - - -- - -- ---"

_ALIKE = {
    "PartnersPair": NO_AGENCY,
    "PartnersPart": NO_AGENCY,
    "FlowBetween": OWN_CONSORTIUM,
    "FlowRoute": OWN_CONSORTIUM,
    "FlowEgo": OWN_CONSORTIUM,
    "AnalysisJob": ASKERS,
    "AnalysisFailure": ASKERS,
}
_FEW = "U ???? ? ? ?? ? ?? ???"
"""As the rounding of so few falls: what others told of enters every figure."""
_OTHERS = {
    "FlowNetwork.between": OWN_CONSORTIUM,
    "FlowNetwork.ego": "U SSSS S S SS S SS nnn",
    # Where all channels and states were asked for.
    "FlowNetwork.channels": NOBODY,
    "FlowNetwork.events": NOBODY,
    # Where so many have not left yet, no quartile is reached.
    "FlowWaitingQuartile.fromDays": _FEW,
    "FlowWaitingQuartile.toDays": _FEW,
    # Chance alone explains the few edges of the stage.
    "FlowBackbone.rows": "U ???? ? ? ?? ? ?? ???",
    "FlowJourneys.meanHireLength": _FEW,
    "FlowJourneys.roads": _FEW,
    "FlowJourneys.lengths": _FEW,
    "FlowPairBalanceEdge.giveToTake": "U ???? ? ? SS ? ?? ???",
    "PartnersPair.giving": "U SSSS ? ? FF F ?? ?F?",
    "PartnersPair.taking": "U ???? ? ? FF F ?? ?F?",
    "PartnersPart.score": "U ???? ? ? FF F ?? ?F?",
    "AnalysisJob (of the company).failure": "U nnnn - - -- - -- ---",
}
_OTHERS |= {
    f"{name}.{field}": _FEW
    for name in ("FlowRoad", "FlowLength")
    for field in SUBJECTS[name].fields
}
NETWORK = {
    f"{name}.{field}": _OTHERS.get(f"{name}.{field}", _ALIKE.get(subject.type_name, EVERYONE))
    for name, subject in SUBJECTS.items()
    for field in subject.fields
}
