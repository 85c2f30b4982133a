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
_OTHERS = {
    "FlowNetwork.between": OWN_CONSORTIUM,
    "FlowNetwork.ego": "U SSSS S S SS S SS nnn",
    # Where all channels and states were asked for.
    "FlowNetwork.channels": NOBODY,
    "FlowNetwork.events": NOBODY,
    # So many have not left yet that no quartile is reached.
    "FlowWaitingQuartile.fromDays": "U nnnn S S SS S SS nnn",
    "FlowWaitingQuartile.toDays": "U nnnn S S SS S SS nnn",
    # Chance alone explains the few edges of the stage.
    "FlowBackbone.rows": "U eeee e e ee e ee eee",
    "PartnersPair.giving": "U SSSS e e FF F SS SFS",
    # Whom the first pair of the stage exchanges people with is not known.
    "PartnersPart.score": "U nnnn n n FF F nn nFn",
    "AnalysisJob (of the company).failure": "U nnnn - - -- - -- ---",
}
NETWORK = {
    f"{name}.{field}": _OTHERS.get(f"{name}.{field}", _ALIKE.get(subject.type_name, EVERYONE))
    for name, subject in SUBJECTS.items()
    for field in subject.fields
}
