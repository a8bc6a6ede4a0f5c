from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_words_of_the_admin")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="mail_on_answers",
            field=models.BooleanField(
                default=False,
                help_text="A mail when a customer writes in a ticket of theirs; they may answer it.",
                verbose_name="mail on customers' answers",
            ),
        ),
    ]
