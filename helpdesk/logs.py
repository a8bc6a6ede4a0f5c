"""Logs in one line a record, safe to read: text from outside cannot forge or colour a line."""

import logging
import re

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\x9b]")


class OneLineFormatter(logging.Formatter):
    """`time level logger message`; control characters and line breaks in the message escaped."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  logging's name
        record.message = _CONTROL.sub(
            lambda match: repr(match.group())[1:-1], record.message.replace("\n", "\\n")
        )
        return super().formatMessage(record)
