"""Who may come across which mark, and a look at everything at once to see who does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from graphql import GraphQLField, GraphQLInterfaceType, GraphQLObjectType, get_named_type

from tests.access.looking import FIELD_ARGUMENTS, GIVEN, TYPES
from tests.access.stage import PEOPLE, Stage
from tests.access.subjects import SUBJECTS
from tests.access.table import FIELDS, ROOTS
from tests.access.viewers import NAMES, Viewer, columns

COMPANY = frozenset({"company_admin", "company_recruiter", "company_token", "company_viewer"})
AGENCY = frozenset({"agency_admin", "agency_viewer"})
OF = {
    "company": COMPANY,
    "receiver": frozenset({"receiver_admin"}),
    "sibling": frozenset({"sibling_admin"}),
}
ADMIN = frozenset({"consortium_admin"})
EVERY_AGENCY = AGENCY | {"other_agency_admin"}
INTRODUCED = frozenset({"named", "quiet", "hired", "reserved", "late", "seventh"})
"""Whom the receiver was told of and has not declined."""
PAGE_ROWS = 50
DEPTH = 3


OF_COMPANY = {
    "template": COMPANY,
    **dict.fromkeys(("rejected name", "rejected mail"), COMPANY - {"company_viewer"}),
}


def may_find(kind: str, thing: str) -> frozenset[str]:
    """Who of the consortium may come across a mark."""
    of = OF.get(thing, frozenset())
    told = {
        "domain": of | ADMIN,
        # Reviewers read it on what was held: nothing was, of the sibling.
        "campaign": of | (ADMIN if thing != "sibling" else frozenset()),
        "url": of,
        "token": ADMIN | ({"company_admin"} if thing.startswith("company") else set()),
        "note": frozenset({"agency_admin"}),
        "request": ADMIN,
        "time": ADMIN | ({"other_agency_admin"} if thing == "elsewhere" else AGENCY),
    }
    if kind in OF_COMPANY:
        return OF_COMPANY[kind]
    if kind == "opening":
        return OPENINGS[thing]
    if kind in ("partnership", "reason"):
        return PARTIES[thing] | ADMIN
    if kind == "staff":
        return _of_staff(thing)
    return told[kind] if kind in told else _of_person(kind, thing)


PARTIES = {
    "partnership": COMPANY | OF["sibling"] | AGENCY,
    "proposed partnership": COMPANY | OF["receiver"] | OF["sibling"],
    "suspended partnership": OF["receiver"] | OF["sibling"] | AGENCY,
    "receiver": OF["receiver"] | OF["sibling"],
}
"""Who takes part in each partnership, and reads why it was suspended. An agency that terms name in
a reward reads what the partnership is called.
"""

OPENINGS = {
    "receiver": OF["receiver"] | EVERY_AGENCY | ADMIN,
    "company": COMPANY | EVERY_AGENCY | ADMIN,
    "kept": OF["receiver"] | AGENCY | ADMIN,
    "sibling": OF["sibling"] | EVERY_AGENCY | ADMIN,
}


def _of_staff(person: str) -> frozenset[str]:
    organization = "company" if person == "disabled" else PEOPLE[person][0]
    admins = {name for name in PEOPLE if organization and PEOPLE[name] == (organization, "ADMIN")}
    return ADMIN | admins | ({person} & set(NAMES))


def _of_person(kind: str, who: str) -> frozenset[str]:
    seen = {"other_agency_admin"} if who == "elsewhere" else {"agency_admin"}
    if who in INTRODUCED:
        seen.add("receiver_admin")
    if who in ("shared", "rewarded"):
        seen.add("sibling_admin")
    if who in ("named", "shared", "rewarded", "sought") and kind == "name":
        # A role that works without persons is not told the name either.
        seen |= COMPANY - {"company_viewer"}
    return frozenset(seen)


def allowed(stage: Stage, viewer: Viewer) -> set[str]:
    """The marks of a viewer's own consortium that they may come across."""
    return {mark for mark in stage.marks if viewer.actor in may_find(*mark.partition(":")[::2])}


