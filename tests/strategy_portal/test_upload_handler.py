"""How much of what is sent is held, and what reaches a form of a file that is too large."""

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

LIMIT = settings.FILE_UPLOAD_MAX_MEMORY_SIZE


def sent(**sizes: int):
    """The request as a view sees it, with a file of each size and something typed."""
    files = {name: SimpleUploadedFile(f"../{name}.txt", b"a" * size) for name, size in sizes.items()}
    request = RequestFactory().post("/", {"title": "Typed with care"} | files)
    assert request.POST["title"] == "Typed with care"
    return {name: (file.name, file.size, len(file.read())) for name, file in request.FILES.items()}


def test_a_file_up_to_the_limit_is_there_as_it_was_sent():
    assert sent(plan=LIMIT) == {"plan": ("plan.txt", LIMIT, LIMIT)}
    assert sent(plan=0) == {"plan": ("plan.txt", 0, 0)}


def test_of_a_larger_file_only_the_name_and_the_size_are_held():
    assert sent(plan=LIMIT + 1) == {"plan": ("plan.txt", LIMIT + 1, 0)}


def test_the_limit_is_for_all_the_files_of_a_request_and_none_that_was_left_out_looks_empty():
    found = sent(one=LIMIT - 1, two=1, three=5)
    assert found == {"one": ("one.txt", LIMIT - 1, LIMIT - 1), "two": ("two.txt", 1, 1), "three": ("three.txt", LIMIT + 1, 0)}
