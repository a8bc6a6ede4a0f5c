"""The list of what is marked as spam: visible to whoever may see it, released with one click."""

from tickets.services import mark_spam, open_ticket


def listed(client, view: str) -> str:
    return client.get("/tickets/", {"view": view}).content.decode()


def test_it_works(client, ana, ticket):
    client.force_login(ana)
    assert ticket.subject not in listed(client, "spam")
    mark_spam(ticket=ticket, by=None)
    assert ticket.subject in listed(client, "spam")
    assert ticket.subject not in listed(client, "all")


def test_one_click_releases_it(client, ana, ticket):
    mark_spam(ticket=ticket, by=None)
    client.force_login(ana)
    client.post(f"/tickets/{ticket.pk}/spam-mark/", {"remove": "1"})
    assert ticket.subject in listed(client, "all")
    assert ticket.subject not in listed(client, "spam")


def test_nobody_sees_the_spam_of_others(client, bruno, channel, dora):
    ticket, _message = open_ticket(channel=channel, requester=dora, subject="Hidden", text="x")
    mark_spam(ticket=ticket, by=None)
    client.force_login(bruno)
    assert "Hidden" not in listed(client, "spam")
