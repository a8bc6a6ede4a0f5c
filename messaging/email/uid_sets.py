"""Sets of message numbers as IMAP writes them (RFC 9051, `sequence-set`): "1:5,9"."""

from collections.abc import Iterable


def written(uids: Iterable[int]) -> str:
    """The numbers in rising order, runs folded."""
    runs: list[list[int]] = []
    for uid in sorted(set(uids)):
        if runs and uid == runs[-1][1] + 1:
            runs[-1][1] = uid
        else:
            runs.append([uid, uid])
    return ",".join(str(a) if a == b else f"{a}:{b}" for a, b in runs)


def read(text: str) -> frozenset[int]:
    """The numbers of a set that `written` wrote."""
    found: set[int] = set()
    for run in filter(None, text.split(",")):
        first, _colon, last = run.partition(":")
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)
