"""Mail addresses and phone numbers: what we send to, and what makes two of them the same.

Two forms of an address are kept apart. `check_email` gives the one that mail is sent to.
`normalise_email` gives the one that is matched, through a keyed hash, so that a person who writes
the address in another way is still counted once. Matching never decides whether one is served.
"""

import re
import unicodedata

import idna
from email_validator import EmailNotValidError, validate_email

from models.vocabulary.text import Text

EMAIL_MAX_CHARS = 254
DOMAIN_MAX_CHARS = 253
PHONE_MAX_CHARS = 40

FREE_MAIL_DOMAINS = frozenset(
    (
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "outlook.jp",
        "hotmail.com",
        "hotmail.co.jp",
        "live.com",
        "live.jp",
        "msn.com",
        "yahoo.com",
        "yahoo.co.jp",
        "ymail.com",
        "ymail.ne.jp",
        "icloud.com",
        "me.com",
        "mac.com",
        "aol.com",
        "aol.jp",
        "proton.me",
        "protonmail.com",
        "pm.me",
        "gmx.com",
        "gmx.net",
        "mail.com",
        "zoho.com",
        "zohomail.com",
        "yandex.com",
        "tutanota.com",
        "tuta.com",
        "fastmail.com",
        "excite.co.jp",
        "goo.jp",
        "goo.ne.jp",
        "infoseek.jp",
        "inter7.jp",
        "nifty.com",
        "biglobe.ne.jp",
        "ocn.ne.jp",
        "plala.or.jp",
        "so-net.ne.jp",
        "sannet.ne.jp",
        "dion.ne.jp",
        "asahi-net.or.jp",
        "eonet.ne.jp",
        "jcom.home.ne.jp",
        "zaq.ne.jp",
        "docomo.ne.jp",
        "mopera.net",
        "ezweb.ne.jp",
        "au.com",
        "uqmobile.jp",
        "softbank.ne.jp",
        "i.softbank.jp",
        "vodafone.ne.jp",
        "disney.ne.jp",
        "ymobile.ne.jp",
        "y-mobile.ne.jp",
        "willcom.com",
        "pdx.ne.jp",
        "emnet.ne.jp",
        "rakumail.jp",
        "rakuten.jp",
        "qq.com",
        "163.com",
        "126.com",
        "naver.com",
        "daum.net",
        "hanmail.net",
    )
)
"""Mail domains that anyone can have an address at: sharing one says nothing of an employer."""

_GMAIL_DOMAINS = frozenset({"gmail.com", "googlemail.com"})

# Names under which others register: no company's own domain.
_PUBLIC_SUFFIXES = frozenset(
    f"{label}.jp" for label in ("ac", "ad", "co", "ed", "go", "gr", "lg", "ne", "or")
)

# Characters people type for a hyphen, the katakana long vowel mark among them.
_HYPHENS = re.compile("[-‐-―−ーｰ－]")


class AddressRefused(ValueError):
    """An address we cannot send to, with a stable code and a reason for the person who gave it."""

    def __init__(self, code: str, reason: Text) -> None:
        super().__init__(code)
        self.code = code
        self.reason = reason


EMAIL_EMPTY = Text("メールアドレスが入力されていません。", "The mail address is missing.")
EMAIL_TOO_LONG = Text(
    f"メールアドレスは{EMAIL_MAX_CHARS}文字までです。",
    f"A mail address has at most {EMAIL_MAX_CHARS} characters.",
)
EMAIL_INVALID = Text(
    "メールアドレスの形式が正しくありません。",
    "This is not a mail address that mail can be sent to.",
)


def check_email(address: str) -> str:
    """The address to send to: full-width characters made ASCII, the domain in ASCII (IDNA).

    The local part keeps its case. No DNS is asked. Raises `AddressRefused` with the code
    EMAIL_EMPTY, EMAIL_TOO_LONG or EMAIL_INVALID; local parts outside ASCII, quoted local parts
    and addresses at an IP number are invalid here.
    """
    if len(address) > EMAIL_MAX_CHARS:
        raise AddressRefused("EMAIL_TOO_LONG", EMAIL_TOO_LONG)
    text = unicodedata.normalize("NFKC", address).strip()
    if not text:
        raise AddressRefused("EMAIL_EMPTY", EMAIL_EMPTY)
    try:
        checked = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise AddressRefused("EMAIL_INVALID", EMAIL_INVALID) from None
    sendable = checked.ascii_email
    if sendable is None:
        raise AddressRefused("EMAIL_INVALID", EMAIL_INVALID)
    if len(sendable) > EMAIL_MAX_CHARS:
        raise AddressRefused("EMAIL_TOO_LONG", EMAIL_TOO_LONG)
    return sendable


