"""Invented people: what they would have sent with the form."""

from __future__ import annotations

import random
from typing import Any

import orjson

from models.vocabulary.job_categories import JOB_CATEGORIES
from models.vocabulary.prefectures import PREFECTURES
from models.vocabulary.skills import SKILLS


def words(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())


_FAMILY = words(
    "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 "
    "木村 林 斎藤 清水 山崎 森 池田 橋本 阿部 石川 山下 中島 石井 小川 前田 岡田 長谷川 "
    "藤田 後藤 近藤 村上 遠藤 青木 坂本"
)
_GIVEN = words(
    "陽菜 結衣 美咲 葵 さくら 七海 彩花 優子 真由美 恵 直子 千尋 美穂 由美子 遥 凛 大翔 "
    "蓮 湊 翔太 健太 大輔 拓也 直樹 誠 学 亮 隆 和也 剛 修 浩二 達也 悠斗 陸 颯太 樹 智也 "
    "光 薫"
)
_EMPLOYERS = words("青空製作所 みどり商店 北斗運輸 南風堂 ひばり工業 つばめ電機 やまびこ書店")
_WISHES = (
    "通勤は1時間以内を希望します。",
    "在宅勤務のできる職場を希望します。",
    "これまでの経験を生かせる仕事を探しています。",
    "残業の少ない職場を希望します。",
    "若手の育成にも携わりたいです。",
    None,
)
_CATEGORIES = tuple(JOB_CATEGORIES)
_PREFECTURES = tuple(PREFECTURES)
_PREFECTURE_WEIGHTS = tuple(
    {"13": 14.0, "14": 9.0, "27": 9.0, "23": 7.5, "11": 7.0, "12": 6.0}.get(code, 1.2)
    for code in _PREFECTURES
)
_SKILLS = tuple(SKILLS)
_SKILLS_OF = {
    category: tuple(code for code, skill in SKILLS.items() if category in skill.categories)
    or _SKILLS
    for category in _CATEGORIES
}


def email_of(number: int) -> str:
    """The address of the so-manieth person of a load, as it is compared too."""
    return f"candidate.{number}@example.jp"


def phone_of(number: int) -> str:
    """The telephone number of the so-manieth person of a load, as it is compared too."""
    return f"080{number:08d}"


def documents(rng: random.Random, number: int) -> dict[str, Any]:
    """What is sealed of a person."""
    employer = rng.choice(_EMPLOYERS) if rng.random() < 0.5 else None
    return {
        "name": f"{rng.choice(_FAMILY)} {rng.choice(_GIVEN)}",
        "email": email_of(number),
        "phone": phone_of(number) if rng.random() < 0.7 else None,
        "wishes": rng.choice(_WISHES),
        "employer": employer,
    }


def work_columns(rng: random.Random) -> tuple[str, int, str, str, str]:
    """Category, years, prefecture, desired prefectures and skills; lists as JSON."""
    category = rng.choice(_CATEGORIES)
    home = rng.choices(_PREFECTURES, _PREFECTURE_WEIGHTS)[0]
    desired = sorted({home, rng.choice(_PREFECTURES)})
    skills = sorted(set(rng.choices(_SKILLS_OF[category], k=3)))
    years = min(40, int(rng.expovariate(0.12)))
    return category, years, home, as_json(desired), as_json(skills)


def as_json(value: Any) -> str:
    """The value as JSON text."""
    return orjson.dumps(value).decode()
