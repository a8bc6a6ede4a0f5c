"""All that can be found wrong without running the product."""

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Step:
    name: str
    command: tuple[str, ...]
    variables: Mapping[str, str] = field(default_factory=dict)


PRODUCTION = {
    "PRODUCTION": "1",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "ALLOWED_HOSTS": "help.example.com",
    "SITE_URL": "https://help.example.com",
    "DATABASE_URL": "postgresql://helpdesk@127.0.0.1:5432/helpdesk",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "SMTP_URL": "smtp://127.0.0.1:25",
    "DEMO": "0",
    "DEBUG": "0",
}


def steps() -> list[Step]:
    python, manage = sys.executable, (sys.executable, "manage.py")
    templates = [str(path) for path in sorted(ROOT.glob("**/templates/**/*.html")) if _ours(path)]
    return [
        Step("ruff check", (str(BIN / "ruff"), "check", ".")),
        Step("ruff format", (str(BIN / "ruff"), "format", "--check", ".")),
        Step("layers", (str(BIN / "lint-imports"),)),
        Step("templates", (str(BIN / "djade"), "--check", "--target-version", "5.2", *templates)),
        Step("system checks", (*manage, "check", "--fail-level", "WARNING")),
        Step(
            "production settings",
            (*manage, "check", "--deploy", "--fail-level", "WARNING"),
            PRODUCTION,
        ),
        Step("migrations complete", (*manage, "makemigrations", "--check", "--dry-run")),
        Step("types", (python, "-m", "mypy", ".")),
        Step("translations", (python, "-m", "pytest", "-q", "tests/test_translations.py")),
    ]


def run_all() -> tuple[int, int]:
    """Run every step; return (passed, failed). Only the failing ones print what they say."""
    with tempfile.TemporaryDirectory() as folder:
        clean = {"ENV_FILE": os.devnull, "VAR_DIR": folder}
        outcomes = [_passes(step, clean) for step in steps()]
    return sum(outcomes), len(outcomes) - sum(outcomes)


def _passes(step: Step, clean: Mapping[str, str]) -> bool:
    done = subprocess.run(
        step.command,
        cwd=ROOT,
        env={**os.environ, **clean, **step.variables},
        capture_output=True,
        text=True,
        check=False,
    )
    passed = done.returncode == 0
    print(f"{'ok    ' if passed else 'FAILED'} {step.name}", flush=True)
    if not passed:
        print((done.stdout + done.stderr).strip())
    return passed


def _ours(path: Path) -> bool:
    return not {".venv", "var", "node_modules"} & set(path.relative_to(ROOT).parts)
