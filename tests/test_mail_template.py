from email.message import EmailMessage
from email.policy import SMTP
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.mail_template import (
    BODY_MAX_CHARS,
    DEFAULT_TEMPLATES,
    PLACEHOLDERS_MAX,
    SUBJECT_MAX_CHARS,
    VALUE_MAX_CHARS,
    MailValues,
    TemplateText,
    clean_template,
    find_faults,
    preview_values,
    render,
)

LINK = "https://tasuki.example/r/abc?lang=ja&x=1"
STOP_LINK = "https://tasuki.example/stop/def"
VALUES = MailValues("山田 太郎", "経理", "たすき株式会社", LINK)
PLAIN = TemplateText("{{company}}", "{{name}} {{opening}} {{link}}")


class Page(HTMLParser):
    """The text of a page, its tags, and where its links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []
        self.language: str | None = None
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "a":
            self.links.append(dict(attrs)["href"])
        if tag == "html":
            self.language = dict(attrs)["lang"]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def codes(subject: str, body: str) -> list[tuple[str, str]]:
    faults = find_faults(TemplateText(subject, body))
    assert all(all(fault.reason) for fault in faults)
    return [(fault.field, fault.code) for fault in faults]


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_the_templates_to_begin_with_have_no_faults(locale: str) -> None:
    template = DEFAULT_TEMPLATES[locale]
    assert find_faults(template) == []
    assert clean_template(*template) == template


@pytest.mark.parametrize(
    ("locale", "truths"),
    [
        (
            "ja",
            ["自由にお決めください", "登録人数に加えられます", "同意された場合を除き", "任意です"],
        ),
        ("en", ["your free choice", "added to the number", "unless you agree", "is voluntary"]),
    ],
)
def test_the_templates_to_begin_with_say_what_a_person_must_know(
    locale: str, truths: list[str]
) -> None:
    mail = render(DEFAULT_TEMPLATES[locale], VALUES, locale)
    assert [truth for truth in truths if truth not in mail.text] == []
    assert [truth for truth in truths if truth not in mail.html] == []


@pytest.mark.parametrize(
    ("subject", "body", "expected"),
    [
        ("件名 {{ company }}", "{{name}}\n{{link}}", []),
        ("", "{{link}}", [("subject", "SUBJECT_EMPTY")]),
        ("a" * (SUBJECT_MAX_CHARS + 1), "{{link}}", [("subject", "SUBJECT_TOO_LONG")]),
        ("a\r\nBcc: x@example.com", "{{link}}", [("subject", "SUBJECT_NOT_ONE_LINE")]),
        ("a {{link}}", "{{link}}", [("subject", "LINK_IN_SUBJECT")]),
        ("a {{email}}", "{{link}}", [("subject", "UNKNOWN_PLACEHOLDER")]),
        ("a", " \n", [("body", "BODY_EMPTY")]),
        ("a", "b", [("body", "LINK_MISSING")]),
        ("a", "{{link}} {{ link }}", [("body", "LINK_REPEATED")]),
        ("a", "{{link}}\x1b[31m", [("body", "BODY_NOT_PLAIN")]),
        ("a", "{{link}}\u202e", [("body", "BODY_NOT_PLAIN")]),
        ("a", "{{link}}" + "b" * BODY_MAX_CHARS, [("body", "BODY_TOO_LONG")]),
        ("a", "{{Name}} {{link}}", [("body", "UNKNOWN_PLACEHOLDER")]),
        ("a", "{{}} {{link}}", [("body", "UNKNOWN_PLACEHOLDER")]),
        ("a", "{{name} {{link}}", [("body", "BROKEN_PLACEHOLDER")]),
        ("a", "｛｛name｝｝ {{link}}", [("body", "BROKEN_PLACEHOLDER")]),
        ("a", "{name} {{link}}", [("body", "BROKEN_PLACEHOLDER")]),
        ("a", "{link}", [("body", "LINK_MISSING"), ("body", "BROKEN_PLACEHOLDER")]),
        ("a", "{} {0} }{ {{link}}", []),
        (
            "a",
            "{{link}}" + "{{name}}" * PLACEHOLDERS_MAX,
            [("body", "TOO_MANY_PLACEHOLDERS")],
        ),
        ("", "b", [("subject", "SUBJECT_EMPTY"), ("body", "LINK_MISSING")]),
    ],
)
def test_faults_of_a_template(subject: str, body: str, expected: list[tuple[str, str]]) -> None:
    assert codes(subject, body) == expected


def test_the_longest_template_has_no_faults() -> None:
    assert codes("a" * SUBJECT_MAX_CHARS, "{{link}}" + "b" * (BODY_MAX_CHARS - 8)) == []


def test_unknown_placeholders_are_named_but_only_so_many() -> None:
    unknown = "".join(f"{{{{place{number}}}}}" for number in range(9)) + "{{" + "x" * 500 + "}}"
    (fault,) = find_faults(TemplateText("a", "{{email}} {{link}}" + unknown))
    for reason in fault.reason:
        assert "{{email}} " not in reason.partition("{{name}}")[2]
        assert "{{email}}" in reason
        assert "{{place3}}" in reason
        assert "{{place4}}" not in reason
        assert len(reason) < 300


def test_a_template_is_kept_in_one_form() -> None:
    cleaned = clean_template(" 件名 ", "\r\na\r\n\rb \r\n\r\n")
    assert cleaned == TemplateText("件名", "a\n\nb\n")
    assert clean_template("", " \r\n") == TemplateText("", "")


def test_a_mail_is_made_of_the_template() -> None:
    template = TemplateText(
        "結果（{{company}}）", "{{name}} 様\n\n{{opening}}の件\n{{link}}\n敬具\n"
    )
    mail = render(template, VALUES, "ja")
    assert mail.subject == "結果（たすき株式会社）"
    assert mail.text == (
        "山田 太郎 様\n\n経理の件\n"
        f"{LINK}\n敬具\n\n----------\n"
        "このメールは、たすき株式会社の依頼により、採用コンソーシアムの仕組み「Tasuki」から"
        "お送りしています。ご登録は任意です。\n"
    )
    page = Page(mail.html)
    assert page.language == "ja"
    assert page.links == [LINK, LINK]
    assert [word for word in page.words if word.strip()] == [
        "結果（たすき株式会社）",
        "山田 太郎 様",
        "経理の件",
        "内容を確認する",
        LINK,
        "敬具",
        (
            "このメールは、たすき株式会社の依頼により、採用コンソーシアムの仕組み「Tasuki」から"
            "お送りしています。ご登録は任意です。"
        ),
    ]


def test_a_mail_in_english_says_so() -> None:
    mail = render(DEFAULT_TEMPLATES["en"], VALUES, "en")
    assert Page(mail.html).language == "en"
    assert "Sent on behalf of たすき株式会社 by Tasuki" in mail.text


@pytest.mark.parametrize(("locale", "words"), [("ja", "求人"), ("en", "the open position")])
@pytest.mark.parametrize("opening", [None, "", " \n"])
def test_without_an_opening_a_mail_speaks_of_the_open_position(
    locale: str, words: str, opening: str | None
) -> None:
    values = VALUES._replace(opening=opening)
    mail = render(TemplateText("a", "[{{opening}}] {{link}}"), values, locale)
    assert mail.text.startswith(f"[{words}] {LINK}\n")


def test_a_page_to_decline_further_mails_is_in_both_forms() -> None:
    mail = render(PLAIN, VALUES._replace(stop_link=STOP_LINK), "en")
    assert mail.text.endswith(f"If you want no more mails like this one:\n{STOP_LINK}\n")
    assert Page(mail.html).links == [LINK, LINK, STOP_LINK]


@pytest.mark.parametrize(
    "name",
    [
        "{{link}}",
        "{{name}}",
        r"\g<0>\1",
        "<script>alert(1)</script>",
        '"><a href="https://evil.example">',
        "&lt;b&gt;",
        "%s {0} {content}",
    ],
)
def test_a_value_is_put_in_literally(name: str) -> None:
    template = TemplateText("{{name}}", "{{name}} 様\n\n{{link}}\n")
    mail = render(template, VALUES._replace(name=name), "ja")
    assert mail.subject == name
    assert mail.text.startswith(f"{name} 様\n\n{LINK}\n")
    page = Page(mail.html)
    assert f"{name} 様" in page.words
    assert page.links == [LINK, LINK]
    assert page.tags == Page(render(template, VALUES, "ja").html).tags


@given(st.text(), st.text(), st.text())
def test_no_value_adds_a_header_a_paragraph_or_a_tag(name: str, opening: str, company: str) -> None:
    template = TemplateText("{{name}}{{company}}a", "{{name}}\n\n{{opening}} {{link}}")
    mail = render(template, MailValues(name, opening, company, LINK), "ja")
    message = EmailMessage(policy=SMTP)
    message["Subject"] = mail.subject
    message.set_content("")
    assert len(mail.subject.splitlines()) == 1
    assert message.keys() == [
        "Subject",
        "Content-Type",
        "Content-Transfer-Encoding",
        "MIME-Version",
    ]
    assert mail.text.count("\n") == 6
    assert Page(mail.html).links == [LINK, LINK]


def test_a_value_is_bounded_and_on_one_line() -> None:
    values = VALUES._replace(name="a\r\nBcc: b\u2028c\u202ed\x00e", company="x" * 1_000)
    mail = render(TemplateText("{{name}} {{company}}", "{{link}}"), values, "ja")
    assert mail.subject == "a Bcc: b c d e " + "x" * VALUE_MAX_CHARS


@pytest.mark.parametrize(
    "link",
    [
        "",
        "javascript:alert(1)",
        "ftp://example.com",
        "https://",
        "https://example.com/a b",
        'https://example.com/"onclick="x',
        "https://example.com/<b>",
        "https://example.com/\r\nBcc: x",
        "https://example.com/\n",
        "https://example.com/" + "a" * 2_000,
    ],
)
def test_a_link_that_is_no_web_address_makes_no_mail(link: str) -> None:
    for values in (VALUES._replace(link=link), VALUES._replace(stop_link=link)):
        with pytest.raises(ValueError, match=r"^A link of a mail is not an http or https URL\.$"):
            render(PLAIN, values, "ja")


def test_a_template_with_faults_makes_no_mail() -> None:
    with pytest.raises(ValueError, match=r"^The template has faults: LINK_MISSING$"):
        render(TemplateText("a", "b"), VALUES, "ja")


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_a_preview_is_of_an_invented_person(locale: str) -> None:
    values = preview_values(locale, "たすき株式会社", LINK)
    mail = render(DEFAULT_TEMPLATES[locale], values, locale)
    assert values.name in mail.text
    assert "{{" not in mail.subject + mail.text + mail.html
