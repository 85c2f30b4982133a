"""Asking for whole things as someone, and holding what is answered to the table."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any

from graphql import GraphQLObjectType, get_named_type

from gql.node import decode_id
from models.rules.references import reference_of
from models.rules.sharing import CandidateField
from tests.access.looking import TYPES, Answer, ask
from tests.leaks import oracle
from tests.leaks.looks import Look, is_there
from tests.leaks.paths import is_page, targets
from tests.leaks.scenes import Viewer
from tests.leaks.stage import Stage
from tests.leaks.table import DOORS, FIELDS, PARTS, PEOPLE

PAGE_ROWS = 100
MATCHED = frozenset({"Case.matches", "Opening.matches"})
"""What is computed anew for each: `test_matches` asks for it."""
VALUES: Mapping[str, Callable[[Look], Any]] = {
    "Candidate.category": lambda look: look.stage.forms[_scene(look)]["category"],
    "Candidate.experienceYears": lambda look: look.stage.forms[_scene(look)]["experience_years"],
    "Candidate.desiredPrefectures": lambda look: look.stage.forms[_scene(look)][
        "desired_prefectures"
    ],
    "Case.note": lambda look: f"note on {_scene(look)}",
    "Referral.reference": lambda look: reference_of(look.row.id),
    "Referral.giver": lambda look: look.row.from_id,
    "Referral.receiver": lambda look: look.row.to_id,
    "Referral.opening": lambda look: look.row.opening_id,
    "Referral.isFree": lambda look: bool(oracle.steps(look.scene, "redeem")) and not look.is_relay,
    "Hire.company": lambda look: look.row.company_id,
    "Hire.introducer": lambda look: look.row.introducer_id,
    "Hire.freeHire": lambda look: look.row.free_hire_id,
    "Hire.isFree": lambda look: look.row.free_hire_id is not None,
    "PoolListing.partner": lambda look: (
        look.stage.organizations[oracle.providers(look.scene, look.viewer.of or "")[0]].id
    ),
}
"""The value of a field, where it is not the row's column, or the form's, of the same name."""
ONLY_SHOWN = frozenset({"PoolListing.listedOn", "PoolListing.partnership", "Hire.guaranteeEndsOn"})
"""What is computed from more than one row: only that it is shown is looked at."""


def key_of(global_id: str) -> uuid.UUID:
    """The key in an id that was answered."""
    found = decode_id(global_id)
    assert found is not None
    return found[1]


def told_key(stage: Stage, viewer: Viewer, global_id: str) -> uuid.UUID:
    """The row's key of an id that someone was told: of a candidate, whatever it is told as."""
    kind, key = decode_id(global_id) or ("", None)
    assert key is not None
    if kind in ("Candidate", "PoolListing") and viewer.of:
        listed = {stage.listing_id(viewer.of, one): one for one in stage.candidates.values()}
        return listed.get(key, key)
    return key


def _scene(look: Look) -> str:
    return look.stage.scene_of(look.candidate_id)


def whole(type_name: str, depth: int, without: frozenset[str] = MATCHED) -> str:
    """Everything of a thing about a person, and of what is behind its doors.

    Each field is asked for as `Type_field`: fields of one name have other types elsewhere.
    """
    told = [
        _field(type_name, name, depth, without)
        for name in TYPES[type_name].fields
        if f"{type_name}.{name}" not in without
    ]
    return "__typename " + " ".join(filter(None, told))


def _field(type_name: str, name: str, depth: int, without: frozenset[str]) -> str:
    of = TYPES[type_name].fields[name]
    kind, text = get_named_type(of.type), f"{type_name}_{name}: {name}"
    if not hasattr(kind, "fields"):
        return text
    [*led_to] = targets(of)
    people = [one.name for one in led_to if one.name in PEOPLE]
    if not people:
        return f"{text} {{ {'id' if 'id' in kind.fields else 'code'} }}"
    if depth == 0 and people[0] not in PARTS:
        return ""
    inner = whole(people[0], depth - 1 if people[0] not in PARTS else depth, without)
    if isinstance(kind, GraphQLObjectType) and is_page(kind):
        return page(text, inner)
    return f"{text} {{ {inner} }}"


def page(text: str, inner: str, arguments: str = "") -> str:
    """A list asked for whole: its rows twice, as nodes and as edges, and their number."""
    given = ", ".join(filter(None, (f"first: {PAGE_ROWS}", arguments)))
    rows = f"nodes {{ {inner} }} edges {{ cursor node {{ id }} }}"
    return f"{text}({given}) {{ totalCount {rows} pageInfo {{ hasNextPage }} }}"


