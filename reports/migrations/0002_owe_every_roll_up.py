from django.db import migrations
from django.db.models import F


def owe_every_roll_up(apps, schema_editor):
    """Roll-ups hold more from now on: decisions, the second look and coverage by organisation. Each is made again."""
    apps.get_model("priorities", "ReportingPeriod").objects.update(data_version=F("data_version") + 1)


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("deliverables", "0005_evidence_names_its_period")]

    operations = [migrations.RunPython(owe_every_roll_up, migrations.RunPython.noop)]
