"""The runner's own promises: the table, the closing line, and what counts as a failure."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tools import run_tests, tiers
from tools.run_tests import Line, table, totals
from tools.tiers import Result, counted, not_run

ROOT = Path(settings.BASE_DIR)
REPORT = '<testsuites><testsuite tests="5" failures="1" errors="0" skipped="1"/></testsuites>'


def test_a_report_is_counted():
    assert counted(REPORT, 1) == Result(passed=3, failed=1, skipped=1)


def test_a_run_that_broke_off_has_a_failure():
    assert counted("", 4).failed == 1
    assert counted(REPORT.replace('failures="1"', 'failures="0"'), 2).failed == 1


def test_a_tier_whose_tests_were_all_skipped_did_not_run():
    assert not counted('<testsuite tests="2" failures="0" errors="0" skipped="2"/>', 0).ran


def test_a_missing_tier_is_a_failure_where_everything_must_run():
    results = [Result(passed=4), not_run("no Chromium"), not_run("no samples", optional=True)]
    assert totals(results, strict=False) == (4, 0)
    assert totals(results, strict=True) == (4, 1)


def test_the_table_says_what_did_not_run_and_why():
    lines = [Line("unit", Result(passed=4, skipped=1), 2.4), Line("imap", not_run("no server"), 0)]
    shown = table(lines, strict=False).splitlines()
    assert shown[1].split() == ["unit", "passed", "4", "0", "1", "2"]
    assert shown[2].split() == ["imap", "not", "run", "-", "-", "-", "0", "no", "server"]
    assert "not run: a failure here" in table(lines, strict=True)


@pytest.mark.parametrize(
    ("ci", "result", "code", "closing"),
    [
        ("", Result(passed=3), 0, "3 passed, 0 failed"),
        ("", Result(passed=3, failed=1), 1, "3 passed, 1 failed"),
        ("", not_run("no server"), 0, "0 passed, 0 failed"),
        ("true", not_run("no server"), 1, "0 passed, 1 failed"),
    ],
)
def test_it_ends_with_a_plain_line(monkeypatch, capsys, ci, result, code, closing):
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(run_tests, "TIERS", {"imap": lambda: result})
    assert run_tests.main([]) == code
    assert capsys.readouterr().out.splitlines()[-1] == closing


def test_an_unknown_tier_is_named(capsys):
    assert run_tests.main(["units"]) == 2
    assert "unit" in capsys.readouterr().out


def test_every_mark_belongs_to_a_tier():
    marks = {"postgres", "services", "imap", "browser", "corpus"}
    assert marks <= set(tiers.TIERS)
    assert all(mark in tiers.EVERYWHERE for mark in marks)


def test_continuous_integration_runs_exactly_make_test():
    text = (ROOT / ".ci" / "run").read_text()
    assert "exec make test\n" in text


def test_an_old_python_is_told_so(tmp_path):
    script = (ROOT / "tools" / "bootstrap.py").read_text().replace("(3, 11)", "(9, 9)")
    (tmp_path / "bootstrap.py").write_text(script)
    done = subprocess.run(
        [sys.executable, str(tmp_path / "bootstrap.py"), "requirements.txt"],
        env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Python 9.9 or newer is needed" in done.stderr
    assert "make PYTHON=" in done.stderr
