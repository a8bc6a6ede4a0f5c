"""How mail programs mark quotes and signatures in HTML, turned into lines that say so."""

import re

from lxml.html import HtmlElement

from helpdesk.lib.html_text import html_to_text

QUOTE_MARK = "> "
# A private character: the lines of a signature stand anywhere, not only at the end.
SIGNATURE_MARK = "\ue001"
# A line of its own above the head of a quoted mail that runs to the end.
HEAD_MARK = "\ue002"

_QUOTE_CLASSES = frozenset(
    """yahoo_quoted protonmail_quote moz-cite-prefix gmail_attr ecxgmail_quote zmail_extra
    tutanota_quote skiff_quote quote-header mail_quote x_gmail_attr front-blockquote
    hs_reply""".split()
)
_QUOTE_IDS = frozenset(
    """olk_src_body_section mail-editor-reference-message-container replysplit yahoo_quoted
    lotus-quote origcontent isreplycontent ms-outlook-mobile-reference-message""".split()
)
# They hold the head of the quoted mail only; its text follows beside them.
_HEAD_IDS = frozenset("divrplyfwdmsg reply-intro stopspelling zwchr".split())
_SIGNATURE_CLASSES = frozenset(
    """gmail_signature moz-signature protonmail_signature_block ms-outlook-mobile-signature
    applemailsignature hs_signature""".split()
)
_SIGNATURE_IDS = frozenset(
    """signature ms-outlook-mobile-signature applemailsignature composer_signature
    ymail_android_signature ymail_ios_signature""".split()
)
# Programs that name their sections instead.
_QUOTE_NAMES = frozenset({"quote", "messagereplysection"})
_SIGNATURE_NAMES = frozenset({"messagesignaturesection"})
_BORDER = re.compile(r"border-left\s*:(?!\s*(?:none|0))", re.IGNORECASE)
_NO_BORDER = re.compile(r"border\s*:\s*(?:none|0)", re.IGNORECASE)
_SIGNAL = re.compile(
    "|".join(
        sorted(
            {
                *_QUOTE_CLASSES,
                *_QUOTE_IDS,
                *_HEAD_IDS,
                "gmail_quote",
                "<blockquote",
                "border-top:solid",
                "messagereplysection",
                'name="quote"',
                "originalmessage",
            }
        )
    ),
    re.IGNORECASE,
)
# A bare blockquote may be the sender's own; these are a program's, and so is one with a border.
_SURE_SIGNAL = re.compile(
    r"<blockquote\b[^>]{0,300}(?:\bcite\b|quote|border-left)|"
    + _SIGNAL.pattern.replace("<blockquote|", ""),
    re.IGNORECASE,
)
_FORWARDED_TEXT = 200
_MAX_CHILDREN = 200


def has_quote_signal(html: str) -> bool:
    return bool(html and _SIGNAL.search(html))


def is_surely_quoted(html: str) -> bool:
    """Whether a mail program marked a quote, rather than the sender."""
    return bool(_SURE_SIGNAL.search(html))


def html_to_quoted_text(html: str) -> str:
    """The mail as text whose quoted lines begin with ">", as in plain text mail."""
    source = html.replace(SIGNATURE_MARK, "").replace(HEAD_MARK, "")
    return html_to_text(source, line_before=_line_before, prefix=_mark)


def _line_before(element: HtmlElement) -> str:
    return HEAD_MARK if _identity(element) in _HEAD_IDS else ""


def _mark(element: HtmlElement) -> str:
    tag = element.tag
    if tag == "blockquote":
        return QUOTE_MARK if _is_quote(element) else ""
    if tag not in {"div", "span", "section", "table", "p", "pre"}:
        return ""
    names = _names(element)
    identity = _identity(element)
    section = (element.get("name") or "").lower()
    if names & _QUOTE_CLASSES or identity in _QUOTE_IDS or section in _QUOTE_NAMES:
        return "" if _is_forwarded(element) or _has_answers(element) else QUOTE_MARK
    if names & _SIGNATURE_CLASSES or identity in _SIGNATURE_IDS or section in _SIGNATURE_NAMES:
        return SIGNATURE_MARK
    return ""


def _identity(element: HtmlElement) -> str:
    return (element.get("id") or "").lower().removeprefix("x_")


def _names(element: HtmlElement) -> set[str]:
    return set((element.get("class") or "").lower().split())


def _is_quote(element: HtmlElement) -> bool:
    """Not every `blockquote` quotes: Gmail indents with it, and says so by having no border."""
    if (element.get("type") or "").lower() == "cite" or element.get("cite"):
        return True
    if any("quote" in name for name in _names(element)):
        return True
    style = element.get("style") or ""
    return bool(_BORDER.search(style)) or not (style and _NO_BORDER.search(style))


def _has_answers(element: HtmlElement) -> bool:
    """Words between or below the quotes inside: the container holds answers too."""
    children = list(element)[:_MAX_CHILDREN]
    first = next((i for i, child in enumerate(children) if child.tag == "blockquote"), None)
    if first is None:
        return False
    return any(
        (child.tail or "").strip()
        or (child.tag != "blockquote" and "".join(child.itertext()).strip())
        for child in children[first:]
    )


def _is_forwarded(element: HtmlElement) -> bool:
    """What is passed on is new to us, so it is no quote."""
    text = "".join(element.itertext())[:_FORWARDED_TEXT].strip()
    return text.startswith(("-----", "Begin forwarded"))
