"""The table has a line for all that the schema has, and no other."""

from __future__ import annotations

from pathlib import Path

from graphql import GraphQLEnumType, GraphQLInputObjectType, get_named_type

from tests.access.deeds import DEEDS, MUTATIONS, lines_of
from tests.access.document import document
from tests.access.looking import FIELD_ARGUMENTS, TYPES
from tests.access.subjects import SUBJECTS, is_structural
from tests.access.table import DEEDS as DEED_LINES
from tests.access.table import FIELDS, FILTERS, ORDERS, ROOTS, TOLD

PAGING = frozenset({"first", "after", "last", "before", "where", "orderBy", "input"})
NOT_BY_FIELD = frozenset({"FlowNetworkFilter", "FlowWindow"})
"""What only says which days and kinds of sums are wanted."""
NEVER_SHOWN = frozenset({"MailPreviewResult.errors", "MatchPart.missing"})
"""What is empty wherever nothing is wrong, or missing."""


def test_every_type_and_field_has_its_lines() -> None:
    looked_at: dict[str, set[str]] = {}
    for subject in SUBJECTS.values():
        looked_at.setdefault(subject.type_name, set()).update(subject.fields)
    wanted = {name: set(kind.fields) for name, kind in TYPES.items() if not is_structural(name)}
    assert looked_at == wanted
    lines = {f"{name}.{field}" for name, subject in SUBJECTS.items() for field in subject.fields}
    assert set(FIELDS) == lines


def test_every_operation_has_its_lines() -> None:
    assert set(ROOTS) == {f"Query.{name}" for name in TYPES["Query"].fields}
    assert set(DEED_LINES) == {line for name in MUTATIONS for line in lines_of(name)}
    assert [deed.line for deed in DEEDS] == list(DEED_LINES)
    assert set(TOLD) == set(TYPES["Subscription"].fields)


def test_every_argument_filter_and_order_has_its_line() -> None:
    arguments = [
        (f"{name}.{field_name}", argument, get_named_type(of.type))
        for name, kind in TYPES.items()
        for field_name, field in kind.fields.items()
        for argument, of in field.args.items()
    ]
    filters, orders = set(), set()
    for field, argument, kind in arguments:
        if argument == "where" and kind.name not in NOT_BY_FIELD:
            assert isinstance(kind, GraphQLInputObjectType)
            filters |= {f"{kind.name}.{name}" for name in kind.fields}
        elif argument == "orderBy":
            by = get_named_type(kind.fields["field"].type)
            assert isinstance(by, GraphQLEnumType)
            orders |= {f"{by.name}.{value}" for value in by.values}
        elif kind.name.endswith("Filter") and kind.name not in NOT_BY_FIELD:
            filters.add(kind.name)
        elif argument not in PAGING:
            assert field in FIELD_ARGUMENTS or field == "Account.entries", f"{field}({argument})"
    assert filters == set(FILTERS)
    assert orders == set(ORDERS)


def test_every_field_is_shown_to_somebody() -> None:
    shown = {
        f"{SUBJECTS[line.rpartition('.')[0]].type_name}.{line.rpartition('.')[2]}"
        for line, letters in FIELDS.items()
        if set(letters) & {"S", "?"}
    }
    every = {
        f"{name}.{field}"
        for name, kind in TYPES.items()
        if not is_structural(name)
        for field in kind.fields
    }
    assert every - shown == NEVER_SHOWN
    assert all("D" in letters for line, letters in DEED_LINES.items() if line.endswith("id)"))


def test_the_documentation_is_made_of_the_table() -> None:
    written = (Path(__file__).parents[2] / "docs" / "access.md").read_text()
    assert written == document(), "python -m tests.access.document > docs/access.md"
