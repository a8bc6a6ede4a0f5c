"""Mail of machines: bounces, automatic answers, receipts, complaints, lists."""

# ruff: noqa: E501 - a row of a table stays on its line

import pytest

from messaging.email.bounce_reasons import is_permanent
from messaging.email.parse import parse_mail
from messaging.email.tests.mails import mail, multipart

ORIGINAL = (
    "Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <ours@example.org>\r\nSubject: Hello"
)
TOLD = "\r\nYour message could not be delivered to one or more recipients."


def report(fields: str, told: str = TOLD, kind: str = "delivery-status") -> bytes:
    return multipart(
        told,
        f"Content-Type: message/{kind}\r\n\r\nReporting-MTA: dns; mx.example.com\r\n\r\n{fields}",
        ORIGINAL,
        kind=f"report; report-type={kind}",
        **{"from": "MAILER-DAEMON@example.com"},
    )


def failed(status: str, diagnostic: str) -> bytes:
    return report(
        f"Final-Recipient: rfc822; bea@example.com\r\nAction: failed\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; {diagnostic}"
    )


def test_it_works() -> None:
    parsed = parse_mail(failed("5.1.1", "550 5.1.1 <bea@example.com>: User unknown"))
    assert parsed.is_bounce
    assert not parsed.is_auto_reply
    assert parsed.bounce is not None
    assert parsed.bounce.recipients == ("bea@example.com",)
    assert parsed.bounce.original_message_id == "<ours@example.org>"
    assert parsed.bounce.is_permanent
    assert parsed.bounce.status == "5.1.1"
    assert "User unknown" in parsed.bounce.reason


def test_a_delay_is_not_for_good() -> None:
    parsed = parse_mail(
        report("Final-Recipient: rfc822; bea@example.com\r\nAction: delayed\r\nStatus: 4.4.1")
    )
    assert parsed.bounce is not None
    assert not parsed.bounce.is_permanent


def test_a_report_of_success_is_no_bounce() -> None:
    parsed = parse_mail(
        report("Final-Recipient: rfc822; bea@example.com\r\nAction: delivered\r\nStatus: 2.0.0")
    )
    assert not parsed.is_bounce
    assert parsed.is_auto_reply
    assert parsed.context["machine"] == "delivered"


def test_of_several_recipients_only_the_gone_ones_are_named() -> None:
    parsed = parse_mail(
        report(
            "Final-Recipient: rfc822; full@example.com\r\nAction: failed\r\nStatus: 5.2.2\r\n"
            "Diagnostic-Code: smtp; 552 5.2.2 Mailbox full\r\n"
            "Final-Recipient: rfc822; gone@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n"
            "Diagnostic-Code: smtp; 550 5.1.1 No such user"
        )
    )
    assert parsed.bounce is not None
    assert parsed.bounce.recipients == ("gone@example.com",)
    assert parsed.bounce.is_permanent


REASONS = [
    ("5.1.1", "550 5.1.1 <x@example.com>: Recipient address rejected: User unknown", True),
    ("5.1.1", "550-5.1.1 The email account that you tried to reach does not exist.", True),
    ("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found", True),
    ("5.0.0", "550 <x@example.com>: User unknown", True),
    ("5.4.4", "Host or domain name not found. Name service error for name=example.com", True),
    ("5.1.2", "550 Host unknown", True),
    ("5.7.27", "556 Host does not accept mail", True),
    ("5.1.6", "551 user has moved", True),
    ("4.1.1", "450 4.1.1 Recipient address rejected: User unknown in virtual alias table", True),
    ("5.2.2", "552 5.2.2 Mailbox full", False),
    ("5.1.1", "550 5.1.1 mailbox is over quota", False),
    ("5.2.1", "550 5.2.1 The email account that you tried to reach is disabled.", False),
    ("5.1.1", "550 5.1.1 blocked using a block list", False),
    ("5.7.1", "554 5.7.1 Message rejected as spam", False),
    ("5.7.1", "550 5.7.1 Relaying denied", False),
    ("5.7.26", "550 5.7.26 This mail is unauthenticated, SPF and DKIM did not pass", False),
    ("5.1.8", "553 5.1.8 Sender address rejected: Domain not found", False),
    ("5.3.4", "552 5.3.4 Message size exceeds fixed limit", False),
    ("4.4.7", "421 4.4.7 Message expired, user unknown at present", False),
    ("5.0.0", "550 something nobody has ever seen", False),
    ("5.0.0", "550 user unknown (in reply to end of DATA command)", False),
]


