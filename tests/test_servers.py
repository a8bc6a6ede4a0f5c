"""The servers that other tests lean on do what is asked of them."""

import imaplib

import pytest


@pytest.mark.imap
def test_dovecot_takes_and_gives_a_mail(dovecot):
    with imaplib.IMAP4(dovecot.host, dovecot.port) as box:
        box.login("somebody", dovecot.password)
        box.append("INBOX", None, None, b"Subject: hello\r\n\r\nworld\r\n")
        box.select("INBOX")
        assert b"hello" in box.fetch("1", "(RFC822)")[1][0][1]


@pytest.mark.browser
def test_chromium_shows_a_page(browser_page):
    browser_page.set_content("<h1>Hello</h1>")
    assert browser_page.text_content("h1") == "Hello"
