"""The workspace in a real browser: keys, drafts, the pane, and mail that must not act."""

from email.message import EmailMessage

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client

from messaging.services import accept, process
from tickets.services import add_customer_message, open_ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(browser_page, live_server, ana):
    """A page on which Ana is signed in, and `page.outside`: what it asked of other hosts."""
    client = Client()
    client.force_login(ana)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    browser_page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "url": live_server.url}]
    )
    browser_page.outside = []
    browser_page.on("request", lambda request: _note(browser_page, live_server.url, request.url))
    return browser_page


def _note(page, site, url):
    if not url.startswith((site, "data:", "about:", "chrome")):
        page.outside.append(url)


def test_it_works(page, live_server, ana, ticket):
    page.goto(f"{live_server.url}/tickets/")
    page.wait_for_selector("#count-open:has-text('1')")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector("#list-pane .row[aria-current=true]")
    page.keyboard.press("n")
    page.keyboard.type("Asked the carrier")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".entry.note:has-text('Asked the carrier')")
    page.wait_for_selector("text=Your note is saved.")
    assert page.input_value(".for-note textarea") == ""

    page.keyboard.press("Escape")
    page.click(".ticket-title h1")
    page.keyboard.press("r")
    page.keyboard.type("It comes tomorrow")
    page.click(".for-reply [data-default]")
    page.wait_for_selector(".entry.reply:has-text('It comes tomorrow')")
    assert page.inner_text("#status-menu summary").strip() == "Pending"
    assert page.outside == []


def test_a_draft_survives_a_reload_and_belongs_to_one_user_and_ticket(
    page, live_server, ana, channel, dora, ticket
):
    other, _ = open_ticket(channel=channel, requester=dora, subject="Other", text="x")
    page.goto(f"{live_server.url}/tickets/{ticket.pk}/")
    page.fill(".for-reply textarea", "Half an answer")
    page.reload()
    assert page.input_value(".for-reply textarea") == "Half an answer"
    page.goto(f"{live_server.url}/tickets/{other.pk}/")
    assert page.input_value(".for-reply textarea") == ""

    leo = get_user_model().objects.create_user("leo@example.com", name="Leo", role="manager")
    client = Client()
    client.force_login(leo)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie.value, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/tickets/{ticket.pk}/")
    assert page.input_value(".for-reply textarea") == ""


def test_a_hostile_mail_does_nothing(page, live_server, ana, channel, dora, ticket):
    probe = "<img src=https://evil.example/x onerror=window.hit=1><script>window.hit=1</script>"
    dora.name = probe[:200]
    dora.save()
    add_customer_message(
        ticket=ticket,
        customer=dora,
        channel=channel,
        text=probe,
        message={
            "quoted_text": probe,
            # As if the cleaner had missed it: the frame has no rights of its own.
            "html": f'{probe}<form action="https://evil.example"><button id="go">x</button></form>'
            '<a id="out" href="javascript:parent.hit=1">x</a>',
        },
    )
    page.goto(f"{live_server.url}/tickets/{ticket.pk}/")
    assert page.evaluate("window.hit") is None
    assert page.outside == []


def test_a_phone_shows_no_sideways_scroll(page, live_server, ana, channel, dora, ticket):
    long = "Donaudampfschifffahrtsgesellschaftskapitän" * 5
    wide, _ = open_ticket(channel=channel, requester=dora, subject=long, text=long)
    for width in (360, 390, 768, 1040, 1340):
        page.set_viewport_size({"width": width, "height": 800})
        for address in ("/tickets/", f"/tickets/{wide.pk}/", "/tickets/new/"):
            page.goto(live_server.url + address)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_recipients_are_shown_and_surprises_asked_about(page, live_server, ticket):
    page.goto(f"{live_server.url}/tickets/{ticket.pk}/")
    summary = page.locator(".addressees summary")
    assert "dora@example.net" in summary.inner_text()
    summary.click()
    page.fill(".addressee-fields [name=cc]", "boss@other.example")
    page.press(".addressee-fields [name=cc]", "Tab")
    page.wait_for_selector("#surprises :text('is of another organisation')")
    page.set_input_files(
        ".for-reply [type=file]", {"name": "a.txt", "mimeType": "text/plain", "buffer": b"x"}
    )
    page.fill(".for-reply textarea", "It comes tomorrow")
    page.click(".for-reply [data-default]")
    page.wait_for_timeout(300)
    # The browser asks for the tick first: nothing was sent, no file was lost.
    assert page.locator(".entry.reply").count() == 0
    page.check("#surprises [name=confirmed]")
    page.click(".for-reply [data-default]")
    reply = page.wait_for_selector(".entry.reply:has-text('It comes tomorrow')").inner_text()
    assert "boss@other.example" in reply
    assert "a.txt" in reply


def test_a_reply_that_failed_is_red_and_goes_out_again(page, live_server, ana, ticket):
    from messaging.models import Delivery
    from tickets.services import mark_reply_failed, reply_to_ticket

    reply = reply_to_ticket(ticket=ticket, by=ana, text="It comes tomorrow")
    Delivery.objects.update(state="failed", reason="The mailbox is full.")
    mark_reply_failed(message=reply, reason="The mailbox is full.")
    page.goto(f"{live_server.url}/tickets/{ticket.pk}/")
    failure = page.locator(".failure")
    assert "The mailbox is full." in failure.inner_text()
    failure.get_by_role("button", name="Retry").click()
    page.wait_for_selector(".failure", state="detached")
    assert Delivery.objects.get(message=reply).state != "failed"


def test_quotes_are_folded_and_remote_images_wait_for_a_click(page, live_server, channel):
    mail = EmailMessage()
    mail["From"] = "Dora Gil <dora@example.net>"
    mail["To"] = "support@example.com"
    mail["Subject"] = "A picture"
    mail["Message-ID"] = "<picture@example.net>"
    mail.set_content(
        "It looks like this.\n\n"
        "On Mon, 2 Nov 2026 at 10:02, Support <support@example.com> wrote:\n"
        "> Please send us a picture.\n"
    )
    mail.add_alternative(
        '<p>It looks like this.</p><p><img src="https://tracker.example/seen.png" alt="seen"></p>'
        '<div class="gmail_quote"><div class="gmail_attr">On Mon, 2 Nov 2026 at 10:02, Support '
        "&lt;support@example.com&gt; wrote:<br></div><blockquote>Please send us a picture."
        "</blockquote></div>",
        subtype="html",
    )
    raw, _is_new = accept(channel, mail.as_bytes(), external_id="one", source="test")
    ticket = process(raw.pk).ticket

    # Nothing leaves this machine, whatever the page asks for.
    page.route("https://tracker.example/**", lambda route: route.fulfill(body=b"GIF89a"))
    page.goto(f"{live_server.url}/tickets/{ticket.pk}/")
    said = page.locator(".entry.customer")
    assert said.locator(".text").inner_text().strip() == "It looks like this."
    quoted = said.locator(".quoted")
    assert not quoted.is_visible()
    said.locator("summary", has_text="Quoted text").click()
    assert "Please send us a picture." in quoted.inner_text()

    said.locator("summary", has_text="Show as it was sent").click()
    frame = page.frame_locator(".mail-frame")
    frame.locator("img").wait_for(state="attached")
    page.wait_for_timeout(500)
    assert page.outside == []
    said.get_by_role("link", name="Show them").click()
    page.wait_for_timeout(1_000)
    assert page.outside == ["https://tracker.example/seen.png"]
