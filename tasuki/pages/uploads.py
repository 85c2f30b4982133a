"""A file that a form sends: bounded, kept in memory, gone with the request."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from typing import Any

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from models.errors import InvalidInput
from models.rules.json_resume import FILE_BYTES_MAX, FormValues, read_json_resume
from models.vocabulary.text import Text
from tasuki.pages.web import BAD_FORM, FOREIGN_FORM, Form, Refused, Site, Visit, is_own, read_body

UPLOAD_TYPE = "multipart/form-data"
UPLOAD_BYTES_MAX = FILE_BYTES_MAX + 64 * 1024
"""A file that is a little too large is refused beside the form, with its values kept."""
FIELDS_MAX = 10
FIELD_BYTES_MAX = 4_096

FILE_TOO_LARGE = Refused(
    413,
    Text("ファイルが大きすぎます", "The file is too large"),
    Text(
        f"{FILE_BYTES_MAX // 1024} KB以内のファイルを選んでください。何も保存されていません。",
        f"Choose a file of at most {FILE_BYTES_MAX // 1024} kB. Nothing was saved.",
    ),
)


async def read_upload(site: Site, request: Request) -> Form:
    """The form of a POST from a page of ours that carries a file. Raises `Refused`."""
    if not is_own(site, request):
        raise FOREIGN_FORM
    body = await read_body(request, UPLOAD_BYTES_MAX, FILE_TOO_LARGE)
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != UPLOAD_TYPE:
        raise BAD_FORM

    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    parser = MultiPartParser(
        request.headers,
        stream(),
        max_files=1,
        max_fields=FIELDS_MAX,
        max_part_size=FIELD_BYTES_MAX,
    )
    try:
        sent = await parser.parse()
    except (MultiPartException, ValueError):
        raise BAD_FORM from None
    return await _form_of(sent.multi_items())


async def _form_of(items: list[tuple[str, Any]]) -> Form:
    fields: dict[str, list[str]] = {}
    files: dict[str, bytes] = {}
    for name, value in items:
        if isinstance(value, UploadFile):
            files[name] = await value.read()
            await value.close()
        else:
            fields.setdefault(name, []).append(value)
    return Form(fields, files)


def read_resume(visit: Visit) -> tuple[Form | None, Text | None]:
    """The form that the uploaded JSON Resume fills, or why there is none."""
    try:
        found = read_json_resume(visit.form.file("resume"), visit.site.database.clock().date())
    except InvalidInput as refused:
        return None, Text(refused.message("ja"), refused.message("en"))
    return Form(fields_of(found)), None


def fields_of(values: FormValues) -> Mapping[str, list[str]]:
    """The values that a file has, as the fields of our forms."""
    single = {
        "name": values.name,
        "email": values.email,
        "phone": values.phone,
        "category": values.category,
        "experience_years": values.experience_years,
        "prefecture": values.prefecture,
    }
    fields = {name: [str(value)] for name, value in single.items() if value is not None}
    several = {"skills": values.skills, "desired_prefectures": values.desired_prefectures}
    return fields | {name: list(codes) for name, codes in several.items() if codes}
