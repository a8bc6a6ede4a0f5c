"""Django's own mail takes the same way out."""

import pytest
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives

from messaging.email.backend import CannotSend
from messaging.email.tests.servers import mail_server
from messaging.models import Delivery
from messaging.selectors import deliveries_visible_to
from messaging.services import transmit


@pytest.fixture(autouse=True)
def _backend(settings):
    settings.EMAIL_BACKEND = "messaging.email.backend.DeliveryLogBackend"


def test_it_works(channel, ana):
    assert mail.send_mail("Your password", "http://x/reset/1", None, ["ana@example.com"]) == 1
    delivery = Delivery.objects.get()
    assert (delivery.purpose, delivery.channel, delivery.state) == ("account", channel, "queued")
    assert delivery.recipients["to"] == ["ana@example.com"]
    assert '<a href="http://x/reset/1"' in delivery.html
    assert transmit(delivery.pk).state == "sent"
    delivery.refresh_from_db()
    assert "reset/1" in delivery.text


def test_a_password_reset_by_page_is_promised(client, channel, ana):
    client.post("/accounts/password/reset/", {"email": "ana@example.com"})
    assert Delivery.objects.get().recipients["to"] == ["ana@example.com"]


def test_a_link_that_was_handed_over_is_not_kept(channel):
    with mail_server() as (keeper, port):
        channel.settings = {
            "smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none",
        }  # fmt: skip
        channel.save()
        mail.send_mail("Your password", "http://x/reset/1", None, ["ana@example.com"])
        transmit(Delivery.objects.get().pk)
        assert b"reset/1" in keeper.mails[0]
    delivery = Delivery.objects.get()
    assert "reset/1" not in delivery.text + delivery.html


def test_only_administrators_see_it(channel, ana, mia, admin_user):
    mail.send_mail("Your password", "http://x/reset/1", None, ["ana@example.com"])
    assert [deliveries_visible_to(user).count() for user in (ana, mia, admin_user)] == [0, 0, 1]


def test_html_of_others_is_cleaned(channel):
    message = EmailMultiAlternatives("x", "x", None, ["ana@example.com"])
    message.attach_alternative("<p>Hi</p><script>alert(1)</script>", "text/html")
    message.send()
    assert Delivery.objects.get().html == "<p>Hi</p>"


def test_what_cannot_be_sent_is_not_lost_without_a_word(channel):
    message = EmailMessage("x", "x", None, ["ana@example.com"])
    message.attach("a.csv", "1", "text/csv")
    with pytest.raises(CannotSend):
        message.send()
    channel.delete()
    with pytest.raises(CannotSend):
        mail.send_mail("x", "x", None, ["ana@example.com"])
