"""Everything the overview shows, for one scope."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min

from reports import tables, tiles
from reports.charts import Chart, chart
from reports.metrics import counts, times
from reports.metrics.counts import Backlog
from reports.metrics.scope import Scope
from reports.models import TicketMetrics


@dataclass(frozen=True)
class Overview:
    """The overview of one scope, section by section."""

    scope: Scope
    workload: list[tiles.Tile]
    speed: list[tiles.Tile]
    quality: list[tiles.Tile]
    satisfaction: list[tiles.Tile]
    backlog: Backlog
    created_then_removed: int
    flow_chart: Chart
    backlog_chart: Chart
    times: list[tables.TimeRow]
    tables: list[tables.Table]
    read_at: datetime | None


def overview(scope: Scope) -> Overview:
    """Work out the overview; nothing is kept."""
    now, before = tiles.period(scope), tiles.period(scope.previous)
    backlog = counts.backlog(scope)
    days = [day.day for day in backlog.days]
    return Overview(
        scope=scope,
        workload=tiles.workload(now, before, backlog),
        speed=tiles.speed(now, before),
        quality=tiles.quality(now, before),
        satisfaction=tiles.satisfied(scope),
        backlog=backlog,
        created_then_removed=backlog.total["created"] - now.cohort.created,
        flow_chart=chart(
            days,
            bars=[day.created for day in backlog.days],
            lines=[[day.resolved for day in backlog.days]],
        ),
        backlog_chart=chart(days, lines=[[day.backlog for day in backlog.days]], is_area=True),
        times=tables.time_rows(
            {**now.times, "requester_wait_time": times.requester_wait_time(scope)}
        ),
        tables=tables.tables(scope, now.times),
        read_at=_oldest_reading(),
    )


def _oldest_reading() -> datetime | None:
    """When the clock that was read longest ago was read."""
    running = TicketMetrics.objects.filter(is_running=True)
    oldest = running.aggregate(oldest=Min("as_of"))["oldest"]
    return oldest if isinstance(oldest, datetime) else None
