"""The web form through its page: what a visitor sends, and what strangers try."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from customers.models import Customer
from messaging.models import Delivery
from tickets.models import Attachment, Channel, Message, Ticket
from tickets.reply_tokens import reply_token

URL = "/forms/contact/"
WORDS = {
    "name": "Dora Gil",
    "email": "Dora@Example.net",
    "subject": "Where is my order?",
    "message": "I have been waiting since Monday and nobody tells me anything.",
    "website": "",
}


@pytest.fixture(autouse=True)
def _fresh_counters():
    cache.clear()


@pytest.fixture
def form(team, channel) -> Channel:
    return Channel.objects.create(
        kind="webform",
        name="Contact us",
        address="contact",
        default_team=team,
        settings={"acknowledge": True},
    )


def shown_mark(client: Client, url: str = URL) -> str:
    """Open the page and give its mark back once a person could have written something."""
    page = client.get(url)
    assert page.status_code == 200
    return re.search(r'name="mark" value="([^"]+)"', page.content.decode())[1]


def send(client: Client, mark: str = "", after: float = 30, url: str = URL, **fields):
    meta = {name: fields.pop(name) for name in list(fields) if name.isupper()}
    mark = mark or shown_mark(client, url)
    with time_machine.travel(timezone.now() + timedelta(seconds=after)):
        return client.post(url, {**WORDS, "mark": mark, **fields}, **meta)


def test_it_works(client, form, team):
    answer = send(client)
    ticket = Ticket.objects.get()
    assert (ticket.subject, ticket.team, ticket.channel) == (WORDS["subject"], team, form)
    assert ticket.requester.name == "Dora Gil"
    assert ticket.messages.first().sender_address == "dora@example.net"
    assert answer.status_code == 302
    thanks = client.get(answer["Location"])
    link = re.search(r'href="http://127.0.0.1:8000(/t/[^"]+)"', thanks.content.decode())[1]
    assert f"#{ticket.pk}" in thanks.content.decode()
    assert client.get(link).status_code == 200


def test_the_confirmation_has_number_and_link_and_not_a_word_of_the_sender(client, form):
    send(client, subject="Cheap watches at http://evil.example", message="Buy http://evil.example")
    delivery = Delivery.objects.get()
    ticket = Ticket.objects.get()
    assert delivery.channel.kind == "email"
    assert delivery.recipients["to"] == ["dora@example.net"]
    said = f"{delivery.subject} {delivery.text} {delivery.html}"
    assert f"#{ticket.pk}" in delivery.subject
    assert "/t/" in said
    assert "evil" not in said
    assert "watches" not in said


def test_one_confirmation_an_hour_and_address(client, form):
    for number in range(3):
        send(client, message=f"Message number {number}, still waiting for an answer.")
    assert Ticket.objects.count() == 3
    assert Delivery.objects.count() == 1


def test_a_double_click_makes_one_ticket(client, form):
    mark = shown_mark(client)
    first, second = send(client, mark), send(client, mark)
    assert Ticket.objects.count() == 1
    assert first["Location"] == second["Location"]


def test_going_back_and_writing_something_else_is_something_new(client, form):
    mark = shown_mark(client)
    send(client, mark)
    send(client, mark, message="And one more thing: the box was open.")
    assert Ticket.objects.count() == 2


@pytest.mark.parametrize("email", [WORDS["email"], "mallory@evil.example"])
def test_somebody_elses_address_joins_nothing_and_shows_nothing(client, form, ticket, email):
    mark = f"[#{reply_token(ticket.pk)}]"
    words = f"> {mark}\n{WORDS['message']}"
    subject = f"Re: {ticket.subject} {mark}"
    answer = send(client, name="Mallory", email=email, subject=subject, message=words)
    assert Ticket.objects.count() == 2
    assert ticket.messages.count() == 1
    page = client.get(answer["Location"]).content.decode()
    link = re.search(r'href="http://127.0.0.1:8000(/t/[^"]+)"', page)[1]
    page += client.get(link).content.decode()
    assert ticket.messages.get().text not in page
    assert "Dora Gil" not in page


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Write your name."),
        ("email", "", "Write your e-mail address, so that we can answer."),
        ("email", "dora@", "Write an e-mail address like name@example.com."),
        ("email", '"a b"@example.com', "Write an e-mail address like name@example.com."),
        ("email", "support@example.com", "This is our address. Write your own."),
        ("subject", " ", "Say in a few words what it is about."),
        ("message", "", "Write what we can do for you."),
        ("website", "http://robot.example", "One field is there to stop robots."),
    ],
)
def test_an_error_says_what_to_do_and_keeps_what_was_typed(client, form, field, value, sentence):
    answer = send(client, **{field: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert not Ticket.objects.exists()
    for name, kept in WORDS.items():
        assert name == field or not kept or f"{kept}" in page


def test_files_are_kept_under_clean_names(client, form):
    send(
        client,
        files=[
            SimpleUploadedFile("invoice\u202efdp.exe", b"MZ", "application/x-msdownload"),
            SimpleUploadedFile("a.svg", b"<svg onload=x>", "image svg\r\ny: z"),
        ],
    )
    assert list(Attachment.objects.values_list("name", "content_type")) == [
        ("invoicefdp.exe", "application/x-msdownload"),
        ("a.svg", "application/octet-stream"),
    ]


def test_chosen_files_have_to_be_chosen_again(client, form):
    answer = send(client, message="", files=[SimpleUploadedFile("a.txt", b"a")])
    assert "Please choose your file again" in answer.content.decode()


def test_too_many_files(client, form):
    answer = send(client, files=[SimpleUploadedFile(f"{n}.txt", b"a") for n in range(11)])
    assert "Attach at most 10 files." in answer.content.decode()


def test_too_large_files(client, form, settings):
    settings.MAX_ATTACHMENT_BYTES = 1000
    answer = send(client, files=[SimpleUploadedFile("a.txt", b"a" * 1001)])
    assert answer.status_code == 422
    assert "Together the files may have" in answer.content.decode()


def test_a_flood_of_bytes_is_refused_unread(client, form, settings):
    settings.MAX_REQUEST_BYTES = 1000
    answer = send(client, files=[SimpleUploadedFile("a.txt", b"a" * 2000)])
    assert answer.status_code == 413
    assert "Together the files may have" in answer.content.decode()


def test_a_robot_is_too_fast_and_a_person_who_is_sends_again(client, form):
    mark = shown_mark(client)
    answer = send(client, mark, after=0)
    assert answer.status_code == 422
    assert "very fast" in answer.content.decode()
    assert send(client, mark).status_code == 302


@pytest.mark.parametrize("mark", ["made up", "abc:def:ghi"])
def test_a_form_that_we_never_showed_is_shown_first(client, form, mark):
    answer = send(client, mark)
    assert answer.status_code == 422
    again = re.search(r'name="mark" value="([^"]+)"', answer.content.decode())[1]
    assert send(client, again, after=60).status_code == 302


def test_a_form_left_open_for_days_is_sent_once_more(client, form):
    mark = shown_mark(client)
    answer = send(client, mark, after=3 * 24 * 3600)
    assert answer.status_code == 422
    assert WORDS["message"] in answer.content.decode()


def test_a_visitor_who_floods_waits_and_loses_nothing(client, form):
    mark = shown_mark(client)
    for number in range(20):
        send(client, mark, email=f"p{number}@example.net")
    answer = send(client, mark)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 600
    page = answer.content.decode()
    assert "Please send this one in" in page
    assert WORDS["message"] in page
    assert Ticket.objects.count() == 20
    assert send(client, mark, REMOTE_ADDR="203.0.113.9").status_code == 302


def test_one_address_cannot_be_flooded_from_many_places(client, form):
    for number in range(6):
        send(client, message=f"Number {number}", REMOTE_ADDR=f"203.0.113.{number}")
    assert send(client, message="Once more", REMOTE_ADDR="203.0.113.77").status_code == 429


def test_forwarded_for_is_not_believed(client, form):
    mark = shown_mark(client)
    answers = [
        send(client, mark, email=f"p{n}@x.example", HTTP_X_FORWARDED_FOR=f"198.51.100.{n}")
        for n in range(21)
    ]
    assert answers[-1].status_code == 429


def test_behind_our_proxy_its_own_entry_counts(client, form, settings):
    settings.BEHIND_PROXY = True
    mark = shown_mark(client)
    answers = [
        send(
            client, mark, email=f"p{n}@x.example", HTTP_X_FORWARDED_FOR=f"10.0.0.{n}, 198.51.100.7"
        )
        for n in range(21)
    ]
    assert answers[-1].status_code == 429


def test_without_the_cache_the_form_still_works(client, form, monkeypatch):
    from redis.exceptions import ConnectionError

    def gone(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr("helpdesk.lib.limits.cache.add", gone)
    assert send(client).status_code == 302


@pytest.mark.parametrize(("asked", "spoken"), [("es", "es"), ("pt-br", "pt-br"), ("xx", "en")])
def test_the_language_of_the_address_goes_first(client, form, asked, spoken):
    page = client.get(f"{URL}?lang={asked}", HTTP_ACCEPT_LANGUAGE="en")
    assert f'<html lang="{spoken}">' in page.content.decode()
    assert page["Content-Language"] == spoken


def test_else_the_browser_chooses_the_language(client, form):
    page = client.get(URL, HTTP_ACCEPT_LANGUAGE="pt-BR,pt;q=0.9")
    assert '<html lang="pt-br">' in page.content.decode()


def test_the_words_choose_the_language_of_the_answer(client, form):
    text = "Hola, todavía no he recibido mi pedido y quiero saber cuándo llega."
    answer = send(client, url=f"{URL}?lang=pt-br", message=text)
    assert Ticket.objects.get().language == "es"
    assert answer["Location"].endswith("?lang=pt-br")


def test_hostile_words_do_nothing(client, form):
    probe = "<script>window.marker=1</script>"
    page = send(client, name=probe, subject=probe, message=probe, email="no").content.decode()
    assert probe not in page
    assert "&lt;script&gt;" in page


def test_line_ends_and_hidden_marks_do_not_reach_a_header(client, form):
    send(client, name="Eve\r\nBcc: all@example.org\u202e", subject="Hi\u0007\u200b there")
    ticket = Ticket.objects.get()
    assert ticket.requester.name == "Eve Bcc: all@example.org"
    assert ticket.subject == "Hi there"
    assert Message.objects.filter(kind="customer").get().subject == "Hi there"


def test_a_form_posted_from_elsewhere_is_refused(form):
    strict = Client(enforce_csrf_checks=True)
    assert send(strict).status_code == 403
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("slug", ["nothing", "support@example.com"])
def test_only_forms_that_exist_are_shown(client, form, slug):
    assert client.get(f"/forms/{slug}/").status_code == 404


def test_a_form_that_was_switched_off_is_gone(client, form):
    Channel.objects.filter(pk=form.pk).update(is_active=False)
    assert client.get(URL).status_code == 404
    assert client.post(URL, WORDS).status_code == 404


def test_the_thanks_page_opens_by_its_token_only(client, form, ticket):
    from tickets.links import ticket_token

    assert client.get("/forms/contact/thanks/1.1:abc/").status_code == 404
    other = ticket_token(ticket, ticket.requester)
    assert client.get(f"/forms/contact/thanks/{other}/").status_code == 404


def test_known_and_unknown_addresses_get_the_same_answer(client, form, dora):
    known = send(client)
    unknown = send(client, email="new@example.net")
    pages = [client.get(answer["Location"]).content.decode() for answer in (known, unknown)]
    plain = [re.sub(r'#\d+|/t/[^"]+|nonce="[^"]+"|content="[^"]+"', "", page) for page in pages]
    assert plain[0] == plain[1]
    assert Customer.objects.count() == 2
