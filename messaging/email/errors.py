"""The one error of the mail parser."""

from typing import Any

from django.utils.translation import gettext as _


class UnreadableMail(Exception):
    """A mail that cannot or must not be read; it is kept raw and shown as such.

    `code` is one of the keys below, for logs and tests; `str()` is a sentence for a person.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return _sentence(self.code)

    def __reduce__(self) -> tuple[type["UnreadableMail"], tuple[Any, ...]]:
        return type(self), (self.code,)


def _sentence(code: str) -> str:
    sentences = {
        "empty": _("The mail is empty."),
        "too_large": _("The mail is larger than allowed."),
        "headers_too_large": _("The mail has more headers than allowed."),
        "too_deep": _("The parts of the mail are nested deeper than allowed."),
        "too_many_parts": _("The mail has more parts than allowed."),
        "several_senders": _("The mail names more than one sender."),
        "too_slow": _("Reading the mail took longer than allowed."),
        "too_much_memory": _("Reading the mail took more memory than allowed."),
    }
    return sentences.get(code) or _("The mail could not be read.")
