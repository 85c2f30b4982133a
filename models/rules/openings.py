"""The bounds of an opening."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from models.errors import Forbidden, InvalidInput
from models.rules.bounds import require_between
from models.rules.lifecycles import OpeningStatus, Steps
from models.vocabulary.job_categories import JOB_CATEGORIES
from models.vocabulary.prefectures import PREFECTURES
from models.vocabulary.skills import SKILLS
from models.vocabulary.text import Text

TITLE_CHARS_MAX = 100
SKILLS_MAX = 20
HEADCOUNT_MAX = 1_000
EXPERIENCE_YEARS_MAX = 50

OPENING: Steps = {OpeningStatus.OPEN: (OpeningStatus.CLOSED,)}


class NotKeeper(Forbidden):
    """Only who keeps an opening changes it."""

    text = Text(
        ja="この求人を変更できるのは、求人を管理している組織だけです。",
        en="Only the organization that keeps this opening can change it.",
    )


def check_vocabulary(category: str, skills: Sequence[str], prefecture: str | None) -> None:
    """Raise `InvalidInput` for a word that is not in our vocabularies."""
    if category not in JOB_CATEGORIES:
        raise InvalidInput(
            "category",
            ja="職種を一覧から選んでください。",
            en="Choose a job category from the list.",
        )
    if len(skills) > SKILLS_MAX or any(skill not in SKILLS for skill in skills):
        raise InvalidInput(
            "skills",
            ja=f"スキルは一覧から{SKILLS_MAX}個まで選んでください。",
            en=f"Choose at most {SKILLS_MAX} skills from the list.",
        )
    if prefecture is not None and prefecture not in PREFECTURES:
        raise InvalidInput(
            "prefecture",
            ja="都道府県を一覧から選んでください。",
            en="Choose a prefecture from the list.",
        )


def check_size(
    headcount: int, experience_years_min: int | None, open_until: date | None, today: date
) -> None:
    """Raise `InvalidInput` for a number out of bounds, or a last day that is past."""
    require_between("headcount", headcount, 1, HEADCOUNT_MAX)
    if experience_years_min is not None:
        require_between("experienceYearsMin", experience_years_min, 0, EXPERIENCE_YEARS_MAX)
    if open_until is not None and open_until < today:
        raise InvalidInput(
            "openUntil",
            ja="募集期限には本日以降の日付を指定してください。",
            en="Let the opening stay open until today or later.",
        )
