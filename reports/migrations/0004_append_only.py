from django.db import migrations
from django.db.models import F

from strategy_portal.walls import AppendOnly


def owe_every_roll_up(apps, schema_editor):
    """Roll-ups hold more from now on: the balance of the principles and the gaps in the plan. Each is made again."""
    apps.get_model("priorities", "ReportingPeriod").objects.update(data_version=F("data_version") + 1)


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_progress_reports")]

    operations = [
        AppendOnly("reports_progressreport"),
        AppendOnly("reports_reportline"),
        AppendOnly("reports_reportcheck"),
        AppendOnly("reports_askdecision"),
        AppendOnly("reports_boardlinkvisit"),
        migrations.RunPython(owe_every_roll_up, migrations.RunPython.noop),
    ]
