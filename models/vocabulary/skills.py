"""Skills and qualifications 資格 a candidate can have and an opening can ask for.

None of them says anything of race, creed, origin, family, union or health.
"""

from functools import lru_cache
from typing import NamedTuple

from models.vocabulary.skill_list import SKILL_GROUPS
from models.vocabulary.text import Text, vocabulary_key


class Skill(NamedTuple):
    """A skill; `synonyms` are further words for it, `categories` the job categories it hints at."""

    code: str
    name: Text
    synonyms: tuple[str, ...]
    categories: tuple[str, ...]


SKILLS = {
    code: Skill(code, Text(ja, en), tuple(synonyms.split("|")), categories)
    for categories, group in SKILL_GROUPS
    for code, ja, en, synonyms in group
}
"""The skills by code."""

IMPLIED: dict[str, tuple[str, ...]] = {
    "TYPESCRIPT": ("JAVASCRIPT",),
    "NODE_JS": ("JAVASCRIPT",),
    "REACT": ("JAVASCRIPT",),
    "VUE": ("JAVASCRIPT",),
    "ANGULAR": ("TYPESCRIPT",),
    "RAILS": ("RUBY",),
    "DJANGO": ("PYTHON",),
    "SPRING": ("JAVA",),
    "UNITY": ("CSHARP",),
    "POSTGRESQL": ("SQL",),
    "MYSQL": ("SQL",),
    "ORACLE_DATABASE": ("SQL",),
    "KUBERNETES": ("DOCKER",),
    "DEEP_LEARNING": ("MACHINE_LEARNING",),
    "REGISTERED_SECURITY_SPECIALIST": ("INFORMATION_SECURITY",),
    "APPLIED_IT_ENGINEER": ("FUNDAMENTAL_IT_ENGINEER",),
    "FUNDAMENTAL_IT_ENGINEER": ("IT_PASSPORT",),
    "BOOKKEEPING_1": ("BOOKKEEPING_2",),
    "BOOKKEEPING_2": ("BOOKKEEPING_3",),
    "THREE_D_CAD": ("CAD",),
    "ARCHITECT_1": ("ARCHITECT_2",),
    "CONSTRUCTION_MANAGER_1": ("CONSTRUCTION_MANAGER_2",),
    "CIVIL_ENGINEERING_MANAGER_1": ("CIVIL_ENGINEERING_MANAGER_2",),
    "ELECTRICIAN_1": ("ELECTRICIAN_2",),
    "LARGE_TRUCK_LICENCE": ("MEDIUM_TRUCK_LICENCE",),
    "MEDIUM_TRUCK_LICENCE": ("DRIVING_LICENCE",),
    "CARE_WORKER_PRACTICAL_TRAINING": ("CARE_WORKER_TRAINING",),
    "CERTIFIED_CARE_WORKER": ("CARE_WORKER_PRACTICAL_TRAINING",),
    "PUBLIC_HEALTH_NURSE": ("REGISTERED_NURSE",),
}
"""What whoever has a skill has as well: the language of a framework, the lower grade of a higher
qualification. Only what is certain, since an opening counts it as held.
"""


def _codes_by_key() -> dict[str, str]:
    codes: dict[str, str] = {}
    for skill in SKILLS.values():
        for spelling in (skill.code, *skill.name, *skill.synonyms):
            codes[vocabulary_key(spelling)] = skill.code
    return codes


_CODE_BY_KEY = _codes_by_key()


def find_skill(text: str) -> str | None:
    """The code that a code, a name or a synonym stands for, width and case aside, else None."""
    return _CODE_BY_KEY.get(vocabulary_key(text))


@lru_cache(maxsize=4_096)
def with_implied(skills: frozenset[str]) -> frozenset[str]:
    """The skills, and those that whoever has them has as well.

    >>> sorted(with_implied(frozenset({"RAILS"})))
    ['RAILS', 'RUBY']
    """
    found: set[str] = set()
    waiting = list(skills)
    while waiting:
        code = waiting.pop()
        if code not in found:
            found.add(code)
            waiting += IMPLIED.get(code, ())
    return frozenset(found)