@dataclass
class Judge:
    """Compares what someone was answered with what the table says."""

    stage: Stage
    wrong: list[str] = field(default_factory=list)
    shown: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    """Fields that somebody was shown, and that somebody who saw the thing was not."""
    opened: set[str] = field(default_factory=set)
    """Doors that led somebody somewhere."""

    async def ask(
        self, viewer: Viewer, query: str, variables: Mapping[str, Any] | None = None
    ) -> Answer:
        """One request by a viewer."""
        actor = self._actors(viewer)
        return await ask(self.stage.world.database, actor, query, variables)

    def _actors(self, viewer: Viewer) -> Any:
        return self.stage.actors[viewer.name]

    def says(self, viewer: Viewer, where: str, found: object, wanted: object) -> None:
        """Note what is not as it should be."""
        if found != wanted:
            self.wrong.append(f"{viewer.name} · {where}: {found!r} instead of {wanted!r}")

    def thing(self, viewer: Viewer, found: Mapping[str, Any]) -> uuid.UUID:
        """Hold one thing, and all that is behind its doors, to the table; answers its key."""
        type_name = found["__typename"]
        key = told_key(self.stage, viewer, found[f"{type_name}_id"])
        look = Look(self.stage, viewer, type_name, key)
        where = f"{type_name} of {_scene(look)!r}"
        self.says(viewer, where, "there", "there" if is_there(look) else "not there")
        if not is_there(look):
            return key
        for name in TYPES[type_name].fields:
            line, value = f"{type_name}.{name}", found.get(f"{type_name}_{name}", ...)
            if value is ...:
                continue
            if line in FIELDS:
                self._field(look, line, value)
            elif line in DOORS:
                self._door(look, line, value)
        if type_name == "Candidate":
            self._visibility(look, found["Candidate_visibility"])
        return key

    def _field(self, look: Look, line: str, value: Any) -> None:
        where = f"{line} of {_scene(look)!r}"
        is_shown = FIELDS[line](look)
        if line in ONLY_SHOWN:
            self.says(look.viewer, where, value is not None, is_shown)
        else:
            wanted = _stored(look, line) if is_shown else None
            self.says(look.viewer, where, _plain(value, wanted), wanted)
        (self.shown if value not in (None, []) else self.hidden).add(line)

    def _door(self, look: Look, line: str, value: Any) -> None:
        behind = self.things(look.viewer, line, value)
        self.says(look.viewer, f"{line} of {_scene(look)!r}", behind, DOORS[line](look))
        if behind:
            self.opened.add(line)

    def things(self, viewer: Viewer, where: str, value: Any) -> set[uuid.UUID]:
        """Hold what is behind a door to the table: one thing, none, or a page."""
        if value is None:
            return set()
        if "nodes" not in value:
            return {self.thing(viewer, value)}
        keys = [self.thing(viewer, one) for one in value["nodes"]]
        assert not value["pageInfo"]["hasNextPage"], "a page is too short for the scenes"
        again = [told_key(self.stage, viewer, edge["node"]["id"]) for edge in value["edges"]]
        self.says(viewer, f"{where}, as edges", again, keys)
        self.says(viewer, f"{where}, totalCount", value["totalCount"], len(set(keys)))
        return set(keys)

    def _visibility(self, look: Look, told: Iterable[Mapping[str, Any]]) -> None:
        scene, viewer = look.scene, look.viewer
        where = f"visibility of {_scene(look)!r}"
        told = list(told)
        fields = [CandidateField(one["FieldVisibility_field"]) for one in told]
        self.says(viewer, where, fields, list(CandidateField))
        for name, one in zip(fields, told, strict=True):
            shown, reason = one["FieldVisibility_shown"], one["FieldVisibility_reason"]
            self.says(viewer, f"{where}, {name}", shown, oracle.sees(viewer, scene, name))
            self.says(viewer, f"{where}, why {name}", reason == "SHOWN", shown)
            if oracle.is_erased(scene):
                self.says(viewer, f"{where}, why {name}", reason, "ERASED")
            elif oracle.excludes(scene, viewer.of or ""):
                self.says(viewer, f"{where}, why {name}", reason, "NOT_PROVIDED")


def _stored(look: Look, line: str) -> Any:
    type_name, _, name = line.partition(".")
    if name == "id":
        return look.stage.told_id(look.viewer, type_name, look.key)
    if line in VALUES:
        return _as_told(look, VALUES[line](look))
    if type_name == "Candidate":
        return _as_told(look, look.stage.forms[_scene(look)][name])
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    return _as_told(look, getattr(look.row, snake))


def _as_told(look: Look, value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, uuid.UUID):
        return value
    return value.isoformat() if isinstance(value, date) and not _is_instant(value) else value


def _is_instant(value: Any) -> bool:
    return isinstance(value, datetime)


def _plain(value: Any, wanted: Any) -> Any:
    """An answered value, written as the stored one is."""
    if isinstance(value, list):
        return [_plain(one, None) for one in value]
    if isinstance(value, Mapping):
        [value] = value.values()
        return key_of(value) if isinstance(wanted, uuid.UUID) else value
    if isinstance(wanted, datetime):
        return datetime.fromisoformat(value) if value else value
    return value
