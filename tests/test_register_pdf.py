"""A register on paper: no day, number or word is broken, whatever else the columns hold."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from models.rules.registers import COLUMNS, TITLES, Register
from tasuki.register_pdf import Sheet, write_pdf

DAY, NUMBER, YEN = "2024-11-25", "1234567890123", "10000000"
WORDS = {"ja": ("株式会社みなと生活", "営業"), "en": ("Minato Seikatsu Manufacturing", "Sales")}


def printed(register: Register, locale: str, rows: list[list[str]]) -> str:
    header = [column.in_(locale) for column in COLUMNS[register]]
    sheet = Sheet(TITLES[register].in_(locale), "2024", "Agency", header, "page {n}")
    reader = PdfReader(io.BytesIO(write_pdf(sheet, rows)))
    return "\n".join(page.extract_text() for page in reader.pages)


def row_of(register: Register, locale: str) -> list[str]:
    """Days wherever there can be days, and every other column empty or with what it holds."""
    name, category = WORDS[locale]
    found = []
    for column in COLUMNS[register]:
        if column.en.endswith((" on", " until")):
            found.append(DAY)
        elif column.en == "Corporate number":
            found.append(NUMBER)
        elif column.en.endswith("(yen)"):
            found.append(YEN)
        elif column.en == "Job category":
            found.append(category)
        else:
            found.append(name if column.en in ("Company", "Provider", "Recipient") else "")
    return found


@pytest.mark.parametrize("locale", ["ja", "en"])
@pytest.mark.parametrize("register", Register)
def test_no_day_number_or_word_is_broken(register: Register, locale: str) -> None:
    row = row_of(register, locale)
    assert DAY in row
    lines = [line.strip() for line in printed(register, locale, [row] * 3).splitlines()]
    for token in (DAY, NUMBER, YEN):
        assert lines.count(token) == 3 * row.count(token), token
    if locale == "en":
        for word in " ".join(column.en for column in COLUMNS[register]).split():
            assert any(word in line.split() for line in lines), word


def test_a_records_number_is_broken_after_its_hyphens_only() -> None:
    number = "12345678-9abc-4def-8123-456789abcdef"
    row = [number, DAY, NUMBER, *["long words of all kinds " * 12] * 8]
    text = printed(Register.RECEIPT, "en", [row])
    assert number in text.replace("\n", "")
    printed_parts = {part for line in text.splitlines() for part in line.strip().split("-")}
    assert set(number.split("-")) <= printed_parts


def test_a_word_that_no_page_has_room_for_is_broken_and_nothing_is_lost() -> None:
    word = "x" * 300
    row = [word] * len(COLUMNS[Register.FEES])
    text = printed(Register.FEES, "ja", [row])
    assert text.count("x") >= 300


def test_japanese_is_broken_anywhere_but_before_a_full_stop_or_behind_a_bracket() -> None:
    cell = "お名前、メールアドレス、電話番号（自宅）、希望条件、職種、経験年数。" * 6
    row = [cell] * len(COLUMNS[Register.RECEIPT])
    lines = [line.strip() for line in printed(Register.RECEIPT, "ja", [row]).splitlines()]
    assert not [line for line in lines if line.startswith(("、", "。", "）"))]
    assert not [line for line in lines if line.endswith("（") and "電話" in line]
    assert sum("電話" in line for line in lines) > 1
