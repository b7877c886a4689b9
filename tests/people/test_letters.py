"""What the portal writes to people: once for each reason, sent at most once, and never held up for ever."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from threading import Barrier

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, connection, transaction

from people.actions import drop_outdated_letters, send_letters, word_letter, write_letter
from people.models import Letter, User
from people.querysets import GIVES_UP_AFTER
from people.tasks import send_letters as send_letters_task
from strategy_portal import clock
from tests import factories

pytestmark = pytest.mark.django_db
TOMORROW = date(2025, 12, 3)


class Refusing(EmailBackend):
    """A mail server that refuses whom it is told to; a class is configured by name, so what it refuses stands on it."""

    refuses: tuple[str, ...] = ()
    asked: list[str] = []

    def send_messages(self, messages) -> int:
        for message in messages:
            Refusing.asked += message.to
            if "everyone" in self.refuses:
                raise SMTPServerDisconnected("Connection unexpectedly closed")
            if set(message.recipients()) & set(self.refuses):
                raise SMTPRecipientsRefused({message.to[0]: (550, b"No such person")})
        return super().send_messages(messages)


@pytest.fixture
def refuse(settings):
    """Lets the mail server refuse these addresses, or everyone."""
    settings.EMAIL_BACKEND = "tests.people.test_letters.Refusing"
    Refusing.refuses, Refusing.asked = (), []

    def these(*addresses: str) -> None:
        Refusing.refuses = addresses

    yield these
    Refusing.refuses = ()


def write(to: User, key: str = "a reason", kind: str = "returned", **more) -> Letter | None:
    """With the words of a returned update, in which only some names are filled."""
    return write_letter(to=to, kind=kind, key=key, template="deliverables/letters/returned", context={}, **more)


def people(*names: str) -> list[User]:
    return [factories.person("programme_manager", name) for name in names]


def sent() -> list[str]:
    return [message.to[0] for message in mail.outbox]


def test_a_letter_is_written_once_for_its_key():
    [priya] = people("Priya")
    first = write(priya)
    assert first is not None and first.pk
    assert write(priya) is None
    assert Letter.objects.get() == first


def test_the_key_is_of_everyone():
    priya, sam = people("Priya", "Sam")
    write(priya)
    assert write(sam) is None


def test_a_person_gets_one_reminder_a_day_and_any_number_of_other_letters():
    priya, sam = people("Priya", "Sam")
    assert write(priya, "one", "reminder") and write(sam, "two", "reminder")
    assert write(priya, "three", "reminder") is None
    assert write(priya, "four") and write(priya, "five")
    with clock.fixed(clock.on(TOMORROW)):
        assert write(priya, "six", "reminder")


def test_the_database_holds_to_one_reminder_a_day():
    [priya] = people("Priya")
    letter = write(priya, "one", "reminder")
    letter.pk, letter.key = None, "two"
    with pytest.raises(IntegrityError), transaction.atomic():
        letter.save(force_insert=True)


def test_what_is_wrong_otherwise_is_not_taken_for_written_before():
    [priya] = people("Priya")
    with pytest.raises(IntegrityError), transaction.atomic():
        write(priya, kind="nonsense")


def test_a_letter_that_is_refused_leaves_the_work_around_it_whole():
    [priya] = people("Priya")
    write(priya)
    with transaction.atomic():
        assert write(priya) is None
        User.objects.filter(pk=priya.pk).update(job_title="Manager")
    assert User.objects.get(pk=priya.pk).job_title == "Manager"


def test_the_subject_is_one_line_of_bounded_length():
    [priya] = people("Priya")
    priya.name = "Priya\nBcc: everyone@example.org"
    words = word_letter(
        to=priya,
        template="deliverables/letters/returned",
        context={"deliverable": {"code": "HW-1", "name": "A\r\nBcc: x@example.org " + "long " * 60}},
    )
    assert "\n" not in words["subject"] and "\r" not in words["subject"]
    assert len(words["subject"]) <= 200


def test_a_letter_is_sent_once_with_its_copies_in_text_and_html():
    [priya] = people("Priya")
    letter = write(priya, copies=["olu@example.org"])
    assert send_letters() == 1
    assert send_letters() == 0
    [message] = mail.outbox
    assert (message.to, message.cc) == (["priya@example.org"], ["olu@example.org"])
    assert message.body == letter.text
    assert message.alternatives[0].content == letter.html and message.alternatives[0].mimetype == "text/html"
    letter.refresh_from_db()
    assert letter.written_at <= letter.sent_at <= clock.now()


def test_the_task_sends_what_is_owed():
    write(*people("Priya"))
    send_letters_task()
    assert sent() == ["priya@example.org"]


def test_a_server_that_is_away_leaves_all_owed_and_is_asked_once_a_run(refuse):
    for user in people("Priya", "Sam", "Tom"):
        write(user, user.name)
    refuse("everyone")
    assert send_letters() == 0
    assert len(Refusing.asked) == 1
    assert Letter.objects.owed().count() == 3 and not Letter.objects.exclude(sent_at=None).exists()
    refuse()
    assert send_letters() == 3
    assert sorted(sent()) == ["priya@example.org", "sam@example.org", "tom@example.org"]


def test_bad_addresses_do_not_hold_up_the_rest(refuse):
    """Two of them, first in the row: each costs one run."""
    for user in people("Bad", "Worse", "Priya", "Sam"):
        write(user, user.name)
    refuse("bad@example.org", "worse@example.org")
    for _ in range(3):
        send_letters()
    assert sorted(sent()) == ["priya@example.org", "sam@example.org"]
    assert {letter.to.name for letter in Letter.objects.owed()} == {"Bad", "Worse"}
    assert sum(letter.tries for letter in Letter.objects.owed()) == 3


def test_what_is_no_address_at_all_does_not_hold_up_the_rest(refuse):
    """The mail library refuses it before the server is asked."""
    bad, priya = people("Bad", "Priya")
    for user in (bad, priya):
        write(user, user.name)
    User.objects.filter(pk=bad.pk).update(email="b\nad@example.org")
    send_letters()
    send_letters()
    assert sent() == ["priya@example.org"]
    assert [letter.to for letter in Letter.objects.owed()] == [bad]


def test_new_letters_go_before_those_that_failed(refuse):
    bad, priya = people("Bad", "Priya")
    write(bad, "bad")
    refuse("bad@example.org")
    send_letters()
    write(priya, "good")
    send_letters()
    assert sent() == ["priya@example.org"]


def test_a_letter_is_given_up_after_a_week_of_tries():
    letter = write(*people("Priya"))
    Letter.objects.update(tries=GIVES_UP_AFTER)
    assert send_letters() == 0
    Letter.objects.update(tries=GIVES_UP_AFTER - 1)
    assert send_letters() == 1
    letter.refresh_from_db()
    assert letter.sent_at


def test_a_reminder_is_not_sent_after_its_day_and_then_goes():
    priya, sam = people("Priya", "Sam")
    reminder, returned = write(priya, "one", "reminder"), write(priya, "two")
    with clock.fixed(clock.on(TOMORROW)):
        of_the_day = write(sam, "three", "reminder")
        assert set(Letter.objects.owed()) == {returned, of_the_day}
        assert send_letters() == 2
        drop_outdated_letters()
    assert not Letter.objects.filter(pk=reminder.pk).exists()
    assert set(Letter.objects.all()) == {returned, of_the_day}


def test_what_was_sent_stays_in_the_log():
    reminder = write(*people("Priya"), "one", "reminder")
    send_letters()
    with clock.fixed(clock.on(TOMORROW)):
        drop_outdated_letters()
    assert Letter.objects.get() == reminder


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_senders_each_letter_is_sent_by_one():
    users = people(*(f"Manager{n}" for n in range(20)))
    for user in users:
        write(user, user.name)
    barrier = Barrier(4)

    def sender(_: int) -> int:
        connection.ensure_connection()
        barrier.wait()
        try:
            return send_letters()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(sender, range(4)))
    assert sum(counts) == 20
    assert sorted(sent()) == sorted(user.email for user in users)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_writers_one_writes():
    [priya] = people("Priya")
    barrier = Barrier(4)

    def writer(n: int) -> Letter | None:
        connection.ensure_connection()
        barrier.wait()
        try:
            return write(priya, f"reason {n % 2}", "reminder")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        written = [letter for letter in pool.map(writer, range(4)) if letter]
    assert written == list(Letter.objects.all()) and len(written) == 1


def test_nothing_is_sent_to_someone_who_is_made_up():
    """The log keeps what she would have got."""
    (made_up,) = people("Made-up")
    User.objects.filter(pk=made_up.pk).update(is_demonstration=True)
    write(made_up)
    assert send_letters() == 1
    assert sent() == [] and Letter.objects.owed().count() == 0
