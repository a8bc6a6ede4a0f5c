"""What an agent sees of a mail beside its words."""

import pytest

from tickets.mail_facts import NOTHING, facts_of
from tickets.services import add_customer_message

CASES = [
    ({}, (), ()),
    ({"machine": "auto_reply"}, (), ()),
    ({"authentication": {"dmarc": "pass", "spf": "fail"}}, (), ("SPF: fail", "DMARC: pass")),
    ({"authentication": "nonsense", "spam": "nonsense"}, (), ()),
    ({"protection": "pgp_encrypted"}, (), ("sealed with PGP",)),
    ({"protection": "smime_signed"}, (), ("signed with S/MIME, not checked",)),
    ({"spam": ["It shouts.", "It sells."]}, ("It looks like spam: It shouts. It sells.",), ()),
]


@pytest.mark.parametrize(("details", "warnings", "quiet"), CASES)
def test_facts(details, warnings, quiet):
    facts = facts_of(details)
    assert (facts.warnings, facts.quiet) == (warnings, quiet)


def test_most_messages_have_none():
    assert facts_of({}) is NOTHING


def test_the_ticket_page_warns_of_a_forged_sender(client, ana, ticket, dora, channel):
    add_customer_message(
        ticket=ticket,
        customer=dora,
        channel=channel,
        text="Pay here",
        message={"details": {"is_forged": True, "authentication": {"dmarc": "<fail>"}}},
    )
    client.force_login(ana)
    page = client.get(f"/tickets/{ticket.pk}/").content.decode()
    assert "this is not their mail" in page.replace("&#x27;", "'")
    assert "DMARC: &lt;fail&gt;" in page
