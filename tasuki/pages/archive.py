"""Everything that is held about a candidate, as files to take along."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from uuid import UUID

import orjson

from models.reads.candidate_pages import OWN_ROWS_MAX
from models.reads.own_data import OwnData
from models.rules.json_resume import write_json_resume
from models.vocabulary.text import Text

README = f"""\
data.json    お預かりしている情報のすべてです。入力内容、登録、支援、紹介、採用、同意、
             提供の記録、削除の依頼、知らせない企業、申出、アンケート、サインイン、削除後に残るもの。
             各一覧は新しいものから{OWN_ROWS_MAX}件まで、日時は協定世界時（UTC）です。
resume.json  職務経歴の標準形式 JSON Resume（https://jsonresume.org/）です。
             ほかのサービスや、この登録フォームで読み取れます。
人材紹介会社が支援のために独自に書いたメモは、その会社にお尋ねください。

data.json    everything that is held about you: what you entered, registrations, support,
             introductions, hires, consents, records of what was provided to whom, who was
             asked to delete it, who you are not shown to, requests, questions by mail,
             sign-ins, and what an erasure would leave.
             Each list holds the newest {OWN_ROWS_MAX}; times are in UTC.
resume.json  a JSON Resume (https://jsonresume.org/), which other services can read, and
             this registration form too.
An agency's own notes about its support are for that agency to show: please ask it.
"""


def resume_file(own: OwnData, locale: str) -> bytes:
    """A JSON Resume."""
    return orjson.dumps(write_json_resume(own.values, locale), option=orjson.OPT_INDENT_2)


def data_file(own: OwnData) -> bytes:
    """All that is held, with organizations by their names in both languages."""
    return orjson.dumps(_document(own), default=_plain, option=orjson.OPT_INDENT_2)


def archive(own: OwnData, locale: str) -> bytes:
    """The files, packed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, content in (
            ("data.json", data_file(own)),
            ("resume.json", resume_file(own, locale)),
            ("README.txt", README.encode()),
        ):
            entry = zipfile.ZipInfo(name, date_time=own.read_at.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            folder.writestr(entry, content)
    return packed.getvalue()


def _document(own: OwnData) -> dict[str, Any]:
    status = own.status
    return {
        "written_at": own.read_at,
        "consortium": status.consortium,
        "entered": {
            "name": status.name,
            "email": status.email,
            "phone": status.phone,
            "wishes": status.wishes,
            "category": status.category,
            "experience_years": status.experience_years,
            "skills": status.skills,
            "prefecture": status.prefecture,
            "desired_prefectures": status.desired_prefectures,
            "employment": status.employment,
            "employer": status.employer,
        },
        "first_registered_at": own.created_at,
        "last_active_at": own.last_active_at,
        "registrations": own.registrations,
        "support": own.cases,
        "introductions": status.introductions,
        "hires": own.hires,
        "consents": status.consents,
        "provided": status.disclosures,
        "to_be_deleted_by": status.deletions,
        "not_shown_to": status.exclusions,
        "not_shown_to_names": status.blocked_names,
        "requests": own.requests,
        "told_that_the_record_goes": own.notices,
        "asked_by_mail": own.surveys,
        "declines_to_be_asked": own.declines_surveys,
        "signed_in_at": own.signed_in_at,
        "kept_after_an_erasure_today": own.kept,
    }


def _plain(value: object) -> Any:
    """What the encoder asks about: a text in two languages, and a driver's own kind of id."""
    if isinstance(value, Text):
        return value._asdict()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(type(value).__name__)
