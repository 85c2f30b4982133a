"""The registration form as a browser sends it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from models.errors import InvalidInput
from models.rules.registration_form import (
    EXPERIENCE_YEARS_MAX,
    RegistrationForm,
    form_problems,
    invalid_experience,
)
from models.rules.sharing import Employment, Purpose
from models.vocabulary.text import Text
from tasuki.pages.web import Form

FIELD_OF_PATH: Mapping[str, str] = {
    "experienceYears": "experience_years",
    "desiredPrefectures": "desired_prefectures",
    "purposes": "consent",
}
"""Where the name in the page differs from the path of a problem."""

ORDER = (
    *("name", "email", "phone", "category", "experience_years", "skills", "wishes", "prefecture"),
    *("desired_prefectures", "employment", "employer", "excluded", "consent"),
)
EMPLOYMENT_MISSING = Text(
    "現在の勤務先の有無を選んでください。", "Say whether you have an employer at present."
)


def read_registration(form: Form, locale: str) -> tuple[RegistrationForm, dict[str, Text]]:
    """What was sent, and what is wrong with it: by field, in the order of the page."""
    years, is_number = _years(form.text("experience_years"))
    employment = form.text("employment")
    is_employed = employment == Employment.EMPLOYED
    sent = RegistrationForm(
        name=form.text("name"),
        email=form.text("email"),
        phone=form.text("phone") or None,
        category=form.text("category") or None,
        experience_years=years,
        skills=form.all("skills"),
        wishes=form.text("wishes") or None,
        prefecture=form.text("prefecture") or None,
        desired_prefectures=form.all("desired_prefectures"),
        employment=Employment.EMPLOYED if is_employed else Employment.NONE,
        employer=(form.text("employer") or None) if is_employed else None,
        purposes=frozenset(Purpose(one) for one in form.all("consent") if one in set(Purpose)),
        locale=locale,
        excluded=tuple(line.strip() for line in form.text("excluded").splitlines() if line.strip()),
    )
    problems = _by_field(form_problems(sent))
    if not is_number:
        problems["experience_years"] = _text(invalid_experience())
    if employment not in set(Employment):
        problems["employment"] = EMPLOYMENT_MISSING
    return sent, {name: problems[name] for name in ORDER if name in problems}


def _years(text: str) -> tuple[int | None, bool]:
    """Whole years, and whether they are a number at all. Full-width digits are digits."""
    if not text:
        return None, True
    if not re.fullmatch(r"\d{1,3}", text):
        return None, False
    years = int(text)
    return (years, True) if years <= EXPERIENCE_YEARS_MAX else (None, False)


def _by_field(problems: Sequence[InvalidInput]) -> dict[str, Text]:
    found: dict[str, Text] = {}
    for problem in problems:
        path = problem.path[0]
        found.setdefault(FIELD_OF_PATH.get(path, path), _text(problem))
    return found


def _text(problem: InvalidInput) -> Text:
    return Text(problem.message("ja"), problem.message("en"))
