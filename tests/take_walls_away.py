"""Takes one wall away at a time, in a copy of the project, and demands that the test which guards it fails.

make walls                                     all of them
make walls ARGS="heal version"                 those whose name or file holds one of these words
The tests that meet another process need PostgreSQL (DATABASE_URL) and redis-server.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache", ".hypothesis")
LONGEST = 300  # seconds for one test


@dataclass(frozen=True)
class Wall:
    name: str
    file: str
    text: str
    instead: str
    test: str
    tries: int = 1  # more than one where two must meet by chance


HEALS = "tests/faults/test_roll_up_heals.py::"
PUBLISH = "tests/faults/test_publish.py::"
RACES = "tests/deliverables/test_races.py::"
REFRESH = "tests/deliverables/test_publish_year.py::"
UP = "tests/strategy_portal/test_up.py::"
JOBS = "tests/strategy_portal/test_jobs.py::"
STORIES, WRITING = "tests/casestudies/test_deciding.py::", "tests/casestudies/test_writing.py::"
CHANGES = "tests/deliverables/test_definition_changes.py::"
SUPERVISOR = "strategy_portal/supervisor.py"

PLAN_RACES = "tests/priorities/test_plan_races.py::"

WALLS = [
    Wall(
        "edits of the plan come one after the other",
        "priorities/plan/actions.py",
        'ReportingPeriod.objects.select_for_update().order_by("plan_year", "pk")',
        'ReportingPeriod.objects.order_by("plan_year", "pk")',
        PLAN_RACES + "test_a_double_click_is_one_edit_and_one_row",
        tries=3,
    ),
    Wall(
        "two administrators cannot remove each other",
        "people/joining/actions.py",
        "User.objects.select_for_update().filter(pk__in=holders)",
        "User.objects.filter(pk__in=holders)",
        PLAN_RACES + "test_two_administrators_who_remove_each_other_leave_one",
        tries=3,
    ),
    Wall(
        "an organisation does not end while the last other administrator leaves",
        "priorities/plan/actions.py",
        "    if isinstance(row, Organisation):\n        lock_administrators()\n",
        "",
        PLAN_RACES + "test_an_organisation_that_ends_while_the_last_other_administrator_leaves_does_not",
        tries=3,
    ),
    Wall(
        "an edit of the plan owes every roll-up",
        "priorities/plan/actions.py",
        "    owe_every_roll_up()\n    return locked",
        "    return locked",
        "tests/priorities/test_plan_edits.py::test_an_edit_is_kept_with_who_and_when_and_owes_every_roll_up",
    ),
    Wall(
        "the sweep that heals is in the timetable",
        "strategy_portal/celery.py",
        '"heal roll-ups that are behind": {"task": "reports.heal", "schedule": 10.0, "options": {"expires": 9}},',
        "",
        HEALS + "test_a_broker_that_is_stopped",
    ),
    Wall(
        "the sweep makes every roll-up that is owed",
        "reports/tasks.py",
        "for period in periods_behind():",
        "for period in []:",
        HEALS + "test_a_worker_that_is_killed_in_the_middle_of_a_roll_up",
    ),
    Wall(
        "an update owes the roll-up again",
        "priorities/actions.py",
        'update(data_version=F("data_version") + 1)',
        'update(data_version=F("data_version"))',
        HEALS + "test_a_worker_that_is_stopped",
    ),
    Wall(
        "the worker is told of an update",
        "deliverables/actions/updates.py",
        'enqueue("reports.roll_up", period.pk)\n    return update',
        "return update",
        HEALS + "test_a_task_whose_process_is_killed_is_done_by_the_next_without_waiting_for_beat",
    ),
    Wall(
        "a task whose process was killed is delivered again",
        "strategy_portal/settings.py",
        "CELERY_TASK_REJECT_ON_WORKER_LOST = True",
        "CELERY_TASK_REJECT_ON_WORKER_LOST = False",
        HEALS + "test_a_task_whose_process_is_killed_is_done_by_the_next_without_waiting_for_beat",
    ),
    Wall(
        "a task is acknowledged when it is done, not when it is taken",
        "strategy_portal/settings.py",
        "CELERY_TASK_ACKS_LATE = True",
        "CELERY_TASK_ACKS_LATE = False",
        HEALS + "test_a_task_whose_process_is_killed_is_done_by_the_next_without_waiting_for_beat",
    ),
    Wall(
        "a stored roll-up that is behind is not believed",
        "reports/querysets.py",
        "self.filter(period=period, data_version=period.data_version, rules_version=RULES_VERSION)",
        "self.filter(period=period)",
        HEALS + "test_a_worker_that_is_stopped",
    ),
    Wall(
        "publishing has timeouts of half a second",
        "strategy_portal/settings.py",
        '"socket_timeout": 0.5, "socket_connect_timeout": 0.5, ',
        "",
        HEALS + "test_a_broker_that_hangs",
    ),
    Wall(
        "publishing is not tried again",
        "strategy_portal/settings.py",
        ', "max_retries": 0}',
        "}",
        HEALS + "test_a_broker_that_is_stopped",
    ),
    Wall(
        "publishing has options of its own",
        "strategy_portal/jobs.py",
        "transport_options=settings.BROKER_PUBLISH_OPTIONS",
        "",
        PUBLISH + "test_a_broker_that_hangs_costs_half_a_second",
    ),
    Wall(
        "a publishing error is caught",
        "strategy_portal/jobs.py",
        "except Exception as error:",
        "except NotImplementedError as error:",
        PUBLISH + "test_a_broker_that_refuses_costs_next_to_nothing",
    ),
    Wall(
        "a task is sent after the commit, not before",
        "strategy_portal/jobs.py",
        "transaction.on_commit(partial(publish, task, args), robust=True)",
        "publish(task, args)",
        JOBS + "test_nothing_is_sent_about_what_was_not_stored",
    ),
    Wall(
        "a broker that was away is looked for every five seconds",
        "strategy_portal/celery.py",
        '"interval_max": 5',
        '"interval_max": 30',
        JOBS + "test_a_broker_that_was_away_for_long_is_found_again_within_seconds",
    ),
    Wall(
        "an update knows the version that its author saw",
        "deliverables/actions/updates.py",
        "if sent_before or seen != (last.number if last else 0):",
        "seen = last.number if last else 0\n    if False:",
        RACES + "test_of_two_editors_one_is_told_and_nothing_is_overwritten",
    ),
    Wall(
        "a form's key makes a double click one update",
        "deliverables/actions/updates.py",
        "if row.key == key:",
        "if False:",
        RACES + "test_a_double_click_is_one_update",
    ),
    Wall(
        "an update is agreed only as it stands",
        "deliverables/actions/decisions.py",
        "if standing is None or standing.pk != update.pk:",
        "if False:",
        "tests/deliverables/test_decisions.py::test_what_was_corrected_meanwhile_is_not_agreed_unseen",
    ),
    Wall(
        "nobody agrees her own update",
        "deliverables/actions/decisions.py",
        "if update.submitted_by_id == by.pk:",
        "if False:",
        "tests/deliverables/test_decisions.py::test_the_author_cannot_agree_or_return_her_own",
    ),
    Wall(
        "what the group has agreed is not taken back",
        "deliverables/actions/updates.py",
        "if Decision.objects.filter(update__in=standing, kind=Decision.Kind.AGREE).exists():",
        "if False:",
        RACES + "test_agreeing_and_taking_back_at_once_leaves_one_of_the_two",
        tries=6,
    ),
    Wall(
        "a window that was left open does not write over a draft",
        "deliverables/actions/drafts.py",
        "elif draft.version != version:",
        "elif False:",
        RACES + "test_twenty_savings_of_one_draft_lose_none_silently",
    ),
    Wall(
        "what is sent without a session is kept for its author",
        "strategy_portal/access.py",
        'if keep and request.method == "POST":',
        "if False:",
        "tests/deliverables/test_my_updates.py::test_what_is_sent_after_the_session_has_ended_waits_in_her_draft",
    ),
    Wall(
        "a long slip waits for the group",
        "deliverables/actions/milestones.py",
        "if waits_for_the_group(to=to, began_on=milestone.began_on, year_ends_on=year_ends_on):",
        "if False:",
        "tests/deliverables/test_moving_dates.py::test_a_long_slip_is_proposed_and_both_dates_stand_until_the_group_agrees",
    ),
    Wall(
        "the second look is seen before an update counts",
        "deliverables/views/updates.py",
        "if entry.unseen:",
        "if False:",
        "tests/deliverables/test_my_updates.py::test_a_copy_of_last_months_words_is_flagged_and_the_answer_is_kept",
    ),
    Wall(
        "a letter is taken before it is sent",
        "people/actions.py",
        "continue  # another has taken it",
        "pass",
        "tests/people/test_letters.py::test_of_two_senders_each_letter_is_sent_by_one",
        tries=6,
    ),
    Wall(
        "submitting and closing lock the periods",
        "priorities/actions.py",
        "ReportingPeriod.objects.select_for_update().filter(plan_year=plan_year)",
        "ReportingPeriod.objects.filter(plan_year=plan_year)",
        RACES + "test_what_is_closed_is_exactly_what_is_stored",
        tries=6,
    ),
    Wall(
        "a slow worker's older roll-up never wins",
        "reports/actions/roll_ups.py",
        "if stored and (stored.rules_version, stored.data_version) > (RULES_VERSION, period.data_version):",
        "if False:",
        "tests/reports/test_stored_equals_computed.py::test_a_slow_worker_never_puts_an_older_roll_up_over_a_newer_one",
    ),
    Wall(
        "what dies is started again",
        SUPERVISOR,
        "                child.look_after()\n",
        "                pass\n",
        UP + "test_a_worker_that_is_killed_is_started_again",
    ),
    Wall(
        "what a killed program had started goes with it",
        SUPERVISOR,
        "        elif self.process.poll() is not None:\n            self.signal(signal.SIGKILL)\n",
        "        elif self.process.poll() is not None:\n",
        UP + "test_what_a_program_leaves_behind_goes_with_it",
    ),
    Wall(
        "programs end with a supervisor that was killed",
        SUPERVISOR,
        "libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)",
        "pass",
        UP + "test_nothing_is_left_when_it_is_killed",
    ),
    Wall(
        "programs are told to stop with the supervisor",
        SUPERVISOR,
        "        stop_all(children)\n",
        "        pass\n",
        UP + "test_nothing_is_left_when_it_is_told_to_stop",
    ),
    Wall(
        "a port is tried before anything is done",
        "strategy_portal/management/commands/up.py",
        "            refuse_taken_port(settings.WEB_BIND, settings.WEB_PORT)\n",
        "",
        UP + "test_a_taken_port_is_said_in_a_sentence_before_anything_is_done",
    ),
    Wall(
        "what is issued is what the issuer saw",
        "reports/actions/reports.py",
        "    if locked.data_version != seen:",
        "    if False:",
        "tests/reports/test_issue.py::test_what_changed_since_the_page_was_opened_is_looked_at_first",
    ),
    Wall(
        "a month is issued once",
        "reports/actions/reports.py",
        "    if locked.closed_at is not None:\n        raise AlreadyIssued(period)",
        "    pass",
        "tests/reports/test_issue.py::test_a_period_is_issued_once",
    ),
    Wall(
        "a correction corrects the version that was seen",
        "reports/actions/reports.py",
        "    if last.version != seen:",
        "    if False:",
        "tests/reports/test_issue.py::test_two_who_correct_at_once_meet",
    ),
    Wall(
        "the words of a report are not written over",
        "reports/actions/drafts.py",
        "    if draft and draft.version != seen:",
        "    if False:",
        "tests/reports/test_agree_pages.py::test_two_writers_see_each_others_words_and_nothing_is_overwritten",
    ),
    Wall(
        "the hash of a report is proved",
        "reports/actions/checks.py",
        "contents.iterator(chunk_size=500)) != report.sha256:",
        'contents.iterator(chunk_size=500)) == "":',
        "tests/reports/test_issue.py::test_tampering_with_rows_behind_the_walls_is_found",
    ),
    Wall(
        "a report is built again from its marks",
        "reports/rebuild.py",
        "history_id__lte=mark",
        "history_id__lte=10**9",
        "tests/reports/test_issue.py::test_whatever_is_changed_afterwards_not_one_byte_of_the_report_changes",
    ),
    Wall(
        "a story is not published while something blocks it",
        "casestudies/actions/decisions.py",
        "if open_ones := blocking(readiness(told, clock.today())):",
        "if open_ones := blocking(readiness(told, clock.today()))[:0]:",
        STORIES + "test_nothing_is_published_while_something_blocks_it",
    ),
    Wall(
        "who wrote in a story does not review it",
        "casestudies/permissions.py",
        "can_review_stories(user) and not study.hers and study.sent_by_id != user.pk",
        "can_review_stories(user)",
        STORIES + "test_the_reviewer_has_neither_written_in_it_nor_sent_it",
    ),
    Wall(
        "what the reviewer did not see is not published",
        "casestudies/actions/decisions.py",
        "locked: CaseStudy = lock_as_seen(study, seen=seen)",
        "locked = CaseStudy.objects.get(pk=study.pk)",
        STORIES + "test_what_the_reviewer_did_not_see_is_not_published",
    ),
    Wall(
        "readers see what is published while it is edited",
        "casestudies/actions/words.py",
        "if locked.stage == CaseStudy.Stage.PUBLISHED:",
        "if False:",
        WRITING + "test_readers_go_on_seeing_what_is_published_while_it_is_edited",
    ),
    Wall(
        "another organisation's draft is not there",
        "casestudies/querysets.py",
        "hers = Q(owner__in=user.organisation_ids_reported_for) if",
        "hers = Q(pk__gt=0) if",
        STORIES + "test_what_is_in_hand_is_for_those_who_work_on_it",
    ),
    Wall(
        "a picture is seen by those who see its story",
        "casestudies/querysets.py",
        "self.filter(Q(case_study__in=CaseStudy.objects.published()) | Q(case_study__in=editors))",
        "self.all()",
        "tests/casestudies/test_pictures.py::test_a_picture_is_seen_by_those_who_see_the_story",
    ),
    Wall(
        "no reader sees a story whose consent has ended",
        "casestudies/querysets.py",
        'self.filter(~consent_ended(on or clock.today()), stage="published")',
        'self.filter(stage="published")',
        "tests/casestudies/test_consent.py::test_readers_see_it_up_to_the_last_day_and_no_longer",
    ),
    Wall(
        "who wrote a story does not say that it is still true",
        "casestudies/actions/decisions.py",
        "    refuse_own(by, locked)\n    if locked.has_consent_ended:",
        "    if locked.has_consent_ended:",
        "tests/casestudies/test_looking_again.py::test_its_author_may_not_say_so_nor_may_a_reader",
    ),
    Wall(
        "a report is proved with the stories that it tells",
        "reports/actions/checks.py",
        'told = tuple(report.content.get("stories", []))',
        "told = ()",
        "tests/reports/test_stories.py::test_an_issued_report_is_the_same_to_the_byte_whatever_becomes_of_the_story",
    ),
    Wall(
        "a month keeps the wording of a definition that is in force in it",
        "deliverables/definition.py",
        "if change.is_in_force and not change.has_begun:",
        "if False:",
        CHANGES + "test_a_report_of_an_earlier_month_issued_late_has_the_old_words_and_is_proved",
    ),
    Wall(
        "the wording in force is read also before the sweep has come by",
        "deliverables/definition.py",
        "if change.has_begun and not change.is_in_force:",
        "if False:",
        CHANGES + "test_a_month_that_is_open_still_keeps_the_words_in_force_in_it",
    ),
    Wall(
        "a report is built again with the changes of definitions up to its mark",
        "reports/rebuild.py",
        "change.takes_effect_id in begun",
        "True",
        CHANGES + "test_a_report_of_an_earlier_month_issued_late_has_the_old_words_and_is_proved",
    ),
    Wall(
        "a report from before there were changes of definitions has no mark for them",
        "reports/rebuild.py",
        'self.marks.get("definitions", 0)',
        'self.marks["definitions"]',
        CHANGES + "test_a_report_from_before_there_were_such_changes_has_no_mark_and_is_proved",
    ),
    Wall(
        "who asked for a change of a definition does not decide it",
        "deliverables/actions/definition_changes.py",
        "if decided.asked_by_id == by.pk:",
        "if False:",
        CHANGES + "test_who_asked_does_not_decide_and_a_second_decision_changes_nothing",
    ),
    Wall(
        "a change of a definition is decided once",
        "deliverables/actions/definition_changes.py",
        "if decided.agreed is not None:",
        "if False:",
        CHANGES + "test_who_asked_does_not_decide_and_a_second_decision_changes_nothing",
    ),
    Wall(
        "a change takes effect from no month whose report is issued",
        "deliverables/actions/definition_changes.py",
        "if one.closed_at is None and one.starts_on >= wanted.starts_on",
        "if one.starts_on >= wanted.starts_on",
        CHANGES + "test_if_its_month_is_issued_meanwhile_it_takes_effect_from_the_next",
    ),
    Wall(
        "an administrator does not go round the group",
        "deliverables/actions/plan.py",
        "if row.maturity == BASELINED:",
        "if False:",
        CHANGES + "test_an_administrator_cannot_go_round_the_group",
    ),
    Wall(
        "who has worded a definition does not agree it",
        "deliverables/actions/maturing.py",
        "if by.pk in Deliverable.objects.wrote_definitions([row.pk])[row.pk]:",
        "if False:",
        "tests/deliverables/test_maturing.py::test_who_drafted_cannot_agree_or_baseline",
    ),
    Wall(
        "an edit of the plan has seen the last one",
        "deliverables/actions/plan.py",
        "row = lock_as_seen(deliverable, seen=seen)",
        "row = standing",
        "tests/deliverables/test_edit_plan.py::test_two_editors_see_both_texts_and_nothing_is_written_over",
    ),
    Wall(
        "a stop does not reach into what is issued",
        "deliverables/actions/plan.py",
        "if period.closed_at and first and period.ends_on >= first]",
        "if False]",
        "tests/deliverables/test_edit_plan.py::test_a_stop_does_not_reach_into_what_is_issued_and_is_not_taken_back_after_it",
    ),
    Wall(
        "what was reported is not deleted",
        "deliverables/actions/plan.py",
        "if why := why_it_stays(gone):",
        'if why := "":',
        "tests/deliverables/test_edit_plan.py::test_what_a_report_names_as_not_reported_is_not_deleted",
    ),
    Wall(
        "what another administrator chose is not written over",
        "deliverables/actions/refresh_draft.py",
        "if own or mark_of(stands) == mark:",
        "if True:",
        REFRESH + "test_of_two_administrators_each_row_is_whose_who_chose_it_first_until_the_other_has_seen_it",
    ),
    Wall(
        "the year that is published is the one that was previewed",
        "deliverables/actions/publish_year.py",
        "if seen != seen_of(old, draft):",
        "if False:",
        REFRESH + "test_what_is_published_is_what_was_previewed",
    ),
    Wall(
        "a year is published in one transaction",
        "deliverables/actions/publish_year.py",
        "@transaction.atomic\ndef publish_year",
        "def publish_year",
        REFRESH + "test_a_fault_in_the_middle_leaves_nothing",
    ),
    Wall(
        "a year in which somebody has worked is not undone",
        "deliverables/actions/undo_year.py",
        "    if found.reasons:\n        raise",
        "    if False:\n        raise",
        REFRESH + "test_nothing_is_undone_once_somebody_has_worked_in_the_year",
    ),
]


class Copy:
    def __init__(self, folder: Path) -> None:
        self.folder = Path(shutil.copytree(PROJECT, folder / "portal", ignore=LEFT_OUT))

    def test(self, *tests: str) -> tuple[bool, str]:
        """Whether all of them passed, none skipped; and what was said."""
        results = self.folder / "results.xml"
        results.unlink(missing_ok=True)
        result = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", f"--junitxml={results}", *tests],
            cwd=self.folder,
            env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},  # a change within a second must not meet old bytecode
            capture_output=True,
            text=True,
            timeout=LONGEST * len(tests),
        )
        if result.returncode > 1 or not results.exists():
            raise RuntimeError(result.stdout + result.stderr)
        skipped = ElementTree.parse(results).find(".//skipped[@type='pytest.skip']")
        if skipped is not None:
            raise RuntimeError(f"It was skipped. {skipped.get('message')}")
        return result.returncode == 0, result.stdout

    def how_it_fails_without(self, wall: Wall) -> str:
        """The first thing that the test says is wrong; nothing if it passes."""
        file = self.folder / wall.file
        before = file.read_text(encoding="utf-8")
        assert before.count(wall.text) == 1, f"The wall is not, or not once, in {wall.file}: {wall.text}"
        file.write_text(before.replace(wall.text, wall.instead), encoding="utf-8")
        try:
            for _ in range(wall.tries):
                passed, said = self.test(wall.test)
                if not passed:
                    return next((line[1:].strip() for line in said.splitlines() if line.startswith("E  ")), "it fails")
            return ""
        finally:
            file.write_text(before, encoding="utf-8")


def chosen(words: list[str]) -> list[Wall]:
    return [wall for wall in WALLS if not words or any(word in f"{wall.name} {wall.file} {wall.test}" for word in words)]


def take_away(walls: list[Wall], copy: Copy) -> int:
    """The number of walls that no test misses."""
    passed, said = copy.test(*dict.fromkeys(wall.test for wall in walls))
    if not passed:
        sys.exit(f"With all walls standing, the tests must pass first:\n{said}")
    missed = 0
    for wall in walls:
        started = time.monotonic()
        how = copy.how_it_fails_without(wall)
        missed += not how
        took = f"{time.monotonic() - started:.0f} s"
        print(f"{'ok    ' if how else 'MISSED'} {wall.name}: {wall.test.rpartition('::')[2]}: {how[:100]} ({took})", flush=True)
    return missed


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="walls-") as folder:
        sys.exit(1 if take_away(chosen(sys.argv[1:]), Copy(Path(folder))) else 0)
