"""Settings from the environment: each wrong value becomes a sentence, all of them shown at once."""

import os
import warnings
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import environ

TRUE = ("1", "true", "yes", "on")
FALSE = ("0", "false", "no", "off")
DATABASES = ("sqlite", "postgres", "postgresql")


class Environment:
    """Typed reading of variables; what is wrong is collected in `problems`, never raised."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.problems: list[str] = []

    @classmethod
    def with_file(cls, path: Path) -> "Environment":
        """Read the process environment, completed by the `NAME=value` lines of `path`."""
        environ.Env.read_env(str(path))
        return cls(os.environ)

    def text(self, name: str, default: str = "") -> str:
        """Return the value; an empty one counts as not given."""
        return self._values.get(name, "").strip() or default

    def required(self, name: str, *, why: str) -> None:
        """Note a problem when the variable is missing or empty."""
        if not self.text(name):
            self.problems.append(f"{name} is missing: {why}")

    def number(self, name: str, default: int) -> int:
        text = self.text(name)
        if not text:
            return default
        try:
            return int(text)
        except ValueError:
            self.problems.append(f"{name} must be a whole number; it is {text!r}.")
            return default

    def flag(self, name: str, default: bool) -> bool:
        text = self.text(name).lower()
        if not text:
            return default
        if text not in TRUE + FALSE:
            self.problems.append(f"{name} must be 1 or 0; it is {self.text(name)!r}.")
        return text in TRUE

    def names(self, name: str, default: list[str]) -> list[str]:
        if not self.text(name):
            return default
        return [part.strip() for part in self.text(name).split(",") if part.strip()]

    def choice(self, name: str, choices: Collection[str], default: str) -> str:
        value = self.text(name, default)
        if value not in choices:
            self.problems.append(f"{name} must be one of {', '.join(choices)}; it is {value!r}.")
            return default
        return value

    def zone(self, name: str, default: str) -> str:
        """Return the name of a time zone that exists."""
        value = self.text(name, default)
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            self.problems.append(f"{name} must be a zone like Europe/Madrid; it is {value!r}.")
            return default
        return value

    def database(self, name: str, default: str) -> dict[str, Any]:
        """Return Django's settings for a database URL (SQLite or PostgreSQL)."""
        url = self.text(name) or default
        if urlsplit(url).scheme not in DATABASES:
            self.problems.append(
                f"{name} must look like postgresql://user:password@host:5432/name or"
                f" sqlite:////folder/file.sqlite3; it begins with {url.split(':')[0]!r}."
            )
            url = default
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return dict(environ.Env.db_url_config(url))

    def folder(self, name: str, default: Path) -> Path:
        """Return an absolute folder, made when missing, that this process can write to."""
        path = Path(self.text(name) or default).expanduser().resolve()
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            self.problems.append(f"{name} must be a folder that can be made: {error}.")
            return path
        if not os.access(path, os.W_OK | os.X_OK):
            self.problems.append(f"{name} must be a folder this user can write to; {path} is not.")
        return path

    def stop_if_wrong(self) -> None:
        """End the process with one sentence a problem; a traceback would help nobody."""
        if self.problems:
            lines = "\n".join(f"  - {problem}" for problem in self.problems)
            raise SystemExit(f"Wrong settings (environment or .env; see .env.example):\n{lines}")
