"""All writing of people and organisations."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from secrets import token_urlsafe
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse

from people.models import CalendarAddress, KeptForm, Letter, Membership, Organisation, User
from people.querysets import fingerprint_of
from people.roles import ROLES
from strategy_portal import clock
from strategy_portal.jobs import enqueue

log = logging.getLogger(__name__)


OWN_LINK = "%HER-OWN-LINK%"  # stands in an invitation until it is sent


class UnknownRole(ValueError):
    pass


@transaction.atomic
def add_person(*, by: User | None, email: str, name: str, job_title: str = "", is_demonstration: bool = False) -> User:
    """The person with this e-mail, made if there is none. She has no password until she resets it."""
    there = User.objects.filter(email=email.strip().lower()).first()
    return there or make_person(by, User(email=email, name=name, job_title=job_title, is_demonstration=is_demonstration))


def make_person(by: User | None, user: User) -> User:
    user.join()
    user.full_clean(exclude=["password"])
    user._history_user = by
    user.save()
    return user


@transaction.atomic
def give_role(*, by: User | None, user: User, organisation: Organisation, role: str) -> Membership:
    if role not in ROLES:
        raise UnknownRole(f"There is no role '{role}'. The roles are {', '.join(ROLES)}.")
    membership, _ = Membership.objects.get_or_create(user=user, organisation=organisation, role=role)
    return membership


def link_of_her_own(user: User) -> str:
    """To the page on which she sets her password: made as the letter is sent, so that nothing here keeps it."""
    uid, token = user_pk_to_url_str(user), default_token_generator.make_token(user)
    return settings.PORTAL_ADDRESS + reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})


@transaction.atomic
def add_organisation(*, by: User | None, code: str, name: str, short_name: str = "") -> Organisation:
    """The organisation with this code, made if there is none."""
    organisation = Organisation.objects.filter(code=code).first()
    if organisation is None:
        organisation = Organisation(code=code, name=name, short_name=short_name)
        organisation.full_clean()
        organisation._history_user = by
        organisation.save()
    return organisation


def word_letter(*, to: User, template: str, context: dict[str, Any]) -> dict[str, str]:
    """Its subject, text and html, as write_letter would write them: for a preview."""
    given = context | {"to": to, "service": settings.PORTAL_SERVICE, "address": settings.PORTAL_ADDRESS}
    subject, _, text = render_to_string(f"{template}.txt", given).strip().partition("\n")
    return {
        "subject": " ".join(subject.split())[:200],
        "text": text.strip() + "\n",
        "html": render_to_string(f"{template}.html", given),
    }


@transaction.atomic
def write_letter(
    *,
    to: User,
    kind: str,
    key: str,
    template: str,
    context: dict[str, Any],
    by: User | None = None,
    copies: Sequence[str] = (),
    address: str = "",
) -> Letter | None:
    """Owes someone an e-mail, from the templates `template`.txt (whose first line is the subject) and `template`.html.

    None if it was written for this key before, or if it is a second reminder on one day: two that try make one letter.
    """
    now, words = clock.now(), word_letter(to=to, template=template, context=context)
    letter = Letter(
        to=to,
        address=address,
        copies=list(copies),
        kind=kind,
        key=key,
        **words,
        written_on=now.date(),
        written_at=now,
        written_by=by,
    )
    try:
        with transaction.atomic():
            letter.save(force_insert=True)
    except IntegrityError:
        if Letter.objects.same_as(letter).exists():
            return None
        raise
    enqueue("people.send_letters")
    return letter


def send_letters() -> int:
    """Sends what is owed, each at most once also where two try. Stops at the first that the mail server refuses."""
    sent = 0
    for pk in list(Letter.objects.owed().values_list("pk", flat=True)):
        if not Letter.objects.owed().filter(pk=pk).update(sent_at=clock.now()):
            continue  # another has taken it
        try:
            post(Letter.objects.select_related("to").get(pk=pk))
        except (OSError, ValueError) as error:  # of smtplib, or of an address that is none; the letter stays owed
            Letter.objects.filter(pk=pk).update(sent_at=None, tries=F("tries") + 1)
            log.warning("Letter %s was not sent (%s); it will be tried again", pk, type(error).__name__)
            break
        sent += 1
    return sent


def drop_outdated_letters() -> None:
    """Reminders that were not sent on their day go, so that the next one may say anew what is due."""
    Letter.objects.outdated().delete()


def post(letter: Letter) -> None:
    """To the mail server; but nothing leaves the portal for someone who is made up. The log keeps what she would have got."""
    if letter.to.is_demonstration:
        return
    link = link_of_her_own(letter.to) if letter.kind == Letter.Kind.INVITATION else OWN_LINK
    text, html = (words.replace(OWN_LINK, link) for words in (letter.text, letter.html))
    subject, address = f"{settings.PORTAL_SERVICE}: {letter.subject}", letter.address or letter.to.email
    message = EmailMultiAlternatives(subject, text, to=[address], cc=letter.copies)
    message.attach_alternative(html, "text/html")
    message.send()


def remember_sign_in(user: User) -> None:
    """By the portal's clock: Django has put down the machine's."""
    user.last_login = clock.now()
    User.objects.filter(pk=user.pk).update(last_login=user.last_login)


@transaction.atomic
def choose_reminders(*, by: User, reminders: str) -> User:
    """How often she is reminded of what is due."""
    return choose(by=by, name="reminders", value=reminders)


@transaction.atomic
def choose_reports(*, by: User, wants: bool) -> User:
    """Whether she gets an e-mail when a progress report is issued."""
    return choose(by=by, name="wants_reports", value=wants)


def choose(*, by: User, name: str, value: Any) -> User:
    """One of her own settings. The same again changes nothing, and leaves nothing in her history."""
    user = User.objects.select_for_update().get(pk=by.pk)
    if getattr(user, name) != value:
        setattr(user, name, value)
        user._history_user = by
        user.save(update_fields=[name])
    return user


@transaction.atomic
def make_calendar_address(*, by: User) -> str | None:
    """The secret part of her new address, which nobody can look up again. None if she has one already."""
    User.objects.select_for_update().get(pk=by.pk)
    return None if CalendarAddress.objects.filter(made_by=by).exists() else make_address(by)


@transaction.atomic
def renew_calendar_address(*, by: User) -> str:
    """Another in the place of hers, which stops working at once."""
    User.objects.select_for_update().get(pk=by.pk)
    CalendarAddress.objects.filter(made_by=by).delete()
    return make_address(by)


def make_address(by: User) -> str:
    token = token_urlsafe(32)
    CalendarAddress.objects.create(made_by=by, made_at=clock.now(), fingerprint=fingerprint_of(token))
    return token


def revoke_calendar_address(*, by: User) -> None:
    CalendarAddress.objects.filter(made_by=by).delete()


@transaction.atomic
def keep_form(*, by: User, address: str, fields: str) -> KeptForm:
    """Keeps what she has typed into the form at this address, in place of what was kept of it before."""
    User.objects.select_for_update().get(pk=by.pk)
    kept = KeptForm.objects.filter(kept_by=by, address=address).first() or KeptForm(kept_by=by, address=address, version=0)
    kept.fields, kept.kept_at, kept.version = fields, clock.now(), kept.version + 1
    kept.save()
    return kept


def forget_form(*, by: User, address: str) -> None:
    KeptForm.objects.filter(kept_by=by, address=address).delete()


def drop_old_forms(*, days: int = 60) -> None:
    """Those that nobody came back to."""
    KeptForm.objects.filter(kept_at__lt=clock.now() - timedelta(days=days)).delete()
