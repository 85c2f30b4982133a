"""The registration form, and the form that corrects it, as a browser sends them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from models.errors import InvalidInput
from models.rules.registration_form import (
    EXPERIENCE_YEARS_MAX,
    OwnDetails,
    RegistrationForm,
    details_problems,
    form_problems,
    invalid_experience,
)
from models.rules.sharing import Employment, Purpose
from models.vocabulary.job_categories import JOB_CATEGORIES
from models.vocabulary.prefectures import PREFECTURES
from models.vocabulary.skill_list import SKILL_GROUPS
from models.vocabulary.skills import SKILLS
from models.vocabulary.text import Text
from tasuki.pages.web import Form

FIELD_OF_PATH: Mapping[str, str] = {
    "experienceYears": "experience_years",
    "desiredPrefectures": "desired_prefectures",
    "purposes": "consent",
    "withoutAsking": "without_asking",
}
"""Where the name in the page differs from the path of a problem."""

ORDER = (
    *("name", "email", "phone", "category", "experience_years", "skills", "wishes", "prefecture"),
    *("desired_prefectures", "employment", "employer", "excluded", "consent", "without_asking"),
)
OTHER_SKILLS = Text("語学・全般", "Languages and general")


def skill_groups() -> list[tuple[Text, list[tuple[str, Text]]]]:
    """The skills in groups, each under the job category it belongs to."""
    return [
        (
            JOB_CATEGORIES[categories[0]].name if categories else OTHER_SKILLS,
            [(code, SKILLS[code].name) for code, *_ in group],
        )
        for categories, group in SKILL_GROUPS
    ]


CHOICES: Mapping[str, Any] = {
    "categories": list(JOB_CATEGORIES.values()),
    "prefectures": list(PREFECTURES.values()),
    "skill_groups": skill_groups(),
}
"""What the forms offer to choose from."""
EMPLOYMENT_MISSING = Text(
    "現在の勤務先の有無を選んでください。", "Say whether you have an employer at present."
)


def read_registration(form: Form, locale: str) -> tuple[RegistrationForm, dict[str, Text]]:
    """What was sent, and what is wrong with it: by field, in the order of the page."""
    details, is_number = _details(form)
    employment = form.text("employment")
    is_employed = employment == Employment.EMPLOYED
    sent = RegistrationForm(
        name=details.name,
        email=form.text("email"),
        phone=details.phone,
        category=details.category,
        experience_years=details.experience_years,
        skills=details.skills,
        wishes=details.wishes,
        prefecture=details.prefecture,
        desired_prefectures=details.desired_prefectures,
        employment=Employment.EMPLOYED if is_employed else Employment.NONE,
        employer=(form.text("employer") or None) if is_employed else None,
        purposes=frozenset(Purpose(one) for one in form.all("consent") if one in set(Purpose)),
        without_asking=form.text("without_asking") == "yes",
        locale=locale,
        excluded=tuple(line.strip() for line in form.text("excluded").splitlines() if line.strip()),
    )
    problems = _by_field(form_problems(sent), is_number=is_number)
    if employment not in set(Employment):
        problems["employment"] = EMPLOYMENT_MISSING
    return sent, _ordered(problems)


def read_details(form: Form) -> tuple[OwnDetails, dict[str, Text]]:
    """The corrected details, and what is wrong with them: by field, in the order of the page."""
    details, is_number = _details(form)
    return details, _ordered(_by_field(details_problems(details), is_number=is_number))


def _details(form: Form) -> tuple[OwnDetails, bool]:
    """What was sent of the person, and whether the years of experience are a number."""
    years, is_number = _years(form.text("experience_years"))
    details = OwnDetails(
        name=form.text("name"),
        phone=form.text("phone") or None,
        category=form.text("category") or None,
        experience_years=years,
        skills=form.all("skills"),
        wishes=form.text("wishes") or None,
        prefecture=form.text("prefecture") or None,
        desired_prefectures=form.all("desired_prefectures"),
    )
    return details, is_number


def _years(text: str) -> tuple[int | None, bool]:
    """Whole years, and whether they are a number at all. Full-width digits are digits."""
    if not text:
        return None, True
    if not re.fullmatch(r"\d{1,3}", text):
        return None, False
    years = int(text)
    return (years, True) if years <= EXPERIENCE_YEARS_MAX else (None, False)


def _by_field(problems: Sequence[InvalidInput], *, is_number: bool) -> dict[str, Text]:
    found: dict[str, Text] = {}
    for problem in problems:
        path = problem.path[0]
        found.setdefault(FIELD_OF_PATH.get(path, path), _text(problem))
    if not is_number:
        found["experience_years"] = _text(invalid_experience())
    return found


def _ordered(problems: Mapping[str, Text]) -> dict[str, Text]:
    return {name: problems[name] for name in ORDER if name in problems}


def _text(problem: InvalidInput) -> Text:
    return Text(problem.message("ja"), problem.message("en"))
