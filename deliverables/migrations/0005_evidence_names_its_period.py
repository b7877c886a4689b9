import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deliverables", "0004_evidence_of_a_period")]

    operations = [
        migrations.RemoveField(model_name="evidence", name="update"),
        migrations.RemoveField(model_name="historicalevidence", name="update"),
        migrations.AlterField(
            model_name="evidence",
            name="deliverable",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="evidence_items", to="deliverables.deliverable"
            ),
        ),
        migrations.AlterField(
            model_name="evidence",
            name="period",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="evidence_items", to="priorities.reportingperiod"
            ),
        ),
    ]
