"""The parser against the collection of sample mails beside the repository, where it is there."""

# ruff: noqa: E501 - a row of a table stays on its line

import base64
import functools
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from messaging.email.bodies import read_bodies
from messaging.email.mime import read_parts
from messaging.email.parse import parse_mail
from messaging.email.reply_text import split_reply
from tickets.inbound import Inbound, Person

CORPUS = Path(settings.BASE_DIR).parent / "shared" / "corpus"

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no sample mails at {CORPUS}"),
]

Row = dict[str, Any]


def rows(name: str) -> list[Row]:
    return [json.loads(line) for line in (CORPUS / f"{name}.jsonl").read_text().splitlines()]


@functools.lru_cache(maxsize=500)
def parsed(raw_base64: str) -> Inbound:
    return parse_mail(base64.b64decode(raw_base64))


def folded(text: object) -> str:
    return " ".join(str(text).split())


def say(title: str, right: int, total: int, wrong: list[str]) -> None:
    print(f"\n{title:<44} {right:>4} of {total:>4}", *wrong, sep="\n    ")  # noqa: T201 - the table


# What the collection wants and we do not give, with the reason.
REPLY_QUIRKS = {
    "talon/iphone": "keeps the line of the device; two other rows want it gone",
    "talon/sparrow": "keeps the signature; the product shows it apart",
    "alfonsrv/email_2_1#test_gmail_header": "keeps the rule above the quoted head; another row wants it gone",
}


def test_the_words_of_answers() -> None:
    wrong = []
    for row in rows("reply_strip"):
        reply, whole, rest = _reply(row)
        if not _fits(row["expect"], reply, whole):
            wrong.append(row["id"])
        lost = set(_words(whole)) - set(_words(reply + " " + rest))
        assert row["kind"] == "html" or not lost, f"{row['id']} lost {lost}"
    say("reply_strip: answers as wanted", 62 - len(wrong), 62, wrong)
    assert set(wrong) <= set(REPLY_QUIRKS)


def _reply(row: Row) -> tuple[str, str, str]:
    if row["kind"] == "rfc822":
        mail = parsed(row["raw_base64"])
        return mail.reply_text, mail.text, mail.quoted_text
    whole = row.get("text") or base64.b64decode(row["raw_base64"]).decode()
    reply, rest = split_reply("", whole) if row["kind"] == "html" else split_reply(whole)
    return reply, whole, rest


def _words(text: str) -> list[str]:
    return text.replace(">", " ").split()


def _fits(expect: Row, reply: str, whole: str) -> bool:
    shown = folded(reply)
    return (
        ("reply_equals" not in expect or folded(expect["reply_equals"]) == shown)
        and all(folded(part) in shown for part in expect.get("reply_contains", ()))
        and not any(folded(part) in shown for part in expect.get("reply_not_contains", ()))
        and all(re.search(part, reply) for part in expect.get("reply_contains_regex", ()))
        and (not expect.get("nothing_stripped") or folded(whole) == shown)
    )


def test_machines_are_recognised() -> None:
    found, missed, right, wrong = 0, [], 0, []
    for row in rows("bounces"):
        mail = parsed(row["raw_base64"])
        if mail.is_bounce or mail.is_auto_reply:
            found += 1
        else:
            missed.append(row["id"])
        kind = row["expect"]["cls"]
        if kind in {"hard_bounce", "soft_bounce"}:
            is_right = mail.bounce and mail.bounce.is_permanent == (kind == "hard_bounce")
            right += bool(is_right)
            wrong += [] if is_right else [row["id"]]
    say("bounces: machines found", found, found + len(missed), missed)
    say("bounces: hard and soft told apart", right, right + len(wrong), wrong)
    assert found >= 335
    assert right >= 0.95 * (right + len(wrong))


def test_people_are_not_taken_for_machines() -> None:
    # These three are bounces indeed.
    machines = {"example_bounce.eml", "issue-462.eml", "issue-382.eml"}
    taken = [
        row["id"]
        for name in ("reply_strip", "mime_parse")
        for row in rows(name)
        if row["kind"] == "rfc822" and row["id"].rpartition("/")[2] not in machines
        for mail in [parsed(row["raw_base64"])]
        if mail.is_bounce or mail.is_auto_reply
    ]
    assert taken == []


def _shown(person: Person) -> str:
    return f"{person.name} <{person.value}>" if person.name else person.value


def _sender_part(index: int) -> Callable[[Inbound, str], list[object]]:
    return lambda mail, _: [mail.sender.value.rpartition("@")[index]]


def _files(attribute: str) -> Callable[[Inbound, str], list[object]]:
    return lambda mail, _: [getattr(file, attribute) for file in mail.attachments]


