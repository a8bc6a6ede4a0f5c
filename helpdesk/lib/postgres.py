"""What only PostgreSQL can do: imported where its driver is in use."""

from typing import Any, Self

import psycopg


class PreparingCursor(psycopg.Cursor[Any]):
    """Has the server keep the plan of what it executes, for as long as the connection lives.

    https://www.psycopg.org/psycopg3/docs/advanced/prepare.html
    """

    def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
        # Django switches it off for a connection, and then no cursor may.
        before, self.connection.prepare_threshold = self.connection.prepare_threshold, 0
        try:
            return super().execute(query, params, **options)
        finally:
            self.connection.prepare_threshold = before
