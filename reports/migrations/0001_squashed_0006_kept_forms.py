import django.db.models.deletion
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models

from strategy_portal.walls import AppendOnly


class Migration(migrations.Migration):
    replaces = [
        ("reports", "0001_initial"),
        ("reports", "0002_owe_every_roll_up"),
        ("reports", "0003_progress_reports"),
        ("reports", "0004_append_only"),
        ("reports", "0005_stories"),
        ("reports", "0006_kept_forms"),
    ]


    initial = True

    dependencies = [("people", "0001_squashed_0007_stories"), ("priorities", "0001_squashed_0003_reach"), ("deliverables", "0001_squashed_0009_refresh")]

    operations = [
        migrations.CreateModel(
            name='ReportCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('checked_at', models.DateTimeField()),
                ('reports', models.PositiveIntegerField()),
                ('faults', models.JSONField(blank=True, default=list, help_text='Each with the report and what is wrong.')),
            ],
        ),
        migrations.CreateModel(
            name='Ask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wording', models.TextField(verbose_name='what is asked')),
                ('wanted_on', models.DateField(verbose_name='when the decision is wanted')),
                ('owner', models.CharField(max_length=120, verbose_name='who will act on it')),
                ('asked_at', models.DateTimeField(editable=False)),
                ('asked_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deliverable', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='asks', to='deliverables.deliverable')),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='asks', to='priorities.reportingperiod')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('wording', ''), _negated=True), models.Q(('owner', ''), _negated=True)), name='ask_says_what_and_who')],
            },
        ),
        migrations.CreateModel(
            name='AskDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('agreed', 'Agreed'), ('declined', 'Declined'), ('deferred', 'Deferred')], max_length=8, verbose_name='what the board decided')),
                ('words', models.TextField(blank=True, verbose_name='in its words')),
                ('decided_on', models.DateField(verbose_name='date of the decision')),
                ('recorded_at', models.DateTimeField()),
                ('ask', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='reports.ask')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['agreed', 'declined', 'deferred'])), name='ask_decision_kind'), models.CheckConstraint(condition=models.Q(('kind', 'agreed'), models.Q(('words', ''), _negated=True), _connector='OR'), name='ask_decision_says_why')],
            },
        ),
        migrations.CreateModel(
            name='BoardLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reader', models.CharField(max_length=120, verbose_name='who it is for')),
                ('fingerprint', models.CharField(help_text='SHA-256 of the secret part of the address.', max_length=64, unique=True)),
                ('expires_on', models.DateField(verbose_name='last day')),
                ('made_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revoked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='BoardLinkVisit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opened', models.CharField(max_length=8)),
                ('opened_at', models.DateTimeField()),
                ('link', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='reports.boardlink')),
            ],
        ),
        migrations.CreateModel(
            name='HistoricalAsk',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('wording', models.TextField(verbose_name='what is asked')),
                ('wanted_on', models.DateField(verbose_name='when the decision is wanted')),
                ('owner', models.CharField(max_length=120, verbose_name='who will act on it')),
                ('asked_at', models.DateTimeField(editable=False)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('asked_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deliverable', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='deliverables.deliverable')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('period', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='priorities.reportingperiod')),
            ],
            options={
                'verbose_name': 'historical ask',
                'verbose_name_plural': 'historical asks',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='ProgressReport',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveSmallIntegerField()),
                ('issued_at', models.DateTimeField()),
                ('reason', models.TextField(blank=True, help_text='Of a correction.')),
                ('rules_version', models.PositiveSmallIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('marks', models.JSONField()),
                ('content', models.JSONField()),
                ('charts', models.JSONField()),
                ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='priorities.reportingperiod')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('period', 'version'), name='report_version_once'), models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), ('version', 1)), models.Q(('version__gt', 1), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='report_correction_says_why')],
            },
        ),
        migrations.CreateModel(
            name='PackFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(help_text='A code of reports.pack.', max_length=8)),
                ('requested_at', models.DateTimeField()),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('built_at', models.DateTimeField(blank=True, null=True)),
                ('size', models.PositiveIntegerField(default=0, help_text='In bytes.')),
                ('content', models.BinaryField(null=True)),
                ('requested_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='reports.progressreport')),
            ],
            options={
                'indexes': [models.Index(models.F('tries'), models.F('id'), condition=models.Q(('built_at', None)), name='pack_file_owed')],
                'constraints': [models.UniqueConstraint(fields=('report', 'kind'), name='pack_file_once')],
            },
        ),
        migrations.AddField(
            model_name='boardlink',
            name='report',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='reports.progressreport'),
        ),
        migrations.CreateModel(
            name='ReportDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.TextField(blank=True, verbose_name='covering note')),
                ('board_lines', models.JSONField(blank=True, default=dict)),
                ('stories', models.JSONField(blank=True, default=list, help_text='Case studies chosen for it, by their slugs.')),
                ('reason', models.TextField(blank=True, verbose_name='why it is corrected')),
                ('corrections', models.JSONField(blank=True, default=dict)),
                ('plan_of_now', models.BooleanField(default=False, verbose_name='names and dates as the plan has them now')),
                ('version', models.PositiveIntegerField(default=1)),
                ('saved_at', models.DateTimeField()),
                ('period', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='report_draft', to='priorities.reportingperiod')),
                ('saved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='ReportLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveIntegerField()),
                ('code', models.CharField(max_length=20)),
                ('priority', models.CharField(max_length=20)),
                ('principles', models.CharField(help_text='Codes, each with a blank on either side.', max_length=200)),
                ('rating', models.CharField(max_length=12)),
                ('badness', models.PositiveSmallIntegerField(help_text='Its place in the order of ratings, the worst first.')),
                ('content', models.JSONField()),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='reports.progressreport')),
            ],
            options={
                'indexes': [models.Index(models.F('report'), models.F('badness'), models.F('place'), name='report_line_worst_first')],
                'constraints': [models.UniqueConstraint(fields=('report', 'place'), name='report_line_place_once'), models.UniqueConstraint(fields=('report', 'code'), name='report_line_code_once')],
            },
        ),
        migrations.CreateModel(
            name='RollUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.JSONField()),
                ('lines', models.JSONField()),
                ('charts', models.JSONField()),
                ('rules_version', models.PositiveSmallIntegerField()),
                ('data_version', models.PositiveBigIntegerField()),
                ('computed_at', models.DateTimeField()),
                ('period', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='roll_up', to='priorities.reportingperiod')),
            ],
        ),
        migrations.AddConstraint(
            model_name='boardlink',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('revoked_at', None), ('revoked_by', None)), models.Q(('revoked_at__isnull', False), ('revoked_by__isnull', False)), _connector='OR'), name='board_link_revoked_at_and_by'),
        ),
        AppendOnly("reports_progressreport"),
        AppendOnly("reports_reportline"),
        AppendOnly("reports_reportcheck"),
        AppendOnly("reports_askdecision"),
        AppendOnly("reports_boardlinkvisit"),
    ]
