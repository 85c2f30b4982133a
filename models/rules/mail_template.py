"""Rejection mails お祈りメール: the template a company writes, and the mail one person gets.

A template is plain text with places such as `{{name}}`. Values are put in literally and once: what
a value holds is never read as a place, as HTML or as a line of a mail's header.
"""

import re
from html import escape
from typing import Literal, NamedTuple

from models.rules.csv_files import is_plain_line, too_long
from models.rules.mail_html import bare_link, button, mail_page, paragraphs
from models.vocabulary.text import Text

SUBJECT_MAX_CHARS = 200
BODY_MAX_CHARS = 10_000
PLACEHOLDERS_MAX = 20
VALUE_MAX_CHARS = 200
URL_MAX_CHARS = 2_000

_NAMED_AT_MOST = 5
_NAMED_MAX_CHARS = 40

PLACEHOLDERS = {
    "name": Text("応募者の氏名", "The person's name"),
    "opening": Text("応募した求人", "The opening the person applied for"),
    "company": Text("会社名", "The company's name"),
    "link": Text("専用リンク", "The relay link"),
}
"""What can stand between double braces, and what it means."""

_PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")
# What is left of braces once the placeholders are out: a brace forgotten, or typed full-width.
_BROKEN_PLACEHOLDER = re.compile(
    r"[{｛]{2}|[}｝]{2}|[{｛]\s*(?:name|opening|company|link)\s*[}｝]", re.IGNORECASE
)
_URL = re.compile(r"https?://[^\s\"'<>\\^`{|}\x00-\x20\x7f-\U0010ffff]+")


class TemplateText(NamedTuple):
    """A template's words in one language; `clean_template` gives lines their one form."""

    subject: str
    body: str


class TemplateFault(NamedTuple):
    """What is wrong with a template: in which part, a stable code, and what can be done."""

    field: Literal["subject", "body"]
    code: str
    reason: Text


class MailValues(NamedTuple):
    """What goes into the places of one mail.

    `link` is the person's way in, `stop_link` a page where further mails of this kind can be
    declined, where there is one. Without an opening the mail speaks of the open position.
    """

    name: str
    opening: str | None
    company: str
    link: str
    stop_link: str | None = None


class RenderedMail(NamedTuple):
    """A mail: the subject on one line, and the same words as plain text and as an HTML page.

    ``calendar`` is a calendar file that goes with it.
    """

    subject: str
    text: str
    html: str
    calendar: str | None = None


DEFAULT_TEMPLATES = {
    "ja": TemplateText(
        subject="選考結果のご連絡（{{company}}）",
        body="""\
{{name}} 様

このたびは、{{company}}の{{opening}}にご応募いただき、また選考のために貴重なお時間をいただき、\
誠にありがとうございました。

慎重に検討いたしました結果、誠に残念ながら、今回はご希望に沿えないこととなりました。\
ご期待にお応えできず、申し訳ございません。

もし今もお仕事を探しておいででしたら、当社と協力関係にある人材紹介会社に登録し、\
ほかの企業の求人の紹介を受けていただくことができます。\
詳しい内容は、次のページでご確認ください。

{{link}}

登録の前に、お知らせしておきたいことがあります。

・登録するかどうかは、ご自身で自由にお決めください。費用はかからず、登録しなくても不利益はありません。
・登録によって、今回の選考結果が変わることはありません。
・このリンクから登録されると、当社の登録人数に加えられます。一定の人数に達すると、\
当社は紹介手数料なしで採用できる枠を得ます。
・どなたが登録されたかは、ご本人が同意された場合を除き、当社には知らされません。
・登録によって、就職や求人の紹介をお約束するものではありません。

末筆ながら、{{name}} 様の今後のご活躍を心よりお祈り申し上げます。

{{company}}
""",
    ),
    "en": TemplateText(
        subject="Your application to {{company}}",
        body="""\
Dear {{name}},

Thank you for applying for {{opening}} at {{company}}, and for the time you gave us.

We have considered your application with care. We are sorry to tell you that we will not be taking \
it further this time.

If you are still looking for work, you can register with a recruitment agency that we work with, \
which may introduce you to other companies. This page tells you more:

{{link}}

Before you decide, please know this:

- Registering is your free choice. It costs you nothing, and you lose nothing if you do not.
- Registering does not change the decision on your application.
- If you register through this link, you are added to the number of people who came through us. \
At a certain number we may hire one person without paying an introduction fee.
- We are not told who registered, unless you agree to it yourself.
- Registering does not promise you a job or an introduction.

We wish you every success.

{{company}}
""",
    ),
}
"""A template to begin with, by locale. It has no faults."""

