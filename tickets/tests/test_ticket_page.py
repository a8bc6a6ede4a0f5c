"""The ticket: what is shown, to whom, and what it may cost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from customers.models import Order
from tickets.inbound import InboundAttachment
from tickets.models import Message
from tickets.services import (
    add_customer_message,
    add_note,
    assign_ticket,
    close_ticket,
    mark_reply_failed,
    mark_reply_sent,
    mark_spam,
    merge_ticket,
    open_ticket,
    reply_to_ticket,
    resolve_ticket,
    set_priority,
    set_status,
    set_tags,
)


def page_of(client, ticket, **parameters):
    return client.get(reverse("tickets:ticket", args=[ticket.pk]), parameters)


def test_it_works(agent_client, ana, ticket):
    add_note(ticket=ticket, by=ana, text="Asked the carrier.")
    reply = reply_to_ticket(ticket=ticket, by=ana, text="It arrives tomorrow.")
    mark_reply_sent(message=reply)
    set_priority(ticket=ticket, by=ana, priority=4)
    page = page_of(agent_client, ticket).content.decode()

    assert "Lo espero desde el lunes." in page
    assert "dora@example.net" in page
    assert "Internal note" in page
    assert "Asked the carrier." in page
    assert "It arrives tomorrow." in page
    assert "Sent" in page
    assert "Ana Ruiz took the ticket" in page
    assert "Ana Ruiz set the status to Pending" in page
    assert "Ana Ruiz set the priority to Urgent" in page


def test_what_is_not_visible_is_not_there(client, bruno, ticket):
    client.force_login(bruno)

    assert page_of(client, ticket).status_code == 404
    assert client.get(reverse("tickets:ticket", args=[999])).status_code == 404


def test_a_page_of_any_size_takes_few_queries(
    agent_client, ana, mia, team, billing, channel, dora, ticket, django_assert_max_num_queries
):
    now = timezone.now()
    for n in range(70):
        add_customer_message(
            ticket=ticket,
            customer=dora,
            channel=channel,
            text=f"And {n}",
            at=now - timedelta(minutes=90 - n),
            files=[InboundAttachment("a.txt", "text/plain", b"a")],
        )
        add_note(ticket=ticket, by=ana if n % 2 else mia, text="Hm")
    set_tags(ticket=ticket, by=ana, names=[f"tag {n}" for n in range(20)])
    for n in range(9):
        assign_ticket(
            ticket=ticket,
            by=mia,
            assignee=[ana, mia, None][n % 3],
            team=[billing, team][n % 2],
        )
        Order.objects.create(customer=dora, number=f"10{n}")
        open_ticket(channel=channel, requester=dora, subject=f"Other {n}", text="x")
    agent_client.force_login(mia)
    with django_assert_max_num_queries(20):
        page = page_of(agent_client, ticket)
    assert "Show 81 earlier messages" in page.content.decode()
    with django_assert_max_num_queries(20):
        assert "And 0<" in page_of(agent_client, ticket, all="1").content.decode()


def test_a_failed_reply_says_why(agent_client, ana, ticket):
    reply = reply_to_ticket(ticket=ticket, by=ana, text="Hello")
    mark_reply_failed(message=reply, reason="The mailbox is full.")

    page = page_of(agent_client, ticket).content.decode()
    assert "Not delivered." in page
    assert "The mailbox is full." in page


def test_quoted_text_is_folded_and_the_original_is_one_click_away(
    agent_client, channel, dora, ticket
):
    message = add_customer_message(
        ticket=ticket,
        customer=dora,
        channel=channel,
        text="Thanks",
        message={"quoted_text": "> On Monday you wrote"},
    )
    page = page_of(agent_client, ticket).content.decode()
    assert "<summary>" in page
    assert "Quoted text" in page
    original = reverse("tickets:message_original", args=[ticket.pk, message.pk])
    assert original in page
    assert "&gt; On Monday you wrote" in agent_client.get(original).content.decode()


HOSTILE = (
    "<script>window.hit=1</script>",
    "<img src=x onerror=window.hit=1>",
    "<svg onload=window.hit=1>",
    "javascript:window.hit=1",
    "https://evil.example/\"onmouseover='window.hit=1'",
    "<form action=https://evil.example><button formaction=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'><base href=//evil.example>",
    "{{ 7|add:7 }}{% debug %}",
)


@pytest.mark.parametrize("probe", HOSTILE)
def test_hostile_words_stay_words_everywhere(agent_client, ana, channel, dora, probe):
    dora.name = probe[:200]
    dora.save()
    ticket, message = open_ticket(
        channel=channel,
        requester=dora,
        subject=probe,
        text=probe,
        message={"quoted_text": probe, "sender_address": probe[:254], "subject": probe},
        files=[InboundAttachment(probe, "text/html", b"x")],
    )
    add_note(ticket=ticket, by=ana, text=probe)
    set_tags(ticket=ticket, by=ana, names=[probe[:40].replace(",", "")])
    failed = reply_to_ticket(ticket=ticket, by=ana, text=probe)
    mark_reply_failed(message=failed, reason=probe)

    original = reverse("tickets:message_original", args=[ticket.pk, message.pk])
    for page in (page_of(agent_client, ticket), agent_client.get(original)):
        text = page.content.decode()
        assert probe not in text or probe.startswith(("javascript:", "{{"))
        assert 'href="javascript:' not in text
        for active in ("<img src=x", "<svg onload", "<form action=https", "<meta http-equiv=ref"):
            assert active not in text


def test_a_link_in_a_text_keeps_its_end(agent_client, channel, dora):
    ticket, _ = open_ticket(
        channel=channel,
        requester=dora,
        subject="x",
        text="See (https://shop.example/a?b=1&c=2). Thanks",
    )
    page = page_of(agent_client, ticket).content.decode()
    assert 'href="https://shop.example/a?b=1&amp;c=2"' in page


def test_the_head_of_every_page_forbids_scripts_of_others(agent_client, ticket):
    policy = page_of(agent_client, ticket)["Content-Security-Policy"]

    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "default-src 'none'" in policy
    assert "frame-src 'self'" in policy


@pytest.fixture
def html_message(channel, dora, ticket) -> Message:
    return add_customer_message(
        ticket=ticket,
        customer=dora,
        channel=channel,
        text="See",
        message={
            "html": '<p>See <img data-cid="p1"> <img data-remote-src="https://spy.example/x.gif"></p>'
        },
        files=[InboundAttachment("p.png", "image/png", b"\x89PNG", "p1", True)],
    )


def frame(client, message, **parameters):
    address = reverse("tickets:message_html", args=[message.ticket_id, message.pk])
    return client.get(address, parameters)


def test_a_mail_is_framed_without_rights_and_fetches_nothing(agent_client, ticket, html_message):
    assert 'sandbox="allow-same-origin' in page_of(agent_client, ticket).content.decode()
    response = frame(agent_client, html_message)

    assert "sandbox" in response["Content-Security-Policy"]
    assert "allow-scripts" not in response["Content-Security-Policy"]
    assert "https:" not in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    body = response.content.decode()
    assert ' src="https://spy.example' not in body
    assert 'src="/attachments/' in body


def test_remote_images_appear_only_when_asked_for(agent_client, html_message):
    response = frame(agent_client, html_message, images="1")

    assert 'src="https://spy.example/x.gif"' in response.content.decode()
    assert "https:" in response["Content-Security-Policy"]
    assert response["Referrer-Policy"] == "no-referrer"


def test_a_message_is_found_only_in_its_own_ticket(
    agent_client, bruno, channel, dora, ticket, html_message
):
    other, _ = open_ticket(channel=channel, requester=dora, subject="other", text="x")
    for name in ("tickets:message_html", "tickets:message_original"):
        wrong = reverse(name, args=[other.pk, html_message.pk])
        assert agent_client.get(wrong).status_code == 404
    agent_client.force_login(bruno)
    assert frame(agent_client, html_message).status_code == 404


def test_for_htmx_only_the_ticket_is_sent(agent_client, ticket):
    response = agent_client.get(
        reverse("tickets:ticket", args=[ticket.pk]), headers={"HX-Request": "true"}
    )
    assert "<html" not in response.content.decode()
    assert 'id="ticket"' in response.content.decode()


def test_the_state_of_a_ticket_decides_what_is_offered(agent_client, ana, channel, dora, ticket):
    set_status(ticket=ticket, by=ana, status="on_hold")
    assert "Resolve" in page_of(agent_client, ticket).content.decode()
    resolve_ticket(ticket=ticket, by=ana)
    assert "Reopen" in page_of(agent_client, ticket).content.decode()
    close_ticket(ticket=ticket)
    closed = page_of(agent_client, ticket).content.decode()
    assert "can only be read" in closed
    assert "for-reply" not in closed

    spam, _ = open_ticket(channel=channel, requester=dora, subject="s", text="x")
    mark_spam(ticket=spam, by=ana)
    assert "marked as spam" in page_of(agent_client, spam).content.decode()
    one, _ = open_ticket(channel=channel, requester=dora, subject="a", text="x")
    merge_ticket(ticket=one, into=spam, by=ana)
    assert "was merged into" in page_of(agent_client, one).content.decode()
