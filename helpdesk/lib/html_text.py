"""HTML read as plain text: one walk over the tree, linear in its size."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

# Longer HTML is cut; a body of this length is no longer read by anybody.
MAX_CHARACTERS = 1_000_000
_SILENT = frozenset(
    "script style head title noscript template svg math object embed select textarea iframe".split()
)
_BLOCKS = frozenset(
    """address article aside blockquote body center dd details div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tr
    ul""".split()
)
_SPACED = frozenset("p h1 h2 h3 h4 h5 h6 ul ol dl table pre blockquote".split())
_CELLS = frozenset({"td", "th"})
_SPACES = re.compile(r"[ \t\r\n\f]+")
_UNPARSABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)

# Deeper trees cost quadratic time to clean and are cut off by the parser: they are read flat.
MAX_DEPTH = 1_000
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})")
_ANY_TAG = re.compile(r"<[^<>]{1,10000}>")
_CLOSED_BY_THEMSELVES = frozenset(
    """area base br col dd dt embed hr img input li link meta option p param source td tfoot th
    thead tbody tr track wbr o""".split()
)

LineMark = Callable[[HtmlElement], str]


def _no_mark(_element: HtmlElement) -> str:
    return ""


def html_to_text(
    html: str, *, line_before: LineMark = _no_mark, prefix: LineMark = _no_mark
) -> str:
    """The text of `html` with its lines and paragraphs; markup, scripts and styles left out.

    `line_before` may put a line of its own before an element, `prefix` start each line inside it.
    """
    if is_too_deep(html):
        return strip_tags(html)
    root = _parse(html)
    if root is None:
        return ""
    writer = _Writer(line_before, prefix)
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        writer.take(event, element)
    return writer.finish()


def is_too_deep(html: str) -> bool:
    depth = 0
    for match in _TAG.finditer(html):
        if match[2].lower() not in _CLOSED_BY_THEMSELVES:
            depth = max(0, depth - 1) if match[1] else depth + 1
            if depth > MAX_DEPTH:
                return True
    return False


def strip_tags(html: str) -> str:
    """The text without its tags, for HTML that no parser takes; lines are not kept apart."""
    return unescape(_ANY_TAG.sub(" ", html[:MAX_CHARACTERS])).strip()


def _parse(html: str) -> HtmlElement | None:
    source = _UNPARSABLE.sub("", _DECLARATION.sub("", html[:MAX_CHARACTERS]))
    if not source.strip():
        return None
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        return document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


@dataclass
class _Writer:
    line_before: LineMark
    prefix: LineMark
    lines: list[str] = field(default_factory=list)
    current: list[str] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    silent: int = 0
    preformatted: int = 0
    wants_blank: bool = False

    def take(self, event: str, element: HtmlElement) -> None:
        tag = element.tag
        if not isinstance(tag, str):
            if event == "end":
                self._write(element.tail)
        elif event == "start":
            self._start(tag, element)
            self._write(element.text)
        else:
            self._end(tag, element)
            self._write(element.tail)

    def _start(self, tag: str, element: HtmlElement) -> None:
        if tag in _SILENT or _is_hidden(element):
            self.silent += 1
        if tag == "br":
            self._break_line()
        elif tag in _BLOCKS:
            self._end_line(tag in _SPACED)
        elif tag in _CELLS and self.current:
            self.current.append(" ")
        if mark := self.line_before(element):
            self._end_line(spaced=False)
            self.current.append(mark)
            self._end_line(spaced=False)
        if prefix := self.prefix(element):
            self.prefixes.append(prefix)
        if tag == "pre":
            self.preformatted += 1
        elif tag == "li" and not self.silent:
            self.current.append("- ")

    def _end(self, tag: str, element: HtmlElement) -> None:
        if tag in _BLOCKS:
            self._end_line(tag in _SPACED)
        if tag == "pre":
            self.preformatted -= 1
        if self.prefixes and self.prefix(element):
            self.prefixes.pop()
        if tag in _SILENT or _is_hidden(element):
            self.silent -= 1

    def _write(self, text: str | None) -> None:
        if not text or self.silent:
            return
        if self.preformatted:
            first, *others = text.split("\n")
            self.current.append(first)
            for line in others:
                self._break_line()
                self.current.append(line)
            return
        folded = _SPACES.sub(" ", text)
        if not self.current:
            folded = folded.lstrip(" ")
        if folded:
            self.current.append(folded)

    def _break_line(self) -> None:
        """`<br>`: the line ends, be it empty."""
        if self.silent:
            return
        if not self.current:
            self.wants_blank = False
            self._append("")
        self._end_line(spaced=False)

    def _end_line(self, spaced: bool) -> None:
        if self.current:
            line = "".join(self.current)
            self.current = []
            if self.wants_blank and self.lines and self.lines[-1].strip("> "):
                self._append("")
            self.wants_blank = False
            self._append(line.rstrip() if self.preformatted else _SPACES.sub(" ", line).strip())
        self.wants_blank = self.wants_blank or spaced

    def _append(self, line: str) -> None:
        self.lines.append(("".join(self.prefixes[:30]) + line).rstrip(" "))

    def finish(self) -> str:
        self._end_line(spaced=False)
        return "\n".join(self.lines).replace("\u00a0", " ").strip("\n")


def _is_hidden(element: HtmlElement) -> bool:
    style = element.get("style")
    return bool(style and _HIDDEN.search(style))
