"""The mails in a file or a folder, as raw bytes."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

# Only a whole "From " line divides: in a text a line may begin with this word too.
_DIVIDER = re.compile(rb"From \S+ .*\d{1,2}:\d\d.*\d{4}|From \S+\s*$|From .*\d{4}\s*$")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)


def mails_in_mbox(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The mails of an mbox (RFC 4155), one at a time; ">From " in a text loses its mark."""
    mail: list[bytes] = []
    is_inside, after_blank = False, True
    for line in lines:
        if after_blank and line.startswith(b"From ") and _DIVIDER.match(line):
            if is_inside and mail:
                yield _unquoted(mail)
            mail, is_inside = [], True
        elif is_inside:
            mail.append(line)
        after_blank = not line.strip(b"\r\n")
    if mail:
        yield _unquoted(mail)


def _unquoted(lines: list[bytes]) -> bytes:
    if not lines[-1].strip(b"\r\n"):
        lines = lines[:-1]
    return _QUOTED_FROM.sub(rb"\1", b"".join(lines))


def mails_in_maildir(folder: Path) -> Iterator[bytes]:
    """The mails of a Maildir in the order of their names; nothing in it is changed."""
    files = [file for name in ("cur", "new") for file in (folder / name).glob("*")]
    for file in sorted(files, key=lambda file: file.name):
        if file.is_file():
            yield file.read_bytes()
