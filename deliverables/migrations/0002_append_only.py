from django.db import migrations

from strategy_portal.walls import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("deliverables", "0001_initial")]

    operations = [
        AppendOnly("deliverables_statusupdate"),
        AppendOnly("deliverables_milestonemove"),
        AppendOnly("deliverables_decision"),
    ]
