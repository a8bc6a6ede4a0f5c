"""Words of names, and on PostgreSQL trigram indexes for the beginnings of words and addresses."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

from helpdesk.lib.text import WORD, fold

INDEXES = (
    ("customer_name_words", "customers_customer", "name_words"),
    ("address_beginning", "customers_address", "value"),
)


def fill(apps, schema_editor):
    customer = apps.get_model("customers", "Customer")
    batch = []
    for row in customer.objects.exclude(name="").only("name").iterator(2000):
        row.name_words = "".join(f" {word}" for word in WORD.findall(fold(row.name)))[:400]
        batch.append(row)
        if len(batch) == 2000:
            customer.objects.bulk_update(batch, ["name_words"])
            batch = []
    customer.objects.bulk_update(batch, ["name_words"])


def index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, table, column in INDEXES:
            schema_editor.execute(
                f"CREATE INDEX {name} ON {table} USING gin ({column} gin_trgm_ops)"
            )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, _table, _column in INDEXES:
            schema_editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):
    # A table cannot be changed and indexed by PostgreSQL in the transaction that filled it.
    atomic = False

    dependencies = [("customers", "0002_words_of_the_admin")]

    operations = [
        TrigramExtension(),
        migrations.AddField(
            model_name="customer",
            name="name_words",
            field=models.CharField(blank=True, editable=False, max_length=400),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(index, drop),
    ]
