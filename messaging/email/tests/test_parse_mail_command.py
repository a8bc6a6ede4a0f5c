"""`manage.py parse_mail`: mails in, JSON out, nothing stored."""

import base64
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from messaging.email.tests.mails import mail, multipart

KEYS = (
    "from to cc reply_to subject message_id in_reply_to references date text html reply_text "
    "quoted_text attachments flags"
).split()


def run(path: Path, *arguments: str) -> list[Any]:
    out = io.StringIO()
    call_command("parse_mail", str(path), *arguments, stdout=out)
    text = out.getvalue()
    return [json.loads(line) for line in text.splitlines()] if arguments else [json.loads(text)]


def test_it_works(tmp_path: Path) -> None:
    path = tmp_path / "mail.eml"
    path.write_bytes(
        multipart(
            "\r\nHello",
            "Content-Type: text/x-a; name=a.txt\r\nContent-Disposition: attachment\r\n\r\nx",
        )
    )
    (answer,) = run(path)
    assert list(answer) == KEYS
    assert answer["from"] == {"name": "Ana Silva", "address": "ana@example.com"}
    assert answer["to"] == [{"name": "Help", "address": "help@example.org"}]
    assert answer["date"] == "2040-04-02T13:44:22+00:00"
    assert answer["reply_text"] == "Hello"
    assert answer["flags"] == {"auto_reply": False, "bounce": False, "list": False}
    assert [(file["name"], file["size"]) for file in answer["attachments"]] == [("a.txt", 1)]


def test_many_lines_of_which_some_are_bad(tmp_path: Path) -> None:
    good = base64.b64encode(mail("Hi")).decode()
    two_senders = base64.b64encode(b"From: a@x\r\nFrom: b@x\r\n\r\nHi").decode()
    lines = [
        json.dumps({"id": 1, "raw_base64": good}),
        "no json",
        json.dumps({"id": 2}),
        json.dumps({"id": 3, "raw_base64": "%%%"}),
        json.dumps({"id": 4, "raw_base64": 7}),
        json.dumps([1]),
        "[" * 100_000,
        json.dumps({"id": 5, "raw_base64": two_senders}),
        "",
        json.dumps({"id": 6, "raw_base64": good}),
    ]
    path = tmp_path / "mails.jsonl"
    path.write_text("\n".join(lines))
    answers = run(path, "--jsonl")
    assert [answer["id"] for answer in answers] == [1, None, 2, 3, 4, None, None, 5, 6]
    assert ["error" in answer for answer in answers] == [False, *[True] * 7, False]
    assert answers[-1]["text"] == "Hi"


def test_a_mail_that_cannot_be_read_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "mail.eml"
    path.write_bytes(b"")
    with pytest.raises(CommandError, match="empty"):
        run(path)
