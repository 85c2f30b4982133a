"""The stage of a selection 選考段階 at which a person was turned down."""

import re

from models.vocabulary.text import Text, vocabulary_key

REJECTION_STAGES = {
    "DOCUMENT_SCREENING": Text("書類選考", "Document screening"),
    "FIRST_INTERVIEW": Text("一次面接", "First interview"),
    "LATER_INTERVIEW": Text("二次以降の面接", "Later interview"),
    "FINAL_INTERVIEW": Text("最終面接", "Final interview"),
    "OTHER": Text("その他", "Other"),
}
"""The names of the stages by code, in the order of a selection."""

_WORDS = (
    (
        "DOCUMENT_SCREENING",
        (
            r"書類(選考|審査|落ち|不合格|通過)?|応募書類|document( screening| review)?|"
            r"(resume|cv|paper) (screening|review)|screening"
        ),
    ),
    ("FINAL_INTERVIEW", r"(最終|役員|社長)(面接|面談|選考)|最終|(final|last)( interview| round)?"),
    (
        "FIRST_INTERVIEW",
        r"(一|1|初)次?回?(面接|面談|選考)|(first|1st)( interview| round)?|interview 1",
    ),
    (
        "LATER_INTERVIEW",
        (
            r"([二三四五2-5])次?回?(面接|面談|選考)|二次以降の?(面接|選考)|"
            r"(second|third|fourth|later|2nd|3rd|4th)( interview| round)?|interview [2-5]"
        ),
    ),
    (
        "OTHER",
        (
            r"その他|他|other|適性検査|適性試験|筆記(試験|選考|テスト)?|spi|webテスト|"
            r"グループ(ディスカッション|面接|ワーク)|集団面接|gd|実技(試験|選考)?|コーディング(試験|テスト)|"
            r"課題(選考)?|カジュアル面談|説明会|オファー面談|内定後|"
            r"coding test|aptitude test|written test"
        ),
    ),
)

_PATTERNS = tuple((code, re.compile(words)) for code, words in _WORDS)


def find_rejection_stage(text: str) -> str | None:
    """The code of a stage named by its code or by a usual word (1次面接, 最終選考), else None."""
    key = vocabulary_key(text)
    code = key.upper().replace(" ", "_")
    if code in REJECTION_STAGES:
        return code
    for code, pattern in _PATTERNS:
        if pattern.fullmatch(key):
            return code
    return next((code for code, name in REJECTION_STAGES.items() if key == name.ja), None)
