import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.rules.addresses import (
    EMAIL_MAX_CHARS,
    AddressRefused,
    check_email,
    is_free_mail_domain,
    mail_domain,
    normalise_domain,
    normalise_email,
    normalise_phone,
    same_mail_domain,
)


@pytest.mark.parametrize(
    ("address", "sendable"),
    [
        ("taro@example.com", "taro@example.com"),
        ("  Taro.Yamada+jobs@Example.COM ", "Taro.Yamada+jobs@example.com"),
        ("ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏｍ", "taro@example.com"),
        ("taro@例え.jp", "taro@xn--r8jz45g.jp"),
    ],
)
def test_an_address_is_made_sendable(address: str, sendable: str) -> None:
    assert check_email(address) == sendable


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("", "EMAIL_EMPTY"),
        (" 　", "EMAIL_EMPTY"),
        ("taro", "EMAIL_INVALID"),
        ("taro@", "EMAIL_INVALID"),
        ("taro@localhost", "EMAIL_INVALID"),
        ("taro@[127.0.0.1]", "EMAIL_INVALID"),
        ("太郎@example.com", "EMAIL_INVALID"),
        ('"taro yamada"@example.com', "EMAIL_INVALID"),
        ("Taro <taro@example.com>", "EMAIL_INVALID"),
        ("taro@example.com,hana@example.com", "EMAIL_INVALID"),
        ("taro@example.com\r\nBcc: hana@example.com", "EMAIL_INVALID"),
        ("taro@example.com\nBcc:hana", "EMAIL_INVALID"),
        ("t" * 60 + "@" + "a" * 60 + ("." + "b" * 60) * 3 + ".com", "EMAIL_TOO_LONG"),
        ("t" * 300 + "@example.com", "EMAIL_TOO_LONG"),
    ],
)
def test_an_address_that_cannot_be_sent_to_is_refused(address: str, code: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        check_email(address)
    assert refused.value.code == code
    assert all(refused.value.reason)


@given(st.emails())
def test_a_sendable_address_is_short_ascii_and_on_one_line(address: str) -> None:
    try:
        sendable = check_email(address)
    except AddressRefused:
        return
    assert sendable.isascii()
    assert sendable.isprintable()
    assert len(sendable) <= EMAIL_MAX_CHARS
    assert check_email(sendable) == sendable
    assert normalise_email(sendable) == normalise_email(address)


@pytest.mark.parametrize(
    "spelling",
    [
        "taroyamada@gmail.com",
        "Taro.Yamada@gmail.com",
        "taro.yamada+relay@googlemail.com",
        "t.a.r.o.y.a.m.a.d.a@GMAIL.COM",
        "ｔａｒｏ．ｙａｍａｄａ＠ｇｍａｉｌ．ｃｏｍ",
        " taroyamada@gmail.com. ",
    ],
)
def test_spellings_of_a_gmail_address_are_one(spelling: str) -> None:
    assert normalise_email(spelling) == "taroyamada@gmail.com"


@pytest.mark.parametrize(
    ("address", "normal"),
    [
        ("Taro.Yamada+a+b@Example.co.jp", "taro.yamada@example.co.jp"),
        ("+taro@example.com", "+taro@example.com"),
        ("...@gmail.com", "...@gmail.com"),
        ("taro@例え.jp", "taro@xn--r8jz45g.jp"),
        ("taro@例え。ｊｐ", "taro@xn--r8jz45g.jp"),
        ("Not an Address", "not an address"),
        ("", ""),
    ],
)
def test_an_address_is_normalised(address: str, normal: str) -> None:
    assert normalise_email(address) == normal


def test_dots_count_outside_gmail() -> None:
    assert normalise_email("a.b@example.com") != normalise_email("ab@example.com")


@given(st.one_of(st.text(), st.emails(), st.builds("{}@{}".format, st.text(), st.text())))
@example("a@b@gmail.com")
@example("a+b @ gmail.com .")
@example("\u0345\u0390@ß.de")
@example("a@0ß--Ł")
def test_normalising_twice_is_normalising_once(address: str) -> None:
    normal = normalise_email(address)
    assert normalise_email(normal) == normal


@given(st.emails())
def test_case_and_outer_space_never_matter(address: str) -> None:
    assert normalise_email(f" {address.upper()}\n") == normalise_email(address)


def test_the_mail_domain_is_lower_case_ascii() -> None:
    assert mail_domain("Taro@Mail.例え.JP") == "mail.xn--r8jz45g.jp"
    for text in ("taro", "taro@", ""):
        with pytest.raises(AddressRefused):
            mail_domain(text)


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("Example.co.jp", "example.co.jp"),
        ("＠ｅｘａｍｐｌｅ．ｃｏｍ", "example.com"),
        ("例え.jp", "xn--r8jz45g.jp"),
        ("co.jp", None),
        ("jp", None),
        ("localhost", None),
        ("127.0.0.1", None),
        ("taro@example.com", None),
        ("https://example.com", None),
        ("a b.com", None),
        ("", None),
        ("a" * 300 + ".com", None),
    ],
)
def test_a_company_domain_is_a_domain_of_its_own(text: str, domain: str | None) -> None:
    assert normalise_domain(text) == domain


