"""What a candidate sends with the form, checked before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, field

from models.errors import InvalidInput
from models.rules.addresses import check_email, normalise_email, normalise_phone
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
    """Raise `InvalidInput` at the first field that is outside its bounds."""
    _check_text(form)
    _check_vocabulary(form)
    if form.experience_years is not None and not 0 <= form.experience_years <= EXPERIENCE_YEARS_MAX:
        raise _invalid(
            "experienceYears",
            f"経験年数は0から{EXPERIENCE_YEARS_MAX}の整数で入力してください。",
            f"Give the years of experience as a whole number from 0 to {EXPERIENCE_YEARS_MAX}.",
        )
    if (form.employment is Employment.EMPLOYED) != bool(form.employer and form.employer.strip()):
        raise _invalid(
            "employer",
            "現在の勤務先を入力するか、「勤務先なし」を選んでください。",
            "Name your present employer, or say that you have none.",
        )
    if Purpose.AGENCY_SUPPORT not in form.purposes:
        raise _invalid(
            "purposes",
            "人材紹介会社による支援への同意がないと登録できません。",
            "Without consent to the agency's support, registering is not possible.",
        )


def _check_text(form: RegistrationForm) -> None:
    if not 1 <= len(form.name.strip()) <= NAME_LENGTH_MAX:
        raise _invalid(
            "name",
            f"お名前を1〜{NAME_LENGTH_MAX}文字で入力してください。",
            f"Give your name in 1 to {NAME_LENGTH_MAX} characters.",
        )
    try:
        check_email(form.email)
    except ValueError:
        raise _invalid(
            "email",
            "メールアドレスの形式をご確認ください。",
            "Check the form of the mail address.",
        ) from None
    if form.phone and (len(form.phone) > PHONE_LENGTH_MAX or normalise_phone(form.phone) is None):
        raise _invalid(
            "phone",
            "電話番号は数字とハイフンで入力してください。",
            "Give the telephone number in digits and hyphens.",
        )
    for name, text, longest in (
        ("wishes", form.wishes, WISHES_LENGTH_MAX),
        ("employer", form.employer, EMPLOYER_LENGTH_MAX),
    ):
        if text and len(text) > longest:
            raise _invalid(
                name,
                f"{longest}文字以内で入力してください。",
                f"Use at most {longest} characters.",
            )


def _check_vocabulary(form: RegistrationForm) -> None:
    if form.category is not None and form.category not in JOB_CATEGORIES:
        raise _invalid(
            "category", "職種を一覧から選んでください。", "Choose a job category from the list."
        )
    places = (form.prefecture, *form.desired_prefectures)
    if any(p is not None and p not in PREFECTURES for p in places) or len(places) > 48:
        raise _invalid(
            "prefecture", "都道府県を一覧から選んでください。", "Choose prefectures from the list."
        )
    if len(form.skills) > SKILLS_MAX or any(skill not in SKILLS for skill in form.skills):
        raise _invalid(
            "skills",
            f"スキルは一覧から{SKILLS_MAX}個まで選んでください。",
            f"Choose at most {SKILLS_MAX} skills from the list.",
        )


def _invalid(path: str, ja: str, en: str) -> InvalidInput:
    return InvalidInput(path, ja=ja, en=en)
