"""The intake: administrators alone, and what they can do there."""

import pytest
from django.urls import reverse

from messaging.email.tests.samples import UNREADABLE, mail
from messaging.models import RawInbound
from messaging.services import accept, take


@pytest.fixture
def admin(client, admin_user):
    client.force_login(admin_user)
    return client


@pytest.fixture
def unreadable(channel) -> RawInbound:
    return take(channel, UNREADABLE, external_id="x:1", source="smtp")


def url(name: str, raw: RawInbound) -> str:
    return reverse(f"messaging:{name}", args=[raw.pk])


def test_it_works(admin, channel, unreadable):
    take(channel, mail(subject="Fine"), external_id="x:2", source="pipe")
    page = admin.get(reverse("messaging:intake")).content.decode()
    assert "The mail names more than one sender." in page
    assert "Fine" in page
    page = admin.get(url("raw", unreadable)).content.decode()
    assert "Subject: Two senders" in page
    assert url("replay", unreadable) in page


@pytest.mark.parametrize("name", ["intake", "raw", "parsed", "raw_source", "replay"])
def test_nobody_else_gets_in(client, ana, mia, unreadable, name):
    arguments = [] if name == "intake" else [unreadable.pk]
    address = reverse(f"messaging:{name}", args=arguments)
    for user in (ana, mia):
        client.force_login(user)
        response = client.post(address) if name == "replay" else client.get(address)
        assert response.status_code == 403


def test_filters_by_fate(admin, channel, unreadable):
    waiting, _new = accept(channel, mail(), external_id="x:2", source="smtp")
    address = reverse("messaging:intake")
    for fate, expected in (("failed", unreadable), ("waiting", waiting)):
        assert [r.raw for r in admin.get(address, {"fate": fate}).context["rows"]] == [expected]
    assert admin.get(address, {"fate": "x"}).status_code == 400


def test_the_source_is_text_and_a_download(admin, channel):
    raw = take(channel, mail("<script>x()</script>"), external_id="x:1", source="smtp")
    assert "&lt;script&gt;x()" in admin.get(url("raw", raw)).content.decode()
    response = admin.get(url("raw_source", raw))
    assert response.content == bytes(raw.payload)
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")


def test_what_is_read_in_it(admin, channel, unreadable):
    raw = take(channel, mail("<b>Hi</b>", subject="Hello"), external_id="x:2", source="smtp")
    page = admin.get(url("parsed", raw)).content.decode()
    assert "leo@example.org" in page
    assert "&lt;b&gt;Hi" in page
    assert "more than one sender" in admin.get(url("parsed", unreadable)).content.decode()


def test_the_headers_are_decoded(admin, channel):
    subject = "=?utf-8?q?=C2=BFD=C3=B3nde=3F?="
    raw = take(channel, mail(subject=subject), external_id="x:1", source="smtp")
    page = admin.get(url("raw", raw)).content.decode()
    assert "<dt>Subject</dt><dd>¿Dónde?</dd>" in page
    broken = take(channel, b"\0\xff no header at all", external_id="x:2", source="smtp")
    assert admin.get(url("raw", broken)).status_code == 200


def test_a_very_long_source_is_cut(admin, channel):
    raw = take(channel, b"x" * 400_000, external_id="x:1", source="smtp")
    response = admin.get(url("raw", raw))
    assert len(response.content) < 300_000
    assert "only the beginning" in response.content.decode()


def test_replaying_from_the_page(admin, unreadable, monkeypatch):
    response = admin.post(url("replay", unreadable), follow=True)
    assert "The mail names more than one sender." in response.content.decode()
    fixed = mail()
    from messaging.registry import adapter_for

    parse = adapter_for("email").parse
    monkeypatch.setattr("messaging.email.adapter.EmailAdapter.parse", lambda _s, _r: parse(fixed))
    admin.post(url("replay", unreadable))
    unreadable.refresh_from_db()
    assert unreadable.fate == "opened"


def test_replay_needs_a_post(admin, unreadable):
    assert admin.get(url("replay", unreadable)).status_code == 405