@pytest.mark.parametrize(
    ("address", "company_domain", "same"),
    [
        ("a@example.co.jp", "example.co.jp", True),
        ("a@Sales.Example.co.jp", "EXAMPLE.CO.JP", True),
        ("a@notexample.co.jp", "example.co.jp", False),
        ("a@example.co.jp.evil.com", "example.co.jp", False),
        ("a@example.co.jp", "sales.example.co.jp", False),
        ("a@gmail.com", "gmail.com", False),
        ("a@googlemail.com", "googlemail.com", False),
        ("a@yahoo.co.jp", "yahoo.co.jp", False),
        ("a@icloud.com", "icloud.com", False),
        ("a@docomo.ne.jp", "docomo.ne.jp", False),
        ("a@t.vodafone.ne.jp", "t.vodafone.ne.jp", False),
        ("a@example.co.jp", "co.jp", False),
        ("a@example.com", "com", False),
        ("a@example.com", "", False),
        ("a@example.com", None, False),
        ("nobody", "example.com", False),
    ],
)
def test_a_colleague_is_known_by_the_mail_domain(
    address: str, company_domain: str | None, same: bool
) -> None:
    assert same_mail_domain(address, company_domain) is same


def test_a_domain_below_a_free_mail_domain_is_free_mail() -> None:
    assert is_free_mail_domain("k.vodafone.ne.jp")
    assert is_free_mail_domain("GMAIL.com")
    assert not is_free_mail_domain("mygmail.com")
    assert not is_free_mail_domain("example.co.jp")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("090-1234-5678", "09012345678"),
        ("０９０ー１２３４ー５６７８", "09012345678"),
        ("090−1234−5678", "09012345678"),
        ("+81 90 1234 5678", "09012345678"),
        ("＋８１（０）９０－１２３４－５６７８", "09012345678"),
        ("050 1234 5678", "05012345678"),
        ("03(1234)5678", "0312345678"),
        ("0120-123-456", "0120123456"),
        ("0800-123-4567", "08001234567"),
        ("0570-123-456", "0570123456"),
        ("+1 (415) 555-2671", "+14155552671"),
        ("090-1234-567", None),
        ("03-1234-56789", None),
        ("1234567890", None),
        ("+81", None),
        ("+0 123 456 789", None),
        ("090-1234-5678 内線3", None),
        ("٠٩٠١٢٣٤٥٦٧٨", None),
        ("", None),
        ("-" * 41, None),
    ],
)
def test_a_phone_number_is_normalised(text: str, number: str | None) -> None:
    assert normalise_phone(text) == number


@given(st.text(alphabet="0123456789+-() 　ー－９０", max_size=50))
def test_a_normal_phone_number_stays_itself(text: str) -> None:
    number = normalise_phone(text)
    if number is not None:
        assert len(number) <= 16
        assert normalise_phone(number) == number
