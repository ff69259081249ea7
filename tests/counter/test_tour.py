"""The tour as a newcomer without a screen runs it: what it says, what it leaves, and when it says no."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from madoguchi.widgets.tour import COLOURS, small_picture

DOCS = Path(__file__).parents[2] / "docs"
SCENES = 131
PLAIN = 40
"""Colours of a picture on which little but letters and their soft edges was painted."""
ROOM_IN_DOCS = 6_000_000
"""Bytes. The pictures are in every clone, and each making of them stays in the history."""

# Run in place of the program's own start. Each makes one thing untrue that the tour expects to see; nothing
# of the tour itself is changed but how long it waits.
BROKEN = {
    "a reference work that may be lent": """
import sqlite3
from contextlib import closing
from madoguchi.app.training import library
from madoguchi.app.training.situations import ItemCase
reset = library.reset
def changed(path, *rest):
    built = reset(path, *rest)
    with closing(sqlite3.connect(path)) as connection:
        number = (ItemCase.REFERENCE.number,)
        connection.execute("update item set reference_only = 0 where number = ?", number)
        connection.commit()
    return built
library.reset = changed
""",
    "a question that answers itself": """
from madoguchi.widgets import checkout_page
checkout_page.CheckoutPage.attend = lambda self: None
""",
    "a program that does not clear the screen": """
from madoguchi.widgets import checkout_page
checkout_page.CheckoutPage._part_with = lambda self, entry: None
""",
    "a scan that is lost": """
from madoguchi.widgets import checkout_page
lend = checkout_page.CheckoutPage._lend
def forgetful(self, visit, number):
    if len(self.entries()) != 5 or visit.opened is not None:
        lend(self, visit, number)
checkout_page.CheckoutPage._lend = forgetful
""",
    "a veil that can be seen through": """
from madoguchi.widgets import scan_page
scan_page.veiled_row = lambda row: row
""",
    "a fault in the middle": """
from madoguchi.widgets import renewal_page
def fault(self, entry, answer):
    raise ZeroDivisionError("a bug on purpose")
renewal_page.RenewalPage._show_renewed = fault
""",
}
FAILS_AT = {
    "a reference work that may be lent": "refused-reference",
    "a question that answers itself": "question",
    "a program that does not clear the screen": "next-card",
    "a scan that is lost": "rush",
    "a veil that can be seen through": "hidden",
}
START = """
import sys
from madoguchi.__main__ import main
from madoguchi.widgets import tour
tour.STEP_LIMIT_MS = 4_000
sys.exit(main(["tour", "--out", sys.argv[1]]))
"""


def run_tour(home: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Runs the tour on a machine without a display."""
    kept = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    environment = kept | {"MADOGUCHI_HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        [sys.executable, *command], env=environment, capture_output=True, text=True, timeout=100, check=False
    )  # fmt: skip


def colours(picture: QImage) -> int:
    """How many colours a picture has, on every third pixel."""
    return len(
        {picture.pixel(x, y) for x in range(0, picture.width(), 3) for y in range(0, picture.height(), 3)}
    )


def test_every_scene_is_told_and_pictured_and_shown_in_the_docs(tmp_path: Path) -> None:
    out = tmp_path / "pictures" / "new"
    done = run_tour(tmp_path, "-m", "madoguchi", "tour", "--out", str(out))
    assert done.returncode == 0, done.stdout + done.stderr
    told = re.findall(r"^ ?(\d+)\. (\S.*?)  →  (.*)  \[([a-z-]+)\.png\]$", done.stdout, re.MULTILINE)
    assert [int(number) for number, *_ in told] == list(range(1, SCENES + 1))
    assert f"すべて期待どおりでした（{SCENES}場面）" in done.stdout
    outcomes = {slug: outcome for *_, outcome, slug in told}
    assert outcomes["refused-reference"].startswith("禁帯出 ")
    assert outcomes["return-transit"].startswith("南市民図書館へ ")
    assert outcomes["return-undone"].startswith("返却取消 ")
    assert outcomes["line-down"].endswith("資料は渡さないでください")
    assert outcomes["away"] == ""
    assert {picture.stem for picture in out.iterdir()} == set(outcomes)
    pictures = sorted(out.iterdir())
    for picture in pictures:
        assert picture.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
        image = QImage(str(picture))
        assert (image.width(), image.height()) == (1366, 768)
        assert colours(image) > PLAIN, f"{picture.name} is blank"
    assert len({picture.read_bytes() for picture in pictures}) == SCENES, "each is of its own scene"
    assert list(tmp_path.iterdir()) == [tmp_path / "pictures"], "the tour's own library is gone"
    assert "Traceback" not in done.stderr

    for theme in ("light", "high-contrast"):
        shown = {picture.stem for picture in (DOCS / "look" / theme).glob("*.png")}
        assert shown == set(outcomes), "make pictures"
    page = (DOCS / "pages.md").read_text(encoding="utf-8")
    assert re.findall(r"^## ([a-z-]+)$", page, re.MULTILINE) == [slug for *_, slug in told], "make pictures"
    for words, slug in ((words, slug) for _, words, _, slug in told):
        assert f"## {slug}\n\n{words}" in page, "make pictures"


