"""Telling those who can set it right that the consent for a story has ended."""

from casestudies.models import CaseStudy
from people.actions import write_letter
from people.models import Letter, User


def tell_of_ended_consent() -> int:
    """How many letters it wrote: one to each of them for each day on which a consent ends, however often it runs."""
    return sum(write(study, person) is not None for study in CaseStudy.objects.taken_down() for person in to_be_told(study))


def to_be_told(study: CaseStudy) -> list[User]:
    """The managers of its organisation, among whom is its author, and the reviewers."""
    managers = User.objects.able_to("report_progress", organisation=study.owner_id)
    return list(dict.fromkeys([*managers, *User.objects.able_to("review_stories")]))


def write(study: CaseStudy, person: User) -> Letter | None:
    return write_letter(
        to=person,
        kind=Letter.Kind.STORY,
        key=f"consent {study.pk} {study.consent_ends_on} {person.pk}",
        template="casestudies/letters/consent_ended",
        context={"study": study},
    )
