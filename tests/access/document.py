"""`docs/access.md`, made of the table: `python -m tests.access.document > docs/access.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

from graphql import GraphQLField

from tests.access.looking import TYPES
from tests.access.subjects import SUBJECTS
from tests.access.table import DEEDS, FIELDS, ROOTS, TOLD
from tests.access.viewers import VIEWERS, columns

INTRODUCTION = """# Who sees and does what

*Made from the table that the tests hold the whole API to (`tests/access/`); do not edit it here.
`python -m tests.access.document > docs/access.md` writes it anew.*

Each row is a field of the API or something that can be done through it, each column a kind of
person or program. Every row is told from one example: a person registered through **the company**'s
relay link, is looked after by **the agency**, and is introduced to **the receiver**, another
company. The other company is a partner of the first. What belongs to another consortium reads
exactly as if it did not exist, for everyone.
"""
SIGNS = {
    "S": ("✓", "shown, or done"),
    "D": ("✓", "shown, or done"),
    "n": ("○", "null, or an empty list: that it is there is known, what it says is not told"),
    "e": ("○", "null, or an empty list: that it is there is known, what it says is not told"),
    "?": ("✓", "shown, or done"),
    "-": ("·", "reads as if it did not exist"),
    "F": ("✗", "refused: `FORBIDDEN`"),
    "x": ("!", "not for this role or in this state, and the answer says why"),
    "U": ("–", "asks to sign in: `UNAUTHENTICATED`"),
}
HEADS = (
    ("anonymous", "nobody signed in"),
    ("company_admin", "company ADMIN"),
    ("company_recruiter", "company RECRUITER"),
    ("company_token", "company token"),
    ("company_viewer", "company VIEWER"),
    ("receiver_admin", "receiver"),
    ("sibling_admin", "other company"),
    ("agency_admin", "agency ADMIN"),
    ("agency_viewer", "agency VIEWER"),
    ("other_agency_admin", "other agency"),
    ("consortium_admin", "CONSORTIUM_ADMIN"),
    ("analyst", "ANALYST"),
)
"""The columns; those of other consortia get nothing and stand in no column."""
AREAS = {
    "consortium": "Consortium and members",
    "members": "Consortium and members",
    "terms": "Consortium and members",
    "vocabularies": "Consortium and members",
    "node": "Consortium and members",
    "programs": "Program",
    "flows": "Flows",
    "flow_network": "Flows",
    "flow_sources": "Flows",
    "flow_rows": "Flows",
    "flow_giving": "Flows",
    "flow_outcomes": "Flows",
    "flow_standing": "Flows",
    "flow_groups": "Flows",
    "flow_edge_metrics": "Flows",
    "flow_near": "Flows",
    "flow_partners": "Flows",
    "flow_simulation": "Flows",
    "analysis_jobs": "Flows",
    "network_exports": "Flows",
    "reviews": "Review of counts",
    "audit": "Audit log",
    "sign_in": "People and API tokens",
    "users": "People and API tokens",
    "api_tokens": "People and API tokens",
    "links": "Relay links",
    "mail_templates": "Rejection mails",
    "mailings": "Rejection mails",
    "getting_started": "Rejection mails",
    "ledger": "Counts and free hires",
    "free_hires": "Counts and free hires",
    "registrations": "Counts and free hires",
    "candidates": "Candidates",
    "referrals": "Referrals and introductions",
    "requests": "Requests of candidates",
    "cases": "Cases",
    "deletions": "Requests to delete",
    "hires": "Hires",
    "outcomes": "Hires",
    "recorded_exits": "Hires",
    "retention": "Hires",
    "impact": "What the network did",
    "savings": "What the network did",
    "openings": "Openings",
    "partnerships": "Partnerships and the pool",
    "partner_suggestions": "Partnerships and the pool",
    "partnership_policies": "Partnerships and the pool",
    "partnership_changes": "Partnerships and the pool",
    "pool": "Partnerships and the pool",
    "rewards": "Partnerships and the pool",
    "meetings": "Feedback meetings",
    "meeting_packs": "Feedback meetings",
    "meeting_changes": "Feedback meetings",
    "waiting": "Consortium and members",
    "matches": "Matches",
    "subscriptions": "As it happens",
}
"""Each module of the API, and the chapter it is told in."""


def _area(module: str) -> str:
    return AREAS[module.removeprefix("gql.")]


def _area_of_type(name: str) -> str:
    return _area(TYPES[name].extensions["strawberry-definition"].origin.__module__)


def _area_of_field(field: GraphQLField) -> str:
    resolver = field.extensions["strawberry-definition"].base_resolver
    return _area(resolver.wrapped_func.__module__)


def _rows() -> Iterator[tuple[str, str, str]]:
    """(chapter, what, letters) of each line, in the table's order."""
    for line, letters in ROOTS.items():
        name = line.removeprefix("Query.")
        yield _area_of_field(TYPES["Query"].fields[name]), f"ask for `{name}`", letters
    for line, letters in DEEDS.items():
        name, _, field = line.rstrip(")").partition("(")
        by = f" ({field})" if field not in ("", "id") else ""
        yield _area_of_field(TYPES["Mutation"].fields[name]), f"do `{name}`{by}", letters
    for name, letters in TOLD.items():
        yield _area("gql.subscriptions"), f"follow `{name}`", letters
    told = {(SUBJECTS[key].type_name, field) for key in SUBJECTS for field in SUBJECTS[key].only}
    for subject in SUBJECTS:
        area = _area_of_type(SUBJECTS[subject].type_name)
        for letters, fields in _alike(subject).items():
            type_name = SUBJECTS[subject].type_name
            # What is empty here and shown elsewhere is told there.
            worth = [one for one in fields if "S" in letters or (type_name, one) not in told]
            if worth:
                named = ", ".join(f"`{field}`" for field in worth)
                yield area, f"{subject}: {named}", letters


def _alike(subject: str) -> Mapping[str, list[str]]:
    """The fields of a thing that everyone sees alike, together."""
    found: dict[str, list[str]] = {}
    for field in SUBJECTS[subject].fields:
        found.setdefault(FIELDS[f"{subject}.{field}"], []).append(field)
    return found


def _signs(letters: str) -> str:
    told = columns(letters)
    return " | ".join(SIGNS[told[name]][0] for name, _ in HEADS)


def document() -> str:
    """The whole page."""
    assert {name for name, _ in HEADS} == {one.name for one in VIEWERS if not one.is_foreign}
    key = dict.fromkeys(SIGNS.values())
    parts = [INTRODUCTION, *(f"- {sign} {meaning}" for sign, meaning in key), ""]
    rows = list(_rows())
    heads = " | ".join(head for _, head in HEADS)
    for area in dict.fromkeys(AREAS.values()):
        parts += [f"## {area}", "", f"| | {heads} |", "|---|" + ":-:|" * len(HEADS)]
        parts += [f"| {what} | {_signs(letters)} |" for at, what, letters in rows if at == area]
        parts.append("")
    return "\n".join(parts).rstrip() + "\n"


if __name__ == "__main__":
    sys.stdout.write(document())
