"""Matches: the formula, the words, and that what is hidden weighs nothing."""

from __future__ import annotations

import uuid
from dataclasses import fields, replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.matching import (
    NOT_ASKED,
    NOT_KNOWN,
    WEIGHTS,
    MatchKind,
    Person,
    Position,
    Standing,
    best_people,
    best_positions,
    match,
    standing,
)
from models.tables.candidates import Candidate
from models.vocabulary.job_categories import JOB_CATEGORIES
from models.vocabulary.prefectures import PREFECTURES
from models.vocabulary.skills import IMPLIED, SKILLS, find_skill, with_implied

SOME_SKILLS = sorted(SKILLS)[:6]
COMPANY = uuid.UUID(int=7)
PERSON = Person(
    id=uuid.UUID(int=1),
    category="SOFTWARE_ENGINEERING",
    skills=frozenset({"PYTHON", "POSTGRESQL"}),
    experience_years=3,
    prefecture="13",
    desired_prefectures=frozenset({"13", "27"}),
)
POSITION = Position(
    id=uuid.UUID(int=2),
    company_id=COMPANY,
    category="SOFTWARE_ENGINEERING",
    skills=frozenset({"PYTHON", "SQL", "RUST"}),
    experience_years_min=5,
    prefecture="27",
)
HIDEABLE = ("category", "skills", "experience_years", "prefecture", "desired_prefectures")


def people() -> st.SearchStrategy[Person]:
    return st.builds(
        Person,
        id=st.uuids(),
        category=st.none() | st.sampled_from(sorted(JOB_CATEGORIES)[:3]),
        skills=st.none() | st.frozensets(st.sampled_from(SOME_SKILLS)),
        experience_years=st.none() | st.integers(0, 50),
        prefecture=st.none() | st.sampled_from(["13", "14", "27"]),
        desired_prefectures=st.none() | st.frozensets(st.sampled_from(["13", "14", "27"])),
        excluded=st.frozensets(st.sampled_from([COMPANY, uuid.UUID(int=8)]), max_size=1),
    )


def positions() -> st.SearchStrategy[Position]:
    return st.builds(
        Position,
        id=st.uuids(),
        company_id=st.sampled_from([COMPANY, uuid.UUID(int=8)]),
        category=st.sampled_from(sorted(JOB_CATEGORIES)[:3]),
        skills=st.frozensets(st.sampled_from(SOME_SKILLS)),
        experience_years_min=st.none() | st.integers(0, 50),
        prefecture=st.none() | st.sampled_from(["13", "14", "27"]),
    )


def test_every_part_has_its_score_its_reason_and_what_is_missing() -> None:
    found = match(PERSON, POSITION)
    assert found is not None
    told = [(part.kind.value, part.score_permille, part.reason.en) for part in found.parts]
    assert told == [
        ("CATEGORY", 1_000, "The same job category: Software engineering"),
        ("SKILLS", 667, "2 of 3 skills asked for: Python, SQL"),
        ("EXPERIENCE", 600, "3 years of experience; 5 or more are asked for"),
        ("WISHES", 1_000, "Where work is wished for: Osaka"),
        ("PLACE", 0, "Not in the home prefecture: Osaka"),
    ]
    assert [one.en for one in found.missing] == ["Rust", "2 more years of experience"]
    assert [one.ja for one in found.missing] == ["Rust", "経験あと2年"]
    assert len(found.reasons) == 4
    # (30·1000 + 30·667 + 15·600 + 15·1000 + 10·0) ÷ 100
    assert (found.score_permille, found.known_percent) == (740, 100)


def test_the_weights_add_up_to_100() -> None:
    assert sum(WEIGHTS.values()) == 100
    assert list(WEIGHTS) == list(MatchKind)


@given(people(), positions())
def test_the_score_is_the_weighted_mean_of_what_is_judged(
    person: Person, position: Position
) -> None:
    found = match(person, position)
    if found is None:
        return
    judged = [part for part in found.parts if part.score_permille is not None]
    weight = sum(part.weight for part in judged)
    mean = Fraction(sum(part.weight * (part.score_permille or 0) for part in judged), weight)
    assert abs(found.score_permille - mean) <= Fraction(1, 2)
    assert 0 <= found.score_permille <= 1_000
    assert found.known_percent == weight


@given(people(), people(), positions(), st.sets(st.sampled_from(HIDEABLE)))
def test_what_is_hidden_changes_nothing(
    one: Person, other: Person, position: Position, hidden: set[str]
) -> None:
    """Two people who differ only in what may not be seen have the same match."""
    nothing: dict[str, Any] = dict.fromkeys(hidden)
    twin = replace(one, **{name: getattr(other, name) for name in hidden})
    assert match(replace(one, **nothing), position) == match(replace(twin, **nothing), position)


@given(people(), positions(), st.sampled_from(HIDEABLE))
def test_a_hidden_field_leaves_the_other_parts_as_they_are(
    person: Person, position: Position, hidden: str
) -> None:
    nothing: dict[str, Any] = {hidden: None}
    whole, less = match(person, position), match(replace(person, **nothing), position)
    if whole is None or less is None:
        return
    changed = [a.kind for a, b in zip(whole.parts, less.parts, strict=True) if a != b]
    part_of = {"experience_years": "EXPERIENCE", "prefecture": "PLACE"}
    of = part_of.get(hidden, "WISHES" if hidden == "desired_prefectures" else hidden.upper())
    assert {kind.value for kind in changed} <= {of}


