"""The tiers of the tests: what each needs, how it runs."""

import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tools import lint, machine

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"
EVERYWHERE = "not (postgres or services or browser or imap or corpus)"
ON_POSTGRESQL = "not (services or browser or imap or corpus)"
NO_TESTS = 5


@dataclass(frozen=True)
class Result:
    """Counts of a tier, or the reason why it did not run. `optional`: its absence is no fault."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    reason: str = ""
    ran: bool = True
    optional: bool = False

    @property
    def counts_as_missing(self) -> bool:
        return not self.ran and not self.optional

    def outcome(self, *, strict: bool) -> str:
        if self.ran:
            return "failed" if self.failed else "passed"
        return "not run: a failure here" if strict and self.counts_as_missing else "not run"


def not_run(reason: str, *, optional: bool = False) -> Result:
    return Result(reason=reason, ran=False, optional=optional)


def run_pytest(
    expression: str, *options: str, variables: Mapping[str, str] | None = None
) -> Result:
    """Run the tests with these marks and count them; skipped ones are shown with their reason."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-rs", "-m", expression, *options]
        done = subprocess.run(
            [*command, f"--junitxml={report}"],
            cwd=ROOT,
            env={**os.environ, **(variables or {})},
            check=False,
        )
        if done.returncode == NO_TESTS:
            return not_run("there are no such tests")
        return counted(report.read_text() if report.exists() else "", done.returncode)


def counted(report: str, code: int) -> Result:
    """Read a JUnit report; a run that ended badly has at least one failure."""
    suites = ElementTree.fromstring(report).iter("testsuite") if report else ()  # noqa: S314  our own
    ran = failed = skipped = 0
    for suite in suites:
        ran += int(suite.get("tests", 0))
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    if code and not failed:
        failed, ran = 1, ran + 1
    if ran and ran == skipped:
        return not_run("every test was skipped; the reasons stand above")
    return Result(passed=ran - failed - skipped, failed=failed, skipped=skipped)


def unit() -> Result:
    return run_pytest(EVERYWHERE, *_parallel())


def corpus() -> Result:
    if not CORPUS.is_dir():
        return not_run(
            "there is no collection of sample mails beside the repository", optional=True
        )
    return run_pytest("corpus")


def postgres() -> Result:
    server = machine.postgres()
    if isinstance(server, machine.Missing):
        return not_run(server.reason)
    # A name of this run alone: two runs on one server must not share their test database.
    own = urlunsplit(urlsplit(server)._replace(path=f"/helpdesk_{os.getpid()}"))
    variables = {"DATABASE_URL": own, "TEST_POSTGRES_URL": server}
    return run_pytest(ON_POSTGRESQL, *_parallel(), variables=variables)


def services() -> Result:
    server = machine.postgres()
    if isinstance(server, machine.Missing):
        return not_run(server.reason)
    return run_pytest("services and not browser", *_patient(), variables=_required(server))


def imap() -> Result:
    missing = machine.dovecot()
    if missing:
        return not_run(missing.reason)
    return run_pytest("imap and not browser", *_patient(), variables={"TEST_REQUIRE": "1"})


def browser() -> Result:
    missing = machine.chromium()
    if missing:
        return not_run(missing.reason)
    server = machine.postgres()
    if isinstance(server, machine.Missing):
        return not_run(server.reason)
    return run_pytest("browser", *_patient(), variables=_required(server))


def linting() -> Result:
    passed, failed = lint.run_all()
    return Result(passed=passed, failed=failed)


def _parallel() -> tuple[str, ...]:
    return ("-n", "2") if (os.cpu_count() or 1) > 1 else ()


def _patient() -> tuple[str, ...]:
    return ("--timeout", "180")


def _required(server: str) -> dict[str, str]:
    return {"TEST_POSTGRES_URL": server, "TEST_REQUIRE": "1"}


TIERS: dict[str, Callable[[], Result]] = {
    "lint": linting,
    "unit": unit,
    "corpus": corpus,
    "postgres": postgres,
    "imap": imap,
    "services": services,
    "browser": browser,
}
