"""The tour as a newcomer without a screen runs it: what it says, what it leaves, and when it says no."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

STEPS = 20
PLAIN = 40
"""Colours of a picture on which little but letters and their soft edges was painted."""

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
    "a program that does not clear the screen": """
from madoguchi.widgets import checkout_page
checkout_page.CheckoutPage._part_with = lambda self, entry: None
""",
    "a fault in the middle": """
from madoguchi.widgets import renewal_page
def fault(self, entry, answer):
    raise ZeroDivisionError("a bug on purpose")
renewal_page.RenewalPage._answered = fault
""",
}
START = """
import sys
from madoguchi.__main__ import main
from madoguchi.widgets import tour
tour.STEP_LIMIT_MS = 2_000
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


def test_every_step_is_told_and_pictured(tmp_path: Path) -> None:
    out = tmp_path / "pictures" / "new"
    done = run_tour(tmp_path, "-m", "madoguchi", "tour", "--out", str(out))
    assert done.returncode == 0, done.stderr
    told = re.findall(r"^ ?(\d+)\. (\S.*?)  →  (.*)  \[(\d\d\.png)\]$", done.stdout, re.MULTILINE)
    assert [int(number) for number, *_ in told] == list(range(1, STEPS + 1))
    assert f"すべて期待どおりでした（{STEPS}場面）" in done.stdout
    outcomes = {words: outcome for _, words, outcome, _ in told}
    assert outcomes["禁帯出は断られ、行が残る"].startswith("禁帯出 ")
    assert outcomes["他館の資料は配送へ"].startswith("南市民図書館へ ")
    assert outcomes["F9 で直前の返却を取り消す"].startswith("返却取消 ")
    assert outcomes["サインアウトすると何も残らない"] == ""
    pictures = sorted(out.iterdir())
    assert [picture.name for picture in pictures] == [name for *_, name in told]
    for picture in pictures:
        assert picture.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
        image = QImage(str(picture))
        assert (image.width(), image.height()) == (1366, 768)
        assert colours(image) > PLAIN, f"{picture.name} is blank"
    # each is a picture of its own step; only the first and the last page, both for signing in, may be alike
    assert len({picture.read_bytes() for picture in pictures}) >= STEPS - 1
    assert list(tmp_path.iterdir()) == [tmp_path / "pictures"], "the tour's own library is gone"
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("what", BROKEN)
def test_an_outcome_that_was_not_expected_fails_it(tmp_path: Path, what: str) -> None:
    out = tmp_path / "pictures"
    done = run_tour(tmp_path, "-c", BROKEN[what] + START, str(out))
    assert done.returncode == 1
    assert "すべて期待どおりでした" not in done.stdout
    if what == "a fault in the middle":
        assert "a bug on purpose" in done.stderr
        assert not list(out.glob("20*.png"))
    else:
        assert "期待と違います" in done.stdout
        (failed,) = out.glob("*-failed.png")
        assert colours(QImage(str(failed))) > PLAIN


def test_a_folder_that_cannot_be_made_fails_it(tmp_path: Path) -> None:
    (tmp_path / "pictures").write_text("a file in the way")
    done = run_tour(tmp_path, "-m", "madoguchi", "tour", "--out", str(tmp_path / "pictures"))
    assert done.returncode == 1
    assert "期待どおり" not in done.stdout
