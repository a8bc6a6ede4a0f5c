"""What is to run: the lines of the Procfile as values."""

import re
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_LINE = re.compile(r"^(?P<name>[a-z_]+):\s*(?P<command>.+)$")
_VARIABLE = re.compile(r"\$\{?([A-Z_]+)\}?")


@dataclass(frozen=True)
class Program:
    """One process: its name and its command.

    Without an `essential` one nothing can go on; one that runs `once` must end well before the
    next one starts.
    """

    name: str
    command: tuple[str, ...]
    essential: bool = False
    once: bool = False

    @property
    def management_command(self) -> str | None:
        """The `X` of `python manage.py X`, else None."""
        for word, following in zip(self.command, self.command[1:], strict=False):
            if Path(word).name == "manage.py":
                return following
        return None


def read_procfile(text: str, values: Mapping[str, str]) -> list[Program]:
    """Return the programs of a Procfile; `$NAME` is taken from `values` (KeyError if missing).

    `python` means the interpreter that runs this, so that the virtual environment is kept.
    """
    return [
        Program(match["name"], _words(match["command"], values), essential=match["name"] == "web")
        for line in text.splitlines()
        if (match := _LINE.match(line.strip()))
    ]


def _words(command: str, values: Mapping[str, str]) -> tuple[str, ...]:
    words = [
        _VARIABLE.sub(lambda match: values[match[1]], word)
        for word in shlex.split(command, comments=True)
    ]
    return tuple(sys.executable if word == "python" else word for word in words)
