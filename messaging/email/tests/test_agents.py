"""Agents answer from their own mail program: once, as the help desk, or with a refusal."""

import re
import uuid
from email.message import EmailMessage

import pytest

from accounts.models import User
from messaging.email.compose import compose
from messaging.email.tests.samples import mail
from messaging.models import Delivery
from messaging.services import take
from messaging.services.outbound import outbound_of
from tickets.models import Message, Ticket
from tickets.reply_tokens import agent_token, reply_address, reply_token
from tickets.services import add_customer_message, assign_ticket, close_ticket, resolve_ticket

ANA = "Ana privat <ana@example.com>"
PRIVATE = "ana@example.com"


@pytest.fixture
def taken(channel):
    channel.settings = {"plus_addresses": True, "trusted_servers": "mx.example.com"}
    channel.save()

    def run(raw: bytes):
        return take(channel, raw, external_id=uuid.uuid4().hex, source="pipe")

    return run


@pytest.fixture
def asked(ticket, ana, dora, channel) -> Ticket:
    """A ticket of Ana's in which Dora has written; Ana wants to hear of that."""
    ana.mail_on_answers = True
    ana.save()
    assign_ticket(ticket=ticket, by=ana, assignee=ana, team=ticket.team)
    add_customer_message(ticket=ticket, customer=dora, channel=channel, text="¿Y ahora?")
    ticket.refresh_from_db()
    return ticket


def copy_of(ticket: Ticket) -> Delivery:
    return Delivery.objects.filter(purpose="agent", key__startswith="agent:").latest("id")


def answered(delivery: Delivery, words: str = "Sale hoy.", *, sender: str = ANA, **headers: str):
    """The bytes of an answer to an agent's copy, with the copy quoted below."""
    sent = compose(outbound_of(delivery))
    quoted = "\n".join(f"> {line}" for line in delivery.text.splitlines())
    text = f"{words}\n\n-- \nAna, private: +34 600 000 000\n\nOn Monday, Dora wrote:\n{quoted}\n"
    to = str(sent["Reply-To"] or sent["From"])
    subject = f"Re: {delivery.subject}"
    parent = str(sent["Message-ID"])
    return mail(text, sender=sender, to=to, subject=subject, in_reply_to=parent, **headers)


def replies(ticket: Ticket) -> list[Message]:
    return list(ticket.messages.filter(kind="reply"))


def refusals() -> list[Delivery]:
    return list(Delivery.objects.filter(purpose="agent", key__startswith="refusal:"))


def test_it_works(taken, asked, ana):
    raw = taken(answered(copy_of(asked)))
    (reply,) = replies(asked)
    assert (raw.fate, raw.ticket, raw.message) == ("added", asked, reply)
    assert (reply.text, reply.agent, reply.recipients["to"]) == (
        "Sale hoy.",
        ana,
        ["dora@example.net"],
    )
    asked.refresh_from_db()
    assert (asked.status, asked.waiting_since) == ("pending", None)


def test_the_customer_s_mail_shows_the_help_desk_and_the_agent_s_name_alone(taken, asked):
    taken(answered(copy_of(asked)))
    (reply,) = replies(asked)
    sent = compose(outbound_of(reply.delivery))
    whole = sent.as_string() + reply.delivery.text + reply.delivery.html
    assert sent["From"] == '"Ana Ruiz (Support)" <support@example.com>' or (
        "support@example.com" in sent["From"] and "Ana Ruiz" in sent["From"]
    )
    assert PRIVATE not in whole
    assert "600 000 000" not in whole
    assert not re.search(r"\d+-a\d+-[a-z2-7]{16}", whole)


def as_html(delivery: Delivery, before: str) -> bytes:
    """An answer in HTML, with what the program puts before the quoted copy."""
    sent = compose(outbound_of(delivery))
    copy = sent.get_body(("html",)).get_content()
    answer = EmailMessage()
    answer["From"], answer["To"], answer["Subject"] = ANA, sent["Reply-To"], "RE: x"
    answer["Message-ID"], answer["In-Reply-To"] = "<a@example.com>", sent["Message-ID"]
    html = f"<html><body><div>Sale hoy.</div>{before.format(copy=copy)}</body></html>"
    answer.set_content(html, subtype="html")
    return answer.as_bytes()


@pytest.mark.parametrize(
    "before",
    [
        '<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Mon, Dora &lt;'
        '<a href="mailto:support@example.com">support@example.com</a>&gt; wrote:<br></div>'
        '<blockquote class="gmail_quote">{copy}</blockquote></div>',
        '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg" dir="ltr"><b>From:</b> Dora Gil '
        "(Support) &lt;support@example.com&gt;<br><b>Sent:</b> Monday, 2 March 2026 10:12<br>"
        "<b>To:</b> Ana Ruiz<br><b>Subject:</b> x<br></div><div>{copy}</div>",
        '<br><blockquote type="cite"><div>On 2. Mar 2026, at 10:12, Dora Gil (Support) '
        "&lt;support@example.com&gt; wrote:</div>{copy}</blockquote>",
    ],
    ids=["Gmail", "Outlook", "Apple Mail"],
)
def test_only_the_agent_s_words_go_out_of_a_mail_in_html(taken, asked, before):
    raw = taken(as_html(copy_of(asked), before))
    assert raw.fate == "added", raw.reason
    (reply,) = replies(asked)
    assert reply.text == "Sale hoy."


def test_the_same_mail_twice_is_posted_once(taken, asked):
    raw = answered(copy_of(asked))
    assert [taken(raw).fate, taken(raw).fate] == ["added", "duplicate"]
    assert len(replies(asked)) == 1


