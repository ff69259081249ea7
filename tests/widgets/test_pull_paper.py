"""The pull list on paper: printed and read back by zbarimg, its copies in the order they were given."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from madoguchi.app.reservations.rounds import ToLookFor
from madoguchi.app.training.situations import item_number
from madoguchi.barcode.symbology import TRAINING_PLAN, ItemCode, parse
from madoguchi.widgets.pull_paper import PullPrinting, write_pull_list

TODAY = dt.date(2026, 5, 12)
COPIES = 35
"""Three pages."""


def copy(place: int, number: str = "") -> ToLookFor:
    return ToLookFor(
        item_number=number or item_number(place + 1),
        ndc=f"{200 + place}.1",
        author_mark="ナ" if place % 2 else "",
        title=f"こころの本 {place} とても長い書名が続いていて一行にはとても入りそうにないもの",
        creators="夏目 漱石／著",
        pickup_branch="辻堂市民図書館",
        wanted_since=TODAY,
        not_found=place % 3,
    )


def run(tool: str, *arguments: str | Path) -> str:
    found = shutil.which(tool)
    assert found is not None, f"install {tool}: the list is looked at with it"
    return subprocess.run([found, *arguments], capture_output=True, check=True, text=True).stdout


def read_back(pdf: Path) -> list[str]:
    """The numbers zbarimg finds on all pages."""
    run("pdftoppm", "-r", "200", "-gray", pdf, pdf.with_name("page"))
    switches = ("-Sdisable", "-Scodabar.enable")
    numbers = []
    for line in run("zbarimg", "--nodbus", "-q", *switches, *pdf.parent.glob("page-*.pgm")).splitlines():
        code = parse(line.removeprefix("Codabar:"), TRAINING_PLAN)
        assert isinstance(code, ItemCode), line
        numbers.append(code.number)
    return numbers


@pytest.mark.usefixtures("qapp")
def test_every_number_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "list.pdf"
    copies = tuple(copy(place) for place in range(COPIES))
    assert write_pull_list(file, copies, "南市民図書館", TODAY, TRAINING_PLAN) == 3
    assert sorted(read_back(file)) == sorted(each.item_number for each in copies)
    text = run("pdftotext", "-layout", file, "-")
    shelves = [text.index(each.ndc) for each in copies]
    assert shelves == sorted(shelves), "not in the order of the shelves"
    assert "南市民図書館" in text
    assert "35件" in text
    assert "見つからず 2回" in text


@pytest.mark.usefixtures("qapp")
def test_a_number_that_could_not_be_read_again_stands_there_in_figures(tmp_path: Path) -> None:
    file = tmp_path / "list.pdf"
    wrong = item_number(1)[:-1] + str((int(item_number(1)[-1]) + 1) % 10)
    write_pull_list(file, (copy(0, wrong), copy(1, "OLD-17")), "南市民図書館", TODAY, TRAINING_PLAN)
    assert (tmp_path / "list.pdf").exists()
    run("pdftoppm", "-r", "200", "-gray", file, tmp_path / "page")
    done = subprocess.run(
        ["zbarimg", "--nodbus", "-q", *tmp_path.glob("page-*.pgm")], capture_output=True, check=False
    )
    assert done.stdout == b""
    assert {wrong, "OLD-17"} <= set(run("pdftotext", "-layout", file, "-").split())


def test_it_is_printed_behind_the_window_and_says_where_it_is(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    said: list[str | Path | OSError] = []
    printing = PullPrinting(TRAINING_PLAN, "南市民図書館", tmp_path)
    twice: list[str | Path | OSError] = []
    printing.print((copy(0),), TODAY, said.append)
    assert said == [], "the window has waited for it"
    # the key pressed twice is one list, and one thread that writes it
    printing.print((copy(0),), TODAY, twice.append)
    assert printing.busy
    qtbot.waitUntil(lambda: bool(said))
    assert (twice, printing.busy) == ([], False)
    assert said == [tmp_path / "madoguchi-pull-list-20260512.pdf"]
    nowhere = PullPrinting(TRAINING_PLAN, "南市民図書館", tmp_path / "not there")
    nowhere.print((copy(0),), TODAY, said.append)
    qtbot.waitUntil(lambda: len(said) == 2)
    assert isinstance(said[1], OSError)
    assert "その場所がありません" in str(said[1])
