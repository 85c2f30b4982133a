"""What a candidate sends with a form, checked before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from models.errors import InvalidInput
from models.rules.addresses import AddressRefused, check_email, normalise_email, normalise_phone
from models.rules.bounds import line_problems, text_problems
from models.rules.sharing import Employment, Purpose
from models.vocabulary.job_categories import JOB_CATEGORIES
from models.vocabulary.prefectures import PREFECTURES
from models.vocabulary.skills import SKILLS

NAME_LENGTH_MAX = 100
PHONE_LENGTH_MAX = 30
WISHES_LENGTH_MAX = 1_000
EMPLOYER_LENGTH_MAX = 200
EXPERIENCE_YEARS_MAX = 60
SKILLS_MAX = 30
EXCLUDED_MAX = 10


class Details(Protocol):
    """What people say of themselves, in the registration form and when they correct it."""

    @property
    def name(self) -> str: ...
    @property
    def phone(self) -> str | None: ...
    @property
    def category(self) -> str | None: ...
    @property
    def experience_years(self) -> int | None: ...
    @property
    def skills(self) -> tuple[str, ...]: ...
    @property
    def wishes(self) -> str | None: ...
    @property
    def prefecture(self) -> str | None: ...
    @property
    def desired_prefectures(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class OwnDetails:
    """What a registered candidate can correct: everything but the address."""

    name: str
    phone: str | None
    category: str | None
    experience_years: int | None
    skills: tuple[str, ...]
    wishes: str | None
    prefecture: str | None
    desired_prefectures: tuple[str, ...]

    @property
    def phone_key(self) -> str | None:
        """The telephone number as it is compared."""
        return normalise_phone(self.phone) if self.phone else None


@dataclass(frozen=True, slots=True)
class RegistrationForm:
    """The short form. ``employer`` is named exactly where ``employment`` is ``EMPLOYED``."""

    name: str
    email: str
    phone: str | None
    category: str | None
    experience_years: int | None
    skills: tuple[str, ...]
    wishes: str | None
    prefecture: str | None
    desired_prefectures: tuple[str, ...]
    employment: Employment
    employer: str | None
    purposes: frozenset[Purpose]
    without_asking: bool = False
    """Whether partners may know who it is without a question each time."""
    locale: str = "ja"
    excluded: tuple[str, ...] = field(default=())
    """Names of organizations that the candidate does not want to be shown to."""

    @property
    def email_key(self) -> str:
        """The address as it is compared."""
        return normalise_email(self.email)

    @property
    def phone_key(self) -> str | None:
        """The telephone number as it is compared."""
        return normalise_phone(self.phone) if self.phone else None


def check_form(form: RegistrationForm) -> None:
    """Raise `InvalidInput` for the first field that is outside its bounds."""
    for problem in form_problems(form):
        raise problem


def check_details(details: Details) -> None:
    """Raise `InvalidInput` for the first detail that is outside its bounds."""
    for problem in details_problems(details):
        raise problem


def details_problems(details: Details) -> list[InvalidInput]:
    """Every detail that is outside its bounds, in the order of the form, each with its reason."""
    found = (*_name_problems(details), _phone_problem(details), *_work_problems(details))
    return [problem for problem in found if problem is not None]


def form_problems(form: RegistrationForm) -> list[InvalidInput]:
    """Every field that is outside its bounds, in the order of the form, each with its reason."""
    contact = (*_name_problems(form), _email_problem(form), _phone_problem(form))
    found = (*contact, *_work_problems(form), *_sharing_problems(form))
    return [problem for problem in found if problem is not None]


def _name_problems(form: Details) -> Iterator[InvalidInput | None]:
    name = form.name.strip()
    if not 1 <= len(name) <= NAME_LENGTH_MAX:
        yield _invalid(
            "name",
            f"お名前を1〜{NAME_LENGTH_MAX}文字で入力してください。",
            f"Give your name in 1 to {NAME_LENGTH_MAX} characters.",
        )
    yield from line_problems("name", name)


def _email_problem(form: RegistrationForm) -> InvalidInput | None:
    try:
        check_email(form.email)
    except AddressRefused as refused:
        return _invalid("email", refused.reason.ja, refused.reason.en)
    return None


def _phone_problem(form: Details) -> InvalidInput | None:
    phone = form.phone
    if not phone or (len(phone) <= PHONE_LENGTH_MAX and normalise_phone(phone) is not None):
        return None
    return _invalid(
        "phone",
        "電話番号は市外局番から、数字とハイフンで入力してください。",
        "Give the whole telephone number, in digits and hyphens.",
    )


def _work_problems(form: Details) -> Iterator[InvalidInput | None]:
    if form.category is not None and form.category not in JOB_CATEGORIES:
        yield _invalid(
            "category", "職種を一覧から選んでください。", "Choose a job category from the list."
        )
    if form.experience_years is not None and not 0 <= form.experience_years <= EXPERIENCE_YEARS_MAX:
        yield invalid_experience()
    if len(form.skills) > SKILLS_MAX or any(skill not in SKILLS for skill in form.skills):
        yield _invalid(
            "skills",
            f"スキルは一覧から{SKILLS_MAX}個まで選んでください。",
            f"Choose at most {SKILLS_MAX} skills from the list.",
        )
    yield _too_long("wishes", form.wishes, WISHES_LENGTH_MAX)
    yield from text_problems("wishes", form.wishes)
    if form.prefecture is not None and form.prefecture not in PREFECTURES:
        yield _invalid(
            "prefecture", "都道府県を一覧から選んでください。", "Choose a prefecture from the list."
        )
    desired = form.desired_prefectures
    if len(desired) > len(PREFECTURES) or any(place not in PREFECTURES for place in desired):
        yield _invalid(
            "desiredPrefectures",
            "希望勤務地を一覧から選んでください。",
            "Choose the places you want to work from the list.",
        )


def _sharing_problems(form: RegistrationForm) -> Iterator[InvalidInput | None]:
    if (form.employment is Employment.EMPLOYED) != bool(form.employer and form.employer.strip()):
        yield _invalid(
            "employer",
            "現在の勤務先を入力するか、「勤務先なし」を選んでください。",
            "Name your present employer, or say that you have none.",
        )
    yield _too_long("employer", form.employer, EMPLOYER_LENGTH_MAX)
    yield from line_problems("employer", form.employer)
    if len(form.excluded) > EXCLUDED_MAX or any(
        len(name) > EMPLOYER_LENGTH_MAX for name in form.excluded
    ):
        yield _invalid(
            "excluded",
            f"知らせたくない企業は{EXCLUDED_MAX}社まで、"
            f"1行に1社、{EMPLOYER_LENGTH_MAX}文字以内で入力してください。",
            f"Name at most {EXCLUDED_MAX} companies, one a line, each in at most "
            f"{EMPLOYER_LENGTH_MAX} characters.",
        )
    yield from line_problems("excluded", *form.excluded)
    if Purpose.AGENCY_SUPPORT not in form.purposes:
        yield _invalid(
            "purposes",
            "人材紹介会社による支援への同意がないと登録できません。",
            "Without consent to the agency's support, registering is not possible.",
        )
    yield _unasked(form.purposes)
    if form.without_asking and Purpose.PARTNER_SHARING not in form.purposes:
        yield _invalid(
            "withoutAsking",
            "そのつど確認しないことを選ぶ場合は、提携企業への公開にも同意してください。",
            "To be known without being asked, agree to be seen by partner companies too.",
        )


def _unasked(purposes: frozenset[Purpose]) -> InvalidInput | None:
    if Purpose.INTRODUCTION not in purposes:
        return None
    return _invalid(
        "purposes",
        "紹介への同意は、紹介のたびに個別にいただきます。",
        "Consent to an introduction is given for each introduction, not with the form.",
    )


def invalid_experience() -> InvalidInput:
    """The refusal of years that are no number or outside their bounds."""
    return _invalid(
        "experienceYears",
        f"経験年数は0から{EXPERIENCE_YEARS_MAX}の整数で入力してください。",
        f"Give the years of experience as a whole number from 0 to {EXPERIENCE_YEARS_MAX}.",
    )


def _too_long(path: str, text: str | None, longest: int) -> InvalidInput | None:
    if text is None or len(text) <= longest:
        return None
    return _invalid(
        path, f"{longest}文字以内で入力してください。", f"Use at most {longest} characters."
    )


def _invalid(path: str, ja: str, en: str) -> InvalidInput:
    return InvalidInput(path, ja=ja, en=en)
