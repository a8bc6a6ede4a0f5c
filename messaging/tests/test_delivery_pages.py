"""The delivery log and its pages, per role."""

import pytest
from django.urls import reverse

from messaging.models import Delivery
from messaging.services import send, transmit
from tickets.inbound import InboundAttachment
from tickets.services import reply_to_ticket


@pytest.fixture
def delivery(ticket, ana) -> Delivery:
    reply_to_ticket(ticket=ticket, by=ana, text="Mañana llega.")
    return transmit(Delivery.objects.get().pk)


@pytest.fixture
def survey(channel, dora) -> Delivery:
    """A delivery that belongs to no ticket."""
    return send(
        key="survey:1",
        purpose="survey",
        channel=channel,
        recipients={"to": ["dora@example.net"]},
        subject="How was it?",
        text="Tell us.",
        html="<p>Tell us.</p>",
        customer=dora,
    )


def url(name: str, delivery: Delivery) -> str:
    return reverse(f"messaging:{name}", args=[delivery.pk])


def test_it_works(agent_client, delivery):
    page = agent_client.get(reverse("messaging:deliveries")).content.decode()
    assert "dora@example.net" in page
    page = agent_client.get(url("delivery", delivery)).content.decode()
    assert delivery.rfc_message_id.strip("<>") in page
    assert "Mañana llega." in page
    assert url("preview", delivery) in page


@pytest.mark.parametrize("name", ["delivery", "preview"])
def test_each_role_sees_what_is_theirs(client, delivery, survey, ana, bruno, mia, name):
    seen = {}
    for user in (ana, bruno, mia):
        client.force_login(user)
        seen[user] = [client.get(url(name, d)).status_code for d in (delivery, survey)]
    assert seen == {ana: [200, 404], bruno: [404, 404], mia: [200, 200]}


def test_the_list_holds_what_is_theirs(client, delivery, survey, ana, bruno, mia):
    counts = []
    for user in (ana, bruno, mia):
        client.force_login(user)
        counts.append(len(client.get(reverse("messaging:deliveries")).context["rows"]))
    assert counts == [1, 0, 2]


@pytest.mark.parametrize(
    "path", ["/deliveries/", "/deliveries/1/", "/deliveries/1/preview/", "/mailbox/", "/intake/"]
)
def test_strangers_are_sent_to_sign_in(client, db, settings, path):
    settings.DEMO = True
    assert client.get(path).url.startswith("/accounts/login/")


def test_filters_by_allow_list(client, mia, delivery, survey):
    client.force_login(mia)
    log = reverse("messaging:deliveries")
    assert [r.delivery for r in client.get(log, {"state": "sent"}).context["rows"]] == [delivery]
    assert [r.delivery for r in client.get(log, {"purpose": "survey"}).context["rows"]] == [survey]
    for bad in ({"state": "x"}, {"channel__settings": "x"}, {"before": "x"}, {"before": "²"}):
        assert client.get(log, bad).status_code == 400


def test_pages_by_key_in_few_queries(client, mia, channel, dora, django_assert_max_num_queries):
    for n in range(60):
        send(
            key=str(n),
            purpose="notice",
            channel=channel,
            recipients={"to": ["dora@example.net"]},
            subject=str(n),
            text="x",
            customer=dora,
        )
    client.force_login(mia)
    log = reverse("messaging:deliveries")
    with django_assert_max_num_queries(8):
        first = client.get(log).context
    second = client.get(f"{log}?{first['older']}").context
    shown = [r.delivery.subject for r in [*first["rows"], *second["rows"]]]
    assert shown == [str(n) for n in reversed(range(60))]
    assert second["older"] == ""


def test_a_failed_one_is_sent_again_from_both_places(agent_client, delivery):
    for name, number in (("retry_delivery", delivery.pk), ("retry", delivery.message_id)):
        Delivery.objects.update(state="failed", reason="no")
        delivery.message.state = "failed"
        delivery.message.save()
        there = reverse("tickets:ticket", args=[delivery.message.ticket_id])
        response = agent_client.post(reverse(f"messaging:{name}", args=[number]), {"next": there})
        assert response.url == there
        delivery.refresh_from_db()
        assert (delivery.state, delivery.reason) == ("queued", "")
        delivery.message.refresh_from_db()
        assert delivery.message.state == "queued"


def test_retry_needs_a_post_and_the_right(client, delivery, bruno, ana):
    Delivery.objects.update(state="failed")
    client.force_login(bruno)
    assert client.post(url("retry_delivery", delivery)).status_code == 404
    assert client.post(reverse("messaging:retry", args=[delivery.message_id])).status_code == 404
    client.force_login(ana)
    assert client.get(url("retry_delivery", delivery)).status_code == 405
    delivery.refresh_from_db()
    assert delivery.state == "failed"


def test_retry_goes_nowhere_else(agent_client, delivery):
    response = agent_client.post(url("retry_delivery", delivery), {"next": "//evil.example/"})
    assert response.url == url("delivery", delivery)


HOSTILE = "<script>x()</script><img src=x onerror=x()><form action=//e><base href=//e>"


def test_hostile_words_do_nothing_in_the_preview(agent_client, ticket, ana):
    reply_to_ticket(ticket=ticket, by=ana, text=HOSTILE)
    delivery = Delivery.objects.get()
    response = agent_client.get(url("preview", delivery))
    page = response.content.decode()
    assert "<script" not in page
    assert "<form" not in page
    assert "<img" not in page
    assert page.count("<base") == 1
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy
    assert "frame-ancestors 'self'" in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_even_hostile_html_that_got_in_has_no_rights(agent_client, delivery):
    Delivery.objects.update(html=HOSTILE)
    response = agent_client.get(url("preview", delivery))
    assert "script-src" not in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_only_the_preview_may_be_framed(agent_client, delivery):
    response = agent_client.get(url("delivery", delivery))
    assert response["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert "frame-src 'self'" in response["Content-Security-Policy"]


def test_pictures_of_the_mail_are_in_the_preview(agent_client, ticket, ana):
    picture = InboundAttachment("a.png", "image/png", b"PNG", "pic", is_inline=True)
    drawing = InboundAttachment("a.svg", "image/svg+xml", b"<svg/>", "svg", is_inline=True)
    reply_to_ticket(ticket=ticket, by=ana, text="x", files=[picture, drawing])
    Delivery.objects.update(html='<img src="cid:pic"><img src="cid:svg"><img src="cid:none">')
    page = agent_client.get(url("preview", Delivery.objects.get())).content.decode()
    assert "data:image/png;base64,UE5H" in page
    assert "svg+xml" not in page
    assert "cid:" not in page


def test_a_mail_without_html_is_shown_as_text(agent_client, delivery):
    Delivery.objects.update(html="", text="<b>1 < 2</b>")
    page = agent_client.get(url("preview", delivery)).content.decode()
    assert "&lt;b&gt;1 &lt; 2" in page


def test_an_address_that_is_none_still_has_a_page(agent_client, delivery):
    Delivery.objects.update(recipients={"to": ["not an address"]}, state="failed", reason="no")
    assert "not an address" in agent_client.get(url("delivery", delivery)).content.decode()