def found(stage: Stage, texts: Iterable[str]) -> set[str]:
    """The marks of a consortium in what was answered."""
    whole = "\n".join(texts)
    # Quotes within an answer are written as JSON writes them.
    return {mark for mark, text in stage.marks.items() if text in whole}


def refused_fields(viewer: Viewer) -> frozenset[str]:
    """The fields that answer an error to a viewer: one would blot out everything around it."""
    refused = set()
    for line, letters in {**FIELDS, **ROOTS}.items():
        subject, _, name = line.rpartition(".")
        if columns(letters)[viewer.actor] in "FU":
            type_name = "Query" if subject == "Query" else SUBJECTS[subject].type_name
            refused.add(f"{type_name}.{name}")
    return frozenset(refused)


def sweep(refused: frozenset[str]) -> Iterable[str]:
    """A request for each field of the root, that asks for everything within some steps."""
    for name, of in TYPES["Query"].fields.items():
        if f"Query.{name}" not in refused and name not in ("node", "nodes"):
            yield _headed(_field("Query", name, of, DEPTH, refused))


def sweep_of_nodes(refused: frozenset[str]) -> str:
    """A request for everything of any things by their ids."""
    parts = [
        f"... on {name} {{ {_fields(kind, DEPTH - 1, refused)} }}"
        for name, kind in TYPES.items()
        if "Node" in {one.name for one in kind.interfaces}
    ]
    return _headed(f"nodes(ids: $ids) {{ __typename {' '.join(parts)} }}", "$ids: [ID!]!")


def _headed(body: str, *heads: str) -> str:
    """A query with the variables that are named in it: those of `GIVEN` are organizations."""
    every = [*heads, *(f"${name}: ID!" for name in GIVEN if f"${name}" in body)]
    return f"query {'(' + ', '.join(every) + ') ' if every else ''}{{ {body} }}"


def _fields(kind: Any, depth: int, refused: frozenset[str]) -> str:
    if kind.name == "Organization":
        of = (_fields(TYPES[name], depth, refused) for name in ("Company", "Agency"))
        company, agency = of
        return f"__typename ... on Company {{ {company} }} ... on Agency {{ {agency} }}"
    told = [_field(kind.name, name, of, depth, refused) for name, of in kind.fields.items()]
    return "__typename " + " ".join(filter(None, told))


def _field(type_name: str, name: str, of: GraphQLField, depth: int, refused: frozenset[str]) -> str:
    kind = get_named_type(of.type)
    if f"{type_name}.{name}" in refused:
        return ""
    # Fields of one name have other types elsewhere, and would be in each other's way.
    text = f"{type_name}_{name}: {name}" + FIELD_ARGUMENTS.get(f"{type_name}.{name}", "")
    if not isinstance(kind, (GraphQLObjectType, GraphQLInterfaceType)):
        return text
    if depth == 0:
        return ""
    if {"edges", "pageInfo"} <= set(kind.fields):
        within = "nodes" if "nodes" in kind.fields else "edges"
        inner = _fields(get_named_type(kind.fields[within].type), depth - 1, refused)
        page = text.replace(")", f", first: {PAGE_ROWS})") if "(" in text else text + FIRST
        return f"{page} {{ totalCount {within} {{ {inner} }} }}"
    if f"{type_name}.{name}" == "AnalysisJob.network":
        refused |= {f"FlowNetwork.{one}" for one in kind.fields} - KEPT
    return f"{text} {{ {_fields(kind, depth - 1, refused)} }}"


KEPT = frozenset(
    f"FlowNetwork.{name}"
    for name in ("strength", "nodes", "edges", "dataVersion", "firstDay", "lastDay", "level")
)
"""What the stage's analyses were asked for: all else of the network is an error to them."""
FIRST = f"(first: {PAGE_ROWS})"


def totals(data: Any) -> Iterable[tuple[int, int]]:
    """Of each page that is whole: the total that was told, and the rows that were shown."""
    if isinstance(data, list):
        for one in data:
            yield from totals(one)
    elif isinstance(data, Mapping):
        if "totalCount" in data:
            rows = data.get("nodes", data.get("edges"))
            yield min(data["totalCount"], PAGE_ROWS), len(rows)
        for one in data.values():
            yield from totals(one)
