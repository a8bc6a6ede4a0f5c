"""Spam by rules that anybody can read: a few signs, each with points and a sentence.

Nothing is learned and nothing is lost. A new ticket that looks like spam is opened with the spam
mark and the reasons; "It is no spam" takes it off. Mail of blocked senders stays in the intake.
"""

# ruff: noqa: E501 - a row of a table stays on its line

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from messaging.email.authentication import is_forged, trusted_results, trusted_servers
from messaging.senders import block_of, was_answered
from tickets.inbound import Fate, Inbound, Receipt
from tickets.models import Channel, TicketEvent
from tickets.services import mark_spam

ENOUGH = 5
"""Points from which on a mail is taken for spam."""

_EXAMINED = 20_000
_OFFERS = tuple(
    re.compile(words, re.IGNORECASE)
    for words in (
        r"\b(?:viagra|cialis|levitra|tadalafil|sildenafil|weight loss (?:pill|product)|male enhancement)\b",
        r"\b(?:online casino|casino bonus|free spins|casino en l[ií]nea|cassino online|casino en ligne|online-casino|casinò online)\b",
        r"\b(?:you(?:'ve| have) won|lottery winner|winning (?:number|notification)|has ganado|ha sido ganador|você ganhou|vous avez gagné|sie haben gewonnen|hai vinto|u heeft gewonnen)\b",
        r"\b(?:next of kin|unclaimed (?:fund|inheritance)|inheritance fund|million (?:dollars|usd|euros?)|millones de (?:d[oó]lares|euros)|milhões de (?:dólares|euros)|late (?:client|husband).{0,60}(?:fund|deposit)|héritage de|erbschaft von)\b",
        r"\b(?:seo (?:services|agency|expert|company)|first page of google|rank(?:ing)? (?:on|in) google|high[- ]quality backlinks|guest post(?:ing)?|increase your (?:website )?traffic|posicionamiento web|primera p[aá]gina de google|primeira página do google)\b",
        r"\b(?:bitcoin (?:wallet|investment|address)|crypto ?(?:currency)? (?:investment|trading)|double your (?:money|bitcoin)|i (?:have )?recorded you|your webcam|guaranteed (?:profit|return)s?)\b",
        r"\b(?:personal loan offer|loan (?:offer )?at \d|pr[eé]stamos? (?:r[aá]pido|personal).{0,40}sin|empréstimo (?:rápido|pessoal).{0,40}sem|prêt entre particuliers|kredit ohne schufa|prestito tra privati)\b",
        r"\b(?:verify your (?:account|mailbox|password)|your (?:mailbox|account) (?:will be|has been) (?:suspended|deactivated|closed|blocked)|mailbox (?:is )?(?:almost )?full.{0,80}(?:click|upgrade)|verifique su (?:cuenta|buz[oó]n)|verifique sua conta|vérifiez votre compte|bestätigen sie ihr konto|verifica il tuo account)\b",
    )
)
_PROGRAM = re.compile(
    r"\.(?:exe|scr|com|pif|bat|cmd|js|jse|vbs|vbe|wsf|wsh|hta|lnk|cpl|ps1|msi|iso|img)\Z", re.I
)
_LINK = re.compile(
    r"<a\b[^>]{0,500}?href=[\"']?https?://([^/\"'\s>]{1,200})[^>]{0,2000}>\s{0,20}(?:https?://|www\.)([\w.-]{1,200})",
    re.IGNORECASE,
)
_FREE_MAIL = frozenset(
    "gmail.com outlook.com hotmail.com yahoo.com proton.me aol.com gmx.com mail.ru yandex.ru mail.com".split()
)
_KNOWN_SENDER = 3


@dataclass(frozen=True)
class Sign:
    """One thing that speaks for spam; the sentence is translated where it is shown."""

    points: int
    sentence: str
    shows: Callable[[Inbound], bool]


def _has_forged_sender(inbound: Inbound) -> bool:
    return bool(inbound.context.get("is_forged"))


