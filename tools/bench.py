"""`make bench`: speed at 10,000 and 100,000 tickets beside a bare Django view, in one run.

Fills a database of its own for each size (PostgreSQL when one answers, else SQLite under `var/`)
and leaves nothing behind but, with `--keep`, those databases for the next run.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent
SERVER = os.environ.get("BENCH_POSTGRES", "postgresql://127.0.0.1:5432")
SIZES = (10_000, 100_000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--keep", action="store_true", help="keep the databases for the next run")
    options = parser.parse_args()
    results = [run_size(size, options.keep) for size in options.sizes]
    for result in results:
        print_pages(result)
    if len(results) > 1:
        print_growth(results[0], results[-1])


def run_size(size: int, keep: bool) -> dict:
    name = f"helpdesk_bench_{size}"
    url, is_new = make_database(name)
    env = {
        **os.environ,
        "DATABASE_URL": url,
        "REDIS_URL": os.environ.get("BENCH_REDIS", "redis://127.0.0.1:6379/9"),
        "VAR_DIR": str(ROOT / "var" / "bench"),
        "DEMO": "0",
        "LOG_LEVEL": "ERROR",
    }
    try:
        # One that was kept may be older than the code.
        manage(env, "prepare")
        if is_new:
            started = time.monotonic()
            print(manage(env, "demo", "--tickets", str(size), "--seed", "1").strip(), flush=True)
            print(f"  filled in {time.monotonic() - started:.0f} s", flush=True)
            started = time.monotonic()
            manage(env, "rebuild_metrics")
            print(f"  figures calculated in {time.monotonic() - started:.0f} s", flush=True)
            analyze(url)
        return json.loads(manage(env, "measure").splitlines()[-1])
    finally:
        if not keep:
            drop_database(name, url)


def manage(env: dict, *args: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *args],
        cwd=ROOT,
        env=env,
        text=True,
        stdout=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        sys.exit(f"manage.py {' '.join(args)} failed")
    return done.stdout


def make_database(name: str) -> tuple[str, bool]:
    try:
        with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if known.fetchone():
                return f"{SERVER}/{name}", False
            connection.execute(f'CREATE DATABASE "{name}"')
            return f"{SERVER}/{name}", True
    except psycopg.OperationalError:
        path = ROOT / "var" / "bench" / f"{name}.sqlite3"
        path.parent.mkdir(parents=True, exist_ok=True)
        return f"sqlite:///{path}", not path.exists()


def analyze(url: str) -> None:
    """Statistics and visibility map as autovacuum would have left them."""
    if url.startswith("postgresql"):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")


def drop_database(name: str, url: str) -> None:
    if url.startswith("sqlite"):
        Path(url.removeprefix("sqlite:///")).unlink(missing_ok=True)
        return
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def print_pages(result: dict) -> None:
    print(f"\n{result['tickets']:,} tickets, {result['messages']:,} messages, {result['vendor']}")
    print(
        f"  {'page':<28}{'p50 ms':>8}{'p95 ms':>8}{'bare':>8}{'ratio':>7}"
        f"{'bare, signed in':>17}{'ratio':>7}{'queries':>9}{'kB':>6}"
    )
    for page in result["pages"]:
        print(
            f"  {page['name']:<28}{page['p50']:>8.1f}{page['p95']:>8.1f}{page['bare_p50']:>8.1f}"
            f"{page['p50'] / page['bare_p50']:>7.2f}{page['bare_signed_in_p50']:>17.1f}"
            f"{page['p50'] / page['bare_signed_in_p50']:>7.2f}{page['queries']:>9}"
            f"{page['size'] / 1000:>6.0f}"
        )
    mails = result["mails"]
    print(f"  mails a second: parsed {mails['parse']:.0f}, into tickets {mails['intake']:.0f}")


def print_growth(small: dict, large: dict) -> None:
    print(f"\n{large['tickets']:,} beside {small['tickets']:,} tickets (ratio to bare, each run)")
    for before, after in zip(small["pages"], large["pages"], strict=True):
        growth = (after["p50"] / after["bare_signed_in_p50"]) / (
            before["p50"] / before["bare_signed_in_p50"]
        )
        print(f"  {after['name']:<28}{growth:>7.2f} times")
    slower = small["mails"]["intake"] / large["mails"]["intake"]
    print(f"  {'mails into tickets':<28}{slower:>7.2f} times")


if __name__ == "__main__":
    main()
