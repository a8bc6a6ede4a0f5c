"""Where the marks of a chart go: values in, coordinates out; the template draws them.

A plot is 1000 wide and 200 high and stretched to its place, so that the words around it, which
are ordinary HTML, stay legible on a phone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, log10

WIDTH, HEIGHT = 1000, 200


@dataclass(frozen=True)
class Bar:
    """One bar with the words that explain it."""

    x: float
    y: float
    width: float
    height: float
    day: date
    value: int


@dataclass(frozen=True)
class Chart:
    """Bars and lines over the same days; `ticks` are (height from the top in %, value)."""

    bars: tuple[Bar, ...]
    lines: tuple[str, ...]
    area: str
    ticks: tuple[tuple[float, int], ...]
    days: tuple[date, ...]

    @property
    def labels(self) -> tuple[date, ...]:
        """The days written below: the first, the middle and the last."""
        if len(self.days) < 3:
            return self.days
        return (self.days[0], self.days[len(self.days) // 2], self.days[-1])


def chart(
    days: Sequence[date],
    *,
    bars: Sequence[int] = (),
    lines: Sequence[Sequence[int]] = (),
    is_area: bool = False,
) -> Chart:
    """Lay out bars and lines, one value a day, from zero to a round number above the highest."""
    highest = max((value for series in (bars, *lines) for value in series), default=0)
    step = _step(highest)
    top = max(step * ceil(highest / step), step)
    ticks = tuple((round(100 - 100 * value / top, 2), value) for value in range(0, top + 1, step))
    points = [_points(series, top) for series in lines]
    area = f"0,{HEIGHT} {points[0]} {WIDTH},{HEIGHT}" if is_area and points else ""
    return Chart(_bars(days, bars, top), tuple(points), area, ticks, tuple(days))


def sparkline(values: Sequence[int]) -> str:
    """The points of a small line without axes, 100 wide and 24 high."""
    highest = max(values, default=0) or 1
    return " ".join(
        f"{_x(number, len(values), 100):.1f},{23 - 22 * value / highest:.1f}"
        for number, value in enumerate(values)
    )


def _step(highest: int) -> int:
    """A round distance (1, 2 or 5 times a power of ten) that makes about four ticks."""
    rough = max(highest / 4, 1)
    power = 10 ** floor(log10(rough))
    return int(next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough))


def _points(series: Sequence[int], top: int) -> str:
    return " ".join(
        f"{_x(number, len(series), WIDTH):.1f},{HEIGHT - HEIGHT * value / top:.1f}"
        for number, value in enumerate(series)
    )


def _x(number: int, count: int, width: int) -> float:
    """The middle of a day's slot."""
    return width * (number + 0.5) / count


def _bars(days: Sequence[date], values: Sequence[int], top: int) -> tuple[Bar, ...]:
    slot = WIDTH / max(len(values), 1)
    width = slot * 0.72
    return tuple(
        Bar(
            x=round(number * slot + (slot - width) / 2, 2),
            y=round(HEIGHT - HEIGHT * value / top, 2),
            width=round(width, 2),
            height=round(HEIGHT * value / top, 2),
            day=day,
            value=value,
        )
        for number, (day, value) in enumerate(zip(days, values, strict=False))
    )
