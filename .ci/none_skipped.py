"""Fails when tests were skipped that were to run: a test that is not run has not passed.

Usage: none_skipped.py results.xml [pattern of the reasons that are allowed]
"""

import re
import sys
import xml.etree.ElementTree as ElementTree


def skipped(file: str, allowed: str) -> list[str]:
    found = []
    for test in ElementTree.parse(file).iter("testcase"):
        for skip in test.iter("skipped"):
            reason = skip.get("message", "")
            expected_to_fail = skip.get("type") == "pytest.xfail"  # it did run
            if not expected_to_fail and not (allowed and re.search(allowed, reason)):
                found.append(f"{test.get('classname')}.{test.get('name')}: {reason}")
    return found


def count(file: str) -> int:
    return sum(1 for test in ElementTree.parse(file).iter("testcase") if test.find("skipped") is None)


if __name__ == "__main__":
    file, allowed = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""
    if not count(file):
        sys.exit(f"FAILED: no test was run ({file})")
    if names := skipped(file, allowed):
        sys.exit("\n".join(["FAILED: these tests were skipped, and were to run:", *names]))
