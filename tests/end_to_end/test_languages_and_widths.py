"""Spanish and Portuguese without English leftovers, and phones without sideways scrolling."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.end_to_end.site import Customer, Site, link_in, said, send_reply

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

LOCALES = {"es": "es-ES", "pt-br": "pt-BR"}
PHONE = (390, 844)
LETTERS = {
    "es": ("Mi pedido no llega", "Hola, todavía no tengo el pedido que hice hace un mes."),
    "pt-br": ("Minha encomenda", "Olá, ainda não recebi a encomenda que fiz no mês passado."),
}
# Words that are in every English sentence of ours and in none in Spanish or Portuguese.
ENGLISH = re.compile(
    r"\b(the|and|your|you|with|this|that|from|not|was|were|has|have|are|is|of|by|"
    r"ago|since|reply|send|show|open|new|search|assign|created|resolved|priority|note)\b",
    re.IGNORECASE,
)
# What people wrote, and names, are in whatever language they are.
OUR_WORDS = """
() => {
  const page = document.body.cloneNode(true);
  const theirs = ".rows, .row, .text, .quoted, .happened .what, .earlier, table tbody th, select, "
    + "script, style, .languages, .avatar, .tags, .person, .addresses, h1, .survey-about, kbd, "
    + ".brand, .sidebar-head, .mail-frame, .shown-name, .survey-result";
  for (const element of page.querySelectorAll(theirs)) element.remove();
  const told = ["title", "aria-label", "placeholder", "alt"];
  const named = [...page.querySelectorAll("*")].flatMap(
    (element) => told.map((name) => element.getAttribute(name) ?? ""));
  return [page.textContent, ...named].join("\\n");
}
"""
SIDEWAYS = "() => document.documentElement.scrollWidth - window.innerWidth"


@pytest.mark.parametrize("language", LOCALES)
def test_nothing_is_left_in_english(site: Site, language: str) -> None:
    subject, words = LETTERS[language]
    writer = Customer(site, f"words.{language}@example.net", "Alba")
    writer.write(subject, words)
    locale = LOCALES[language]
    with site.colleague("ana", locale=locale) as page:
        site.open_ticket(page, subject)
        expect(page.locator("html")).to_have_attribute("lang", language)
        page.wait_for_load_state("networkidle")
        assert leftovers(page) == []
        for path in ("/tickets/?view=mine", "/tickets/?view=resolved", "/calls/new/", "/notices/"):
            site.go(page, path)
            assert leftovers(page) == [], path
    with site.colleague("mia", locale=locale) as page:
        site.go(page, "/admin/reports/report/")
        assert leftovers(page) == []
        site.go(page, "/admin/reports/report/tickets/?metric=created")
        assert leftovers(page) == []


def leftovers(page: Page) -> list[str]:
    """The lines of a page that hold an English word."""
    lines = (line.strip() for line in str(page.evaluate(OUR_WORDS)).splitlines())
    return sorted({line for line in lines if ENGLISH.search(line)})


def test_the_language_is_chosen_before_signing_in(site: Site) -> None:
    with site.visitor() as page:
        site.go(page, "/accounts/login/")
        page.get_by_role("button", name="Español").click()
        expect(page.locator("html")).to_have_attribute("lang", "es")
        expect(page.get_by_role("heading")).to_have_text(said("es", "Sign in"))
        assert leftovers(page) == []


def test_a_survey_in_portuguese_on_a_phone(site: Site) -> None:
    subject = "Nota fiscal de maio"
    bia = Customer(site, "bia.words@example.net", "Bia")
    bia.write(subject, "Olá, preciso da nota fiscal do mês de maio. Muito obrigada!")
    with site.colleague("ana") as page:
        site.open_ticket(page, subject)
        send_reply(page, "Olá Bia, segue em anexo.", how="Send and resolve")
    mail = bia.next_mail(said("pt-br", "How did we do? “%(subject)s”", subject=subject))
    with site.visitor(size=PHONE) as page:
        page.goto(link_in(mail, "score=5"))
        expect(page.locator("html")).to_have_attribute("lang", "pt-br")
        assert leftovers(page) == []
        assert page.evaluate(SIDEWAYS) <= 0
        page.get_by_role("button", name=said("pt-br", "Send")).click()
        page.locator(".survey-thanks").wait_for()
        assert leftovers(page) == []


@pytest.mark.parametrize("who", ["admin", ""], ids=["colleague", "visitor"])
def test_no_page_scrolls_sideways_on_a_phone(site: Site, who: str) -> None:
    pages = {
        "admin": (
            "/tickets/?view=open", "/tickets/new/", "/tickets/filters/", "/calls/", "/calls/new/",
            "/deliveries/", "/intake/", "/intake/days/", "/notices/", "/mailbox/",
            "/accounts/tokens/", "/admin/reports/report/",
            "/admin/reports/report/tickets/?metric=created",
        ),
        "": ("/accounts/login/", "/forms/contact/"),
    }  # fmt: skip
    opened = site.colleague(who, size=PHONE) if who else site.visitor(size=PHONE)
    with opened as page:
        wide = {}
        for path in pages[who]:
            site.go(page, path)
            wide[path] = page.evaluate(SIDEWAYS)
        if who:
            site.go(page, "/tickets/?view=open")
            page.locator(".rows .row a").first.click()
            page.locator("#ticket").wait_for()
            wide["a ticket"] = page.evaluate(SIDEWAYS)
    assert {path: by for path, by in wide.items() if by > 0} == {}
