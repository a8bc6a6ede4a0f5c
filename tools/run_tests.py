"""Run the tests in tiers; end with a table of what passed, and what did not run and why.

    tools/run_tests.py              all tiers that can run here
    tools/run_tests.py unit lint    only these

With CI=true a tier that did not run is a failure.
"""

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.chdir(ROOT)

from tools.tiers import TIERS, Result  # noqa: E402  the path must be known first


@dataclass(frozen=True)
class Line:
    """What became of one tier."""

    tier: str
    result: Result
    seconds: float


def main(names: list[str]) -> int:
    unknown = set(names) - set(TIERS)
    if unknown:
        print(f"There is no tier {', '.join(sorted(unknown))}; there are: {', '.join(TIERS)}.")
        return 2
    strict = os.environ.get("CI", "").lower() in ("1", "true", "yes")
    lines = [_run(name) for name in names or TIERS]
    passed, failed = totals([line.result for line in lines], strict=strict)
    print("\n" + table(lines, strict=strict))
    print(f"\n{passed} passed, {failed} failed")
    return 1 if failed else 0


def _run(name: str) -> Line:
    print(f"\n── {name} ", flush=True)
    began = time.monotonic()
    return Line(name, TIERS[name](), time.monotonic() - began)


def totals(results: list[Result], *, strict: bool) -> tuple[int, int]:
    """Return (passed, failed); `strict` counts a tier that did not run as one failure."""
    missing = sum(1 for result in results if strict and result.counts_as_missing)
    return sum(r.passed for r in results), sum(r.failed for r in results) + missing


def table(lines: list[Line], *, strict: bool) -> str:
    """Return one line a tier: name, outcome, counts, seconds, reason."""
    heads = ("tier", "outcome", "passed", "failed", "skipped", "seconds", "")
    rows: list[tuple[str, ...]] = [heads]
    for line in lines:
        result = line.result
        counts = (result.passed, result.failed, result.skipped)
        shown = [str(count) for count in counts] if result.ran else ["-", "-", "-"]
        outcome = result.outcome(strict=strict)
        rows.append((line.tier, outcome, *shown, f"{line.seconds:.0f}", result.reason))
    widths = [max(len(row[column]) for row in rows) for column in range(6)]
    return "\n".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[6]])
        for row in rows
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