def test_by_the_token_in_the_body_where_no_signed_address_is_delivered(taken, asked, channel):
    raw = answered(copy_of(asked)).replace(
        reply_address("support@example.com", agent_token(asked.pk, asked.assignee_id)).encode(),
        b"support@example.com",
    )
    assert b"support+" not in raw
    assert taken(raw).fate == "added"
    assert len(replies(asked)) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"sender": "Eve <eve@example.org>"},
        {"sender": "Dora <dora@example.net>"},
        {"sender": "ana@evil.example"},
        {"sender": '"ana@example.com" <eve@evil.example>'},
        {"sender": "=?utf-8?q?ana=40example.com?= <eve@evil.example>"},
        {"sender": "ana@example.com.evil.example"},
        {"sender": "eve@evil.example", "reply_to": PRIVATE},
        {"sender": "eve@evil.example", "x_original_from": PRIVATE, "resent_from": PRIVATE},
    ],
)
def test_nobody_else_speaks_with_an_agent_s_copy(taken, asked, headers):
    taken(answered(copy_of(asked), **headers))
    assert replies(asked) == []


def test_two_senders_are_not_read_at_all(taken, asked):
    raw = b"From: eve@evil.example\n" + answered(copy_of(asked))
    assert (taken(raw).fate, replies(asked)) == ("failed", [])


def test_the_id_of_a_mail_to_agents_proves_nothing(taken, asked):
    parent = copy_of(asked).rfc_message_id
    raw = taken(mail("Hi", subject="Re: x", in_reply_to=parent))
    assert (raw.fate, raw.ticket == asked) == ("opened", False)
    raw = taken(mail("Hi", subject="Re: x", sender=ANA, in_reply_to=parent))
    assert raw.ticket != asked
    assert replies(asked) == []


def test_a_customer_s_token_never_speaks_for_an_agent(taken, asked):
    to = reply_address("support@example.com", reply_token(asked.pk))
    raw = taken(mail("Sale hoy.", sender=ANA, to=to))
    assert (raw.fate, raw.message.kind) == ("held", "held")
    assert replies(asked) == []


def test_a_token_of_another_agent_or_ticket_never_speaks(taken, asked, ana, bruno):
    right = agent_token(asked.pk, ana.pk)
    signature = right.rpartition("-")[2]
    for token in (
        agent_token(asked.pk, bruno.pk),
        f"{asked.pk}-a{bruno.pk}-{signature}",
        f"{asked.pk + 1}-a{ana.pk}-{signature}",
        f"{asked.pk}-{signature}",
    ):
        taken(mail("Sale hoy.", sender=ANA, to=f"support+{token}@example.com"))
    assert replies(asked) == []


@pytest.mark.parametrize(
    "results",
    [
        "spf=fail; dkim=pass; dmarc=fail",
        "spf=pass; dkim=fail",
        "spf=softfail",
        "dmarc=fail",
    ],
)
def test_a_mail_that_fails_the_checks_is_never_posted(taken, asked, results):
    raw = taken(
        b"Authentication-Results: mx.example.com; " + results.encode() + b"\r\n"
        + answered(copy_of(asked)).replace(b"\n", b"\r\n")
    )  # fmt: skip
    assert (raw.fate, replies(asked)) == ("ignored", [])
    assert "verified" in raw.reason
    assert len(refusals()) == 1


def test_dmarc_vouches_for_the_sender(taken, asked):
    results = b"Authentication-Results: mx.example.com; spf=fail; dkim=pass; dmarc=pass\r\n"
    assert taken(results + answered(copy_of(asked)).replace(b"\n", b"\r\n")).fate == "added"


def leave(ana: User) -> None:
    ana.is_active = False
    ana.save()


def lose_team(ana: User) -> None:
    ana.teams.clear()
    Ticket.objects.update(assignee=None)


@pytest.mark.parametrize(("withdrawn", "words"), [(leave, "not active"), (lose_team, "no access")])
def test_an_agent_whose_access_was_withdrawn_is_refused(
    taken, asked, ana, withdrawn, words, caplog
):
    raw = answered(copy_of(asked))
    withdrawn(ana)
    said = asked.messages.count()
    kept = taken(raw)
    assert (kept.fate, kept.ticket) == ("ignored", None)
    assert words in kept.reason
    assert asked.messages.count() == said
    (refusal,) = refusals()
    assert refusal.recipients == {"to": [PRIVATE]}
    assert words in refusal.text
    assert asked.subject not in refusal.subject + refusal.text + refusal.html
    assert "was refused" in caplog.text
    assert taken(raw).fate == "ignored"
    assert len(refusals()) == 1


def test_an_answer_to_a_closed_ticket_is_refused_with_the_reason(taken, asked, ana):
    raw = answered(copy_of(asked))
    resolve_ticket(ticket=asked, by=ana)
    close_ticket(ticket=asked)
    assert "closed" in taken(raw).reason
    assert "closed" in refusals()[0].text


def test_an_answer_without_words_is_refused(taken, asked):
    assert taken(answered(copy_of(asked), words="")).fate == "ignored"
    assert replies(asked) == []


def test_our_own_mail_is_never_sent_to_the_customer(taken, asked):
    copy = copy_of(asked)
    raw = mail(f"Sale hoy.\n{copy.text}", sender=ANA, subject="x")
    kept = taken(raw)
    assert (kept.fate, replies(asked)) == ("ignored", [])
    assert len(refusals()) == 1


def test_an_absence_notice_of_an_agent_is_ignored(taken, asked):
    kept = taken(answered(copy_of(asked), auto_submitted="auto-replied"))
    assert (kept.fate, replies(asked), refusals()) == ("ignored", [], [])
