from urllib.parse import urlencode

from django.db import migrations


def move_to_kept_forms(apps, schema_editor):
    """What somebody had typed and not sent waits for her where all such forms wait now."""
    KeptForm, User = apps.get_model("people", "KeptForm"), apps.get_model("people", "User")
    for draft in apps.get_model("reports", "ReportDraft").objects.exclude(unsent={}):
        for key, fields in draft.unsent.items():
            person, _, address = key.partition(" ")
            if User.objects.filter(pk=person).exists():
                given = {"fields": urlencode(fields), "kept_at": draft.saved_at}
                KeptForm.objects.get_or_create(kept_by_id=person, address=address, defaults=given)


class Migration(migrations.Migration):
    dependencies = [("reports", "0005_stories"), ("people", "0005_kept_forms")]

    operations = [
        migrations.RunPython(move_to_kept_forms, migrations.RunPython.noop, elidable=True),
        migrations.RemoveField(model_name="reportdraft", name="unsent"),
    ]
