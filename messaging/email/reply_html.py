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
_SIGNATURE_IDS = frozenset("signature ms-outlook-mobile-signature applemailsignature".split())
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
            }
        )
    ),
    re.IGNORECASE,
)
_FORWARDED_TEXT = 200


def has_quote_signal(html: str) -> bool:
    return bool(html and _SIGNAL.search(html))


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
    if names & _QUOTE_CLASSES or identity in _QUOTE_IDS:
        return "" if _is_forwarded(element) else QUOTE_MARK
    if names & _SIGNATURE_CLASSES or identity in _SIGNATURE_IDS:
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


def _is_forwarded(element: HtmlElement) -> bool:
    """What is passed on is new to us, so it is no quote."""
    text = "".join(element.itertext())[:_FORWARDED_TEXT].strip()
    return text.startswith(("-----", "Begin forwarded"))
