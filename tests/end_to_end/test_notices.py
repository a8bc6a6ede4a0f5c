"""We speak first: the shop tells of an order, the customer is told once, and answers."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import APIResponse, Page, expect

from tests.end_to_end.site import Customer, Site, said, text_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

NOW = datetime.now(UTC).replace(microsecond=0)


def test_an_order_is_late_and_another_one_moves(site: Site) -> None:
    luz = Customer(site, "luz.order@example.net", "Luz Pedido")
    with site.colleague("mia") as page:
        token = make_a_token(site, page)
    with site.visitor() as shop:
        late = event(luz, "late-1", "order_placed", "A-1001", promised=-2)
        assert tell(site, shop, token, late).status == 201
        assert tell(site, shop, token, late).status == 200
        for name, kind, days in (("m1", "order_placed", 3), ("m2", "order_delayed", 9)):
            news = event(luz, name, kind, "A-1002", promised=days)
            assert tell(site, shop, token, news).status == 201
        assert tell(site, shop, "wrong", late).status == 401
    notice = luz.next_mail(said("es", "Your order %(number)s is late", number="A-1001"))
    moved = luz.next_mail(said("es", "New date for your order %(number)s", number="A-1002"))
    assert said("es", "Does that not suit you? Just answer this mail.") in text_of(moved)
    luz.answer(notice, "Gracias por avisar. ¿Puedo cambiar la dirección?")
    with site.colleague("ana") as page:
        answer_is_a_ticket(site, page, notice["Subject"])
        told_is_logged(site, page)
    assert len(luz.mails("A-1001")) == len(luz.mails("A-1002")) == 1


def make_a_token(site: Site, page: Page) -> str:
    site.go(page, "/tickets/")
    page.locator(".sidebar-foot summary").click()
    page.get_by_role("link", name="API tokens").click()
    page.get_by_label("Name").fill("The shop")
    page.get_by_label("It may").select_option("write")
    page.get_by_role("button", name="Make a token").click()
    return page.locator("#secret").inner_text().strip()


def event(
    customer: Customer, event_id: str, kind: str, number: str, *, promised: int
) -> dict[str, Any]:
    """`promised` is in days from now. For the customer it is noon: nobody is woken."""
    return {
        "event_id": event_id,
        "kind": kind,
        "occurred_at": NOW.isoformat(),
        "customer": {
            "email": customer.address,
            "name": customer.name,
            "language": "es",
            "time_zone": where_it_is_noon(),
        },
        "order": {"number": number, "promised_at": (NOW + timedelta(days=promised)).isoformat()},
    }


def where_it_is_noon() -> str:
    east = 12 - NOW.hour
    return f"Etc/GMT{-east:+d}" if east else "Etc/GMT"


def tell(site: Site, page: Page, token: str, news: dict[str, Any]) -> APIResponse:
    return page.context.request.post(
        f"{site.stack.url}/api/v1/customer-events",
        data=news,
        headers={"Authorization": f"Token {token}"},
    )


def answer_is_a_ticket(site: Site, page: Page, subject: str) -> None:
    site.open_ticket(page, subject)
    said_there = page.locator(".entry.customer")
    expect(said_there).to_have_count(1)
    expect(said_there.locator(".text")).to_contain_text("¿Puedo cambiar la dirección?")
    said_there.locator("summary", has_text="Quoted text").click()
    expect(said_there.locator(".quoted")).to_contain_text("A-1001")
    expect(page.locator(".context")).to_contain_text("A-1002")


def told_is_logged(site: Site, page: Page) -> None:
    site.go(page, "/notices/")
    rows = page.locator(".notices > li", has_text="Luz Pedido")
    expect(rows).to_have_count(2)
    for number in ("A-1001", "A-1002"):
        expect(rows.filter(has_text=number)).to_have_count(1)
