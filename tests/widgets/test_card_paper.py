"""A printed card: of a purse's size, read back by zbarimg, and with nothing of anybody on it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter
from PySide6.QtWidgets import QApplication

from madoguchi.app.training.situations import patron_number
from madoguchi.barcode.labels import UnprintableCode, bars, bars_for
from madoguchi.barcode.symbology import TRAINING_PLAN, PatronCode, Symbology, parse
from madoguchi.widgets.card_paper import CARD_MM, PAGE, paint_card
from madoguchi.widgets.card_printing import rule_of
from madoguchi.widgets.sheet_paper import DOTS_PER_INCH
from tests.widgets.test_command_sheet import read_back, run

NUMBER = patron_number(90_000_000)


def on_paper(file: Path, label, page: QPageLayout = PAGE, dots: int = DOTS_PER_INCH) -> Path:
    writer = QPdfWriter(str(file))
    writer.setResolution(dots)
    writer.setPageLayout(page)
    assert paint_card(writer, "総合市民図書館", "図書館利用カード", label)
    return file


@pytest.mark.parametrize("dots_per_inch", [200, 300])
def test_it_is_read_back_as_the_patrons_number(
    tmp_path: Path, qapp: QApplication, dots_per_inch: int
) -> None:
    rule = rule_of(NUMBER, TRAINING_PLAN)
    assert rule is not None
    # as card printers have them, too: bars lie on whole dots of each
    for dots in (300, 600, DOTS_PER_INCH):
        folder = tmp_path / str(dots)
        folder.mkdir()
        (read,) = read_back(on_paper(folder / "card.pdf", bars_for(rule, NUMBER), dots=dots), dots_per_inch)
        assert read == f"Codabar:A{NUMBER}A"
        assert parse(read.removeprefix("Codabar:"), TRAINING_PLAN) == PatronCode(NUMBER)


def test_numbers_of_other_libraries_have_room_too(tmp_path: Path, qapp: QApplication) -> None:
    labels = {
        "Codabar": bars(Symbology.NW7, "29000000000123", start="A", stop="B"),
        "CODE-39": bars(Symbology.CODE39, "L2900012"),
        "CODE-128": bars(Symbology.CODE128, "29000000000000000123"),
    }
    for kind, label in labels.items():
        folder = tmp_path / kind
        folder.mkdir()
        card = on_paper(folder / "card.pdf", label)
        for dots_per_inch in (200, 300):
            assert read_back(card, dots_per_inch) == [f"{kind}:{label.encoded}"]
    with pytest.raises(UnprintableCode):
        on_paper(tmp_path / "none.pdf", bars(Symbology.CODE39, "L" * 30))


def test_library_number_and_nothing_else(tmp_path: Path, qapp: QApplication) -> None:
    rule = rule_of(NUMBER, TRAINING_PLAN)
    assert rule is not None
    file = on_paper(tmp_path / "card.pdf", bars_for(rule, NUMBER))
    said = run("pdftotext", "-layout", file, "-").split()
    assert said == ["総合市民図書館", "図書館利用カード", NUMBER]
    size = re.search(r"Page size: +([0-9.]+) x ([0-9.]+) pts", run("pdfinfo", file))
    assert size is not None
    for points, millimetres in zip(size.groups(), CARD_MM, strict=True):
        assert float(points) * 25.4 / 72 == pytest.approx(millimetres, abs=0.4)
    # on a sheet it is of the same size, in a frame to cut it out by
    sheet = QPageLayout(PAGE)
    sheet.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    sheet.setOrientation(QPageLayout.Orientation.Portrait)
    folder = tmp_path / "sheet"
    folder.mkdir()
    framed = on_paper(folder / "card.pdf", bars_for(rule, NUMBER), sheet)
    for dots_per_inch in (200, 300):
        assert read_back(framed, dots_per_inch) == [f"Codabar:A{NUMBER}A"]


def test_a_number_of_another_library_is_on_no_card() -> None:
    assert rule_of("1000000009", TRAINING_PLAN) is None
    assert rule_of("29", TRAINING_PLAN) is None
