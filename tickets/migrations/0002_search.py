"""Full-text index over `Message.search_text`: FTS5 on SQLite, GIN on PostgreSQL."""

from django.db import migrations

SQLITE = [
    """CREATE VIRTUAL TABLE tickets_message_search USING fts5(
        search_text, content='tickets_message', content_rowid='id',
        tokenize='unicode61 remove_diacritics 2')""",
    """CREATE TRIGGER tickets_message_search_insert AFTER INSERT ON tickets_message BEGIN
        INSERT INTO tickets_message_search(rowid, search_text)
        VALUES (new.id, new.search_text); END""",
    """CREATE TRIGGER tickets_message_search_delete AFTER DELETE ON tickets_message BEGIN
        INSERT INTO tickets_message_search(tickets_message_search, rowid, search_text)
        VALUES ('delete', old.id, old.search_text); END""",
    """CREATE TRIGGER tickets_message_search_update AFTER UPDATE OF search_text ON tickets_message
        BEGIN
        INSERT INTO tickets_message_search(tickets_message_search, rowid, search_text)
        VALUES ('delete', old.id, old.search_text);
        INSERT INTO tickets_message_search(rowid, search_text)
        VALUES (new.id, new.search_text); END""",
]
SQLITE_BACK = [
    "DROP TRIGGER tickets_message_search_update",
    "DROP TRIGGER tickets_message_search_delete",
    "DROP TRIGGER tickets_message_search_insert",
    "DROP TABLE tickets_message_search",
]
POSTGRESQL = [
    """CREATE INDEX tickets_message_search ON tickets_message
        USING gin (to_tsvector('simple', search_text))""",
]
POSTGRESQL_BACK = ["DROP INDEX tickets_message_search"]


def run(sqlite, postgresql):
    def step(apps, schema_editor):
        vendor = schema_editor.connection.vendor
        for statement in {"sqlite": sqlite, "postgresql": postgresql}[vendor]:
            schema_editor.execute(statement)

    return step


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial")]

    operations = [
        migrations.RunPython(run(SQLITE, POSTGRESQL), run(SQLITE_BACK, POSTGRESQL_BACK)),
    ]
