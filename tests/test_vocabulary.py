import csv
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vocabulary.industries import (
    DIVISIONS,
    INDUSTRIES,
    MAJOR_GROUPS,
    Industry,
    division_of,
    find_industry,
)
from models.vocabulary.job_categories import JOB_CATEGORIES, JobCategory, find_job_category
from models.vocabulary.prefectures import PREFECTURES, Prefecture, find_prefecture, prefecture_of
from models.vocabulary.rejection_stages import REJECTION_STAGES, find_rejection_stage
from models.vocabulary.skills import SKILLS, Skill, find_skill
from models.vocabulary.text import Text, vocabulary_key

JSIC_FILE = Path(__file__).parents[2] / "shared" / "data" / "jsic.csv"

# Where the extracted file cut an official name short or lost a capital.
CORRECTED_NAMES_EN = {
    "G": ("Information and", "Information and communications"),
    "96": (
        "Foreign governments and international agencies in japan",
        "Foreign governments and international agencies in Japan",
    ),
}


def test_a_text_is_japanese_unless_english_is_asked_for() -> None:
    text = Text(ja="企業", en="Company")
    assert [text.in_(locale) for locale in ("ja", "en", "fr", "")] == [
        "企業",
        "Company",
        "企業",
        "企業",
    ]


@given(st.text())
def test_a_vocabulary_key_has_one_line_without_outer_space(text: str) -> None:
    key = vocabulary_key(text)
    assert key == key.strip()
    assert re.search(r"\s\s|\n", key) is None


def test_the_industries_are_20_divisions_and_99_major_groups() -> None:
    assert list(DIVISIONS) == [chr(letter) for letter in range(ord("A"), ord("T") + 1)]
    assert list(MAJOR_GROUPS) == [f"{number:02}" for number in range(1, 100)]
    assert {group.parent for group in MAJOR_GROUPS.values()} == set(DIVISIONS)


@pytest.mark.skipif(not JSIC_FILE.exists(), reason="the shared data folder is absent")
def test_the_industries_are_those_of_the_official_list() -> None:
    with JSIC_FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    expected = {}
    for row in rows:
        cut, name_en = CORRECTED_NAMES_EN.get(row["code"], (row["name_en"], row["name_en"]))
        assert row["name_en"] == cut
        name = Text(row["name"], name_en)
        expected[row["code"]] = Industry(row["code"], row["parent"] or None, name)
    assert expected == INDUSTRIES


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("G", "G"),
        ("ｇ", "G"),
        ("39", "39"),
        ("9", "09"),
        ("情報サービス業", "39"),
        ("Information services", "39"),
        ("分類不能の産業", "T"),
        ("情報・通信業", None),
        ("100", None),
        ("", None),
    ],
)
def test_an_industry_is_found_by_code_or_exact_name(text: str, code: str | None) -> None:
    assert find_industry(text) == code


def test_the_division_of_a_major_group_is_its_parent() -> None:
    assert (division_of("39"), division_of("G")) == ("G", "G")
    with pytest.raises(KeyError):
        division_of("00")


def test_the_prefectures_are_47_in_the_order_of_their_codes() -> None:
    assert list(PREFECTURES) == [f"{number:02}" for number in range(1, 48)]
    assert PREFECTURES["13"].name == Text("東京都", "Tokyo")
    assert len({p.name.ja for p in PREFECTURES.values()}) == 47
    assert len({p.name.en for p in PREFECTURES.values()}) == 47


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("東京都港区東新橋１丁目５ー２", "13"),
        ("京都府京都市中京区", "26"),
        ("北海道札幌市中央区", "01"),
        ("〒６５０－０００１ 兵庫県神戸市中央区", "28"),
        ("文京区後楽二丁目２番８号", None),
        ("京都市中京区", None),
        ("大阪市北区", None),
        ("港区（東京都）", None),
        ("", None),
    ],
)
def test_a_prefecture_is_read_only_where_the_address_names_it(
    address: str, code: str | None
) -> None:
    assert prefecture_of(address) == code


@pytest.mark.parametrize("prefecture", PREFECTURES.values())
def test_a_prefecture_is_found_by_code_and_by_either_name(prefecture: Prefecture) -> None:
    ja, en = prefecture.name
    found = {find_prefecture(text) for text in (prefecture.code, ja, en, en.upper())}
    assert found == {prefecture.code}