@given(people(), positions())
def test_a_company_that_is_excluded_is_never_matched(person: Person, position: Position) -> None:
    if position.company_id in person.excluded:
        assert match(person, position) is None
        assert best_positions(person, [position], 5) == []
        assert best_people(position, [person], 5) == []
        assert standing(person, [position], position.id) is None


@given(
    people(),
    st.lists(positions(), max_size=8, unique_by=lambda one: one.id),
    st.integers(1, 5),
    st.randoms(),
)
def test_the_best_come_first_whatever_order_they_are_given_in(
    person: Person, some: list[Position], most: int, chance: Any
) -> None:
    best = best_positions(person, some, most)
    keys = [(-found.score_permille, -found.known_percent, one.id) for one, found in best]
    assert keys == sorted(keys)
    assert len(best) <= most
    chance.shuffle(some)
    assert best_positions(person, some, most) == best
    for number, (one, found) in enumerate(best, 1):
        place = standing(person, some, one.id)
        assert place is not None
        assert (place.rank, place.score_permille) == (number, found.score_permille)


def test_what_is_not_asked_and_what_is_not_known_are_not_judged() -> None:
    nothing_asked = Position(id=POSITION.id, company_id=COMPANY, category="SALES")
    found = match(PERSON, nothing_asked)
    assert found is not None
    assert [part.reason for part in found.parts[1:]] == [NOT_ASKED] * 4
    assert (found.score_permille, found.known_percent) == (0, 30)
    nobody_known = Person(id=PERSON.id)
    assert match(nobody_known, POSITION) is None
    only_place = replace(nobody_known, prefecture="27")
    found = match(only_place, POSITION)
    assert found is not None
    assert [part.reason for part in found.parts[:4]] == [NOT_KNOWN] * 4
    assert (found.score_permille, found.known_percent) == (1_000, 10)


def test_among_equals_the_one_of_which_more_is_known_comes_first() -> None:
    sparse = Position(id=uuid.UUID(int=1), company_id=COMPANY, category="SOFTWARE_ENGINEERING")
    full = replace(
        POSITION,
        id=uuid.UUID(int=9),
        skills=frozenset({"PYTHON"}),
        experience_years_min=0,
        prefecture="13",
    )
    assert [one for one, _ in best_positions(PERSON, [sparse, full], 2)] == [full, sparse]


def test_no_skills_named_is_told_and_weighs() -> None:
    found = match(replace(PERSON, skills=frozenset()), POSITION)
    assert found is not None
    [part] = [part for part in found.parts if part.kind is MatchKind.SKILLS]
    assert part.score_permille == 0
    assert part.reason.en == "None of the 3 skills asked for"
    assert len(part.missing) == 3


def test_a_standing_counts_what_could_be_judged() -> None:
    other = replace(POSITION, id=uuid.UUID(int=3), company_id=uuid.UUID(int=8))
    person = replace(PERSON, excluded=frozenset({uuid.UUID(int=8)}))
    assert standing(person, [POSITION, other], POSITION.id) == Standing(1, 740, 1)
    assert standing(person, [POSITION], uuid.UUID(int=99)) is None


def test_nothing_sensitive_has_a_part() -> None:
    """A match reads these fields and no other: none of them is a sensitive item."""
    assert {one.name for one in fields(Person)} == {"id", "excluded", *HIDEABLE}
    assert set(HIDEABLE) <= set(Candidate.__table__.columns.keys())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ｐｙｔｈｏｎ", "PYTHON"),
        ("パイソン", "PYTHON"),
        ("K8s", "KUBERNETES"),
        ("簿記二級", "BOOKKEEPING_2"),
        ("Go言語", "GO"),
        ("", None),
        ("ない技能", None),
    ],
)
def test_a_skill_is_known_by_its_synonyms(text: str, code: str | None) -> None:
    assert find_skill(text) == code


def test_a_higher_grade_implies_the_lower_ones() -> None:
    assert with_implied(frozenset({"BOOKKEEPING_1"})) == {
        "BOOKKEEPING_1",
        "BOOKKEEPING_2",
        "BOOKKEEPING_3",
    }
    assert with_implied(frozenset()) == frozenset()
    assert set(IMPLIED) | {one for some in IMPLIED.values() for one in some} <= set(SKILLS)
    assert all(code not in with_implied(frozenset(some)) for code, some in IMPLIED.items())


def test_every_prefecture_and_category_has_its_words() -> None:
    for code in PREFECTURES:
        found = match(PERSON, replace(POSITION, prefecture=code))
        assert found is not None
        assert PREFECTURES[code].name.ja in found.parts[-1].reason.ja
    for code in JOB_CATEGORIES:
        found = match(PERSON, replace(POSITION, category=code))
        assert found is not None
        assert JOB_CATEGORIES[code].name.en in found.parts[0].reason.en