@pytest.mark.parametrize(("status", "diagnostic", "is_gone"), REASONS)
def test_not_the_code_decides_but_what_it_stands_for(
    status: str, diagnostic: str, is_gone: bool
) -> None:
    assert is_permanent(status, diagnostic) is is_gone


PROSE = {
    "qmail": (
        {"from": "MAILER-DAEMON@mx.example.com", "subject": "failure notice"},
        "Hi. This is the qmail-send program.\n\n<bea@example.com>:\n192.0.2.1 does not like recipient.\n"
        "Remote host said: 550 5.1.1 User unknown\n\n--- Below this line is a copy of the message.\n\n"
        "Message-ID: <ours@example.org>\n",
        True,
    ),
    "exim": (
        {
            "from": "Mail Delivery System <Mailer-Daemon@example.com>",
            "subject": "Mail delivery failed: returning message to sender",
            "x_failed_recipients": "bea@example.com",
        },
        "The following address(es) failed:\n\n  bea@example.com\n    host mx.example.com:\n    552 5.2.2 mailbox full\n"
        "\n------ This is a copy of the message ------\n\nMessage-ID: <ours@example.org>\n",
        False,
    ),
    "domino": (
        {"from": "postmaster@example.com", "subject": "DELIVERY FAILURE: User bea not listed"},
        "Your message was not delivered to:\n\nbea@example.com\n\nbecause:\n\nUser bea not listed in Directory\n\nMessage-ID: <ours@example.org>",
        True,
    ),
    "portuguese": (
        {"from": "postmaster@example.com", "subject": "Mensagem não entregue", "return_path": "<>"},
        "<bea@example.com>: usuário inexistente\n\nMessage-ID: <ours@example.org>",
        True,
    ),
}


@pytest.mark.parametrize(("headers", "text", "is_gone"), PROSE.values(), ids=PROSE.keys())
def test_bounces_in_prose(headers: dict[str, str], text: str, is_gone: bool) -> None:
    bounce = parse_mail(mail(text, **headers)).bounce
    assert bounce is not None
    assert bounce.recipients == ("bea@example.com",)
    assert bounce.original_message_id == "<ours@example.org>"
    assert bounce.is_permanent is is_gone


AUTOMATIC = [
    {"auto_submitted": "auto-replied"},
    {"auto_submitted": "auto-generated"},
    {"x_autoreply": "yes"},
    {"precedence": "auto_reply"},
    {"subject": "Automatic reply: Hello"},
    {"subject": "Out of Office: Hello"},
    {"subject": "Respuesta automática: Hola"},
    {"subject": "Resposta automática: Olá"},
    {"subject": "Réponse automatique : Bonjour"},
    {"subject": "Automatische Antwort: Hallo"},
    {"subject": "Abwesenheitsnotiz: Hallo"},
    {"subject": "Risposta automatica: Ciao"},
    {"subject": "Automatisch antwoord: Hallo"},
    {"subject": "Autosvar: Hej"},
    {"subject": "Automatyczna odpowiedź: Dzień dobry"},
    {"subject": "Автоматический ответ: Привет"},
    {"subject": "自動応答: こんにちは"},
    {"subject": "自动答复: 你好"},
    {"subject": "Read: Hello"},
]


@pytest.mark.parametrize("headers", AUTOMATIC, ids=lambda headers: next(iter(headers.values())))
def test_automatic_answers(headers: dict[str, str]) -> None:
    parsed = parse_mail(mail("I am away.", **headers))
    assert parsed.is_auto_reply
    assert not parsed.is_bounce


