"""When a printed report may be shown again: as long as nothing that it counts has changed.

The figures' version is a number in the shared cache that each calculation moves on, together with
the newest answer and the newest invitation sent. A minute is the most that a report is kept, also
where the cache server was away and the version was lost.
"""

import hashlib

from django.core.cache import cache

from reports.metrics.scope import Scope
from surveys.selectors import newest_answer_and_invitation

KEPT_SECONDS = 60
_VERSION = "reports.figures"


def figures_have_changed() -> None:
    """Show no report again that was printed before."""
    if not cache.add(_VERSION, 1, timeout=None):
        cache.incr(_VERSION)


def report_key(scope: Scope, query: str, language: str) -> str:
    """The name under which a printed report is kept; its links carry the `query`."""
    version = (cache.get(_VERSION), *newest_answer_and_invitation())
    asked = (
        query,
        language,
        scope.first,
        scope.last,
        scope.zone.key,
        scope.basis,
        scope.team_id,
        scope.agent_id,
        scope.channel_id,
    )
    return "report." + hashlib.sha256(repr((version, asked)).encode()).hexdigest()