# How the collection names a thing, and what we say to it; one of the answers has to fit.
MEANINGS: list[tuple[str, Callable[[Inbound, str], list[object]]]] = [
    (r"(->getSubject\(\)|->subject)(->first\(\))?$", lambda mail, _: [mail.subject]),
    (r"->message_id$", lambda mail, _: [mail.message_id.strip("<>")]),
    (r"->in_reply_to$", lambda mail, _: [mail.in_reply_to.strip("<>")]),
    (r"^\$message->getTextBody\(\)$", lambda mail, _: [mail.text]),
    (r"^\$message->getHTMLBody\(\)$", lambda _, html: [html]),
    (r"->hasHTMLBody\(\)$", lambda _, html: [bool(html)]),
    (
        r"date->first",
        lambda mail, _: [mail.sent_at.strftime("%Y-%m-%d %H:%M:%S") if mail.sent_at else ""],
    ),
    (
        r"from(->first\(\))?(->mail|->full)?$",
        lambda mail, _: [_shown(mail.sender), mail.sender.value],
    ),
    (r"->personal$", lambda mail, _: [mail.sender.name]),
    (r"->mailbox$", _sender_part(0)),
    (r"->host$", _sender_part(2)),
    (
        r"->to(->first\(\))?(->mail)?$",
        lambda mail, _: [", ".join(map(_shown, mail.to)), *(p.value for p in mail.to[:1])],
    ),
    (r"->cc$", lambda mail, _: [", ".join(map(_shown, mail.cc))]),
    (r"->reply_to$", lambda mail, _: [", ".join(map(_shown, mail.reply_to))]),
    (
        r"attachments(\(\))?(->count\(\))?$|getAttachments\(\)$",
        lambda mail, _: [len(mail.attachments)],
    ),
    (r"^\$attachment->(name|filename|description)$", _files("name")),
    (r"^\$attachment->content_type$", _files("content_type")),
    (r"^hash.*\$attachment->content\)$", _files("sha256")),
    (
        r"^\$attachment->content$",
        lambda mail, _: [file.content.decode("utf-8", "replace") for file in mail.attachments],
    ),
    (r"^\$attachment->id$", _files("content_id")),
    (
        r"^\$attachment->content_id$",
        lambda mail, _: [f"<{file.content_id}>" for file in mail.attachments],
    ),
    (r"getExtension", lambda mail, _: [file.name.rpartition(".")[2] for file in mail.attachments]),
]

# Assertions that say something about that library and nothing about the mail.
MIME_QUIRKS = {
    r"->size$": "the size of the encoded part; ours is that of the file",
    r"->part_number$|->type$|->disposition$|->hash$": "its own numbering and classes; inline is for us what the HTML shows",
    r"->hasTextBody\(\)$": "we always give a text, made from the HTML where there is none",
    r"->filename\)$|md5\(|getTextBody\(\)\)|getHTMLBody\(\)\)": "hashes of its own decoding, with its line ends",
    r"mime_version|return_path|user_agent|x_|->sender|accept_language|content_language|envelope_to|delivery|auto_submitted|thread|->bcc|delivered_to|->get\(|[cC]ontent_[tT]ype->last|X_M|->message->content_type$|^\$message->content_type$": "headers that the product does not keep",
}
# Rows of which single assertions are that library's quirks.
MIME_QUIRKS_OF = {
    (
        "AttachmentLongFilename",
        "name",
    ): "asks for both the name of the type and that of the disposition; we show one",
    ("AttachmentNoDisposition", "filename"): "an invented random name",
    ("AttachmentNoDisposition", "id"): "an invented random id",
    ("DateTemplate", "date"): "its test fills in the date before reading",
    (
        "EmbeddedEmail",
        "hash",
    ): "of the attached mail with CRLF; the sample has LF and we keep the bytes",
    ("EmbeddedEmailWithoutContentDisposition", "hash"): "as above",
    (
        "EmbeddedEmailWithoutContentDisposition",
        "name",
    ): "an invented random name; ours is the subject of the mail",
    ("EmbeddedEmailWithoutContentDisposition", "getExtension"): "as above",
    ("ExampleBounce", "name"): "an invented random name",
    ("ExampleBounce", "filename"): "an invented random name",
    ("ExampleBounce", "getExtension"): "as above",
    ("ExampleBounce", "hash"): "CRLF, as above",
    ("FourNestedEmails", "hash"): "CRLF, as above",
    ("InlineAttachment", "name"): "an invented random name",
    ("InlineAttachment", "filename"): "an invented random name",
    ("InlineAttachment", "getExtension"): "as above",
    ("References", "host"): "an address without a host",
    ("Issue414", "name"): "leaves out only the separators of a path; we leave out the folders",
    ("Issue414", "filename"): "as above",
    ("Issue414", "id"): "an invented random id",
    ("Issue462", "from"): "keeps a broken address; ours is the one that can be answered",
}


def test_the_structure_of_mails() -> None:
    right, wrong, quirks = 0, [], 0
    for row in rows("mime_parse"):
        mail = parsed(row["raw_base64"])
        html = read_bodies(read_parts(base64.b64decode(row["raw_base64"]))).html
        for assertion in row["expect"]["assertions"]:
            what = assertion["what"].removeprefix("(string)")
            if any(re.search(pattern, what) for pattern in MIME_QUIRKS):
                quirks += 1
            elif folded(assertion["expected"]) in map(folded, _meant(what, mail, html)):
                right += 1
            elif _is_quirk_of(row["id"], what):
                quirks += 1
            else:
                wrong.append(f"{row['id']}: {what} is not {str(assertion['expected'])[:80]!r}")
    say(f"mime_parse: assertions met ({quirks} quirks)", right, right + len(wrong), wrong)
    assert wrong == []


def _meant(what: str, mail: Inbound, html: str) -> list[object]:
    for pattern, meaning in MEANINGS:
        if re.search(pattern, what):
            return meaning(mail, html)
    return []


def _is_quirk_of(row: str, what: str) -> bool:
    return any(row.split("/")[1] == name and word in what for name, word in MIME_QUIRKS_OF)