def test_the_pages_pictures_are_there_and_small() -> None:
    page = (DOCS / "pages.md").read_text(encoding="utf-8")
    linked = {DOCS / link for link in re.findall(r"!\[[^]]+\]\((.+?)\)", page)}
    there = set((DOCS / "look").rglob("*.png"))
    assert linked == there
    assert sum(picture.stat().st_size for picture in there) < ROOM_IN_DOCS
    assert {(QImage(str(picture)).width(), QImage(str(picture)).height()) for picture in there} == {
        (683, 384)
    }


def test_small_pictures_of_some_scenes_in_the_other_theme_with_large_text(tmp_path: Path) -> None:
    out = tmp_path / "pictures"
    options = ("--small", "--high-contrast", "--text", "200", "--only", "refused-reference", "idle")
    done = run_tour(tmp_path, "-m", "madoguchi", "tour", "--out", str(out), *options)
    assert done.returncode == 0, done.stdout + done.stderr
    assert {picture.name for picture in out.iterdir()} == {"idle.png", "refused-reference.png"}
    for picture in out.iterdir():
        image = QImage(str(picture))
        assert (image.width(), image.height()) == (683, 384)
        assert image.format() is QImage.Format.Format_Indexed8
        assert PLAIN // 4 < len(image.colorTable()) <= COLOURS
        dark = sum(
            QColor(image.pixel(x, y)).lightness() < 64 for x in range(0, 683, 7) for y in range(0, 384, 7)
        )
        assert dark > 2_000, "most of it is black"


def test_a_colour_of_the_palette_survives_however_little_there_is_of_it() -> None:
    image = QImage(200, 100, QImage.Format.Format_RGB32)
    for x in range(200):
        for y in range(100):
            image.setPixelColor(x, y, QColor(x, 55 + x, 0))
    red = QColor("#A30000")
    for x in (10, 11):
        for y in (10, 11):
            image.setPixelColor(x, y, red)
    small = small_picture(image, ["#FFFFFF", "#A30000"])
    assert (small.width(), small.height()) == (100, 50)
    assert small.pixelColor(5, 5) == red
    assert QColor("#FFFFFF").rgb() not in small.colorTable()
    assert len(small.colorTable()) == COLOURS


@pytest.mark.parametrize("what", BROKEN)
def test_an_outcome_that_was_not_expected_fails_it(tmp_path: Path, what: str) -> None:
    out = tmp_path / "pictures"
    done = run_tour(tmp_path, "-c", BROKEN[what] + START, str(out))
    assert done.returncode == 1
    assert "すべて期待どおりでした" not in done.stdout
    if what == "a fault in the middle":
        assert "a bug on purpose" in done.stderr
        assert not (out / "away.png").exists()
    else:
        assert "期待と違います" in done.stdout
        (failed,) = out.glob("*-failed.png")
        assert failed.name == f"{FAILS_AT[what]}-failed.png"
        assert colours(QImage(str(failed))) > PLAIN


def test_a_folder_that_cannot_be_made_fails_it(tmp_path: Path) -> None:
    (tmp_path / "pictures").write_text("a file in the way")
    done = run_tour(tmp_path, "-m", "madoguchi", "tour", "--out", str(tmp_path / "pictures"))
    assert done.returncode == 1
    assert "期待どおり" not in done.stdout


def test_a_scene_that_is_not_there_is_named(tmp_path: Path) -> None:
    options = ("--only", "idle", "no-such-scene")
    done = run_tour(tmp_path, "-m", "madoguchi", "tour", "--out", str(tmp_path / "out"), *options)
    assert done.returncode == 2
    assert "no-such-scene" in done.stderr
    assert not (tmp_path / "out").exists()