_NO_OPENING = Text("求人", "the open position")
_BUTTON = Text("内容を確認する", "See what this is about")
_STOP = Text("今後このようなご案内を希望されない場合", "If you want no more mails like this one")
_PREVIEW_NAME = Text("山田 花子", "Hanako Yamada")
_PREVIEW_OPENING = Text("営業職（サンプル）", "Sales representative (sample)")


def _footer(company: str) -> Text:
    return Text(
        f"このメールは、{company}の依頼により、採用コンソーシアムの仕組み「Tasuki」からお送りしています。"
        "ご登録は任意です。",
        f"Sent on behalf of {company} by Tasuki, a platform on which companies hire together. "
        "Registering is voluntary.",
    )


def clean_template(subject: str, body: str) -> TemplateText:
    """The words as they are kept: no space around them, lines ended by a line feed."""
    lines = body.replace("\r\n", "\n").replace("\r", "\n").strip()
    return TemplateText(subject.strip(), lines + "\n" if lines else "")


def find_faults(template: TemplateText) -> list[TemplateFault]:
    """All that must be put right before mails can be made of a cleaned template; [] if nothing.

    Codes: SUBJECT_EMPTY, SUBJECT_TOO_LONG, SUBJECT_NOT_ONE_LINE, LINK_IN_SUBJECT, BODY_EMPTY,
    BODY_TOO_LONG, BODY_NOT_PLAIN, LINK_MISSING, LINK_REPEATED, and in either part
    UNKNOWN_PLACEHOLDER, BROKEN_PLACEHOLDER, TOO_MANY_PLACEHOLDERS.
    """
    return [*_subject_faults(template.subject), *_body_faults(template.body)]


def _subject_faults(subject: str) -> list[TemplateFault]:
    if len(subject) > SUBJECT_MAX_CHARS:
        return [TemplateFault("subject", "SUBJECT_TOO_LONG", too_long(SUBJECT_MAX_CHARS))]
    faults: list[TemplateFault] = []
    if not subject.strip():
        reason = Text("件名を書いてください。", "Write a subject.")
        faults.append(TemplateFault("subject", "SUBJECT_EMPTY", reason))
    if not is_plain_line(subject):
        reason = Text(
            "件名に改行や制御文字は使えません。",
            "A subject has no line breaks or control characters.",
        )
        faults.append(TemplateFault("subject", "SUBJECT_NOT_ONE_LINE", reason))
    if "link" in _places(subject):
        reason = Text(
            "{{link}} は件名に書けません。本文に書いてください。",
            "{{link}} cannot be in the subject. Put it in the body.",
        )
        faults.append(TemplateFault("subject", "LINK_IN_SUBJECT", reason))
    return faults + _placeholder_faults("subject", subject)


def _body_faults(body: str) -> list[TemplateFault]:
    if len(body) > BODY_MAX_CHARS:
        return [TemplateFault("body", "BODY_TOO_LONG", too_long(BODY_MAX_CHARS))]
    if not body.strip():
        return [
            TemplateFault("body", "BODY_EMPTY", Text("本文を書いてください。", "Write a body."))
        ]
    faults: list[TemplateFault] = []
    if not is_plain_line(body.replace("\n", "").replace("\t", "")):
        reason = Text("本文に制御文字は使えません。", "A body has no control characters.")
        faults.append(TemplateFault("body", "BODY_NOT_PLAIN", reason))
    links = _places(body).count("link")
    if links == 0:
        reason = Text("本文に {{link}} が必要です。", "The body needs {{link}}.")
        faults.append(TemplateFault("body", "LINK_MISSING", reason))
    if links > 1:
        reason = Text("{{link}} は一度だけ書いてください。", "Write {{link}} only once.")
        faults.append(TemplateFault("body", "LINK_REPEATED", reason))
    return faults + _placeholder_faults("body", body)


