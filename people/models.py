from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from people.querysets import CalendarAddressQuerySet, LetterQuerySet, MembershipQuerySet, OrganisationQuerySet, UserManager
from people.roles import ROLES, permissions_of
from strategy_portal import clock
from strategy_portal.history import HistoricalRecords


class Organisation(models.Model):
    """A partner in the system. It may have a first and a last day; history keeps its name after that."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60, blank=True, help_text="For tables; the full name is used when empty.")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    history = HistoricalRecords()
    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), name="organisation_name_once"),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="organisation_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        return self.short_name or self.name


class User(AbstractBaseUser):
    """A person, who signs in by e-mail. What she may do follows from her memberships alone."""

    class Reminders(models.TextChoices):
        DAILY = "daily", "When something becomes due"
        WEEKLY = "weekly", "Once a week"
        LATE = "late", "Only when something is late"

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    job_title = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    is_demonstration = models.BooleanField(
        default=False, help_text="A fictional person, who can sign in to a demonstration only."
    )
    reminders = models.CharField(max_length=8, choices=Reminders.choices, default=Reminders.DAILY)
    wants_reports = models.BooleanField(default=False, help_text="Gets an e-mail when a progress report is issued.")
    joined_at = models.DateTimeField()

    history = HistoricalRecords(excluded_fields=["password", "last_login"])
    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_in_lower_case"),
            models.CheckConstraint(condition=Q(reminders__in=["daily", "weekly", "late"]), name="user_reminders"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_signed_in(self) -> bool:
        return self.last_login is not None

    def join(self) -> None:
        """From now on, and without a password until she resets it."""
        self.email, self.joined_at = self.email.strip().lower(), clock.now()
        self.set_unusable_password()

    # Asked many times a page, so the answers are kept with the object, which lives for one request.
    def _memberships(self) -> list["Membership"]:
        if not hasattr(self, "current_memberships"):
            self.current_memberships = list(self.memberships.current().select_related("organisation").order_by("pk"))
        return self.current_memberships

    @property
    def organisation_ids_reported_for(self) -> set[int]:
        return {m.organisation_id for m in self._memberships() if "report_progress" in permissions_of({m.role})}

    @property
    def role_line(self) -> str:
        """How the header names her: "Programme manager, ICB"."""
        named = [f"{ROLES[m.role].name}, {m.organisation.label}" for m in self._memberships() if m.role in ROLES]
        return " · ".join(named[:2])

    @property
    def permissions(self) -> frozenset[str]:
        return permissions_of({m.role for m in self._memberships()}) if self.is_active else frozenset()

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    # What the Django admin asks.
    @property
    def is_staff(self) -> bool:
        return self.may("edit_plan")

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


class Membership(models.Model):
    """A role that someone has in an organisation. One person may serve several."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    # No check on the code: a role that a later version drops must leave its members without permission, not without portal.
    role = models.CharField(max_length=40, choices=[(role.code, role.name) for role in ROLES.values()])

    history = HistoricalRecords()
    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "organisation", "role"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.organisation}"


class Letter(models.Model):
    """An e-mail that is owed or was sent, in the words in which it went: the log of what the portal wrote to people.

    `key` names its reason, so that nothing is written twice for the same one, whoever tries. `written_by` is None where the
    timetable wrote it. `sent_at` is set as it is handed to the mail server, and empty again if the server refuses. It goes to
    `address`, or where that is empty to the one that she has as it is sent.
    """

    class Kind(models.TextChoices):
        REMINDER = "reminder", "Reminder"
        RETURNED = "returned", "Returned update"
        ISSUED = "issued", "Issued report"
        FAULT = "fault", "Fault in an issued report"
        INVITATION = "invitation", "Invitation"
        STORY = "story", "Decision on a case study"
        ADDRESS = "address", "Change of an email address"

    to = models.ForeignKey(User, on_delete=models.CASCADE, related_name="letters")
    address = models.EmailField(blank=True)
    copies = models.JSONField(default=list, blank=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    key = models.CharField(max_length=120, unique=True)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField()
    written_on = models.DateField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    objects = LetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["to", "written_on"], condition=Q(kind="reminder"), name="letter_one_reminder_a_day"),
            models.CheckConstraint(
                condition=Q(kind__in=["reminder", "returned", "issued", "fault", "invitation", "story", "address"]),
                name="letter_kind",
            ),
        ]
        indexes = [models.Index("tries", "id", condition=Q(sent_at=None), name="letter_owed")]

    def __str__(self) -> str:
        return f"{self.subject} ({self.to})"


class CalendarAddress(models.Model):
    """The private address at which someone's calendar reads her dates, one a person. She made it, and it is hers.

    Whoever knows the address can read it, so only a fingerprint is kept: the address itself is shown once, when it is made.
    Renewing puts another in its place, revoking deletes the row.
    """

    fingerprint = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the secret part of the address.")
    made_at = models.DateTimeField()
    made_by = models.OneToOneField(User, on_delete=models.CASCADE, related_name="calendar_address")

    objects = CalendarAddressQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "calendar addresses"

    def __str__(self) -> str:
        return f"The calendar address of {self.made_by}"


class KeptForm(models.Model):
    """What someone typed into a form and has not sent, just as she typed it: private to her, and gone once she sends it.

    `address` is the page that the form stands on. `version` counts the savings, as autosave.js expects it.
    """

    address = models.CharField(max_length=300)
    fields = models.TextField(help_text="As a browser sends them.")
    version = models.PositiveIntegerField(default=1)
    kept_at = models.DateTimeField()
    kept_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="kept_forms")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kept_by", "address"], name="kept_form_once")]

    def __str__(self) -> str:
        return f"{self.kept_by}, {self.address}"
