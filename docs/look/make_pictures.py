"""Makes the pictures in docs/ anew, and the page that shows them: run by `make pictures`.

Each theme is a tour of its own; nothing is kept of a tour that did not see what it expected.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from central_states import WORDS as CENTRAL_STATES
from PySide6.QtCore import QTranslator

LOOK = Path(__file__).parent
DOCS = LOOK.parent
TRANSLATION = DOCS.parent / "madoguchi" / "resources" / "translations" / "madoguchi_en.qm"

LIGHT, HIGH = "light", "high-contrast"
COUNTER = "refused-reference"
"""The scene of docs/counter.png, the picture of the README."""
LARGE = (
    *("sign-in-wrong", "idle", "refused-reference", "question-reason"),
    *("number-pad", "due-chosen", "preferences", "return-overdue", "line-down"),
)
"""Scenes that are shown with large text, too."""

_TOLD = re.compile(r"^ *\d+\. (.+?)  →  .*?  \[(.+)\.png\]$", re.MULTILINE)

HEAD = """# Every page and state of the counter

The pictures of the tour (`make run` without a display plays it): ten minutes of a busy Saturday, in the light
theme and in high contrast, at half size. `make pictures` makes them and this page anew; a picture is kept
only if the tour saw what it expected.
"""


CENTRAL_HEAD = """## At the central server

The tour works on the training library, which has no terminals and no sessions. These are the real window, to
which the server's answers were handed.
"""


def tour(folder: Path, *options: str) -> list[tuple[str, str]]:
    """Plays the tour; returns the words and the name of each scene whose picture was kept.

    Raises:
        RuntimeError: an outcome was not the expected one.
    """
    with TemporaryDirectory(prefix="madoguchi-pictures-") as home:
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "madoguchi", "tour", "--out", str(folder), *options],
            cwd=DOCS.parent,
            env=os.environ | {"MADOGUCHI_HOME": home, "QT_QPA_PLATFORM": "offscreen"},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    if done.returncode:
        raise RuntimeError(f"the tour {' '.join(options)} failed:\n{done.stdout}\n{done.stderr}")
    return _TOLD.findall(done.stdout)


def central_states(folder: Path, *options: str) -> None:
    """Pictures of what the counter shows at the central server.

    Raises:
        subprocess.CalledProcessError: they could not be made.
    """
    subprocess.run(  # noqa: S603 - our own program
        [sys.executable, str(LOOK / "central_states.py"), str(folder), *options],
        cwd=DOCS.parent,
        env=os.environ | {"PYTHONPATH": str(DOCS.parent), "QT_QPA_PLATFORM": "offscreen"},
        check=True,
    )


def page(scenes: list[tuple[str, str]]) -> str:
    """The page, in Markdown."""
    english = QTranslator()
    if not english.load(str(TRANSLATION)):
        raise RuntimeError(f"{TRANSLATION} cannot be read")
    parts = [HEAD]
    for words, slug in scenes:
        said = english.translate("Tour", words)
        parts.append(f"## {slug}\n\n{words}{' · ' if said else ''}{said}\n")
        parts.append(_side_by_side(slug, ("light", LIGHT), ("high contrast", HIGH)))
    parts.append(CENTRAL_HEAD)
    for slug, words in CENTRAL_STATES.items():
        parts.append(f"### {slug}\n\n{words}\n")
        looks = (("light", LIGHT), ("high contrast", HIGH), ("200 %", "text-200"))
        parts.append(_side_by_side(slug, *((name, f"central/{look}") for name, look in looks)))
    parts.append("## Large text\n")
    parts += [_side_by_side(slug, ("150 %", "text-150"), ("200 %", "text-200")) for slug in LARGE]
    return "\n".join(parts)


def _side_by_side(slug: str, *variants: tuple[str, str]) -> str:
    names = " | ".join(name for name, _ in variants)
    pictures = " | ".join(f"![{slug}, {name}](look/{folder}/{slug}.png)" for name, folder in variants)
    # a table of Markdown's has as many dashes as columns, else it is none
    dashes = " | ".join("---" for _ in variants)
    return f"| {names} |\n| {dashes} |\n| {pictures} |\n"


def main() -> None:
    """Makes them all; replaces the old ones only once all are there."""
    with TemporaryDirectory(prefix="madoguchi-pictures-") as folder, ThreadPoolExecutor(2) as tours:
        new = Path(folder)
        light = tours.submit(tour, new / LIGHT, "--small", "--text", "100")
        others = [
            tours.submit(tour, new / HIGH, "--small", "--text", "100", "--high-contrast"),
            tours.submit(tour, new / "text-150", "--small", "--text", "150", "--only", *LARGE),
            tours.submit(tour, new / "text-200", "--small", "--text", "200", "--only", *LARGE),
            tours.submit(tour, new / "counter", "--text", "100", "--only", COUNTER),
        ]
        central = new / "central"
        for look, options in ((LIGHT, ()), (HIGH, ("--high-contrast",)), ("text-200", ("--text", "200"))):
            others.append(tours.submit(central_states, central / look, *options))
        scenes = light.result()
        for other in others:
            other.result()
        for old in LOOK.rglob("*.png"):
            old.unlink()
        for picture in new.rglob("*.png"):
            kept = (
                DOCS / "counter.png" if picture.parent.name == "counter" else LOOK / picture.relative_to(new)
            )
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(picture.read_bytes())
        (DOCS / "pages.md").write_text(page(scenes), encoding="utf-8")


if __name__ == "__main__":
    main()
