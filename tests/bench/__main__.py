"""python -m tests.bench [--sizes 9,1000,10000]"""

import argparse
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import django

SIZES = (9, 1_000, 10_000)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="What the portal costs.")
    parser.add_argument("--sizes", type=sizes, default=SIZES, metavar="9,1000", help="numbers of deliverables, from 9 on")
    parser.add_argument("--many-years", action="store_true", help="only the plan page and the register at 42 plan years")
    chosen = parser.parse_args().sizes
    alone = parser.parse_args().many_years
    with TemporaryDirectory(prefix="portal-bench-") as folder:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "tests.bench.settings", "PORTAL_STATE": folder}
        django.setup()
        from tests.bench.run import run, run_many_years

        return run_many_years(Path(folder)) if alone else run(chosen, Path(folder))


def sizes(text: str) -> tuple[int, ...]:
    found = tuple(sorted(int(size.replace("_", "")) for size in text.split(",")))
    if found[0] < SIZES[0]:
        raise ValueError
    return found


if __name__ == "__main__":
    sys.exit(main())
