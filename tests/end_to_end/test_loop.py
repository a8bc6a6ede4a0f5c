"""The whole loop: a mail becomes a ticket, is answered and rated, and stands in the report."""

import csv
import io
import re
from dataclasses import dataclass
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, expect

from tests.end_to_end.site import (
    Customer,
    Site,
    html_of,
    link_in,
    said,
    send_reply,
    text_of,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

MAILBOX = "walk@example.com"
NEW_MAILBOX = f"""
from accounts.models import Team
from tickets.models import Channel
team = Team.objects.get(name="Support")
channel = Channel.objects.create(
    kind="email", address={MAILBOX!r}, name="Walk", default_team=team
)
print(channel.pk)
"""
SUBJECT = "¿Dónde está mi pedido?"
WORDS = "Hola, hice un pedido hace dos semanas y todavía no ha llegado. ¿Me pueden ayudar?"
FIRST_ANSWER = "Hola Dora, el pedido sale mañana."
SECOND_ANSWER = "Ahora sí: el paquete está en la oficina de correos."


@dataclass
class Walk:
    """One customer's ticket through all its steps."""

    site: Site
    dora: Customer
    mail: EmailMessage
    ticket: int = 0


def test_from_mail_to_report(site: Site) -> None:
    channel = int(site.shell(NEW_MAILBOX))
    dora = Customer(site, "dora.loop@example.net", "Dora Loop")
    walk = Walk(site, dora, dora.write(SUBJECT, WORDS, to=MAILBOX))
    with site.colleague("ana") as page:
        agent_works_and_resolves(walk, page)
    answered = dora.next_mail(FIRST_ANSWER)
    mail_threads(walk.mail, answered)
    customer_still_needs_help(walk, answered)
    with site.colleague("ana") as page:
        agent_resolves_again(walk, page)
    mail_threads(walk.mail, dora.next_mail(SECOND_ANSWER))
    customer_taps_a_face(walk)
    eva_answers_the_survey_by_mail(site)
    with site.colleague("mia") as page:
        manager_reads_the_report(site, page, channel, walk.ticket)
    site.stack.manage("rebuild_metrics", "--check")


def agent_works_and_resolves(walk: Walk, page: Page) -> None:
    walk.ticket = walk.site.open_ticket(page, SUBJECT)
    expect(page.locator(".entry.customer .text")).to_contain_text("hace dos semanas")
    page.locator("#assign-menu > summary").click()
    page.get_by_role("button", name="Take it myself").click()
    expect(page.locator("#assign-menu > summary")).to_contain_text("Ana Ruiz")
    page.locator("summary[title=Priority]").click()
    page.get_by_role("button", name="High", exact=True).click()
    expect(page.locator("summary[title=Priority]")).to_contain_text("High")
    page.get_by_label("Tags, separated by commas").fill("delivery, vip")
    page.get_by_role("button", name="Save the tags").click()
    expect(page.locator(".tags")).to_contain_text("vip")
    page.locator("label", has=page.locator("#compose-note")).click()
    page.locator(".for-note textarea").fill("I asked the carrier.")
    page.get_by_role("button", name="Save the note").click()
    expect(page.locator(".entry.note .text")).to_have_text("I asked the carrier.")
    send_reply(page, FIRST_ANSWER, how="Send and resolve")
    expect(page.locator("#status-menu > summary")).to_contain_text("Resolved")


def mail_threads(asked: EmailMessage, mail: EmailMessage) -> None:
    """A mail program puts it under what the customer wrote; it speaks their language."""
    assert re.fullmatch(r"<[^<>\s]+@[^<>\s]+>", str(mail["Message-ID"]))
    references = str(mail["References"]).split()
    assert references[0] == asked["Message-ID"]
    assert mail["In-Reply-To"] == references[-1]
    assert mail["Subject"] == f"Re: {SUBJECT}"
    assert mail.get_content_type() == "multipart/alternative"
    question = said("es", "Did this solve it?")
    assert question != "Did this solve it?"
    assert question in text_of(mail)
    assert question in html_of(mail)
    assert 'lang="es"' in html_of(mail)
    assert "I asked the carrier" not in mail.as_string()


def customer_still_needs_help(walk: Walk, mail: EmailMessage) -> None:
    with walk.site.visitor() as page:
        page.goto(link_in(mail, "solved=no"))
        expect(page.locator("html")).to_have_attribute("lang", "es")
        expect(page.locator(".thread")).to_contain_text(FIRST_ANSWER)
        expect(page.locator(".thread")).not_to_contain_text("carrier")
        page.get_by_label(said("es", "Your answer")).fill("No ha llegado nada.")
        page.get_by_role("button", name=said("es", "I still need help")).click()
        expect(page.locator(".state")).to_contain_text(said("es", "We're on it"))
        expect(page.locator(".thread")).to_contain_text("No ha llegado nada.")


def agent_resolves_again(walk: Walk, page: Page) -> None:
    assert walk.site.open_ticket(page, SUBJECT) == walk.ticket
    expect(page.locator("#status-menu > summary")).to_contain_text("Open")
    expect(page.locator(".entry.customer .text").last).to_have_text("No ha llegado nada.")
    send_reply(page, SECOND_ANSWER, how="Send and resolve")
    expect(page.locator("#status-menu > summary")).to_contain_text("Resolved")


def customer_taps_a_face(walk: Walk) -> None:
    """The invitation that came after the first resolution; looking at it counts nothing."""
    mail = walk.dora.next_mail(said("es", "How did we do? “%(subject)s”", subject=SUBJECT))
    face = link_in(mail, "score=4")
    with walk.site.visitor() as page:
        page.goto(face)
        expect(page.locator("input[name=score][value='4']")).to_be_checked()
        assert answers_of(walk) == "[]"
        page.locator("#comment").fill("Tardó, pero llegó.")
        page.get_by_role("button", name=said("es", "Send")).click()
        expect(page.locator(".survey-words")).to_have_text("Tardó, pero llegó.")
    assert answers_of(walk) == "[(4, 'Tardó, pero llegó.', 'resolved')]"


def answers_of(walk: Walk) -> str:
    return survey_answers(walk.site, walk.ticket)


def survey_answers(site: Site, ticket: int) -> str:
    """The scores and words that count for a ticket, with how it stands, as a list in one line."""
    return site.shell(f"""
from surveys.models import Answer
given = Answer.objects.filter(invitation__ticket={ticket}).order_by("id")
print(list(given.values_list("score", "comment", "invitation__ticket__status")))
""")


def eva_answers_the_survey_by_mail(site: Site) -> None:
    eva = Customer(site, "eva.loop@example.net", "Eva Loop")
    eva.write("Factura de marzo", "Hola, no encuentro la factura de marzo. Gracias.", to=MAILBOX)
    with site.colleague("ana") as page:
        ticket = site.open_ticket(page, "Factura de marzo")
        send_reply(page, "Hola Eva, te la mando ahora.", how="Send and resolve")
    survey = eva.next_mail(said("es", "How did we do? “%(subject)s”", subject="Factura de marzo"))
    eva.answer(survey, "5, muy bien")
    site.expect(lambda: survey_answers(site, ticket) != "[]", "the answer to the survey")
    assert survey_answers(site, ticket) == "[(5, 'muy bien', 'resolved')]"
    with site.colleague("ana") as page:
        site.go(page, f"/tickets/{ticket}/")
        expect(page.locator("#status-menu > summary")).to_contain_text("Resolved")
        expect(page.locator(".survey-result")).to_contain_text("muy bien")


def manager_reads_the_report(site: Site, page: Page, channel: int, ticket: int) -> None:
    site.go(page, "/tickets/")
    page.get_by_role("navigation").get_by_role("link", name="Reports").click()
    page.get_by_label("Channel", exact=True).select_option(str(channel))
    page.get_by_role("button", name="Show").click()
    address = page.url.removeprefix(site.stack.url)
    site.expect(lambda: report_is_fresh(site, page, address), "fresh figures")
    assert {key: value_of(page, key) for key in ("created", "resolved", "backlog", "csat")} == {
        "created": "2",
        "resolved": "3",
        "backlog": "0",
        "csat": "100 %",
    }
    expect(page.locator("#csat .tile-more")).to_contain_text("2 of 2")
    expect(page.locator("#csat .tile-more")).to_contain_text("mean 4.5")
    expect(page.locator("#resolution_rate .tile-more")).to_contain_text("2 of 2")
    expect(page.locator("#first_response_time .tile-more")).to_contain_text("median of 2")
    expect(page.locator(".proof .chip.success")).to_contain_text("adds up")
    with page.expect_download() as waiting:
        page.locator(".report-head summary").click()
        page.get_by_role("link", name="Figures").click()
    figures = {row["metric"]: row for row in rows_of(waiting.value.path().read_bytes())}
    assert [figures[key]["value"] for key in ("created", "resolved", "reopened")] == list("231")
    assert (float(figures["csat"]["value"]), figures["csat"]["n"]) == (100.0, "2")
    page.locator("#created .tile-value").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_role("link", name=f"#{ticket} ").click()
    expect(page.locator("#ticket")).to_have_attribute("data-ticket", str(ticket))


def report_is_fresh(site: Site, page: Page, address: str) -> bool:
    site.go(page, address)
    return not page.locator(".report > .banner").count() and value_of(page, "resolved") == "3"


def value_of(page: Page, key: str) -> str:
    return page.locator(f"#{key} .tile-value").inner_text().replace("\xa0", " ")


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