def _placeholder_faults(field: Literal["subject", "body"], text: str) -> list[TemplateFault]:
    places = _places(text)
    known = "  ".join(f"{{{{{name}}}}}" for name in PLACEHOLDERS)
    faults: list[TemplateFault] = []
    unknown = [name for name in dict.fromkeys(places) if name not in PLACEHOLDERS]
    if unknown:
        named = ", ".join(f"{{{{{name[:_NAMED_MAX_CHARS]}}}}}" for name in unknown[:_NAMED_AT_MOST])
        reason = Text(
            f"使えない差し込みです: {named} 使えるもの: {known}",
            f"Not a placeholder: {named} Use one of: {known}",
        )
        faults.append(TemplateFault(field, "UNKNOWN_PLACEHOLDER", reason))
    if _BROKEN_PLACEHOLDER.search(_PLACEHOLDER.sub(" ", text)):
        reason = Text(
            f"差し込みは半角の波括弧二つで囲んでください。使えるもの: {known}",
            f"A placeholder stands between two braces on each side. Use one of: {known}",
        )
        faults.append(TemplateFault(field, "BROKEN_PLACEHOLDER", reason))
    if len(places) > PLACEHOLDERS_MAX:
        reason = Text(
            f"差し込みが多すぎます。{PLACEHOLDERS_MAX}個までです。",
            f"Too many placeholders: at most {PLACEHOLDERS_MAX}.",
        )
        faults.append(TemplateFault(field, "TOO_MANY_PLACEHOLDERS", reason))
    return faults


def _places(text: str) -> list[str]:
    """The names between double braces, in their order."""
    return [found.strip() for found in _PLACEHOLDER.findall(text)]


def preview_values(locale: str, company: str, link: str) -> MailValues:
    """Values of an invented person, to show a company what its template will look like."""
    return MailValues(_PREVIEW_NAME.in_(locale), _PREVIEW_OPENING.in_(locale), company, link)


def render(template: TemplateText, values: MailValues, locale: str) -> RenderedMail:
    """The mail one person gets: the company's words, then who sent it and that it is voluntary.

    Values are put on one line and cut at `VALUE_MAX_CHARS`. Raises `ValueError` for a template
    with faults and for a link that is not an http or https URL.
    """
    faults = find_faults(template)
    if faults:
        raise ValueError(f"The template has faults: {', '.join(fault.code for fault in faults)}")
    for url in (values.link, values.stop_link):
        if url is not None and (len(url) > URL_MAX_CHARS or not _URL.fullmatch(url)):
            raise ValueError("A link of a mail is not an http or https URL.")
    filled = {
        "name": _one_line(values.name),
        "opening": _one_line(values.opening or "") or _NO_OPENING.in_(locale),
        "company": _one_line(values.company),
    }
    subject = _fill(template.subject, filled)
    before, after = (_fill(part, filled) for part in _around_link(template.body))
    footer = _footer(filled["company"]).in_(locale)
    return RenderedMail(
        subject=subject,
        text=_as_text(before + values.link + after, footer, values.stop_link, locale),
        html=_as_html(subject, (before, after), footer, values, locale),
    )


def _one_line(value: str) -> str:
    """The value on one line: breaks, control and direction characters become a space."""
    plain = "".join(character if is_plain_line(character) else " " for character in value)
    return " ".join(plain[:VALUE_MAX_CHARS].split())


def _fill(text: str, filled: dict[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda found: filled[found[1].strip()], text)


def _around_link(body: str) -> tuple[str, str]:
    """The template's words before and after the one place of the link."""
    place = next(found for found in _PLACEHOLDER.finditer(body) if found[1].strip() == "link")
    return body[: place.start()], body[place.end() :]


def _as_text(words: str, footer: str, stop_link: str | None, locale: str) -> str:
    stop = f"\n{_STOP.in_(locale)}:\n{stop_link}" if stop_link else ""
    return f"{words.rstrip()}\n\n----------\n{footer}{stop}\n"


def _as_html(
    subject: str, around_link: tuple[str, str], footer: str, values: MailValues, locale: str
) -> str:
    before, after = around_link
    link = button(values.link, _BUTTON.in_(locale))
    stop = f"<br>{_STOP.in_(locale)}: {bare_link(values.stop_link)}" if values.stop_link else ""
    content = [*paragraphs(before), link, *paragraphs(after)]
    return mail_page(locale, subject, content, escape(footer) + stop)
