from django.db import migrations

from casestudies.years import tidy_year


def write_years_one_way(apps, schema_editor):
    """24/25 is 2024/25. What is no such time stays as somebody wrote it, and what the documents say is left alone."""
    studies = apps.get_model("casestudies", "CaseStudy").objects
    for pk, year in studies.exclude(owner=None).exclude(year="").values_list("pk", "year"):
        if (tidied := tidy_year(year)) and tidied != year:
            studies.filter(pk=pk).update(year=tidied)


class Migration(migrations.Migration):
    dependencies = [("casestudies", "0005_looking_again")]

    operations = [migrations.RunPython(write_years_one_way, migrations.RunPython.noop)]