def _offers(inbound: Inbound) -> int:
    said = f"{inbound.subject}\n{inbound.text[:_EXAMINED]}"
    return sum(bool(words.search(said)) for words in _OFFERS)


def _answers_go_elsewhere(inbound: Inbound) -> bool:
    sender = _domain(inbound.sender.value)
    return any(
        _domain(person.value) in _FREE_MAIL and _domain(person.value) != sender
        for person in inbound.reply_to
    )


def _shouts(inbound: Inbound) -> bool:
    subject = inbound.subject
    letters = [c for c in subject if c.isalpha()]
    return "!!!" in subject or "$$" in subject or (len(letters) >= 15 and subject.isupper())


def _hides_a_link(inbound: Inbound) -> bool:
    return any(
        _site(target) != _site(shown) for target, shown in _LINK.findall(inbound.html[:_EXAMINED])
    )


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _site(host: str) -> str:
    return ".".join(host.lower().rstrip(".").split(".")[-2:])


SIGNS: tuple[Sign, ...] = (
    Sign(5, gettext_noop("A server on its way calls it spam."), lambda i: bool(i.context.get("spam_flag"))),
    Sign(3, gettext_noop("The sender's domain says that it did not send it."), _has_forged_sender),
    Sign(3, gettext_noop("It offers what spam offers."), lambda i: _offers(i) > 0),
    Sign(2, gettext_noop("It offers several such things."), lambda i: _offers(i) > 1),
    Sign(3, gettext_noop("It brings a program as a file."), lambda i: any(_PROGRAM.search(f.name) for f in i.attachments)),
    Sign(2, gettext_noop("A link shows one address and leads to another."), _hides_a_link),
    Sign(2, gettext_noop("Answers would go to another, free address."), _answers_go_elsewhere),
    Sign(1, gettext_noop("It names no recipient."), lambda i: bool(i.context.get("hidden_recipients"))),
    Sign(1, gettext_noop("The subject shouts."), _shouts),
)  # fmt: skip


def signs_of_spam(inbound: Inbound) -> list[Sign]:
    """The signs that a mail shows; no database, and linear in what is looked at."""
    return [sign for sign in SIGNS if sign.shows(inbound)]


def screened(inbound: Inbound, channel: Channel) -> Inbound:
    """The mail with what its servers found ("authentication") and why it looks like spam ("spam").

    Only what a server of the channel's trust says is kept.
    """
    context = dict(inbound.context)
    claimed = context.pop("authentication_results", None)
    if isinstance(claimed, list | tuple) and (
        results := trusted_results(claimed, trusted_servers(channel.settings))
    ):
        context["authentication"] = results
        if is_forged(results) and not inbound.is_list:
            context["is_forged"] = True
    inbound = replace(inbound, context=context)
    if not inbound.is_mail:
        return inbound
    found = signs_of_spam(inbound)
    points = sum(sign.points for sign in found)
    # An agent has written to this sender before: they have some points to spare.
    spared = ENOUGH + _KNOWN_SENDER
    if points < ENOUGH or (points < spared and was_answered(inbound.sender.value)):
        return inbound
    return replace(inbound, context={**context, "spam": [sign.sentence for sign in found]})


def ignore_blocked(inbound: Inbound, channel: Channel) -> Receipt | None:
    """Mail of a blocked sender is kept and goes no further."""
    if inbound.sender.kind != "email" or inbound.ticket_id is not None:
        return None
    block = block_of(inbound.sender.value)
    if block is None:
        return None
    return Receipt(
        Fate.IGNORED,
        reason=_("%(sender)s is on the list of blocked senders: take it off the list and replay.")
        % {"sender": block.value},
    )


def quarantine(event: TicketEvent) -> None:
    """A ticket that begins with spam is out of the lists until somebody says that it is none."""
    begins = event.ticket.message_count == 1
    if begins and event.message and event.message.details.get("spam"):
        mark_spam(ticket=event.ticket, by=None)