PERSONAL = [
    {"auto_submitted": "no"},
    {"subject": "Re: Automatic reply: Hello"},
    {"subject": "My holiday on the island"},
    {"subject": "Delivery failed again, where is my parcel?"},
    {"subject": "Undeliverable: what does this mean?"},
    {"from": "postmaster@example.com", "subject": "Question about my invoice"},
    {"return_path": "<>", "subject": "Hello"},
    {"subject": "Reading list"},
    {"subject": "Office supplies are out of stock"},
    {"subject": "Out of office supplies"},
    {"subject": "Auto: wann kommt mein Wagen?"},
    {"subject": "Urlaub: verlorene Kreditkarte"},
    {"subject": "Vacaciones: cambio de fecha"},
    {"subject": "Absence d'un produit dans ma commande"},
    {"subject": "Re: Undelivered Mail Returned to Sender"},
    {"subject": "Fwd: Undelivered Mail Returned to Sender"},
]


@pytest.mark.parametrize("headers", PERSONAL, ids=lambda headers: next(iter(headers.values())))
def test_people_are_not_taken_for_machines(headers: dict[str, str]) -> None:
    parsed = parse_mail(mail("Hello, the user is unknown to me.", **headers))
    assert not parsed.is_auto_reply
    assert not parsed.is_bounce


LOST_PARCELS = """Delivery failed - driver did not ring
Undelivered parcel 123
Returned mail: my letter came back
Failure notice from your app
Mailbox full - how do I upgrade?
No entregado mi paquete
Falha na entrega do pedido
Échec de livraison de mon colis
Zustellung fehlgeschlagen
Mancata consegna del pacco
Bezorging mislukt""".split("\n")


@pytest.mark.parametrize("subject", LOST_PARCELS)
def test_a_lost_parcel_is_no_bounce(subject: str) -> None:
    text = (
        "My parcel could not be delivered, your delivery failed twice. The user is unknown to me."
    )
    parsed = parse_mail(mail(text, subject=subject))
    assert not parsed.is_bounce
    assert not parsed.is_auto_reply


ABSENCES = """Out of Office Re: Hello
[Auto-Reply] Hello
Fuera de oficina Re: Hola
De vacaciones: Re: Hola
Férias: Re: Olá
En congés : Re: Bonjour
Im Urlaub: Re: Hallo
Abwesend: AW: Hallo
In ferie: Re: Ciao
Met vakantie: Re: Hallo
Return Receipt (displayed) - Hello
Lesebestätigung: Hallo
Confirmation de lecture : Bonjour""".split("\n")


def test_an_alert_is_told_from_an_answer() -> None:
    kinds = [
        parse_mail(mail("x", **headers)).context["machine"]
        for headers in (
            {"auto_submitted": "auto-generated", "references": "<alert.1@example.com>"},
            {"x_cron_env": "<SHELL=/bin/sh>"},
            {"auto_submitted": "auto-replied"},
            {"auto_submitted": "auto-generated", "subject": "Automatic reply: Hello"},
            {"auto_submitted": "auto-generated", "x_autoreply": "yes"},
            {"subject": "Read: Hello"},
        )
    ]
    assert kinds == ["automatic", "automatic", "auto_reply", "auto_reply", "auto_reply", "receipt"]


@pytest.mark.parametrize("subject", ABSENCES)
def test_absences_without_a_header_that_says_so(subject: str) -> None:
    assert parse_mail(mail("I am back on Monday.", subject=subject)).is_auto_reply


def test_a_word_that_people_use_too_needs_the_mail_it_answers() -> None:
    assert not parse_mail(mail(subject="Urlaub: Frage")).is_auto_reply
    assert parse_mail(mail(subject="Urlaub: Frage", in_reply_to="<1@example.org>")).is_auto_reply


def test_a_read_receipt_and_a_complaint() -> None:
    receipt = parse_mail(
        report("Disposition: manual-action/MDN-sent; displayed", kind="disposition-notification")
    )
    complaint = parse_mail(report("Feedback-Type: abuse", kind="feedback-report"))
    assert (receipt.context["machine"], receipt.is_bounce) == ("receipt", False)
    assert (complaint.context["machine"], complaint.is_bounce) == ("complaint", False)


@pytest.mark.parametrize(
    "headers", [{"list_id": "<a.example.com>"}, {"precedence": "list"}, {"precedence": "bulk"}]
)
def test_lists(headers: dict[str, str]) -> None:
    parsed = parse_mail(mail(**headers))
    assert parsed.is_list
    assert not parsed.is_auto_reply
