from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0001_squashed_0007_stories'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='letter',
            name='letter_kind',
        ),
        migrations.AddField(
            model_name='letter',
            name='address',
            field=models.EmailField(blank=True, max_length=254),
        ),
        migrations.AlterField(
            model_name='letter',
            name='kind',
            field=models.CharField(choices=[('reminder', 'Reminder'), ('returned', 'Returned update'), ('issued', 'Issued report'), ('fault', 'Fault in an issued report'), ('invitation', 'Invitation'), ('story', 'Decision on a case study'), ('address', 'Change of an email address')], max_length=12),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['reminder', 'returned', 'issued', 'fault', 'invitation', 'story', 'address'])), name='letter_kind'),
        ),
    ]