@pytest.mark.parametrize(
    ("text", "code"),
    [("東京", "13"), ("京都", "26"), ("１", "01"), ("北海", None), ("48", None)],
)
def test_a_prefecture_is_found_without_its_suffix(text: str, code: str | None) -> None:
    assert find_prefecture(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("営業", "SALES"),
        ("事務", "OFFICE_WORK"),
        ("経理", "ACCOUNTING"),
        ("人事", "HUMAN_RESOURCES"),
        ("ｴﾝｼﾞﾆｱ", "SOFTWARE_ENGINEERING"),
        ("software engineer", "SOFTWARE_ENGINEERING"),
        ("製造", "MANUFACTURING"),
        ("施工管理", "CONSTRUCTION_MANAGEMENT"),
        ("看護師", "NURSING"),
        ("介護", "CARE_WORK"),
        ("販売", "RETAIL"),
        ("飲食", "FOOD_SERVICE"),
        ("物流", "LOGISTICS"),
        ("デザイン", "DESIGN"),
        ("企画", "PLANNING"),
        ("マーケティング", "MARKETING"),
        ("研究開発", "RESEARCH_AND_DEVELOPMENT"),
        ("品質管理", "QUALITY_CONTROL"),
        ("カスタマーサポート", "CUSTOMER_SUPPORT"),
        ("法務", "LEGAL"),
        ("コンサルタント", "CONSULTING"),
        ("教育", "EDUCATION"),
        ("宇宙飛行士", None),
    ],
)
def test_a_job_category_is_found_by_the_usual_words(text: str, code: str | None) -> None:
    assert find_job_category(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ｐｙｔｈｏｎ", "PYTHON"),
        ("Ｃ＋＋", "CPP"),
        ("C", "C"),
        ("エクセル", "EXCEL"),
        (" Amazon  Web Services ", "AWS"),
        ("TOEIC", "ENGLISH_BUSINESS"),
        ("簿記2級", "BOOKKEEPING_2"),
        ("ﾌｫｰｸﾘﾌﾄ", "FORKLIFT"),
        ("念力", None),
        ("", None),
    ],
)
def test_a_skill_is_found_by_name_and_synonym(text: str, code: str | None) -> None:
    assert find_skill(text) == code


@pytest.mark.parametrize("vocabulary", [JOB_CATEGORIES, SKILLS])
def test_no_word_means_two_things(
    vocabulary: Mapping[str, JobCategory | Skill],
) -> None:
    meanings: dict[str, str] = {}
    for code, entry in vocabulary.items():
        words = (code, *entry.name, *entry.synonyms)
        for key in {vocabulary_key(word) for word in words}:
            assert meanings.setdefault(key, code) == code


def test_codes_are_capitals_and_every_entry_has_both_names() -> None:
    entries: list[tuple[str, JobCategory | Skill]] = [*JOB_CATEGORIES.items(), *SKILLS.items()]
    for code, entry in entries:
        assert re.fullmatch(r"[A-Z][A-Z0-9_]*", code)
        assert entry.code == code
        assert all(entry.name)
        assert all(entry.synonyms)
        assert vocabulary_key(entry.name.en).isascii()


def test_skills_hint_at_job_categories_that_exist() -> None:
    assert {c for skill in SKILLS.values() for c in skill.categories} <= set(JOB_CATEGORIES)
    assert len(SKILLS) >= 150


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("書類選考", "DOCUMENT_SCREENING"),
        ("書類", "DOCUMENT_SCREENING"),
        ("document screening", "DOCUMENT_SCREENING"),
        ("DOCUMENT_SCREENING", "DOCUMENT_SCREENING"),
        ("一次面接", "FIRST_INTERVIEW"),
        ("１次面接", "FIRST_INTERVIEW"),
        ("一次選考", "FIRST_INTERVIEW"),
        ("First interview", "FIRST_INTERVIEW"),
        ("二次面接", "LATER_INTERVIEW"),
        ("３次面接", "LATER_INTERVIEW"),
        ("二次以降の面接", "LATER_INTERVIEW"),
        ("最終面接", "FINAL_INTERVIEW"),
        ("役員面接", "FINAL_INTERVIEW"),
        ("ＳＰＩ", "OTHER"),
        ("適性検査", "OTHER"),
        ("その他", "OTHER"),
        ("雨天中止", None),
        ("", None),
    ],
)
def test_a_stage_is_recognised_by_the_usual_words(text: str, code: str | None) -> None:
    assert find_rejection_stage(text) == code


@pytest.mark.parametrize("code", REJECTION_STAGES)
def test_a_stage_is_recognised_by_its_own_names(code: str) -> None:
    name = REJECTION_STAGES[code]
    assert [find_rejection_stage(text) for text in (code, name.ja, name.en)] == [code] * 3
