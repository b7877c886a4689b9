"""Lighthouse on a phone: python -m tests.bench.lighthouse, or make lighthouse. Needs chromium, Node and npm, for this alone.

Serves the demonstration as `make run` does, signs in as Bea, and writes the medians of five runs of each page. Ends with 1 where
a page is below DESIGN.md section 7: performance 95, accessibility 100.
"""

import json
import os
import shutil
import subprocess
import sys
from http.cookiejar import CookieJar
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.request import HTTPCookieProcessor, build_opener

from tests.bench import memory
from tests.processes import Program, eventually, spare_port

RELEASE = "lighthouse@12.8.2"  # the last for Node 20
PAGES = ("/", "/reports/2025-10/", "/reports/2025-10/figures/", "/deliverables/FCN-2/")
RUNS = 5
LEAST = {"performance": 95, "accessibility": 100}


def main() -> int:
    with TemporaryDirectory(prefix="portal-lighthouse-") as folder:
        tool = install(Path(folder))
        return measure(tool, Path(folder))


def install(folder: Path) -> Path:
    subprocess.run(["npm", "install", "--silent", "--no-fund", "--no-audit", "--prefix", str(folder), RELEASE], check=True)
    return folder / "node_modules" / ".bin" / "lighthouse"


def measure(tool: Path, folder: Path) -> int:
    state, port = folder / "up", spare_port()
    portal = Program([sys.executable, "manage.py", "up"], memory.environment(state, port), folder / "up.log")
    base = f"http://127.0.0.1:{port}"
    portal.start()
    try:
        eventually(lambda: "is ready" in portal.said(), within=120, what="`manage.py up` is ready")
        eventually(lambda: not memory.unbuilt(state), within=180, what="the worker is idle")
        cookie = cookie_of(base, (state / "demonstration-password").read_text().strip())
        found = {page: medians(tool, folder, base + page, cookie) for page in PAGES}
    except AssertionError as late:
        raise SystemExit(f"{late}. What `manage.py up` said:\n{portal.said()}") from late
    finally:
        portal.stop()
    return say(found)


def cookie_of(base: str, password: str) -> str:
    jar = CookieJar()
    memory.sign_in_with(build_opener(HTTPCookieProcessor(jar)), base, "bea@example.org", password)
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def medians(tool: Path, folder: Path, address: str, cookie: str) -> dict[str, float]:
    runs = [scores(tool, folder, address, cookie) for _ in range(RUNS)]
    return {name: median(run[name] for run in runs) for name in LEAST}


def scores(tool: Path, folder: Path, address: str, cookie: str) -> dict[str, float]:
    headers = folder / "headers.json"
    headers.write_text(json.dumps({"Cookie": cookie}))
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
    flags = "--headless=new --no-sandbox --disable-gpu"
    command = [str(tool), address, "--quiet", "--output=json", f"--extra-headers={headers}", f"--chrome-flags={flags}"]
    command += [f"--only-categories={','.join(LEAST)}"]
    done = subprocess.run(command, env=os.environ | {"CHROME_PATH": chromium}, capture_output=True, text=True, check=True)
    categories = json.loads(done.stdout)["categories"]
    return {name: round(100 * categories[name]["score"]) for name in LEAST}


def say(found: dict[str, dict[str, float]]) -> int:
    print(f"Medians of {RUNS} runs, as on a phone.")
    for page, scored in found.items():
        print(f"  {page:34}" + "".join(f"{name} {value:.0f} (>= {LEAST[name]})   " for name, value in scored.items()))
    return 0 if all(value >= LEAST[name] for scored in found.values() for name, value in scored.items()) else 1


if __name__ == "__main__":
    sys.exit(main())
