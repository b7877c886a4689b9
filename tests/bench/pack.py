"""How long a board pack's PDF takes, of nine deliverables and of 300: the first in a process that has made none before."""

import json
import subprocess
import sys

ALONE = """
import json, time
from tests.reports.pack import sample
from reports.pack import KINDS
found = {}
for name, made in (("9", sample.document()), ("300", sample.many())):
    started = time.perf_counter()
    KINDS["pdf"].make(made)
    found[name] = time.perf_counter() - started
print(json.dumps(found))
"""


def measure() -> dict[str, float]:
    """Seconds, by the number of deliverables."""
    done = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"The PDF was not made:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.splitlines()[-1])
