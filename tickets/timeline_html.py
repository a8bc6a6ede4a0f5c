"""The timeline as HTML, printed in Python: ten messages through the template language cost more
than all queries of their page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape

from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from helpdesk.lib.icons import icon
from tickets.timeline import EventEntry, File, MessageEntry, Timeline

FRAME = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"


def timeline_html(timeline: Timeline, url: str) -> SafeString:
    """The entries as they go into the `<ol>`; `url` is the ticket's address, with its slash.

    A failed reply's *Retry* belongs to the form `retry`, the choices about a waiting message to the
    form `held`: the page holds each once.
    """
    printer = _Printer(url, _words(translation.get_language() or ""))
    html = "".join(
        printer.message(entry) if isinstance(entry, MessageEntry) else printer.event(entry)
        for entry in timeline.entries
    )
    return mark_safe(html)  # noqa: S308  each text is escaped on its way in


@lru_cache(maxsize=16)
def _words(_language: str) -> Mapping[str, str]:
    """What repeats from message to message, ready and escaped."""
    words = {
        "automatic": gettext("Automatic message"),
        "note": gettext("Internal note"),
        "reply": gettext("Reply"),
        "auto_reply": gettext("Automatic reply"),
        "cut": gettext("This message is very long and is cut here."),
        "all": gettext("Read all of it"),
        "failed": gettext("Not delivered."),
        "retry": gettext("Retry"),
        "quoted": gettext("Quoted text"),
        "as_sent": gettext("Show as it was sent"),
        "blocked": gettext(
            "Images from the internet are blocked: they tell the sender that you read the mail."
        ),
        "show": gettext("Show them"),
        "mail": gettext("The mail as it was sent"),
        "original": gettext("Original"),
        "sent": gettext("Sent"),
        "queued": gettext("On its way"),
        "to": gettext("To:"),
        "cc": gettext("Cc:"),
        "bcc": gettext("Bcc:"),
        "held": gettext("From somebody who is not part of this ticket"),
        "unseen": gettext("Only agents see this. It waits until one of you decides."),
        "let_in": gettext("Let them in"),
        "own": gettext("Make it a ticket of its own"),
    }
    return {name: escape(word) for name, word in words.items()}


@dataclass
class _Printer:
    url: str
    words: Mapping[str, str]
    avatars: Mapping[str, str] = field(
        default_factory=lambda: {"note": icon("lock"), "automatic": icon("zap")}
    )

    def event(self, entry: EventEntry) -> str:
        return (
            f'<li class="happened">{icon(entry.icon)}<span><span class="what">{escape(entry.what)}'
            f'</span> · <span class="when" title="{entry.exact}">{entry.when}</span></span></li>\n'
        )

    def message(self, entry: MessageEntry) -> str:
        avatar = self.avatars.get(entry.kind) or escape(entry.initials)
        return (
            f'<li class="entry {entry.kind}" id="message-{entry.id}">'
            f'<span class="avatar large{" agent" if entry.is_agent else ""}" aria-hidden="true">'
            f'{avatar}</span><article class="bubble">{self._header(entry)}'
            f'<div class="text">{entry.text}</div>{self._folds(entry)}'
            f"{_files(entry.files)}{self._footer(entry)}</article></li>\n"
        )

    def _header(self, entry: MessageEntry) -> str:
        words, author, label = self.words, escape(entry.author), ""
        if entry.kind == "automatic":
            author = words["automatic"]
        elif entry.kind == "note":
            label = f'<span class="note-label">{icon("lock")}{words["note"]}</span>'
        elif entry.kind == "reply":
            label = f"<span>{icon('reply')} {words['reply']}</span>"
        else:
            label = f'<span class="address">{escape(entry.address)}</span>'
            if entry.kind == "held":
                label += f'<span class="held-label">{icon("user-plus")}{words["held"]}</span>'
            if entry.is_auto_reply:
                label += f'<span class="chip">{words["auto_reply"]}</span>'
        return (
            f'<header><span class="author">{author}</span>{label}'
            f'<span class="when" title="{entry.exact}">{entry.when}</span></header>'
        )

    def _folds(self, entry: MessageEntry) -> str:
        words, html = self.words, ""
        if entry.is_cut:
            html += (
                f'<div class="fold faint small">{words["cut"]} '
                f'<a href="{self._of(entry)}original/">{words["all"]}</a></div>'
            )
        if entry.state == "failed":
            html += self._failure(entry)
        html += "".join(map(_warning, entry.facts.warnings))
        if entry.kind == "held":
            html += self._choices(entry)
        if entry.quoted:
            html += (
                f'<details class="fold"><summary>{icon("chevron-right")}{words["quoted"]}</summary>'
                f'<div class="quoted">{escape(entry.quoted)}</div></details>'
            )
        return html + self._as_sent(entry) if entry.has_html else html

    def _as_sent(self, entry: MessageEntry) -> str:
        words, frame = self.words, f"{self._of(entry)}html/"
        return (
            f'<details class="fold"><summary>{icon("chevron-right")}{words["as_sent"]}</summary>'
            f'<p class="small faint">{words["blocked"]} <a href="{frame}?images=1" '
            f'target="mail-{entry.id}">{words["show"]}</a></p>'
            f'<iframe class="mail-frame" name="mail-{entry.id}" src="{frame}" loading="lazy" '
            f'sandbox="{FRAME}" title="{words["mail"]}"></iframe></details>'
        )

    def _failure(self, entry: MessageEntry) -> str:
        words, button = self.words, ""
        if address := _retry_address(entry.id):
            button = (
                f'<button class="button" form="retry" formaction="{address}">'
                f"{icon('refresh-cw')}{words['retry']}</button>"
            )
        return (
            f'<div class="banner error failure" role="alert">{icon("triangle-alert")}<div><strong>'
            f"{words['failed']}</strong> {escape(entry.state_reason)}</div>{button}</div>"
        )

    def _choices(self, entry: MessageEntry) -> str:
        words, here = self.words, self._of(entry)
        return (
            f'<div class="held-choices"><span>{words["unseen"]}</span>'
            f'<button class="button" form="held" formaction="{here}admission/">'
            f"{icon('user-plus')}{words['let_in']}</button>"
            f'<button class="button" form="held" formaction="{here}own-ticket/">'
            f"{icon('inbox')}{words['own']}</button></div>"
        )

    def _footer(self, entry: MessageEntry) -> str:
        words = self.words
        if entry.kind in ("customer", "held"):
            facts = "".join(f"<span>{escape(fact)}</span>" for fact in entry.facts.quiet)
            return (
                f"<footer>{icon(entry.channel_icon)}<span>{escape(entry.channel)}</span>{facts}"
                f'<a href="{self._of(entry)}original/">{words["original"]}</a></footer>'
            )
        if not entry.state:
            return ""
        sign = {"sent": "check", "queued": "clock"}.get(entry.state)
        state = f'<span class="delivery">{icon(sign)}{words[entry.state]}</span>' if sign else ""
        to = f"<span>{words['to']} {escape(entry.to)}</span>" if entry.to else ""
        cc = f"<span>{words['cc']} {escape(entry.cc)}</span>" if entry.cc else ""
        bcc = f"<span>{words['bcc']} {escape(entry.bcc)}</span>" if entry.bcc else ""
        return f"<footer>{state}{to}{cc}{bcc}</footer>"

    def _of(self, entry: MessageEntry) -> str:
        return f"{self.url}messages/{entry.id}/"


def _warning(fact: str) -> str:
    return f'<div class="banner warning">{icon("triangle-alert")}<div>{escape(fact)}</div></div>'


def _retry_address(message_id: int) -> str:
    """Where a failed reply is tried again: a page of the app that delivers, if it is there."""
    try:
        return reverse("messaging:retry", args=[message_id])
    except NoReverseMatch:
        return ""


def _files(files: Sequence[File]) -> str:
    if not files:
        return ""
    return f'<div class="extras"><ul class="files">{"".join(map(_file, files))}</ul></div>'


def _file(file: File) -> str:
    name, url = escape(file.name), escape(file.url)
    if file.is_picture and file.content_id:
        return (
            f'<li><a href="{url}"><img class="thumb" src="{url}" alt="{name}" loading="lazy">'
            "</a></li>"
        )
    return (
        f'<li><a class="file" href="{url}" download>{icon(file.icon)}<span class="name">{name}'
        f'</span><span class="faint">{escape(file.size)}</span></a></li>'
    )
