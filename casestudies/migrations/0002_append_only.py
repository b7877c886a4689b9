from django.db import migrations

from strategy_portal.walls import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("casestudies", "0001_initial")]

    operations = [
        AppendOnly("casestudies_review"),
    ]
