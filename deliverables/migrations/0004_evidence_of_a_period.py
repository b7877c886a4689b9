from django.db import migrations


def name_deliverable_and_period(apps, schema_editor):
    """Evidence hung on an update or on a milestone; from now on it names its deliverable and its period itself."""
    Evidence = apps.get_model("deliverables", "Evidence")
    Period = apps.get_model("priorities", "ReportingPeriod")
    for evidence in Evidence.objects.select_related("update", "milestone__deliverable"):
        if evidence.update_id:
            evidence.deliverable_id, evidence.period_id = evidence.update.deliverable_id, evidence.update.period_id
        else:
            deliverable = evidence.milestone.deliverable
            periods = Period.objects.filter(plan_year=deliverable.plan_year_id).order_by("starts_on")
            begun = periods.filter(starts_on__lte=evidence.added_at.date()).last()
            evidence.deliverable_id, evidence.period_id = deliverable.pk, (begun or periods.first()).pk
        evidence.save(update_fields=["deliverable", "period"])


class Migration(migrations.Migration):
    dependencies = [("deliverables", "0003_update_cycle")]

    operations = [migrations.RunPython(name_deliverable_and_period, migrations.RunPython.noop)]
