"""Nothing leads to a person that has no statement: every new way has to say what it shows."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.access.looking import TYPES
from tests.leaks.paths import doors, reached, way_to
from tests.leaks.sifting import lists_elsewhere, sifted
from tests.leaks.table import DOORS, FIELDS, NOT_PEOPLE, OTHER_DOORS, PARTS, PEOPLE

FOLDER = Path(__file__).parent
TABLE = "tests/leaks/table.py"
PLUMBING = frozenset({"PageInfo", "Query", "Mutation", "Subscription"})


def _is_plumbing(name: str) -> bool:
    kind = TYPES[name]
    is_payload = "Payload" in {one.name for one in kind.interfaces}
    return name in PLUMBING or is_payload or name.endswith(("Edge", "Payload"))


def test_every_type_says_whether_it_tells_of_a_person() -> None:
    unsaid = {name for name in reached() if not _is_plumbing(name)} - PEOPLE - set(NOT_PEOPLE)
    told = [
        f'Does {name} tell of one candidate? Then add "{name}" to PEOPLE in {TABLE}; else add '
        f'"{name}": "why not" to NOT_PEOPLE.'
        for name in sorted(unsaid)
    ]
    assert not told, "\n".join(told)
    assert not PEOPLE & set(NOT_PEOPLE)
    assert PEOPLE | set(NOT_PEOPLE) <= set(TYPES), "a type that is gone has a line still"


def test_every_way_to_a_person_is_stated() -> None:
    walked = doors()
    stated = set(DOORS) | set(OTHER_DOORS)
    told = [
        f"{way_to(edge)} leads to {', '.join(walked[edge])}: who sees what there? Add "
        f'"{edge}": <a function of looks.py that answers the keys behind it> to DOORS in {TABLE}, '
        f'or "{edge}": "<the test that looks through it>" to OTHER_DOORS.'
        for edge in sorted(set(walked) - stated)
    ]
    assert not told, "\n".join(told)
    assert stated == set(walked), "a way that is gone has a line still"
    assert not set(DOORS) & set(OTHER_DOORS)


def test_every_field_about_a_person_is_stated() -> None:
    walked = doors()
    fields = {
        f"{name}.{field}"
        for name in PEOPLE - PARTS
        for field in TYPES[name].fields
        if f"{name}.{field}" not in walked
    }
    told = [
        f'Who sees {one}? Add "{one}": <a rule of looks.py, `always` for whoever sees the thing> '
        f"to FIELDS in {TABLE}."
        for one in sorted(fields - set(FIELDS))
    ]
    assert not told, "\n".join(told)
    assert fields == set(FIELDS), "a field that is gone has a line still"


def test_no_list_with_a_filter_is_left_out() -> None:
    """Each filter and order is asked for in `test_hidden`, by itself, wherever a list has one."""
    assert lists_elsewhere() == set(), "name the types of these lists in STARTS of sifting.py"
    asked = {one.line for one in sifted()}
    assert {
        "Query.pool(where: PoolFilter.skills)",
        "Query.cases(orderBy: CaseOrderField.OPENED_AT)",
    } <= asked


def test_the_tests_that_are_named_exist() -> None:
    made = {
        node.name
        for path in FOLDER.glob("test_*.py")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    }
    assert set(OTHER_DOORS.values()) <= made