def normalise_email(address: str) -> str:
    """The form in which two spellings of one mailbox are equal. For matching, never for sending.

    - width and case are folded (NFKC, casefold) and outer space goes;
    - the domain is written in ASCII (IDNA, UTS 46), without a final dot;
    - a tag goes: everything from the first "+" of the local part, unless nothing would be left;
    - at Gmail, dots in the local part go, and googlemail.com is gmail.com.

    Total and idempotent: text that is no address comes back folded.
    """
    local, at, domain = unicodedata.normalize("NFKC", address).rpartition("@")
    if not at:
        return _folded(address)
    local, domain = _folded(local), _ascii_domain(domain)
    local = local.partition("+")[0].rstrip() or local
    if domain in _GMAIL_DOMAINS:
        return f"{local.replace('.', '') or local}@gmail.com"
    return f"{local}@{domain}"


def _folded(text: str) -> str:
    """Compatibility caseless form, repeated until it no longer changes, without outer space."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).strip()
    return folded if folded == text else _folded(folded)


def _ascii_domain(domain: str) -> str:
    """The domain in lower-case ASCII, or only folded where IDNA refuses it."""
    stripped = domain.strip().rstrip(".。").strip()
    if len(stripped) > DOMAIN_MAX_CHARS:
        return _folded(stripped)
    # What IDNA refuses as written may be a domain once folded: trying both keeps this idempotent.
    for candidate in (stripped, _folded(stripped)):
        try:
            return idna.encode(candidate, uts46=True).decode("ascii")
        except idna.IDNAError:
            continue
    return _folded(stripped)


def normalise_domain(text: str) -> str | None:
    """A company's mail domain in lower-case ASCII ("＠Example.co.jp" is "example.co.jp").

    None for what is no domain of one's own: no dot, an address, a suffix such as co.jp.
    """
    if len(text) > DOMAIN_MAX_CHARS:
        return None
    domain = _ascii_domain(unicodedata.normalize("NFKC", text).strip().removeprefix("@"))
    if len(domain) > DOMAIN_MAX_CHARS or domain in _PUBLIC_SUFFIXES:
        return None
    try:
        validate_email(f"a@{domain}", check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    return domain


def mail_domain(address: str) -> str:
    """The domain of an address in lower-case ASCII; `AddressRefused` where there is none."""
    _, at, domain = normalise_email(address).rpartition("@")
    if not at or not domain:
        raise AddressRefused("EMAIL_INVALID", EMAIL_INVALID)
    return domain


def is_free_mail_domain(domain: str) -> bool:
    """Whether anyone can have an address at this domain or at the domain it is part of."""
    labels = _ascii_domain(domain).split(".")
    return any(".".join(labels[start:]) in FREE_MAIL_DOMAINS for start in range(len(labels)))


def same_mail_domain(address: str, company_domain: str | None) -> bool:
    """Whether an address lies at a company's domain or below it.

    Never at a free-mail domain, a public suffix, or where either of them is unknown.
    """
    domain = normalise_domain(company_domain) if company_domain else None
    if domain is None or is_free_mail_domain(domain):
        return False
    at_domain = normalise_email(address).rpartition("@")[2]
    return at_domain == domain or at_domain.endswith("." + domain)


def normalise_phone(text: str) -> str | None:
    """A phone number for matching and dialling, or None for what is none.

    Japanese numbers become their 10 or 11 national digits ("０９０ー１２３４ー５６７８" and
    "+81 90 1234 5678" are "09012345678"); numbers of other countries "+" and 8 to 15 digits.
    """
    if len(text) > PHONE_MAX_CHARS:
        return None
    plain = _HYPHENS.sub("-", unicodedata.normalize("NFKC", text)).strip()
    if not re.fullmatch(r"\+?[0-9 ().\-]+", plain):
        return None
    digits = re.sub(r"[^0-9]", "", plain)
    if plain.startswith("+81"):
        return _japanese_number("0" + digits[2:].removeprefix("0"))
    if plain.startswith("+"):
        return f"+{digits}" if re.fullmatch(r"[1-9][0-9]{7,14}", digits) else None
    return _japanese_number(digits)


def _japanese_number(digits: str) -> str | None:
    """0x0 numbers (mobile, IP, 0800) have 11 digits, all others (land lines, 0120, 0570) 10."""
    if re.fullmatch(r"0[5-9]0[0-9]{8}|0(?![5-9]0)[1-9][0-9]{8}", digits):
        return digits
    return None
