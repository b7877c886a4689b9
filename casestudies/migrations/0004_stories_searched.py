from django.db import migrations


def fold_texts(apps, schema_editor):
    """The column works itself out as a row is saved. Nothing else of the row changes."""
    for study in apps.get_model("casestudies", "CaseStudy").objects.order_by("pk"):
        study.save(update_fields=["search_text"])


class Migration(migrations.Migration):
    dependencies = [("casestudies", "0003_stories")]

    operations = [migrations.RunPython(fold_texts, migrations.RunPython.noop)]
