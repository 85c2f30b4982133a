"""Skills and qualifications 資格 a candidate can have and an opening can ask for.

None of them says anything of race, creed, origin, family, union or health.
"""

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
