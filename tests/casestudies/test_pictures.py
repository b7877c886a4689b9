"""Pictures of a story: found from their content, written anew, and seen by those who see the story."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from casestudies.actions import NotNow, add_picture, describe_picture, remove_picture
from casestudies.models import CaseStudy, Picture
from casestudies.pictures import MOST, WIDEST, read_photograph
from deliverables.actions import NoRoom
from deliverables.uploads import Refused
from people.models import User
from strategy_portal.editing import seen_of
from tests.casestudies.conftest import draft, in_review, published, words
from tests.deliverables import files
from tests.reports.test_pages import text

pytestmark = pytest.mark.django_db
PAGE = "/case-studies/warm-homes/pictures/"


def chosen(content: bytes = b"", name: str = "photo.jpg", **more: object) -> dict[str, object]:
    file = SimpleUploadedFile(name, content or files.photograph(), "text/html")
    return {"do": "add", "alternative": "A row of houses", "file": file} | more


def picture(study: CaseStudy, by: User, alternative: str = "A row of houses", colour: int = 1) -> Picture:
    content = files.picture("PNG", size=(40 + colour, 30))
    return add_picture(by=by, study=study, photograph=read_photograph(content), alternative=alternative)


def test_a_picture_is_cleaned_renamed_and_shown_with_its_words(people, browser, folder):
    draft(people["Priya"])
    priya = browser("Priya")
    assert priya.post(PAGE, chosen(name="../../../Jane's house.svg"))["Location"] == PAGE
    made = Picture.objects.get()
    stored = folder / made.file.name.removeprefix("stories/")
    content = stored.read_bytes()
    assert b"Exif" not in content and b"Telephone" not in content and b"taken at home" not in content
    assert "Jane" not in made.file.name and stored.stat().st_mode & 0o077 == 0
    assert (made.width, made.height) == (30, 40)  # the right way up
    page = priya.get("/case-studies/warm-homes/check/").content.decode()
    assert f'src="/case-studies/pictures/{made.pk}/" alt="A row of houses" width="30" height="40"' in page
    response = priya.get(f"/case-studies/pictures/{made.pk}/")
    assert b"".join(response.streaming_content) == content
    assert response["Content-Type"] == "image/jpeg" and response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"] and response["Cache-Control"] == "private, no-store"


def test_a_large_picture_is_made_smaller(people):
    photograph = read_photograph(files.picture("JPEG", size=(4000, 1000)))
    assert (photograph.width, photograph.height) == (WIDEST, WIDEST // 4)
    assert Image.open(BytesIO(photograph.content)).size == (WIDEST, WIDEST // 4)


HOSTILE = {
    "nothing": (b"", "The selected file is empty"),
    "a page": (b"<!DOCTYPE html><script>alert(1)</script>", "must be a PNG or JPEG picture"),
    "a drawing": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "must be a PNG or JPEG picture"),
    "an animation": (files.picture("GIF"), "must be a PNG or JPEG picture"),
    "a PDF": (files.PDF, "must be a PNG or JPEG picture"),
    "a pixel bomb": (files.bomb(), "40 million pixels or fewer"),
    "a picture that was cut off": (files.picture("PNG")[:60], "It must be a PNG or JPEG picture"),
    "a PNG's head before a page": (b"\x89PNG\r\n\x1a\n<script>alert(1)</script>", "It must be a PNG or JPEG picture"),
    "too many bytes": (b"\xff\xd8\xff" + b"\0" * (10 * 1024 * 1024), "10MB or smaller"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_picture_is_refused_in_a_sentence_and_leaves_nothing(people, browser, folder, kind):
    content, message = HOSTILE[kind]
    draft(people["Priya"])
    page = browser("Priya").post(PAGE, chosen() | {"file": SimpleUploadedFile("x.png", content, "image/png")})
    assert message in text(page) and "Error: " in text(page)
    assert not Picture.objects.exists() and not (folder.exists() and any(folder.iterdir()))


def test_a_picture_that_is_a_page_too_comes_out_as_a_picture_alone():
    polyglot = files.picture("JPEG", comment=b"<script>alert(1)</script>") + b"<html><script>alert(2)</script>"
    assert b"script" not in read_photograph(polyglot).content


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"alternative": ""}, "Say what the picture shows"),
        ({"alternative": "x" * 251}, "at most 250 characters"),
        ({"file": ""}, "Choose a picture"),
    ],
)
def test_a_picture_needs_words_and_a_file(people, browser, wrong, message):
    draft(people["Priya"])
    assert message in text(browser("Priya").post(PAGE, chosen() | wrong))
    assert not Picture.objects.exists()


def test_a_double_click_adds_one(people, browser):
    draft(people["Priya"])
    for _ in range(2):
        assert browser("Priya").post(PAGE, chosen()).status_code == 302
    assert Picture.objects.count() == 1


def test_a_story_has_no_more_pictures_than_a_page_shows_well(people, browser):
    study = draft(people["Priya"])
    for number in range(MOST):
        picture(study, people["Priya"], f"House {number}", number)
    assert f"A story has {MOST} pictures at most" in text(browser("Priya").post(PAGE, chosen()))
    assert Picture.objects.count() == MOST


def test_its_words_are_changed_and_kept_in_the_history(people, browser):
    made = picture(draft(people["Priya"]), people["Priya"])
    browser("Penny").post(PAGE, {"do": f"describe-{made.pk}", f"picture-{made.pk}-alternative": "Two rows of houses"})
    assert Picture.objects.get().alternative == "Two rows of houses"
    assert "by Penny" in text(browser("Priya").get("/case-studies/warm-homes/history/"))
    for typed, problem in ((" ", "Say what the picture shows"), ("a" * 251, "at most 250 characters")):
        page = browser("Penny").post(PAGE, {"do": f"describe-{made.pk}", f"picture-{made.pk}-alternative": typed})
        assert problem in text(page) and f'value="{typed}"' in page.content.decode()
    assert Picture.objects.get().alternative == "Two rows of houses"
    assert describe_picture(by=people["Priya"], picture=made, alternative="Two rows of houses").history.count() == 2
    remove_picture(by=people["Priya"], picture=made)
    assert describe_picture(by=people["Priya"], picture=made, alternative="Gone") == made and not Picture.objects.exists()


def test_a_removed_picture_takes_its_file_with_it(people, browser, folder, django_capture_on_commit_callbacks):
    made = picture(draft(people["Priya"]), people["Priya"])
    assert list(folder.iterdir())
    with django_capture_on_commit_callbacks(execute=True):
        assert browser("Priya").post(PAGE, {"do": f"remove-{made.pk}"}).status_code == 302
    assert not Picture.objects.exists() and not list(folder.iterdir())
    assert browser("Priya").post(PAGE, {"do": f"remove-{made.pk}"}).status_code == 404


def test_a_file_that_a_published_story_shows_stays_until_the_change_is_published(
    people, browser, folder, django_capture_on_commit_callbacks
):
    from casestudies.actions import publish_story, submit_story
    from tests.casestudies.test_deciding import DAY

    study = draft(people["Priya"])
    made = picture(study, people["Priya"])
    submit_story(by=people["Priya"], study=study, seen=seen_of(study))
    publish_story(by=people["Olu"], study=study, seen=seen_of(study), reason="Yes.", review_on=DAY)
    with django_capture_on_commit_callbacks(execute=True):
        remove_picture(by=people["Priya"], picture=Picture.objects.get(pk=made.pk))
    revision = CaseStudy.objects.get(revises=study)
    assert not revision.pictures.exists() and study.pictures.exists() and list(folder.iterdir())
    assert browser("Bea").get(f"/case-studies/pictures/{made.pk}/").status_code == 200
    submit_story(by=people["Priya"], study=revision, seen=seen_of(revision))
    with django_capture_on_commit_callbacks(execute=True):
        publish_story(by=people["Olu"], study=revision, seen=seen_of(revision), reason="Yes.", review_on=DAY)
    assert not study.pictures.exists() and not list(folder.iterdir())


def test_a_published_story_keeps_its_pictures_when_its_words_change(people):
    from casestudies.actions import publish_story, save_story, submit_story
    from tests.casestudies.test_deciding import DAY

    study = draft(people["Priya"])
    for number, shows in enumerate(("A house", "A street")):
        picture(study, people["Priya"], shows, number)
    for step in ("Said first.", "Said better."):
        revision = CaseStudy.objects.filter(revises=study).first() or study
        submit_story(by=people["Priya"], study=revision, seen=seen_of(revision))
        publish_story(by=people["Olu"], study=revision, seen=seen_of(revision), reason="Yes.", review_on=DAY)
        assert list(study.pictures.order_by("order").values_list("alternative", flat=True)) == ["A house", "A street"], step
        save_story(by=people["Priya"], study=study, seen=seen_of(study), words=words(done=step))


def test_a_picture_is_seen_by_those_who_see_the_story(people, browser):
    study = draft(people["Priya"])
    made = picture(study, people["Priya"])
    address = f"/case-studies/pictures/{made.pk}/"

    def seen_by() -> set[str]:
        return {name for name in people if browser(name).get(address).status_code == 200}

    assert seen_by() == {"Priya", "Penny"}
    from casestudies.actions import publish_story, submit_story, withdraw_story
    from tests.casestudies.test_deciding import DAY

    submit_story(by=people["Priya"], study=study, seen=seen_of(study))
    assert seen_by() == {"Priya", "Penny", "Olu", "Grace", "Ada"}
    publish_story(by=people["Olu"], study=study, seen=seen_of(study), reason="Yes.", review_on=DAY)
    assert seen_by() == set(people)
    withdraw_story(by=people["Olu"], study=study, seen=seen_of(study), reason="Asked for.")
    assert seen_by() == {"Priya", "Penny", "Olu", "Grace", "Ada"}


def test_pictures_in_review_or_of_another_story_are_not_changed(people, browser):
    study = in_review(people["Priya"])
    with pytest.raises(NotNow, match="Take it back first"):
        picture(study, people["Priya"])
    other = picture(draft(people["Tom"], title="Other"), people["Tom"])
    for asked in (f"remove-{other.pk}", f"describe-{other.pk}", "remove-x", "remove-99999999999999999999"):
        assert browser("Priya").post(PAGE, {"do": asked, f"picture-{other.pk}-alternative": "Mine"}).status_code == 404, asked
    assert Picture.objects.get().alternative == "A row of houses"


def test_a_full_disk_gives_a_message_and_leaves_no_row(people, browser, monkeypatch):
    study = draft(people["Priya"])

    def full(*args: object) -> None:
        raise NoRoom("The portal could not store the file, because its disk is full or out of order.")

    monkeypatch.setattr("casestudies.actions.pictures.write_file", full)
    assert "could not store the file" in text(browser("Priya").post(PAGE, chosen()))
    assert not study.pictures.exists()


def test_a_lost_file_is_not_there(people, browser, folder):
    made = picture(published_draft(people), people["Priya"])
    for file in folder.iterdir():
        file.unlink()
    assert browser("Priya").get(f"/case-studies/pictures/{made.pk}/").status_code == 404


def published_draft(people) -> CaseStudy:
    return published(people["Priya"], people["Olu"])


def test_evidence_is_still_cleaned_as_before():
    with pytest.raises(Refused, match="a PDF, Word"):
        from deliverables.uploads import read_upload

        read_upload(files.picture("PNG")[:60], "x.png")
